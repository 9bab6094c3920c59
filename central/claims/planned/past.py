"""What a centre's own last eight weeks say of its days: who came when, and how many usually come on a weekday."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.visited import counted_days
from central.insight.centres.usual import LEAST_DAYS, LOOKED_BACK, Day, Usual, usual_of


class PastService(Struct, frozen=True):
    """How many took a number for a service."""

    visitors: int = 0


class PastDay(Day, frozen=True):
    """A counted day, as far as it is asked here."""

    services: dict[str, PastService] = msgspec.field(default_factory=dict)

    @property
    def came_by_half_hour(self) -> dict[str, int]:
        """Return how many took a number in each half hour."""
        came: dict[str, int] = defaultdict(int, self.unserved_by_half_hour)
        for half_hour, waits in self.waits_by_half_hour.items():
            came[half_hour] += len(waits)
        return dict(came)


Days = Mapping[date, PastDay]
LEAST_OF_WEEKDAY: Final = 3


async def read(connection: AsyncConnection, centre: str, today: date) -> Days:
    """Return the days of the last eight weeks on which somebody came, the earliest first."""
    columns = counted_days.c
    query = (
        select(columns.business_day, columns.counted)
        .where(columns.centre == centre, columns.counted.is_not(None))
        .where(columns.business_day >= (today - LOOKED_BACK).isoformat(), columns.business_day < today.isoformat())
        .order_by(columns.business_day)
    )
    rows = await connection.execute(query)
    found = {date.fromisoformat(row.business_day): msgspec.json.decode(row.counted, type=PastDay) for row in rows}
    return {when: day for when, day in found.items() if day.waits_by_half_hour}


async def usual(connection: AsyncConnection, centre: str, today: date) -> Usual:
    """Return what the centre usually is like."""
    return usual_of(await read(connection, centre, today))


async def usual_visitors(connection: AsyncConnection, centre: str, today: date) -> dict[int, int]:
    """Return how many come on each weekday of which enough is known."""
    days = await read(connection, centre, today)
    return {weekday: visitors(of_weekday) for weekday, of_weekday in by_weekday(days).items()}


def by_weekday(days: Days) -> dict[int, list[PastDay]]:
    """Return the days of each weekday that has at least three, where six are known in all."""
    found: dict[int, list[PastDay]] = defaultdict(list)
    for when, day in days.items():
        found[when.isoweekday()].append(day)
    if len(days) < LEAST_DAYS:
        return {}
    return {weekday: found[weekday] for weekday in sorted(found) if len(found[weekday]) >= LEAST_OF_WEEKDAY}


def visitors(days: Sequence[PastDay]) -> int:
    """Return how many came on the middle one of some days."""
    return round(median(sum(one.visitors for one in day.services.values()) for day in days))
