"""A centre's month, counted: visits as hubs and kiosks told them, orders, papers and restarts as kiosks did."""

import base64
import calendar
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central import clock, database
from central.reports.cuts import Cuts, read_cuts
from central.tables import batches, feed, inbox, kiosks
from central.visits import projection
from central.visits.visit import Visit, read_visits
from offline_store.wire import queue_event
from offline_store.wire.envelope import BODIES, OrderBody, PrintBody
from offline_store.wire.feed_message import OrderState

OPEN: Final = "open"
"""How a visit ended of which nothing more was heard."""
_LONGEST_WAIT_S: Final = 16 * 3600
"""No centre is open for longer: a wait beyond it tells of a wrong clock."""
_LATE: Final = timedelta(days=60)
"""So long after its month an item still may come: a kiosk without network, a stick."""


@dataclass(slots=True)
class Served:
    """What was measured of one service, in whole seconds."""

    visitors: int = 0
    documents: int = 0
    waits_s: list[int] = field(default_factory=list)
    service_s: list[int] = field(default_factory=list)
    missed: int = 0


@dataclass(slots=True)
class Month:
    """One centre's month.

    Attributes:
        by_day: numbers given a business day.
        by_hour: numbers given by the hour of the day, in the centre's time.
        ends: how visits ended, `open` for those of which no end was told; their sum is `issued`.
        waits_without_cuts_s: the same waits less the minutes in which the hub stood still.
        wrong_clocks: waits that no clock explains, left out of all times.
        ranges: `told`, `held`, and `too_little`: who waited longer than the range said.
        orders: orders taken at kiosks by outcome.
        order_states: orders of the centre by the last state that was published in the month.
        papers: what became of papers: `printed`, `not_printed`, `unknown`, and `copies` among them.
        restarts: how often the centre's kiosks and hubs began anew, power cuts among it.
    """

    centre: str
    month: str
    issued: int = 0
    by_day: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[int] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    services: dict[str, Served] = field(default_factory=dict)
    waits_s: list[int] = field(default_factory=list)
    waits_without_cuts_s: list[int] = field(default_factory=list)
    service_s: list[int] = field(default_factory=list)
    wrong_clocks: int = 0
    priority: Counter[str] = field(default_factory=Counter)
    priority_waits_s: list[int] = field(default_factory=list)
    ranges: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    order_states: Counter[str] = field(default_factory=Counter)
    papers: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    cut_s: int = 0


async def count_month(engine: AsyncEngine, centre: str, month: str) -> Month:
    """Count a centre's month.

    Args:
        engine: central's database.
        centre: its code; one without any visit has a month of zeros.
        month: `YYYY-MM`.

    Raises:
        ValueError: no such month.
    """
    first, last = _days_of(month)
    await projection.catch_up(engine)
    counted = Month(centre, month)
    async with database.reading(engine, streams=True) as connection:
        cuts = await read_cuts(connection, centre, first.isoformat(), last.isoformat())
        counted.cut_s = cuts.total_s
        async for ticket, visit in read_visits(connection, centre, first.isoformat(), last.isoformat()):
            _count_visit(counted, ticket, visit, cuts)
        await _count_items(counted, connection, first, last)
        await _count_states(counted, connection, first, last)
    return counted


def median(values: list[int]) -> int | None:
    """Return the middle one, None of none."""
    return _percentile(values, 50)


def p90(values: list[int]) -> int | None:
    """Return what nine of ten stay below, None of none."""
    return _percentile(values, 90)


def _percentile(values: list[int], percent: int) -> int | None:
    if len(values) < 2:
        return values[0] if values else None
    return round(quantiles(values, n=100, method="inclusive")[percent - 1])


def _days_of(month: str) -> tuple[date, date]:
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=clock.CENTRE_TIME).date()
    except ValueError as error:
        raise ValueError(f"--month: found {month[:20]!r}, expected a month such as 2026-11") from error
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _count_visit(month: Month, ticket: Row[Any], visit: Visit, cuts: Cuts) -> None:
    issued = datetime.fromisoformat(visit.issued_at)
    served = month.services.setdefault(visit.service, Served())
    end = visit.end or OPEN
    month.issued += 1
    month.by_day[ticket.business_day] += 1
    month.by_hour[issued.astimezone(clock.CENTRE_TIME).hour] += 1
    month.ends[end] += 1
    served.visitors += 1
    served.missed += end == queue_event.MISSED
    for service, documents in visit.documents.items():
        month.services.setdefault(service, Served()).documents += documents
    if ticket.priority != "none":
        month.priority[ticket.priority] += 1
    if visit.called_at is not None:
        _count_wait(month, served, ticket, visit, issued, cuts)
    if end == queue_event.DONE and visit.came_at is not None and visit.ended_at is not None:
        seconds = _seconds(datetime.fromisoformat(visit.came_at), datetime.fromisoformat(visit.ended_at))
        if 0 <= seconds <= _LONGEST_WAIT_S:
            served.service_s.append(seconds)
            month.service_s.append(seconds)


def _count_wait(month: Month, served: Served, ticket: Row[Any], visit: Visit, issued: datetime, cuts: Cuts) -> None:
    called = datetime.fromisoformat(visit.called_at or "")
    waited = _seconds(issued, called)
    if not 0 <= waited <= _LONGEST_WAIT_S:
        month.wrong_clocks += 1
        return
    served.waits_s.append(waited)
    month.waits_s.append(waited)
    month.waits_without_cuts_s.append(waited - cuts.within_s(issued, called))
    if ticket.priority != "none":
        month.priority_waits_s.append(waited)
    if visit.expected_s is not None:
        low, high = visit.expected_s
        month.ranges["told"] += 1
        month.ranges["held"] += low <= waited <= high
        month.ranges["too_little"] += waited > high


def _seconds(since: datetime, until: datetime) -> int:
    return round((until - since).total_seconds())


async def _count_items(month: Month, connection: AsyncConnection, first: date, last: date) -> None:
    """Count what kiosks did beside tickets; items are found by when they came, and counted by when they were made."""
    begin, end = _span(first, last)
    query = (
        select(inbox.c.kiosk, inbox.c.kind, inbox.c.body, inbox.c.boot_id)
        .join(kiosks, kiosks.c.id == inbox.c.kiosk)
        .join(batches, batches.c.id == inbox.c.batch)
        .where(
            kiosks.c.centre == month.centre,
            inbox.c.result == "applied",
            batches.c.received_at.between(clock.as_text(begin), clock.as_text(end + _LATE)),
            inbox.c.wall_time.between(clock.as_text(begin), clock.as_text(end)),
        )
    )
    boots: dict[str, set[str]] = {}
    async for row in await connection.stream(query):
        boots.setdefault(row.kiosk, set()).add(row.boot_id)
        if row.kind in ("order", "print"):
            _count_item(month, msgspec.json.decode(base64.b64decode(row.body), type=BODIES[row.kind]))
    month.restarts = sum(len(of_one) - 1 for of_one in boots.values())


def _count_item(month: Month, body: object) -> None:
    if isinstance(body, OrderBody):
        month.orders[body.outcome] += 1
    elif isinstance(body, PrintBody):
        month.papers[body.state] += 1
        month.papers["copies"] += body.copy


async def _count_states(month: Month, connection: AsyncConnection, first: date, last: date) -> None:
    begin, end = _span(first, last)
    said = feed.c.kind == "order-state", feed.c.at.between(clock.as_text(begin), clock.as_text(end))
    latest: dict[str, str] = {}
    async for row in await connection.stream(select(feed.c.key, feed.c.body).where(*said).order_by(feed.c.id)):
        state = msgspec.json.decode(row.body, type=OrderState)
        if state.centre == month.centre:
            latest[row.key] = state.state
    month.order_states.update(latest.values())


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return when the first business day begins and the last one ends."""
    begin = datetime(first.year, first.month, first.day, tzinfo=clock.CENTRE_TIME) + clock.DAY_CUT_OFF
    end = datetime(last.year, last.month, last.day, tzinfo=clock.CENTRE_TIME) + clock.DAY_CUT_OFF + timedelta(days=1)
    return begin, end
