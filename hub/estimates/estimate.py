"""The range of a wait.

Estimate = today's mean service, shrunk to the catalogue's, of all who are called before, divided by the counters that
acted lately; range = P10-P90 of this centre's past actual / estimate.

Position over mean service was off by 12-35 % of the mean wait where "what the last one waited" told half of the people
far too little; a fixed number of minutes was off by up to 204 %. While nobody calls there is no estimate.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Final, NamedTuple

from hub.engine.act import Act, Look
from hub.engine.services import DEFAULT_MINUTES
from hub.log.rows import Ticket

ACTED_WITHIN_S: Final = 15 * 60
LAST_SERVICES: Final = 60
PRIOR_SERVICES: Final = 20
# Days differ more than people within one: the past is that of some weeks, what is reported that of the last days.
LAST_RATIOS: Final = 8000
LAST_TOLD: Final = 2000
ENOUGH_RATIOS: Final = 200
ENOUGH_OF_CLASS: Final = 40
UNLEARNED: Final = (0.5, 1.5)
LEARNED_ANEW_US: Final = 60 * 1_000_000
_LEARNED: Final = "ratios"
ROUNDED_TO_S: Final = 300
# Waits of these lengths are off by different shares: each class has a history of its own. Upper ends, in seconds.
LENGTH_CLASSES: Final = (600, 1800, math.inf)
_US: Final = 1_000_000


class WaitRange(NamedTuple):
    """A wait in seconds of working time: the estimate, the measured range, and the range as people are told it."""

    estimate_s: int
    low_s: int
    high_s: int

    @property
    def told_s(self) -> tuple[int, int]:
        """The range rounded outwards to five minutes; nobody is told less than five minutes at the upper end."""
        low = self.low_s // ROUNDED_TO_S * ROUNDED_TO_S
        return low, max(ROUNDED_TO_S, -(-self.high_s // ROUNDED_TO_S) * ROUNDED_TO_S)


class Forecast:
    """What is needed to tell waits in one transaction, read once however many are told."""

    def __init__(self, look: Act | Look) -> None:
        """Read who acts, who waits, and how long services took."""
        self._look = look
        self._weight = look.centre.rules.priority_weight
        acting = _acting_counters(look)
        self._active = [groups for groups, _ in acting]
        self._free = [groups for groups, is_free in acting if is_free]
        self._took: Mapping[str, Sequence[float]] | None = None
        self._means: dict[str, float] = {}
        rows = look.connection.exec_driver_sql(
            "SELECT queue, service, priority, order_id, arrived_work, arrived_line, front_line FROM hub_tickets "
            "WHERE state = 'waiting' AND day = ?",
            (look.day,),
        )
        self._waiting = [_Waiting(*row) for row in rows]

    def of(self, ticket: Ticket) -> WaitRange | None:
        """Tell the wait of a ticket; None while nobody acts who serves its queue."""
        return self._tell(
            ticket.queue, ticket.is_preferred, ticket.arrived_work, ticket.arrived_line, ticket.front_line
        )

    def of_new(self, queue: str) -> WaitRange | None:
        """Tell the wait of somebody who would take a ticket of a queue now."""
        return self._tell(queue, False, self._look.work_us, self._look.line_us, None)

    def _tell(
        self, queue: str, preferred: bool, arrived_work: int, arrived_line: int, front: int | None
    ) -> WaitRange | None:
        serving = [groups for groups in self._active if queue in groups]
        if not serving:
            return None
        shared = {group for groups in serving for group in groups}
        own = (front is None, front or 0, -self._score(preferred, arrived_work), arrived_line)
        ahead = [one for one in self._waiting if one.queue in shared and self._turn_of(one) < own]
        first_s = self._until_one_is_free_s(queue)
        if preferred and front is None:
            waited_s = (self._look.work_us - arrived_work) / _US
            estimate_s = self._overtaking_s(ahead, first_s, waited_s, len(serving))
        else:
            estimate_s = (first_s + sum(self._mean_s(one.service) for one in ahead)) / len(serving)
        low, high = ratio_quantiles(self._look, length_class(estimate_s), preferred=preferred)
        return WaitRange(round(estimate_s), math.floor(estimate_s * low), math.ceil(estimate_s * high))

    def _overtaking_s(self, ahead: Sequence["_Waiting"], first_s: float, waited_s: float, counters: int) -> float:
        """Tell the wait of one whose minutes count more: who waits less than that ahead is overtaken meanwhile."""
        wait_s = (first_s + sum(self._mean_s(one.service) for one in ahead if one.is_preferred)) / counters
        others = [one for one in ahead if not one.is_preferred]
        for one in sorted(others, key=lambda other: other.arrived_work):
            head_start_s = (self._look.work_us - one.arrived_work) / _US - self._weight * waited_s
            if one.front_line is None and head_start_s < (self._weight - 1) * wait_s:
                break
            wait_s += self._mean_s(one.service) / counters
        return wait_s

    def _until_one_is_free_s(self, queue: str) -> float:
        """Whoever is first still waits for a counter: one service over all of them, unless one is free now."""
        return 0.0 if self._is_one_free(queue) else self._mean_s(self._typical_service(queue))

    def _is_one_free(self, queue: str) -> bool:
        return any(queue in groups for groups in self._free)

    def _typical_service(self, queue: str) -> str:
        """Give the service of a queue that most wait for, or any."""
        waiting = Counter(one.service for one in self._waiting if one.queue == queue)
        if waiting:
            return waiting.most_common(1)[0][0]
        return next((code for code, one in self._look.centre.services.items() if one.queue == queue), "")

    def _turn_of(self, one: "_Waiting") -> tuple[bool, int, float, int]:
        score = self._score(one.is_preferred, one.arrived_work)
        return (one.front_line is None, one.front_line or 0, -score, one.arrived_line)

    def _score(self, preferred: bool, arrived_work: int) -> float:
        return (self._weight if preferred else 1) * (self._look.work_us - arrived_work)

    def _mean_s(self, service: str) -> float:
        """Give today's mean of a service, shrunk to what the catalogue says it takes, in seconds."""
        if self._took is None:
            self._took = _took_today(self._look)
        if service not in self._means:
            known = self._look.centre.services.get(service)
            prior_s = (known.minutes if known is not None else DEFAULT_MINUTES) * 60
            took = self._took.get(service, [])[:LAST_SERVICES]
            self._means[service] = (sum(took) + PRIOR_SERVICES * prior_s) / (len(took) + PRIOR_SERVICES)
        return self._means[service]


class _Waiting(NamedTuple):
    queue: str
    service: str
    priority: str
    order_id: str | None
    arrived_work: int
    arrived_line: int
    front_line: int | None

    @property
    def is_preferred(self) -> bool:
        """Whether its wait counts more."""
        return self.priority != "none" or self.order_id is not None


def _took_today(look: Act | Look) -> Mapping[str, Sequence[float]]:
    """Give by service how long each of today's kept a counter, the way to it included, in working seconds."""
    rows = look.connection.exec_driver_sql(
        "SELECT service, (ended_work - called_work) / 1e6 AS took_s FROM hub_tickets "
        "WHERE state = 'ended' AND day = ? AND \"end\" = 'done' AND called_work IS NOT NULL ORDER BY ended_line DESC",
        (look.day,),
    )
    took: dict[str, list[float]] = {}
    for row in rows:
        took.setdefault(row.service, []).append(row.took_s)
    return took


def length_class(estimate_s: float) -> int:
    """Give the class of an estimate's length."""
    return next(place for place, end in enumerate(LENGTH_CLASSES) if estimate_s <= end)


def ratio_quantiles(look: Act | Look, of_class: int, *, preferred: bool) -> tuple[float, float]:
    """Give with which shares of an estimate a range begins and ends, by this centre's own past.

    Before there are 200 samples it is half and one and a half. A class with few of its own goes by all of its kind.
    """
    learned = look.learned.get(_LEARNED)
    if learned is None or look.line_us - learned[0] > LEARNED_ANEW_US:
        learned = look.learned[_LEARNED] = (look.line_us, _past_ratios(look))
    ratios: Mapping[tuple[int | None, bool], Sequence[float]] = learned[1]
    if sum(len(ratios.get((None, kind), ())) for kind in (True, False)) < ENOUGH_RATIOS:
        return UNLEARNED
    for key in ((of_class, preferred), (None, preferred)):
        if len(found := ratios.get(key, ())) >= ENOUGH_OF_CLASS:
            tenths = quantiles(found, n=10)
            return tenths[0], tenths[-1]
    return UNLEARNED


def _past_ratios(look: Act | Look) -> Mapping[tuple[int | None, bool], Sequence[float]]:
    """Give actual / estimate of the last tickets, by class of length and by whether their minutes counted more."""
    rows = look.connection.exec_driver_sql(
        "SELECT (called_work - arrived_work) / 1e6 / estimate_s, estimate_s, priority <> 'none' OR order_id IS NOT "
        "NULL FROM hub_tickets WHERE estimate_s > 0 AND called_work IS NOT NULL AND is_certain = 1 AND absences = 0 "
        "AND coalesce(\"end\", '') <> 'by-hand' ORDER BY called_line DESC LIMIT ?",
        (LAST_RATIOS,),
    )
    found: dict[tuple[int | None, bool], list[float]] = {}
    for ratio, estimate_s, preferred in rows:
        for of_class in (length_class(estimate_s), None):
            found.setdefault((of_class, bool(preferred)), []).append(float(ratio))
    return found


def coverage(look: Act | Look) -> Mapping[str, float | int]:
    """Measure what was told against what came true: share of ranges that held, and of those badly too little.

    Of those who came when they were called: one who was not there is called later for a reason of his own.
    """
    row = look.connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(actual BETWEEN low_s AND high_s), 0), "
        "coalesce(sum(actual > 1.25 * high_s AND actual > high_s + 300), 0) FROM "
        "(SELECT (called_work - arrived_work) / 1000000 AS actual, low_s, high_s FROM hub_tickets WHERE "
        "low_s IS NOT NULL AND called_work IS NOT NULL AND absences = 0 ORDER BY called_line DESC LIMIT ?)",
        (LAST_TOLD,),
    ).one()
    told, held, badly = (int(value) for value in row)
    return {"told": told, "held": held / told if told else 0.0, "badly_too_little": badly / told if told else 0.0}


def _acting_counters(look: Act | Look) -> list[tuple[frozenset[str], bool]]:
    """Give the queues of each counter that acted within the last fifteen working minutes, and whether it is free."""
    rows = look.connection.exec_driver_sql(
        "SELECT number, ticket FROM hub_counters WHERE state NOT IN ('closed', 'paused') AND acted_work >= ?",
        (look.work_us - ACTED_WITHIN_S * _US,),
    )
    defined = look.centre.counters
    return [(frozenset(defined[row.number].groups), row.ticket is None) for row in rows if row.number in defined]
