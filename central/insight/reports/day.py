"""A centre's business day, counted: visits as hubs and kiosks told them, orders and papers as kiosks did."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.claimed import claims
from central.base.tables.enrolled import kiosks
from central.base.tables.visited import outcomes
from central.insight.reports.counted import Counted, Served, more
from central.insight.reports.cuts import Cuts, read_cuts
from central.insight.reports.half_hours import HalfHours
from central.insight.visits import promised
from central.insight.visits.ended import ASKED_AFTER
from central.insight.visits.promised import Promise
from central.insight.visits.visit import Visit, read_visits
from central.kiosks.digit import centre_on
from common.protocol.queue import event as queue_event

OPEN: Final = "open"
"""How a visit ended of which nothing more was heard."""
_LONGEST_WAIT_S: Final = 16 * 3600
"""No centre is open for longer: a wait beyond it tells of a wrong clock."""


async def count_day(connection: AsyncConnection, centre: str, day: str) -> Counted:
    """Count a centre's day (`YYYY-MM-DD`), as far as the inbox was read; the connection streams."""
    cuts = await read_cuts(connection, centre, day)
    counted, half_hours = Counted(cut_s=cuts.total_s), HalfHours()
    promises = await promised.read(connection, day)
    async for ticket, visit in read_visits(connection, centre, day, day):
        promise = promises.get((ticket.kiosk, ticket.ticket))
        _count_visit(counted, ticket, visit, cuts, promise)
        _count_half_hour(counted, half_hours, visit, promise)
    half_hours.count_waiting(counted)
    await _count_outcomes(counted, connection, centre, day)
    await _count_claims(counted, connection, centre, day)
    return counted


def _count_visit(counted: Counted, ticket: Row[Any], visit: Visit, cuts: Cuts, promise: Promise | None) -> None:
    issued = clock.read(visit.issued_at)
    served = counted.of_service(visit.service)
    counted.issued += 1
    more(counted.by_day, ticket.business_day)
    if issued is not None:
        more(counted.by_hour, issued.astimezone(clock.CENTRE_TIME).hour)
    more(counted.ends, visit.end or OPEN)
    served.visitors += 1
    served.missed += visit.end == queue_event.MISSED
    served.asked += visit.end in ASKED_AFTER
    for service, documents in visit.documents.items():
        counted.of_service(service).documents += documents
    if ticket.priority != "none":
        more(counted.priority, ticket.priority)
    if ticket.priority == "none" and not ticket.is_voided:
        _count_word(counted, visit)
    if visit.called_at is not None:
        _count_wait(counted, served, ticket, visit, issued, cuts)
        called = clock.read(visit.called_at)
        if issued is not None and called is not None and _between(issued, called) is not None:
            _count_side(counted, promise, issued, called)
    if visit.end == queue_event.DONE and visit.came_at is not None and visit.ended_at is not None:
        seconds = _between(clock.read(visit.came_at), clock.read(visit.ended_at))
        if seconds is not None:
            served.service_s.append(seconds)
            counted.service_s.append(seconds)


def _count_word(counted: Counted, visit: Visit) -> None:
    """Hold what a visitor was told of that day against what came."""
    is_called = visit.called_at is not None
    more(counted.words, "sure", int(visit.today == "yes"))
    more(counted.words, "sure_called", int(visit.today == "yes" and is_called))
    is_uncalled = not is_called and visit.end in (queue_event.EXPIRED, queue_event.CARRIED)
    more(counted.words, "uncalled", int(is_uncalled))
    more(counted.words, "warned", int(is_uncalled and visit.today == "doubtful"))


def _count_half_hour(counted: Counted, half_hours: HalfHours, visit: Visit, promise: Promise | None) -> None:
    issued, until = clock.read(visit.issued_at), clock.read(visit.called_at or visit.ended_at or "")
    if _between(issued, until) is not None and issued is not None and until is not None:
        issued = min(until, promised.begins(issued, promise))
        half_hours.add(counted, issued, until, visit.end, is_called=visit.called_at is not None)


def _count_wait(
    counted: Counted, served: Served, ticket: Row[Any], visit: Visit, issued: datetime | None, cuts: Cuts
) -> None:
    called = clock.read(visit.called_at or "")
    waited = _between(issued, called)
    if waited is None or issued is None or called is None:
        counted.wrong_clocks += 1
        return
    served.waits_s.append(waited)
    counted.waits_s.append(waited)
    counted.waits_without_cuts_s.append(waited - cuts.within_s(issued, called))
    if ticket.priority != "none":
        counted.priority_waits_s.append(waited)
    if visit.expected_s is not None:
        low, high = visit.expected_s
        more(counted.ranges, "told")
        more(counted.ranges, "held", int(low <= waited <= high))
        more(counted.ranges, "too_little", int(waited > high))


def _between(since: datetime | None, until: datetime | None) -> int | None:
    """Whole seconds; None where a clock was wrong."""
    if since is None or until is None:
        return None
    seconds = round((until - since).total_seconds())
    return seconds if 0 <= seconds <= _LONGEST_WAIT_S else None


async def _count_outcomes(counted: Counted, connection: AsyncConnection, centre: str, day: str) -> None:
    kinds = outcomes.c.kind, outcomes.c.outcome, outcomes.c.is_copy
    query = (
        select(*kinds, func.count().label("n"))
        .join(kiosks, kiosks.c.id == outcomes.c.kiosk)
        .where(centre_on(outcomes.c.kiosk, outcomes.c.business_day) == centre, outcomes.c.business_day == day)
        .group_by(*kinds)
        .order_by(*kinds)
    )
    for row in await connection.execute(query):
        if row.kind == "order":
            more(counted.orders, row.outcome, row.n)
        else:
            more(counted.papers, row.outcome, row.n)
            more(counted.papers, "copies", row.n if row.is_copy else 0)


async def _count_claims(counted: Counted, connection: AsyncConnection, centre: str, day: str) -> None:
    """Count the day's claims by kind and by whether their owners came; what was called off is nobody's fault."""
    of_day = claims.c.centre == centre, claims.c.day == day, claims.c.state.in_(("booked", "arrived", "missed"))
    kinds = claims.c.kind, claims.c.state
    is_over = date.fromisoformat(day) < clock.business_date(clock.now())
    rows = await connection.execute(
        select(*kinds, func.count()).where(*of_day, claims.c.off.is_(None)).group_by(*kinds).order_by(*kinds)
    )
    for kind, state, n in rows:
        if state == "arrived" or is_over:
            more(counted.claims, f"{kind}_{'arrived' if state == 'arrived' else 'missed'}", n)


def _count_side(counted: Counted, promise: Promise | None, issued: datetime, called: datetime) -> None:
    """Count a wait on its side: of an appointment from its time on, of others from their number."""
    side = "others" if promise is None else promise.kind
    waited_s = (called - promised.begins(issued, promise)).total_seconds()
    counted.waits_by_claim.setdefault(side, []).append(max(0, round(waited_s)))
