"""The rules: for each kind of data how many days the city wants it kept.

Central ships one, for payments; all else is kept for ever until the city says otherwise.
"""

from typing import Any, Final, Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.rows import upsert
from central.base.tables.kept import retention
from central.offices import operations

Kind = Literal["personal", "items", "feed", "health", "feedback", "claims", "messages", "payments"]
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
    "payments": 366,
}
#: Without a rule of these, something said by citizens stays for ever: that is a problem.
OF_CITIZENS: Final[tuple[Kind, ...]] = ("personal", "feedback", "claims", "messages", "payments")
#: What holds until the city says otherwise: books of money are kept as long as the law of most places asks.
SHIPPED: Final[dict[Kind, int]] = {"payments": 3653}


async def read(connection: AsyncConnection) -> dict[Kind, int]:
    """Return the days of each kind that has a rule, the city's or one that is shipped."""
    days = {**SHIPPED, **{row.kind: row.days for row in await connection.execute(select(retention))}}
    return {kind: kept for kind in KINDS if (kept := days.get(kind)) is not None}


async def set_days(connection: AsyncConnection, kind: Kind, days: int | None, operator: str) -> None:
    """Keep a kind for `days`, None: for ever. Who said so is written down. Raises ValueError for too few or many."""
    if days is not None and not LEAST_DAYS[kind] <= days <= MOST_DAYS:
        raise ValueError(f"{kind}: found {days} days, expected from {LEAST_DAYS[kind]} to {MOST_DAYS}")
    await _write(connection, kind, {"days": days})
    said = "for ever" if days is None else str(days)
    await operations.note(connection, operator, "retention-set", {"kind": kind, "days": said})


async def note_gone(connection: AsyncConnection, kind: Kind, before: str) -> None:
    """Write down up to when things of a kind may be gone; to be called in the transaction in which they go."""
    known = (await connection.execute(select(retention).where(retention.c.kind == kind))).one_or_none()
    values: dict[str, Any] = {"gone_before": max((known and known.gone_before) or "", before)}
    # A row without days would say from now on that it is kept for ever.
    shipped = {"days": SHIPPED[kind]} if known is None and kind in SHIPPED else {}
    await _write(connection, kind, values | shipped)


async def _write(connection: AsyncConnection, kind: Kind, values: dict[str, Any]) -> None:
    await upsert(connection, retention, [{"kind": kind, **values}])
