"""The rules: for each kind of data how many days the city wants it kept. Central ships none: all is kept for ever."""

from typing import Any, Final, Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.rows import upsert
from central.base.tables.kept import retention
from central.offices import operations

Kind = Literal["personal", "items", "feed", "health", "feedback", "claims", "messages"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
MOST_DAYS: Final = 36_500
#: A slip of a digit must not empty the books: what kiosks sent is for a month at least.
LEAST_DAYS: Final[dict[Kind, int]] = {
    "personal": 1,
    "items": 31,
    "feed": 31,
    "health": 1,
    "feedback": 2,
    "claims": 60,
    "messages": 8,
}
#: Without a rule of these, something said by citizens stays for ever: that is a problem.
OF_CITIZENS: Final[tuple[Kind, ...]] = ("personal", "feedback", "claims", "messages")


async def read(connection: AsyncConnection) -> dict[Kind, int]:
    """Return the days of each kind that has a rule."""
    found = await connection.execute(select(retention).where(retention.c.days.is_not(None)))
    days = {row.kind: row.days for row in found}
    return {kind: days[kind] for kind in KINDS if kind in days}


async def set_days(connection: AsyncConnection, kind: Kind, days: int | None, operator: str) -> None:
    """Keep a kind for `days`, None: for ever. Who said so is written down. Raises ValueError for too few or many."""
    if days is not None and not LEAST_DAYS[kind] <= days <= MOST_DAYS:
        raise ValueError(f"{kind}: found {days} days, expected from {LEAST_DAYS[kind]} to {MOST_DAYS}")
    await _write(connection, kind, {"days": days})
    said = "for ever" if days is None else str(days)
    await operations.note(connection, operator, "retention-set", {"kind": kind, "days": said})


async def note_gone(connection: AsyncConnection, kind: Kind, before: str) -> None:
    """Write down up to when things of a kind may be gone; to be called in the transaction in which they go."""
    known = await connection.scalar(select(retention.c.gone_before).where(retention.c.kind == kind))
    await _write(connection, kind, {"gone_before": max(known or "", before)})


async def _write(connection: AsyncConnection, kind: Kind, values: dict[str, Any]) -> None:
    await upsert(connection, retention, [{"kind": kind, **values}])
