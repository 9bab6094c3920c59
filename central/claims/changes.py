"""Claims that changed, for the system that made them."""

from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.claimed import claims
from central.claims.wanted import Door, time_text

MOST: Final = 200


class ChangedClaim(Struct, frozen=True):
    """A claim as it is now; `off`: why it can't be kept as promised, if so."""

    claim: str
    centre: str
    service: str
    kind: str
    at: str
    state: str
    off: str | None


class Changes(Struct, frozen=True):
    """Claims in the order in which they changed last, and up to which change that is."""

    claims: list[ChangedClaim]
    reached: int
    more: bool


async def read(connection: AsyncConnection, door: Door, after: int) -> Changes:
    """Return the claims of a door that changed after some change."""
    query = select(claims).where(claims.c.made_by == door.name, claims.c.change > after).order_by(claims.c.change)
    rows = (await connection.execute(query.limit(MOST + 1))).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    found = [
        ChangedClaim(
            row.id, row.centre, row.service, row.kind, time_text(datetime.fromisoformat(row.at)), row.state, row.off
        )
        for row in rows
    ]
    return Changes(found, rows[-1].change if rows else after, more)


async def newest(connection: AsyncConnection) -> int:
    """Return the number of the newest change."""
    return int(await connection.scalar(select(func.max(claims.c.change))) or 0)
