"""What this centre's past days were like: who came when and for what, how long counters were kept, what stood still.

A counter is kept from one call to the next one for which somebody was waiting already: so the way to it, breaks and
people who were called in vain are in it, as they were.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple

from sqlalchemy import Row as AnyRow

from hub.engine.act import Look
from hub.engine.glance.usual import HALF_HOUR
from hub.log.moments import moment_of
from offline_store.issuing.business_day import ZONE

ENOUGH_DAYS: Final = 5
ENOUGH_SERVICES: Final = 200
ENOUGH_OF_SERVICE: Final = 30
LONGEST_KEPT_S: Final = 2 * 3600.0
SLOT_S: Final = HALF_HOUR * 60
_SHORTEST_STOP_S: Final = 120.0
_LEARNED: Final = "past-days"
_DAYS: Final = (
    "SELECT d.day, d.label FROM hub_days AS d WHERE d.day < ? AND EXISTS "
    "(SELECT 1 FROM hub_tickets AS t WHERE t.day = d.day AND t.called_work IS NOT NULL "
    "AND t.is_voided = 0 AND t.is_certain = 1) ORDER BY d.day"
)
_TICKETS: Final = (
    "SELECT id, day, queue, service, priority <> 'none' OR order_id IS NOT NULL AS preferred, issued_at, arrived_work, "
    "call_counter, called_at, called_line, called_work, ended_work, arrived_line, due_line, credit_us "
    "FROM hub_tickets WHERE day < ? AND is_voided = 0 "
    "AND is_certain = 1 ORDER BY day, called_work"
)


type Row = AnyRow[Any]


class Arrival(NamedTuple):
    """Somebody who took a number: seconds since midnight, and for what.

    With a claim: how long before its time he came, and its credit, both in seconds; None without one.
    """

    at_s: float
    queue: str
    service: str
    preferred: bool
    ahead_s: float = 0.0
    credit_s: float | None = None

    @property
    def slot(self) -> int:
        """Which half hour it was, counted from midnight."""
        return int(self.at_s // SLOT_S)


class PastDay(NamedTuple):
    """A day as it was. `stops`: when all calling stood still, in seconds since midnight."""

    label: str
    arrivals: Sequence[Arrival]
    stops: Sequence[tuple[float, float]]
    calling: Mapping[int, frozenset[int]]
    """Which counters called anybody in each half hour, counted from midnight."""

    @property
    def weekday(self) -> int:
        """ISO's, 1 for Monday."""
        return date.fromisoformat(self.label).isoweekday()


class Past(NamedTuple):
    """All days that the hub still has, and how many seconds each service kept a counter."""

    days: Sequence[PastDay]
    kept_s: Mapping[str, Sequence[float]]
    kept_all_s: Sequence[float]

    def like(self, day: date) -> Sequence[PastDay]:
        """Return the days to go by: of the same weekday, all where those are too few; none where all are."""
        same = [one for one in self.days if one.weekday == day.isoweekday()]
        found = same if len(same) >= ENOUGH_DAYS else self.days
        is_enough = len(found) >= ENOUGH_DAYS and len(self.kept_all_s) >= ENOUGH_SERVICES
        return found if is_enough else ()

    def kept_by(self, service: str) -> Sequence[float]:
        """Return how long a service kept counters, or how long any did where it is too seldom to say."""
        own = self.kept_s.get(service, ())
        return own if len(own) >= ENOUGH_OF_SERVICE else self.kept_all_s


def past_of(look: Look) -> Past:
    """Return the days before the one that is served, read once a day."""
    known = look.learned.get(_LEARNED)
    if known is None or known[0] != look.day:
        known = look.learned[_LEARNED] = (look.day, _read(look))
    found: Past = known[1]
    return found


def usual_counters(days: Sequence[PastDay]) -> Mapping[int, int]:
    """Return how many counters called in each half hour in which anybody came or was called, on the middle day."""
    slots = {slot for day in days for slot in day.calling} | {one.slot for day in days for one in day.arrivals}
    return {slot: round(statistics.median(len(day.calling.get(slot, ())) for day in days)) for slot in sorted(slots)}


def by_use(days: Sequence[PastDay]) -> Sequence[int]:
    """Return the counters, the one that called in most half hours first."""
    used = Counter(number for day in days for calling in day.calling.values() for number in calling)
    return [number for number, _ in sorted(used.items(), key=lambda one: (-one[1], one[0]))]


def second_of(moment: datetime) -> float:
    """Return how many seconds after the centre's midnight a moment is."""
    at = moment.astimezone(ZONE)
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


def _read(look: Look) -> Past:
    tickets = defaultdict(list)
    for row in look.connection.exec_driver_sql(_TICKETS, (look.day,)):
        tickets[row.day].append(row)
    labels = look.connection.exec_driver_sql(_DAYS, (look.day,)).all()
    kept: dict[str, list[float]] = defaultdict(list)
    for _, of_day in sorted(tickets.items()):
        for service, kept_s in _kept(of_day):
            kept[service].append(kept_s)
    days = [_day_of(label, tickets[day]) for day, label in labels]
    days = [one for one in days if one.arrivals]  # what is drawn from has somebody on each day
    return Past(days, kept, sorted(one for found in kept.values() for one in found))


def _day_of(label: str, tickets: Sequence[Row]) -> PastDay:
    arrivals = [came for one in tickets if (came := _arrival(one)) is not None]
    calling: dict[int, set[int]] = defaultdict(set)
    for one in tickets:
        called_at = moment_of(one.id, one.called_at)
        if called_at is not None and one.call_counter is not None:
            calling[int(second_of(called_at) // SLOT_S)].add(one.call_counter)
    named = {slot: frozenset(numbers) for slot, numbers in calling.items()}
    return PastDay(label, sorted(arrivals, key=lambda one: one[:4]), _stops(tickets), named)


def _arrival(one: Row) -> Arrival | None:
    came_at = moment_of(one.id, one.issued_at)
    if came_at is None:
        return None
    came = Arrival(second_of(came_at), one.queue, one.service, bool(one.preferred))
    if one.credit_us is None:
        return came
    return came._replace(ahead_s=max(0, one.due_line - one.arrived_line) / 1e6, credit_s=one.credit_us / 1e6)


def _stops(tickets: Sequence[Row]) -> Sequence[tuple[float, float]]:
    """Return where working time stood between two calls: the line went on, and it did not."""
    called = [one for one in tickets if one.called_at is not None and one.called_work is not None]
    found = []
    for one, after in pairwise(sorted(called, key=lambda one: one.called_line)):
        stood_s = (after.called_line - one.called_line - after.called_work + one.called_work) / 1e6
        ended_at = moment_of(after.id, after.called_at)
        if stood_s >= _SHORTEST_STOP_S and ended_at is not None:
            end_s = second_of(ended_at)
            found.append((max(0.0, end_s - stood_s), end_s))
    return found


def _kept(tickets: Sequence[Row]) -> Sequence[tuple[str, float]]:
    """Return how long each call kept its counter, where somebody was waiting for the next one."""
    at_counter = defaultdict(list)
    for one in tickets:
        if one.called_work is not None and one.call_counter is not None:
            at_counter[one.call_counter].append(one)
    found = []
    for calls in at_counter.values():
        for one, after in pairwise(calls):
            kept_s = (after.called_work - one.called_work) / 1e6
            was_awaited = one.ended_work is not None and after.arrived_work <= one.ended_work
            if was_awaited and 0 < kept_s <= LONGEST_KEPT_S:
                found.append((one.service, kept_s))
    return found
