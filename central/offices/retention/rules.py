"""The rules: for each kind of data how many days the city wants it kept.

Central ships one, for payments; all else is kept for ever until the city says otherwise.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.kept import retention
from central.offices import operations
from central.offices.retention.kinds import kinds

MOST_DAYS: Final = 36_500
DUE: Final = timedelta(hours=36)  # they are kept each night


async def read(connection: AsyncConnection) -> dict[str, int]:
    """Return the days of each kind that has a rule, the city's or one that is shipped."""
    said = {row.kind: row.days for row in await connection.execute(select(retention))}
    days = {name: said.get(name, one.shipped_days) for name, one in kinds().items()}
    return {name: kept for name, kept in days.items() if kept is not None}


async def set_days(connection: AsyncConnection, kind: str, days: int | None, operator: str) -> None:
    """Keep a kind for `days`, None: for ever. Who said so is written down. Raises ValueError for too few or many."""
    least = kinds()[kind].least_days
    if days is not None and not least <= days <= MOST_DAYS:
        raise ValueError(f"{kind}: found {days} days, expected from {least} to {MOST_DAYS}")
    await _write(connection, kind, {"days": days, "kept_at": clock.as_text(clock.now())})
    said = "for ever" if days is None else str(days)
    await operations.note(connection, operator, "retention-set", {"kind": kind, "days": said})


async def note_gone(connection: AsyncConnection, kind: str, before: str) -> None:
    """Write down up to when things of a kind may be gone; to be called in the transaction in which they go."""
    known = (await connection.execute(select(retention).where(retention.c.kind == kind))).one_or_none()
    values: dict[str, Any] = {"gone_before": max((known and known.gone_before) or "", before)}
    # A row without days would say from now on that it is kept for ever.
    shipped = {"days": kinds()[kind].shipped_days} if known is None else {}
    await _write(connection, kind, values | shipped)


async def note_kept(connection: AsyncConnection, kind: str) -> None:
    """Write down that nothing of a kind is over its time; without a word of the city's there is no rule to keep."""
    now = clock.as_text(clock.now())
    await connection.execute(update(retention).where(retention.c.kind == kind).values(kept_at=now))


async def late(connection: AsyncConnection) -> dict[str, str]:
    """Return the kinds of which a night has left what is over its time, with when they were kept last."""
    due = clock.as_text(clock.now() - DUE)
    kept = select(retention.c.kind, retention.c.kept_at).where(retention.c.days.is_not(None))
    return {row.kind: row.kept_at for row in await connection.execute(kept.where(retention.c.kept_at < due))}


async def _write(connection: AsyncConnection, kind: str, values: dict[str, Any]) -> None:
    await upsert(connection, retention, [{"kind": kind, **values}])
