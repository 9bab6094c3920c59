"""How copies and retention stand: what the page of needs says below its list, where each need of these leads."""

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.kept import backups, retention
from central.offices.retention import rules
from central.offices.retention.kinds import kinds
from central.offices.upkeep import copies


class Kept(Struct, frozen=True):
    """A kind of data: how many days it is kept, None: for ever; when all that was older had gone last."""

    kind: str
    days: int | None
    at: str | None


class Standing(Struct, frozen=True):
    """When the newest copy was made and one was tried last, None: never; and each kind of data."""

    copied_at: str | None
    tried_at: str | None
    kept: list[Kept]


async def standing(connection: AsyncConnection) -> Standing:
    """Return how copies and retention stand now."""
    made = await copies.made_at(connection)
    tried = await connection.scalar(select(func.max(backups.c.checked_at)))
    days, at = (
        await rules.read(connection),
        {row.kind: row.kept_at for row in await connection.execute(select(retention))},
    )
    kept = [Kept(kind, days.get(kind), at.get(kind) if kind in days else None) for kind in kinds()]
    return Standing(None if made is None else clock.as_text(made), tried, kept)
