"""Whether a number that is taken now is called before closing, by this centre's own past; never more than it knows.

Of past waits of the same length those that ended uncalled count as endless. `yes` where 95 of 100 would have been
called in the time that is left, `doubtful` where fewer than half would; else `unknown`, which nobody is told. By this
rule nineteen of twenty who were told `yes` were called, and of those who went home unserved in an overloaded centre
seven of eight had been warned (simulated; docs/promises.md).
"""

import bisect
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from common.protocol.queue.service_now import TodayWord
from hub.engine.act import Act, Look
from hub.estimates.estimate import ENOUGH_RATIOS, length_class
from hub.log.reading import label_of
from offline_store.issuing.business_day import ZONE

SURE: Final = 0.95
DOUBTFUL_BELOW: Final = 0.5
SAME_WEEKDAYS: Final = 4
LAST_OF_CLASS: Final = 3000
_READ_AGAIN_US: Final = 60 * 1_000_000
_LEARNED: Final = "ends-of-waits"
_KEPT: Final = "words-kept"


def today_word(look: Act | Look, estimate_s: float, left_s: float | None) -> TodayWord:
    """Return what may be said of a wait that is estimated so long, with so much working time left."""
    if left_s is None:
        return "unknown"
    past = _past(look).get(length_class(estimate_s), ())
    if len(past) < ENOUGH_RATIOS:
        return "unknown"
    share = bisect.bisect_right(past, left_s / max(estimate_s, 1.0)) / len(past)
    if share >= SURE:
        return "yes"
    return "doubtful" if share < DOUBTFUL_BELOW else "unknown"


def working_time_left_s(look: Act | Look) -> float | None:
    """Return how long counters still work today: until closing, less the mean cut of the last four such weekdays.

    None where nobody has said when the centre closes, or the clock is not trusted.
    """
    label = label_of(look.connection, look.day)
    if label is None or not look.stamp.tells_time:
        return None
    now, day = look.stamp.wall_time.astimezone(ZONE), date.fromisoformat(label)
    closes = look.centre.hours.closes(day)
    if closes is None or now.date() != day:
        return None
    return max(0.0, (_moment(day, closes) - now).total_seconds() - _mean_cut_s(look, day))


class WordsKept(Struct, frozen=True):
    """How true words for today were on the last days, as shares; None where there was nobody.

    `called_of_sure`: of those told `yes`; `warned_of_uncalled`: of those who went home, told `doubtful` on arrival.
    """

    called_of_sure: float | None
    warned_of_uncalled: float | None


def words_kept(look: Act | Look) -> WordsKept:
    """Measure what was said of the last days' tickets against what came true; the day that is served isn't over."""
    known = look.learned.get(_KEPT)
    if known is None or known[0] != look.day:
        known = look.learned[_KEPT] = (look.day, _read_kept(look))
    found: WordsKept = known[1]
    return found


def _read_kept(look: Act | Look) -> WordsKept:
    row = look.connection.exec_driver_sql(
        # Counted, not summed: a sum over nobody is no number.
        "SELECT count(*) FILTER (WHERE told_today = 'yes') AS sure, "
        "count(*) FILTER (WHERE told_today = 'yes' AND NOT went_home) AS called, "
        "count(*) FILTER (WHERE went_home) AS uncalled, "
        "count(*) FILTER (WHERE went_home AND told_today = 'doubtful') AS warned FROM "
        # Who was called by voice while no hub was there has no call in its log, and did not go home.
        "(SELECT told_today, called_work IS NULL AND \"end\" IN ('expired', 'carried') AS went_home "
        "FROM hub_tickets WHERE day < ? AND is_voided = 0 AND is_certain = 1 AND "
        '(called_work IS NOT NULL OR "end" IS NOT NULL) AND '
        "priority = 'none' AND order_id IS NULL ORDER BY arrived_line DESC LIMIT ?)",
        (look.day, LAST_OF_CLASS * 3),
    ).one()
    return WordsKept(row.called / row.sure if row.sure else None, row.warned / row.uncalled if row.uncalled else None)


def _moment(day: date, at: str) -> datetime:
    if at == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), ZONE)
    return datetime.combine(day, time.fromisoformat(at), ZONE)


def _past(look: Act | Look) -> Mapping[int, Sequence[float]]:
    learned = look.learned.get(_LEARNED)
    if learned is None or look.line_us - learned[0] > _READ_AGAIN_US:
        learned = look.learned[_LEARNED] = (look.line_us, _read_past(look))
    found: Mapping[int, Sequence[float]] = learned[1]
    return found


def _read_past(look: Act | Look) -> Mapping[int, Sequence[float]]:
    """Return by class of length actual / estimate of past waits, least first; endless for those never called."""
    rows = look.connection.exec_driver_sql(
        "SELECT (called_work - arrived_work) / 1e6 / estimate_s, estimate_s FROM hub_tickets WHERE estimate_s > 0 "
        "AND is_certain = 1 AND absences = 0 AND priority = 'none' AND order_id IS NULL AND is_voided = 0 AND "
        "(called_work IS NOT NULL AND coalesce(\"end\", '') <> 'by-hand' OR \"end\" IN ('expired', 'carried')) "
        "ORDER BY arrived_line DESC LIMIT ?",
        (LAST_OF_CLASS * 3,),
    )
    found: dict[int, list[float]] = {}
    for ratio, estimate_s in rows:
        of_class = found.setdefault(length_class(estimate_s), [])
        if len(of_class) < LAST_OF_CLASS:
            of_class.append(math.inf if ratio is None else float(ratio))
    return {of_class: sorted(ratios) for of_class, ratios in found.items()}


def _mean_cut_s(look: Act | Look, day: date) -> float:
    """Return for how long calling stood still, on average, on the last such weekdays."""
    key = f"cut on {day}"
    if key not in look.learned:
        rows = look.connection.exec_driver_sql(
            "SELECT (max(t.called_line) - min(t.called_line) - max(t.called_work) + min(t.called_work)) / 1e6 AS cut_s "
            "FROM hub_days AS d JOIN hub_tickets AS t ON t.day = d.day WHERE d.day < ? AND t.called_line IS NOT NULL "
            "AND strftime('%w', d.label) = strftime('%w', ?) GROUP BY d.day ORDER BY d.day DESC LIMIT ?",
            (look.day, day.isoformat(), SAME_WEEKDAYS),
        )
        cuts = [max(0.0, float(row.cut_s)) for row in rows]
        look.learned[key] = sum(cuts) / len(cuts) if cuts else 0.0
    cut_s: float = look.learned[key]
    return cut_s
