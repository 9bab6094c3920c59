"""Answers that were given at kiosks, taken out of the inbox.

One whose ticket central does not know yet is looked at again as long as the inbox is, some minutes; after that it
counts no more, nor does one that comes when its ticket is asked about no more.
"""

import base64
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.received import GONE, inbox
from central.base.tables.visited import tickets
from central.insight.visits.ended import closes_at
from central.insight.visits.reading import Reading
from central.kiosks.digit import centre_on
from features.feedback.central.answering import take
from features.feedback.wire import FeedbackBody

_NAME: Final = "feedback"


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


READING: Final = Reading(_NAME, select(inbox).where(inbox.c.kind == _NAME, inbox.c.body != GONE), _take)
