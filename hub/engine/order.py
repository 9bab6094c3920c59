"""The order of the queue: which of those who wait a counter calls next. It is written here and nowhere else.

Called is the ticket with the greatest weight x working time waited among the counter's own groups; of equal ones the
older by place. Tickets that were put in front come first. Other groups are helped where the counter's own are empty, or
somebody there waits longer than `help_after_s`. Waiting minutes that count double keep "half the wait" at any share of
priority (accumulating priority, Kleinrock 1964); ratios such as 2:1 turn round above a third.

Who was carried over from an earlier day stands as if he had come at opening. So that nobody of today waits for all of
them, at most every second call of a counter is one of theirs in the first hour and a half, while others wait for it.

Who has an appointment, or has joined from afar, stands as if he had come a bounded credit of minutes before his time,
and only once he is here; before his time he is called only where nobody else waits.

Calling asks this with the queue as it stands, and so does the forecast, which plays it forward.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from common.protocol.feed_message import QueueRules

CALLABLE_AFTER_US: Final = 300 * 1_000_000
CALLABLE_AFTER_CALLS: Final = 3
SHARED_FOR_US: Final = 90 * 60 * 1_000_000
_OWN: Final = 0
_OTHERS: Final = 1


class Waiting(NamedTuple):
    """A ticket that waits, as far as its turn depends on it. Times are microseconds."""

    id: str
    queue: str
    service: str
    is_preferred: bool
    """Its waiting minutes count more: priority, or a ready order."""
    arrived_work: int
    """Of working time."""
    place: tuple[int, str, str, int]
    """Arrival on the hub's time line, kiosk, epoch and number of issue: unique, and within one kiosk its order."""
    front_line: int | None = None
    """When it was put in front."""
    only_counter: int | None = None
    absent_line: int | None = None
    """When it was called and nobody came."""
    calls_since_absence: int = 0
    is_carried: bool = False
    """From an earlier day: it stands as if it had come at opening."""
    due_line: int | None = None
    """Of somebody with a claim: his time. `arrived_work` is the place that his claim gives him, and may be negative."""
    letter: str = ""
    """With which his number begins: the queue that he came to, unless it is a digit."""


class Moment(NamedTuple):
    """A point in time: on the hub's line, in working time, and how many calls were made since the queue was read."""

    line_us: int
    work_us: int
    calls: int = 0

    def after(self, passed_us: int, calls: int) -> "Moment":
        """Return the moment when some working time has passed and so many calls were made in all."""
        return Moment(self.line_us + passed_us, self.work_us + passed_us, calls)


class Seat(NamedTuple):
    """A counter, as far as the rule knows it."""

    number: int
    groups: frozenset[str]


class Sharing(NamedTuple):
    """How those who were carried over share the calls with others: until when, and where it is the others' turn."""

    until_work: int
    """Of working time."""
    carried_last: frozenset[int]
    """The counters whose last call was one of theirs."""


NOT_SHARED: Final = Sharing(0, frozenset())

Turn = tuple[bool, int, bool, int, bool, float, tuple[int, str, str, int]]
"""Tickets in the order of these are called one after the other."""


class Line:
    """Those who wait, kept so that the next one is found without looking at all of them."""

    def __init__(self, waiting: Iterable[Waiting], rules: QueueRules, sharing: Sharing = NOT_SHARED) -> None:
        self._weight = rules.priority_weight
        self._help_us = rules.help_after_s * 1_000_000
        self._shared_until = sharing.until_work
        self._carried_last = set(sharing.carried_last)
        # Of tickets of one such kind the first by arrival stays the first; all others are looked at singly.
        self._ordinary: dict[tuple[str, bool, bool], deque[Waiting]] = {}
        self._special: list[Waiting] = []
        for one in sorted(waiting, key=lambda one: (one.arrived_work, one.place)):
            self.join(one)

    def __len__(self) -> int:
        return len(self._special) + sum(len(queue) for queue in self._ordinary.values())

    def join(self, one: Waiting) -> None:
        """Put somebody behind those who came before; nobody joins who came earlier than one of them."""
        if _is_ordinary(one):
            self._ordinary.setdefault(_kind(one), deque()).append(one)
        else:
            self._special.append(one)

    def turn(self, one: Waiting, seat: Seat, now: Moment) -> Turn:
        """Return where a ticket stands in the order by which this counter calls."""
        waited_us = now.work_us - one.arrived_work
        is_own = one.queue in seat.groups or one.only_counter == seat.number or waited_us > self._help_us
        score = waited_us * (self._weight if one.is_preferred else 1)
        owner, is_front = _OWN if is_own else _OTHERS, one.front_line is not None
        lets_go, is_early = self._lets_others_go(one, seat, now), _is_early(one, now)
        return (is_early, owner, not is_front, one.front_line or 0, lets_go, -score, one.place)

    def next_for(self, seat: Seat, now: Moment) -> Waiting | None:
        """Return the ticket that this counter calls next, None where nobody waits whom it may call."""
        return min(self._callable(seat, now), key=lambda one: self.turn(one, seat, now), default=None)

    def take(self, one: Waiting, seat: Seat) -> None:
        """Take a ticket out, for this counter called it."""
        (self._carried_last.add if one.is_carried else self._carried_last.discard)(seat.number)
        if _is_ordinary(one):
            self._ordinary[_kind(one)].popleft()  # only the first is ever called
        else:
            self._special.remove(one)

    def next_callable_us(self, now: Moment) -> int | None:
        """Return in how many microseconds the next one who was absent may be called again; None where there is none."""
        times = (
            one.absent_line + CALLABLE_AFTER_US - now.line_us for one in self._special if one.absent_line is not None
        )
        return min((left_us for left_us in times if left_us > 0), default=None)

    def _lets_others_go(self, one: Waiting, seat: Seat, now: Moment) -> bool:
        return one.is_carried and seat.number in self._carried_last and now.work_us < self._shared_until

    def _callable(self, seat: Seat, now: Moment) -> Iterator[Waiting]:
        yield from (queue[0] for queue in self._ordinary.values() if queue)
        yield from (one for one in self._special if _may_call(one, seat, now))


def _is_early(one: Waiting, now: Moment) -> bool:
    """Return whether somebody is expected later: whom a clerk has put in front, or sent to a counter, is not."""
    is_sent = one.front_line is not None or one.only_counter is not None
    return one.due_line is not None and now.line_us < one.due_line and not is_sent


def place_of_claim(arrived_work: int, ahead_us: int, credit_us: int, weight: float) -> int:
    """Return the place that a claim gives, in working time: as if he had come so much before his time.

    The credit is divided by the weight with which his minutes count, so that priority does not multiply it.
    """
    return arrived_work + ahead_us - round(credit_us / weight)


def _kind(one: Waiting) -> tuple[str, bool, bool]:
    return one.queue, one.is_preferred, one.is_carried


def _is_ordinary(one: Waiting) -> bool:
    is_plain = one.front_line is None and one.only_counter is None and one.absent_line is None
    return is_plain and one.due_line is None


def _may_call(one: Waiting, seat: Seat, now: Moment) -> bool:
    if one.only_counter not in (None, seat.number):
        return False
    is_absent = one.absent_line is not None and now.line_us - one.absent_line < CALLABLE_AFTER_US
    return not is_absent or one.calls_since_absence + now.calls >= CALLABLE_AFTER_CALLS
