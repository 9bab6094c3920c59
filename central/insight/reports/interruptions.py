"""When services of a centre stood still, as its hub told: from each press until the next, to the second."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import queue_events
from central.insight.visits.visit import in_order
from common.protocol.envelope import QueueBody
from common.protocol.queue.service_now import INTERRUPTED, OTHER_REASON


class Interrupted(Struct):
    """How often a service stood still for one reason, and for how many seconds, nights among them."""

    times: int = 0
    seconds: int = 0

    def add(self, other: "Interrupted") -> None:
        """Take what was counted elsewhere into this."""
        self.times += other.times
        self.seconds += other.seconds


#: By service and the code of a reason.
type Interruptions = dict[tuple[str, str], Interrupted]


class Span(NamedTuple):
    """A service that stood still for a reason; without an end it still does."""

    service: str
    reason: str
    since: datetime
    until: datetime | None
    is_begin: bool
    """Whether it began to stand still here; else only the reason was told again."""


async def read(connection: AsyncConnection, centre: str, begin: datetime, end: datetime) -> Interruptions:
    """Count what of a centre's interruptions lies from one moment to another; one that goes on ends now."""
    events = queue_events.c
    told = (
        select(queue_events)
        .join(kiosks, kiosks.c.id == events.hub)
        .where(kiosks.c.centre == centre, events.service.is_not(None), events.at < clock.as_text(end))
    )
    rows = (await connection.execute(told)).all()
    found: Interruptions = {}
    for span in _spans(in_order(rows)):
        since, until = max(span.since, begin), min(span.until or clock.now(), end)
        if until < since or until == begin > span.since:
            continue
        one = found.setdefault((span.service, span.reason), Interrupted())
        one.times += span.is_begin and span.since >= begin
        one.seconds += round((until - since).total_seconds())
    return found


def together(all_found: Iterable[Interruptions]) -> Interruptions:
    """Add those of several centres up."""
    whole: Interruptions = {}
    for found in all_found:
        for key, one in found.items():
            whole.setdefault(key, Interrupted()).add(one)
    return whole


def _spans(rows: Sequence[Row[Any]]) -> list[Span]:
    """Follow each service from press to press; what bears a time that no calendar has is left out."""
    found: list[Span] = []
    going: dict[str, Span] = {}
    for row in rows:
        body, at = msgspec.json.decode(row.body, type=QueueBody), clock.read(row.at)
        if at is None:
            continue
        former = going.pop(row.service, None)
        if former is not None:
            found.append(former._replace(until=max(at, former.since)))
        if body.event == INTERRUPTED:
            going[row.service] = Span(row.service, body.reason or OTHER_REASON, at, None, former is None)
    return [*found, *going.values()]
