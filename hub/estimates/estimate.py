"""The range of a wait: P10-P90 of this centre's past actual / estimate, measured against what came true.

The estimate is `forecast`'s. By today's mean services it was off by 12-35 % of the mean wait where "what the last one
waited" told half of the people far too little; a fixed number of minutes was off by up to 204 %.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import quantiles
from typing import Final, NamedTuple

from hub.engine.act import Act, Look

# Days differ more than people within one: the past is that of some weeks, what is reported that of the last days.
LAST_RATIOS: Final = 8000
LAST_TOLD: Final = 2000
ENOUGH_RATIOS: Final = 200
ENOUGH_TODAY: Final = 5
ENOUGH_OF_CLASS: Final = 40
UNLEARNED: Final = (0.5, 1.5)
LEARNED_ANEW_US: Final = 60 * 1_000_000
_LEARNED: Final = "ratios"
ROUNDED_TO_S: Final = 300
# Waits of these lengths are off by different shares: each class has a history of its own. Upper ends, in seconds.
LENGTH_CLASSES: Final = (600, 1800, math.inf)


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


def range_of(look: Act | Look, estimate_s: float, *, preferred: bool) -> WaitRange:
    """Return the range of an estimate, by this centre's own past."""
    low, high = ratio_quantiles(look, length_class(estimate_s), preferred=preferred)
    return WaitRange(round(estimate_s), math.floor(estimate_s * low), math.ceil(estimate_s * high))


def is_range_known(look: Act | Look, estimate_s: float, *, services_today: int) -> bool:
    """Return whether a range may be told at all: five services today, or enough waits of its length in the past."""
    of_class = length_class(estimate_s)
    past = sum(len(found) for (one, _), found in _learned_ratios(look).items() if one == of_class)
    return services_today >= ENOUGH_TODAY or past >= ENOUGH_RATIOS


def length_class(estimate_s: float) -> int:
    """Return the class of an estimate's length."""
    return next(place for place, end in enumerate(LENGTH_CLASSES) if estimate_s <= end)


def ratio_quantiles(look: Act | Look, of_class: int, *, preferred: bool) -> tuple[float, float]:
    """Return with which shares of an estimate a range begins and ends, by this centre's own past.

    Before there are 200 samples it is half and one and a half. A class with few of its own goes by all of its kind.
    """
    ratios = _learned_ratios(look)
    if sum(len(ratios.get((None, kind), ())) for kind in (True, False)) < ENOUGH_RATIOS:
        return UNLEARNED
    for key in ((of_class, preferred), (None, preferred)):
        if len(found := ratios.get(key, ())) >= ENOUGH_OF_CLASS:
            tenths = quantiles(found, n=10)
            return tenths[0], tenths[-1]
    return UNLEARNED


def _learned_ratios(look: Act | Look) -> Mapping[tuple[int | None, bool], Sequence[float]]:
    """Return the past ratios, read again only now and then."""
    learned = look.learned.get(_LEARNED)
    if learned is None or look.line_us - learned[0] > LEARNED_ANEW_US:
        learned = look.learned[_LEARNED] = (look.line_us, _past_ratios(look))
    ratios: Mapping[tuple[int | None, bool], Sequence[float]] = learned[1]
    return ratios


def _past_ratios(look: Act | Look) -> Mapping[tuple[int | None, bool], Sequence[float]]:
    """Return actual / estimate of the last tickets, by class of length and by whether their minutes counted more."""
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
