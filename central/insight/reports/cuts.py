"""When a centre's hubs stood still: between the last that one boot told, and the first of the next."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.enrolled import kiosks
from central.base.tables.visited import boots


@dataclass(frozen=True, slots=True)
class Cuts:
    """Spans in which nobody could be called, in order, none over another."""

    spans: tuple[tuple[datetime, datetime], ...]

    @property
    def total_s(self) -> int:
        """All of them together."""
        return round(sum((until - since).total_seconds() for since, until in self.spans))

    def within_s(self, since: datetime, until: datetime) -> int:
        """Return how much of a span of time was cut."""
        at = max(0, bisect_right(self.spans, (since, since)) - 1)
        cut = 0.0
        for begin, end in self.spans[at:]:
            if begin >= until:
                break
            cut += max(0.0, (min(end, until) - max(begin, since)).total_seconds())
        return round(cut)


async def read_cuts(connection: AsyncConnection, centre: str, day: str) -> Cuts:
    """Read the cuts of a centre's hubs within a business day; a hub that followed meanwhile ends one."""
    heard = (
        select(boots.c.first_at, boots.c.last_at)
        .join(kiosks, kiosks.c.id == boots.c.kiosk)
        .where(kiosks.c.centre == centre, kiosks.c.role == "hub", boots.c.business_day == day)
        .order_by(boots.c.first_at)
    )
    spans: list[tuple[datetime, datetime]] = []
    until: datetime | None = None
    for row in await connection.execute(heard):
        first, last = datetime.fromisoformat(row.first_at), datetime.fromisoformat(row.last_at)
        if until is not None and first > until:
            spans.append((until, first))
        until = last if until is None else max(until, last)
    return Cuts(tuple(spans))
