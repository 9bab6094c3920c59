"""The rule played forward: who is called when, by which counter that is free first."""

import pytest

from common.protocol.feed_message import QueueRules
from hub.engine.order import Line, Moment, Seat, Waiting
from hub.estimates.play import Busy, Turn, play

NOW = Moment(10_000_000_000, 10_000_000_000)
S = 1_000_000


def waits(name: str, queue: str = "A", since_s: int = 60, *, preferred: bool = False, **more: int) -> Waiting:
    work = NOW.work_us - since_s * S
    return Waiting(name, queue, queue, preferred, work, (work, "", "", 0), **more)  # type: ignore[arg-type]


def new(queue: str = "A", *, preferred: bool = False) -> Waiting:
    place = NOW.line_us, "\U0010ffff", "", 0
    return Waiting(f"new {queue}{preferred:d}", queue, queue, preferred, NOW.work_us, place)


def played(*people: Waiting, counters: dict[int, tuple[str, float]], newcomers: tuple[Waiting, ...] = ()) -> object:
    busy = [Busy(Seat(number, frozenset(groups)), round(free * S)) for number, (groups, free) in counters.items()]
    took = {"A": 100 * S, "B": 30 * S}
    line = Line(people, QueueRules())
    found = play(line, busy, NOW, took.__getitem__, newcomers)
    return {name: (turn.before, turn.wait_us / S) for name, turn in found.items()}, len(line)


def test_each_is_called_by_the_counter_that_is_free_first() -> None:
    three = waits("first", since_s=90), waits("second", since_s=80), waits("third", since_s=70)
    assert played(*three, counters={1: ("A", 50), 2: ("A", 20), 3: ("A", 170)}) == (
        {"first": (0, 20), "second": (1, 50), "third": (2, 120)},
        0,
    )


def test_a_service_keeps_its_counter_as_long_as_it_takes() -> None:
    both = waits("a", since_s=90), waits("b", "B", since_s=80), waits("late", since_s=70)
    assert played(*both, counters={1: ("AB", 0)}) == ({"a": (0, 0), "b": (1, 100), "late": (2, 130)}, 0)


def test_newcomers_are_told_their_turn_and_keep_nobody_waiting() -> None:
    newcomers = new(), new(preferred=True), new("B")
    waiting = waits("a", since_s=90), waits("b", since_s=1)
    assert played(*waiting, counters={1: ("A", 10)}, newcomers=newcomers) == (
        {"a": (0, 10), "b": (1, 110), "new A1": (1, 110), "new A0": (2, 210), "new B0": (2, 210)},
        0,
    )


def test_without_a_counter_nobody_is_told_anything() -> None:
    assert played(waits("a"), counters={}, newcomers=(new(),)) == ({}, 1)


@pytest.mark.parametrize(("absent_s", "callable_in_s"), [(0, 300), (100, 200), (300, 0)])
def test_somebody_who_was_absent_is_called_once_he_may_be_called_again(absent_s: int, callable_in_s: int) -> None:
    absent = waits("absent", since_s=900, absent_line=NOW.line_us - absent_s * S)
    assert played(absent, counters={1: ("A", 0)}) == ({"absent": (0, callable_in_s)}, 0)


def test_somebody_sent_to_another_counter_is_left_over() -> None:
    assert played(waits("sent", only_counter=2), waits("a"), counters={1: ("A", 0)}) == ({"a": (0, 0)}, 1)


def test_a_turn_counts_calls_and_working_time() -> None:
    found = play(Line([waits("a")], QueueRules()), [Busy(Seat(1, frozenset("A")), 5 * S)], NOW, lambda _: S)
    assert found == {"a": Turn(0, 5 * S)}
