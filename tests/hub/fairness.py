"""Whether somebody was left standing: each wait is held against those of the class who came soon after, and priority
against those who were called beside it. The median of a whole day tells its peak from its morning: where the counters
are cut off or busy for half an hour, everybody who comes then waits long, and that is no fault of the rule.
"""

import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from common.queue.standing import Ticket

SOON_US = 30 * 60 * 1_000_000
ENOUGH = 5
# Below the time of one service the counter that happens to be free decides, not the rule.
ONE_SERVICE_S = 300.0
BESIDE = 3
_US = 1_000_000


def waited_s(ticket: Ticket) -> float:
    """Return the working time from arrival to the first call."""
    return ((ticket.called_work or 0) - ticket.arrived_work) / _US


def worst_against_class(tickets: Iterable[Ticket], weight: float) -> float:
    """Return the greatest wait as a multiple of the median of one's class, among those who came in the half hour after.

    Where fewer than five of a class came then, it is everybody who came, their waits weighted as the rule does. Nobody
    came after the last ones of a day: anyone who is called after all others cannot have been passed over.
    """
    worst = 0.0
    for of_day in _days(tickets, "arrived_line"):
        arrivals = [one.arrived_line for one in of_day]
        for one in of_day:
            first = bisect_right(arrivals, one.arrived_line)
            after = of_day[first : bisect_right(arrivals, one.arrived_line + SOON_US)]
            if after:
                worst = max(worst, waited_s(one) / max(ONE_SERVICE_S, _usual_s(one, after, weight)))
    return worst


def beyond_thrice_of_the_day(tickets: Iterable[Ticket]) -> tuple[int, int]:
    """Count those who waited over three times the whole day's median of their class, and all of them.

    The stricter reading; beyond it is also who came in the peak of a day whose morning and afternoon were quiet.
    """
    beyond, people = 0, 0
    for of_day in _days(tickets, "arrived_line"):
        for is_preferred in (True, False):
            waits = [waited_s(one) for one in of_day if one.is_preferred == is_preferred]
            if len(waits) >= ENOUGH:
                most = 3 * max(ONE_SERVICE_S, statistics.median(waits))
                beyond += sum(wait > most for wait in waits)
                people += len(waits)
    return beyond, people


def priority_against_those_beside(tickets: Iterable[Ticket]) -> float:
    """Return priority's mean wait as a share of that of the others who were called just before and after."""
    waits, others = 0.0, 0.0
    for of_day in _days(tickets, "call_seq"):
        for place, one in enumerate(of_day):
            around = of_day[max(0, place - BESIDE) : place + BESIDE + 1]
            beside = [waited_s(other) for other in around if not other.is_preferred]
            if one.is_preferred and beside:
                waits += waited_s(one)
                others += statistics.mean(beside)
    return waits / others


def _usual_s(ticket: Ticket, after: Sequence[Ticket], weight: float) -> float:
    own = [waited_s(one) for one in after if one.is_preferred == ticket.is_preferred]
    if len(own) >= ENOUGH:
        return statistics.median(own)
    weights = {True: weight, False: 1.0}
    weighted = statistics.median(waited_s(one) * weights[one.is_preferred] for one in after)
    return weighted / weights[ticket.is_preferred]


def _days(tickets: Iterable[Ticket], order: str) -> list[list[Ticket]]:
    """Return by day, in an order, those who were called for the first time and from their own place."""
    days: dict[int, list[Ticket]] = defaultdict(list)
    for one in tickets:
        if one.absences == 0 and one.front_line is None and one.called_work is not None:
            days[one.day].append(one)
    return [sorted(of_day, key=lambda one: getattr(one, order)) for of_day in days.values()]
