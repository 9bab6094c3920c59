"""What a day will be like with so many counters in each half hour: how many come, who waits how long, who in vain.

Formulas for telephone queues are off by 7-60 times in a hall with a morning peak, breaks and cuts, so days are played:
arrivals, services and standstills are drawn from days like it, and called by the rule that calls. The same question has
the same answer, and two plans are judged by the same people on the same days.
"""

import random
import statistics
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from msgspec import Struct

from hub.engine.act import Look
from hub.engine.glance.usual import time_of
from hub.engine.order import Seat
from hub.foresight.day import Came, Hall, Stops, play_day
from hub.foresight.past import SLOT_S, Arrival, Past, PastDay, by_use, past_of, usual_counters

PLAYED_DAYS: Final = 40
# Four of five days lie so many standard deviations around the mean.
_BAND: Final = 1.28
_PEAK_SHARE: Final = 0.8


class Slot(Struct, frozen=True):
    """Half an hour of the day: how many counters call, how many come, and the wait of those who do, in seconds."""

    at: str
    counters: int
    came: float
    wait_p50_s: int | None
    wait_p80_s: int | None


class Outcome(Struct, frozen=True):
    """How the day goes by a plan. `unserved`: the share of those who come that goes home without being called."""

    slots: list[Slot]
    unserved: float
    wait_mean_s: int | None


class Foretold(Struct, frozen=True):
    """What is foretold of a day; `expected` is None where too few days like it are known.

    Four of five days lie within `margin` of `expected`. `peak` is when most come, from and to. `usual` is the day with
    as many counters as are usual, `planned` with those asked about.
    """

    day: str
    made_of_days: int
    counters: int
    expected: int | None = None
    margin: int | None = None
    peak: tuple[str, str] | None = None
    usual: Outcome | None = None
    planned: Outcome | None = None


class Known(NamedTuple):
    """What is known of a day before it: days like it, and this centre's counters, hours and rule."""

    day: date
    past: Past
    days: Sequence[PastDay]
    hall: Hall


def known_of(look: Look, day: date) -> Known:
    """Read what a day can be foretold by."""
    past = past_of(look)
    days = past.like(day)
    usual = _within_hours(look, day, usual_counters(days))
    seats = [Seat(number, frozenset(look.centre.counters[number].groups)) for number in _seats(look, days)]
    return Known(day, past, days, Hall(seats, usual, _closes_s(look, day, usual), look.centre.rules))


def foretell(known: Known, plan: Mapping[str, int] | None = None) -> Foretold:
    """Return what is foretold of a day, with so many counters by the beginning of each half hour; others as usual."""
    day, past, days, hall = known
    if not days or not hall.seats:
        return Foretold(day.isoformat(), len(past.days), len(hall.seats))
    came = [len(one.arrivals) for one in days]
    played = _Played(past, days, day)
    usual = hall.open_by_slot
    asked = {slot: min((plan or {}).get(time_of(slot), open_), len(hall.seats)) for slot, open_ in usual.items()}
    as_usual = played.by(hall)
    return Foretold(
        day=day.isoformat(),
        made_of_days=len(days),
        counters=len(hall.seats),
        expected=round(statistics.mean(came)),
        margin=round(_BAND * statistics.stdev(came) * (1 + 1 / len(came)) ** 0.5),
        peak=_peak(as_usual),
        usual=as_usual,
        planned=as_usual if asked == usual else played.by(hall._replace(open_by_slot=asked)),
    )


class _Played:
    """The days that every plan is tried on."""

    def __init__(self, past: Past, days: Sequence[PastDay], day: date) -> None:
        """Draw who comes and what stands still, from days like the one that is asked about."""
        self._past = past
        self._seed = day.toordinal()
        chance = random.Random(self._seed)  # noqa: S311 - a simulation
        everybody = [one for of_day in days for one in of_day.arrivals]
        self._days: list[tuple[Sequence[Arrival], Stops]] = []
        for _ in range(PLAYED_DAYS):
            drawn = chance.choices(everybody, k=len(chance.choice(days).arrivals))
            came = sorted(drawn, key=lambda one: one.at_s)
            self._days.append((came, Stops(chance.choice(days).stops)))

    def by(self, hall: Hall) -> Outcome:
        """Return how these days go in a hall."""
        chance = random.Random(self._seed)  # noqa: S311
        people = [
            one
            for arrivals, stops in self._days
            for one in play_day(hall, arrivals, stops, lambda service: chance.choice(self._past.kept_by(service)))
        ]
        waits = [one.waited_s for one in people if one.waited_s is not None]
        slots = [_slot(slot, open_, people) for slot, open_ in hall.open_by_slot.items()]
        unserved = sum(one.waited_s is None for one in people) / len(people)
        return Outcome(slots, unserved, round(statistics.mean(waits)) if waits else None)


def _slot(slot: int, counters: int, people: Sequence[Came]) -> Slot:
    mine = [one.waited_s for one in people if int(one.at_s // SLOT_S) == slot]
    # Who is never called waits longest.
    waits = sorted(wait for wait in mine if wait is not None)

    def quantile(share: float) -> int | None:
        place = int(share * len(mine))
        return round(waits[place]) if place < len(waits) else None

    return Slot(time_of(slot), counters, len(mine) / PLAYED_DAYS, quantile(0.5), quantile(0.8))


def _within_hours(look: Look, day: date, usual: Mapping[int, int]) -> Mapping[int, int]:
    """Return the usual counters of every half hour in which the centre is open, none where none was ever seen."""
    hours = look.centre.hours.on(day)
    closes = look.centre.hours.closes(day)
    if not usual:
        return {}
    if hours is None or closes is None:
        return {slot: usual.get(slot, 0) for slot in range(min(usual), max(usual) + 1)}
    first, last = _slot_of(hours.opens), _slot_of(closes, is_end=True)
    return {slot: usual.get(slot, 0) for slot in range(first, last)}


def _closes_s(look: Look, day: date, usual: Mapping[int, int]) -> float:
    closes = look.centre.hours.closes(day)
    return (max(usual, default=0) + 1) * SLOT_S if closes is None else _minutes(closes) * 60.0


def _slot_of(at: str, *, is_end: bool = False) -> int:
    minutes = _minutes(at)
    return -(-minutes * 60 // SLOT_S) if is_end else minutes * 60 // SLOT_S


def _minutes(at: str) -> int:
    hour, minute = at.split(":")
    return int(hour) * 60 + int(minute)


def _seats(look: Look, days: Sequence[PastDay]) -> list[int]:
    """Return all counters that the centre has, those that are used most first."""
    used = [number for number in by_use(days) if number in look.centre.counters]
    return used + [number for number in sorted(look.centre.counters) if number not in used]


def _peak(outcome: Outcome) -> tuple[str, str] | None:
    """Return from when to when nearly as many come as in the fullest half hour, around it."""
    came = [slot.came for slot in outcome.slots]
    if not any(came):
        return None
    first = last = came.index(max(came))
    enough = _PEAK_SHARE * max(came)
    while first > 0 and came[first - 1] >= enough:
        first -= 1
    while last + 1 < len(came) and came[last + 1] >= enough:
        last += 1
    end = int(_minutes(outcome.slots[last].at)) + SLOT_S // 60
    return outcome.slots[first].at, f"{end // 60:02}:{end % 60:02}"
