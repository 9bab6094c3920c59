"""What became of messages to citizens and what they cost, by day and kind: counted once, for report and page alike."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.messages import messages


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
    day = case(*((messages.c.made_at < end, one.isoformat()) for one, end in ends.items())).label("day")
    made = messages.c.made_at >= clock.as_text(_begins(first)), messages.c.made_at < ends[last]
    own = () if centres is None else (messages.c.centre.in_(centres),)
    each = select(day, messages.c.kind, messages.c.state, messages.c.cost).where(*made, *own).subquery()
    by = each.c.day, each.c.kind, each.c.state
    query = select(*by, func.count(), func.coalesce(func.sum(each.c.cost), 0)).group_by(*by).order_by(*by)
    found: dict[tuple[date, str], Written] = {}
    for on, kind, state, n, cost in await connection.execute(query):
        found.setdefault((date.fromisoformat(on), kind), Written()).add(Written({state: n}, int(cost)))
    return found


def by_kind(found: Mapping[tuple[date, str], Written]) -> dict[str, Written]:
    """Add up what was counted by day and kind."""
    whole: dict[str, Written] = {}
    for (_, kind), written in sorted(found.items(), key=lambda pair: pair[0][1]):
        whole.setdefault(kind, Written()).add(written)
    return whole


async def waiting(connection: AsyncConnection, centres: Collection[str] | None) -> tuple[int, str | None]:
    """Return how many messages wait now, of whatever day, and when the oldest of them was made."""
    own = () if centres is None else (messages.c.centre.in_(centres),)
    query = select(func.count(), func.min(messages.c.made_at)).where(messages.c.state == "waiting", *own)
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
