"""A ticket that is carried over: on which days it is good, as its hub said, and whether somebody has come with it."""

import hashlib
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import kiosks
from central.base.tables.visited import tickets
from central.insight.visits.visit import Progress
from central.kiosks.digit import centre_on
from common.protocol.queue.claim import digits_of


class Days(NamedTuple):
    """The first and the last day on which it is good."""

    first: date
    last: date


def days_of(progress: Progress) -> Days | None:
    """Return the days that the hub told; None where it told none, or such as no calendar has."""
    try:
        return None if progress.days is None else Days(*map(date.fromisoformat, progress.days))
    except ValueError:
        return None


async def is_claimed(connection: AsyncConnection, ticket: Row[Any]) -> bool:
    """Return whether a later ticket of its `centre` was given for this one."""
    names = [ticket.ticket, digits_of(ticket.ticket)]
    if ticket.token is not None:
        names.append(hashlib.sha256(ticket.token.encode()).hexdigest())
    later = (tickets.c.claim.in_(names)) & (tickets.c.business_day > ticket.business_day) & ~tickets.c.is_voided
    query = (
        select(tickets.c.ticket)
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .where(later, centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number) == ticket.centre)
    )
    return await connection.scalar(query.limit(1)) is not None
