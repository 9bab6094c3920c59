"""Answers that were given at kiosks, taken out of the inbox.

One whose ticket central does not know yet is looked at again as long as the inbox is, some minutes; after that it
counts no more, nor does one that comes when its ticket is asked about no more.
"""

import asyncio
import base64
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import GONE, inbox
from central.base.tables.visited import tickets
from central.insight.feedback.answering import closes_at, take
from central.insight.visits import projection
from central.insight.visits.reading import Reading
from central.kiosks.digit import centre_on
from features.feedback.wire import FeedbackBody

NAME: Final = "feedback"


async def catch_up(engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
    """Read visits and what was said of them, as far as the inbox has got since the last time, or until `stopping`."""
    await projection.catch_up(engine, stopping)
    await _READING.catch_up(engine, stopping)


async def _take(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        said = msgspec.json.decode(base64.b64decode(row.body), type=FeedbackBody)
        ticket = await _ticket_of(connection, row.kiosk, said)
        if ticket is not None and clock.now() <= closes_at(ticket.business_day, None):
            await take(connection, ticket, (said.served, said.face))


async def _ticket_of(connection: AsyncConnection, kiosk: str, said: FeedbackBody) -> Row[Any] | None:
    """Return the ticket that an answer is about: one of the centre of the kiosk at which it was given."""
    centre = select(kiosks.c.centre).where(kiosks.c.id == kiosk).scalar_subquery()
    named = tickets.c.token == said.token if said.ticket is None else tickets.c.ticket == said.ticket
    given_in = centre_on(tickets.c.kiosk, tickets.c.business_day, tickets.c.number)
    query = (
        select(tickets, given_in.label("centre"))
        .join(kiosks, kiosks.c.id == tickets.c.kiosk)
        .where(named, given_in == centre)
    )
    return (await connection.execute(query.limit(1))).one_or_none()


_READING: Final = Reading(NAME, select(inbox).where(inbox.c.kind == NAME, inbox.c.body != GONE), _take)
