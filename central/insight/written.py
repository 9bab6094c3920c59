"""What became of messages to citizens and what they cost, by day and kind: counted once, for report and page alike.

Of messages that retention takes the counts stay, so that a month's figures are whole however long ago it was.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, Select, case, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_into
from central.base.tables.messages import SYSTEM, message_counts, told


class Written(msgspec.Struct):
    """How many messages of a kind ended in each state, and what they cost in the smallest unit of the money."""

    states: dict[str, int] = {}
    cost: int = 0

    def add(self, other: "Written") -> None:
        """Add those of another centre or day."""
        self.cost += other.cost
        for state, n in other.states.items():
            self.states[state] = self.states.get(state, 0) + n

    @property
    def sent(self) -> int:
        """How many a channel took over."""
        return self.states.get("handed", 0) + self.states.get("delivered", 0)


async def by_day(
    connection: AsyncConnection, first: date, last: date, centres: Collection[str] | None
) -> dict[tuple[date, str], Written]:
    """Count the messages made on some business days, by day and kind.

    Args:
        connection: to central's database.
        first: business day.
        last: business day, counted too.
        centres: codes; None: all messages, also those of no centre.
    """
    ends = _ends(first, last)
    day = case(*((told.c.made_at < end, one.isoformat()) for one, end in ends.items())).label("day")
    made = told.c.made_at >= clock.as_text(_begins(first)), told.c.made_at < ends[last]
    own = told.c.subject != SYSTEM, true() if centres is None else told.c.centre.in_(centres)
    each = select(day, told.c.kind, told.c.state, told.c.cost).where(*made, *own).subquery()
    by = each.c.day, each.c.kind, each.c.state
    query = select(*by, func.count(), func.coalesce(func.sum(each.c.cost), 0)).group_by(*by).order_by(*by)
    found: dict[tuple[date, str], Written] = {}
    for on, kind, state, n, cost in await connection.execute(query):
        found.setdefault((date.fromisoformat(on), kind), Written()).add(Written({state: n}, int(cost)))
    for on, kind, state, n, cost in await connection.execute(_gone(first, last, centres)):
        found.setdefault((date.fromisoformat(on), kind), Written()).add(Written({state: int(n)}, int(cost)))
    return found


async def keep_counts(connection: AsyncConnection, gone: Sequence[Row[Any]]) -> None:
    """Add messages to the counts that stay, in the transaction in which they go."""
    counts = Counter[tuple[str, ...]]()
    costs = Counter[tuple[str, ...]]()
    for row in gone:
        made_at = clock.read(row.made_at)
        day = row.made_at[:10] if made_at is None else clock.business_date(made_at).isoformat()
        state = "dropped" if row.state == "waiting" else row.state  # nobody will ever send it
        key = day, row.kind, row.channel or "", row.centre or "", state
        counts[key] += 1
        costs[key] += row.cost or 0
    if not counts:
        return
    insert = insert_into(connection, message_counts)
    own, new = message_counts.c, insert.excluded
    added = {"n": own.n + new.n, "cost": own.cost + new.cost}
    names = [column.name for column in message_counts.primary_key]
    rows = [dict(zip(names, key, strict=True)) | {"n": n, "cost": costs[key]} for key, n in sorted(counts.items())]
    await connection.execute(insert.on_conflict_do_update(index_elements=names, set_=added), rows)


def _gone(first: date, last: date, centres: Collection[str] | None) -> Select[Any]:
    table = message_counts.c
    own = () if centres is None else (table.centre.in_(centres),)
    by = table.day, table.kind, table.state
    query = select(*by, func.sum(table.n), func.sum(table.cost)).where(*own)
    return query.where(table.day.between(first.isoformat(), last.isoformat())).group_by(*by).order_by(*by)


def by_kind(found: Mapping[tuple[date, str], Written]) -> dict[str, Written]:
    """Add up what was counted by day and kind."""
    whole: dict[str, Written] = {}
    for (_, kind), written in sorted(found.items(), key=lambda pair: pair[0][1]):
        whole.setdefault(kind, Written()).add(written)
    return whole


async def waiting(connection: AsyncConnection, centres: Collection[str] | None) -> tuple[int, str | None]:
    """Return how many messages wait now, of whatever day, and when the oldest of them was made."""
    own = told.c.subject != SYSTEM, true() if centres is None else told.c.centre.in_(centres)
    query = select(func.count(), func.min(told.c.made_at)).where(told.c.state == "waiting", *own)
    n, oldest = (await connection.execute(query)).one()
    return int(n), oldest


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return when the first business day begins and the last one ends."""
    return _begins(first), _begins(last + timedelta(days=1))


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.CENTRE_TIME) + clock.DAY_CUT_OFF


def _ends(first: date, last: date) -> dict[date, str]:
    """Return by business day the moment at which it ends, as rows have it, the earliest first."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day: clock.as_text(_begins(day + timedelta(days=1))) for day in days}
