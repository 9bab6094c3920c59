"""Which appointments and numbers from afar the tickets of a day bear, and when their owners' waits begin."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import claims
from central.base.tables.visited import tickets


class Promise(NamedTuple):
    """What a ticket's claim was, and for when."""

    kind: str
    at: datetime


async def read(connection: AsyncConnection, day: str) -> dict[str, Promise]:
    """Return the claims that tickets of a day bear, by their ids."""
    query = select(claims.c.id, claims.c.kind, claims.c.at).join(tickets, tickets.c.claim == claims.c.id)
    rows = await connection.execute(query.where(tickets.c.business_day == day, ~tickets.c.is_voided))
    return {row.id: Promise(row.kind, datetime.fromisoformat(row.at)) for row in rows}


def begins(issued: datetime, promise: Promise | None) -> datetime:
    """Return when somebody's wait begins: who has an appointment and comes early does not wait yet."""
    return issued if promise is None or promise.kind != "booked" else max(issued, promise.at)
