"""One day played by the rule that calls: people come, counters call, all stands still for a while, and it closes."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from common.protocol.feed_message import QueueRules
from hub.engine.order import Line, Moment, Seat, Waiting, place_of_claim
from hub.foresight.past import SLOT_S, Arrival

_US: Final = 1_000_000


class Hall(NamedTuple):
    """What a played day depends on beside those who come.

    `open_by_slot`: how many of the seats call in each half hour, counted from midnight, the first ones of `seats`.
    """

    seats: Sequence[Seat]
    open_by_slot: Mapping[int, int]
    closes_s: float
    rules: QueueRules


class Stops(NamedTuple):
    """When all calling stands still, one after the other, in seconds since midnight; working time stands with it."""

    spans: Sequence[tuple[float, float]] = ()

    def end_of(self, at_s: float) -> float:
        """Return a moment, or the end of the standstill that it lies in."""
        return next((end_s for begin_s, end_s in self.spans if begin_s <= at_s < end_s), at_s)

    def when_worked(self, from_s: float, work_s: float) -> float:
        """Return when so much has been worked since a moment: each standstill on the way lengthens it."""
        at_s = from_s + work_s
        for begin_s, end_s in self.spans:
            if from_s < begin_s <= at_s:
                at_s += end_s - begin_s
        return at_s

    def worked_us(self, at_s: float) -> int:
        """Return how much working time has passed since midnight, in microseconds."""
        stood_s = sum(min(max(at_s - begin_s, 0.0), end_s - begin_s) for begin_s, end_s in self.spans)
        return round((at_s - stood_s) * _US)


class Came(NamedTuple):
    """Somebody of a played day: when he came, and how long he waited; None who went home without being called."""

    at_s: float
    waited_s: float | None


def play_day(hall: Hall, arrivals: Sequence[Arrival], stops: Stops, kept_s: Callable[[str], float]) -> list[Came]:
    """Play a day, and return what became of each who came. Times are seconds since midnight.

    Args:
        hall: counters, closing and rule.
        arrivals: who comes, the first one first.
        stops: when all calling stands still.
        kept_s: how long a service keeps a counter that calls for it.
    """
    line = Line((), hall.rules)
    waited: list[float | None] = [None] * len(arrivals)
    # What happens next: somebody comes (seat None), or a seat is free. Arrivals of one moment go before calls.
    due: list[tuple[float, int, int]] = [(one.at_s, 0, number) for number, one in enumerate(arrivals)]
    due += [(at_s, 1, seat) for seat in range(len(hall.seats)) if (at_s := _on_duty(hall, seat, 0.0)) is not None]
    heapq.heapify(due)
    idle: set[int] = set()
    calls = 0
    while due:
        at_s, is_call, who = heapq.heappop(due)
        if at_s >= hall.closes_s:
            break
        if not is_call:
            line.join(_waiting(arrivals[who], who, stops.worked_us(at_s), hall.rules.priority_weight))
            due_at_s = stops.end_of(at_s)
            for seat in idle:
                heapq.heappush(due, (due_at_s, 1, seat))
            idle.clear()
            continue
        calls_s = _on_duty(hall, who, stops.end_of(at_s))
        if calls_s is None:
            continue
        if calls_s > at_s:
            heapq.heappush(due, (calls_s, 1, who))
            continue
        one = line.next_for(hall.seats[who], Moment(round(at_s * _US), stops.worked_us(at_s), calls))
        if one is None:
            idle.add(who)
            continue
        line.take(one, hall.seats[who])
        calls += 1
        came = arrivals[int(one.id)]
        waited[int(one.id)] = max(0.0, at_s - came.at_s - came.ahead_s)
        heapq.heappush(due, (stops.when_worked(at_s, kept_s(one.service)), 1, who))
    return [Came(one.at_s, waited_s) for one, waited_s in zip(arrivals, waited, strict=True)]


def _waiting(one: Arrival, number: int, work_us: int, weight: float) -> Waiting:
    place = round(one.at_s * _US), "", "", number
    waiting = Waiting(str(number), one.queue, one.service, one.preferred, work_us, place)
    if one.credit_s is None:
        return waiting
    ahead_us, credit_us = round(one.ahead_s * _US), round(one.credit_s * _US)
    placed = place_of_claim(work_us, ahead_us, credit_us, weight if one.preferred else 1)
    return waiting._replace(arrived_work=placed, due_line=place[0] + ahead_us)


def _on_duty(hall: Hall, seat: int, from_s: float) -> float | None:
    """Return when a seat calls next from a moment on; None where it calls no more."""
    slot = int(from_s // SLOT_S)
    if hall.open_by_slot.get(slot, 0) > seat:
        return from_s
    later = (one for one in sorted(hall.open_by_slot) if one > slot and hall.open_by_slot[one] > seat)
    found = next(later, None)
    return None if found is None else found * SLOT_S
