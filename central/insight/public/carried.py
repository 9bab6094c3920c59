"""A ticket that is carried over: on which days it is good, as its hub said, and whether somebody has come with it."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import kiosks
from central.base.tables.visited import tickets
from central.feed import Audience
from central.kiosks.digit import centre_on
from central.publishing import in_force
from common.city.calendar import CARRIED_FOR_DAYS, CentreHours
from common.city.catalogue import load_catalogue
from common.protocol.queue.claim import digits_of, token_digest
from common.protocol.queue.progress import Progress


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


async def days_now(connection: AsyncConnection, ticket: Row[Any], told: Days) -> Days:
    """Return the days by the calendar of now, as the hub of the ticket's `centre` counts them."""
    given, special = date.fromisoformat(ticket.business_day), await in_force.special_days(connection, ticket.centre)
    if not any(one.closed and given.isoformat() < day <= told.last.isoformat() for day, one in special.items()):
        return told
    audience = Audience(ticket.centre)
    published = await in_force.catalogue(connection, audience)
    service = load_catalogue(published.published if published is not None else ()).get(ticket.service)
    own = None if service is None else service.hours
    hours = CentreHours(in_force.usual_hours(await in_force.settings(connection, audience)), special)
    first = max([told.first, *hours.days_after(told.first - timedelta(days=1), own, 1)])
    return Days(first, max([told.last, first, *hours.days_after(given, own, CARRIED_FOR_DAYS)]))


async def is_claimed(connection: AsyncConnection, ticket: Row[Any], first: date) -> bool:
    """Return whether a later ticket of its `centre` was given for this one, by which its hub takes the place as given.

    That is one for the same service, on the `first` day that was told or later; any other has an ordinary place.
    """
    is_named = (tickets.c.carried == ticket.ticket) | (tickets.c.digits == digits_of(ticket.ticket))
    if ticket.token is not None:
        is_named |= tickets.c.carried_token == token_digest(ticket.token)
    counts = (tickets.c.service == ticket.service) & (tickets.c.business_day >= first.isoformat())
    later = is_named & counts & ~tickets.c.is_voided
    query = (
        select(tickets.c.ticket)
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .where(later, centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number) == ticket.centre)
    )
    return await connection.scalar(query.limit(1)) is not None
