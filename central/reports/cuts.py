"""When a centre's hub stood still: between the last that one boot of it told, and the first of the next."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.tables import inbox, kiosks, queue_events

_LONGEST_S = 12 * 3600
"""Nights and closed days are no cut."""


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


async def read_cuts(connection: AsyncConnection, centre: str, first: str, last: str) -> Cuts:
    """Read the cuts of a centre's hubs between two days (`YYYY-MM-DD`); a hub that followed meanwhile ends one."""
    told = (
        select(queue_events.c.at, inbox.c.boot_id)
        .join(kiosks, kiosks.c.id == queue_events.c.hub)
        .join(
            inbox,
            (inbox.c.kiosk == queue_events.c.hub)
            & (inbox.c.epoch == queue_events.c.epoch)
            & (inbox.c.seq == queue_events.c.seq),
        )
        .where(kiosks.c.centre == centre, queue_events.c.at.between(first, f"{last}T99"))
        .order_by(queue_events.c.at)
    )
    spans: list[tuple[datetime, datetime]] = []
    before: datetime | None = None
    boot = ""
    async for row in await connection.stream(told):
        moment = datetime.fromisoformat(row.at)
        if before is not None and row.boot_id != boot and 0 < (moment - before).total_seconds() <= _LONGEST_S:
            spans.append((before, moment))
        before, boot = moment, row.boot_id
    return Cuts(tuple(spans))
