"""Messages of the feed that a newer one has replaced.

Of each kind, key and audience the newest message of each month stays: it is all that a kiosk needs to end as if it had
heard every one, and what reports of that month say of orders.
"""

import calendar
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.told import feed
from central.insight.written import span
from central.offices.retention.sweep import Sweep

#: A later one does not say all that the earlier ones said: settings add up, and no day that was opened comes again.
ADDS_UP: Final = ("settings", "business-day")


async def sweep(connection: AsyncConnection, before: str) -> Sweep:
    """Return what was replaced before a moment, and in the month in which it was said."""
    oldest = await connection.scalar(select(func.min(feed.c.at)))
    return Sweep("messages", (feed.c.id,), _is_replaced(before, _month_ends(oldest or before, before)))


def _is_replaced(before: str, ends: list[str]) -> ColumnElement[bool]:
    newer = feed.alias()
    its_months_end = case(*((feed.c.at <= end, end) for end in ends))
    same = [newer.c[name] == feed.c[name] for name in ("kind", "key")]
    same += [newer.c[name].is_not_distinct_from(feed.c[name]) for name in ("centre", "kiosk")]
    # By number and by time: a clock that was set back must not move a message into another month.
    is_later = (newer.c.id > feed.c.id) & (newer.c.at >= feed.c.at)
    in_time = (newer.c.at < before) & (newer.c.at <= its_months_end)
    return feed.c.kind.not_in(ADDS_UP) & (feed.c.at < before) & exists().where(*same, is_later, in_time)


def _month_ends(oldest: str, before: str) -> list[str]:
    """When each month ended, as reports count it, from that of a message to that of a moment."""
    said = clock.read(oldest)
    day = (clock.now() if said is None else said.astimezone(clock.CENTRE_TIME)).date().replace(day=1)
    # The first hours of a month belong to the one before.
    day = (day - timedelta(days=1)).replace(day=1)
    ends: list[str] = []
    while not ends or ends[-1] < before:
        last = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
        ends.append(clock.as_text(span(day, last)[1]))
        day = last + timedelta(days=1)
    return ends
