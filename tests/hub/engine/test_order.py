"""The order by which a counter calls, on made-up queues: each rule on both of its sides, to the microsecond."""

from typing import Any

import pytest

from common.protocol.feed_message import QueueRules
from hub.engine.order import NOT_SHARED, Line, Moment, Seat, Sharing, Waiting, place_of_claim

S = 1_000_000
NOW = Moment(10_000 * S, 10_000 * S)
SEAT = Seat(1, frozenset("A"))
RULES = QueueRules(priority_weight=2.0, help_after_s=600)


def waits(name: str, since_s: float = 60, queue: str = "A", *, preferred: bool = False, **more: Any) -> Waiting:
    came = NOW.work_us - round(since_s * S)
    return Waiting(name, queue, queue, preferred, came, (came, "kiosk-1", "e", 0), **more)


def order(*people: Waiting, seat: Seat = SEAT, now: Moment = NOW, sharing: Sharing = NOT_SHARED) -> list[str]:
    """Call one after the other at one moment."""
    line, called = Line(people, RULES, sharing), []
    while (one := line.next_for(seat, now)) is not None:
        line.take(one, seat)
        called.append(one.id)
    return called


@pytest.mark.parametrize(
    ("people", "called"),
    [
        ([waits("late", 10), waits("early", 20)], ["early", "late"]),
        ([waits("plain", 100), waits("first", 51, preferred=True)], ["first", "plain"]),
        ([waits("plain", 100), waits("second", 49, preferred=True)], ["plain", "second"]),
        ([waits("other", 500, "B"), waits("own", 1)], ["own", "other"]),
        ([waits("long", 600, "B"), waits("own", 601)], ["own", "long"]),
        ([waits("helped", 600.000001, "B"), waits("own", 599)], ["helped", "own"]),
        ([waits("not yet", 600, "B"), waits("own", 1)], ["own", "not yet"]),
        ([waits("plain", 500), waits("front", 1, front_line=7)], ["front", "plain"]),
        ([waits("second", 9, front_line=8), waits("first", 1, front_line=7)], ["first", "second"]),
        ([waits("front of others", 9, "B", front_line=7), waits("own", 1)], ["own", "front of others"]),
        ([waits("sent here", 5, "B", only_counter=1), waits("own", 1)], ["sent here", "own"]),
        ([waits("sent on", 5, only_counter=2), waits("own", 1)], ["own"]),
    ],
)
def test_who_is_called_before_whom(people: list[Waiting], called: list[str]) -> None:
    assert order(*people) == order(*reversed(people)) == called


def test_of_those_who_have_waited_as_long_the_older_place_is_called() -> None:
    one, other = waits("one"), waits("other")
    assert order(other._replace(place=(5, "k", "e", 2)), one._replace(place=(5, "k", "e", 1))) == ["one", "other"]
    assert order(other._replace(place=(4, "k", "e", 2)), one._replace(place=(5, "k", "e", 1))) == ["other", "one"]


@pytest.mark.parametrize(
    ("absent_s", "calls_since", "made", "is_called"),
    [(299, 0, 0, False), (300, 0, 0, True), (10, 2, 0, False), (10, 3, 0, True), (10, 1, 2, True), (10, 0, 2, False)],
)
def test_who_was_absent_is_called_after_five_minutes_or_three_calls(
    absent_s: int, calls_since: int, made: int, is_called: bool
) -> None:
    absent = waits("absent", 900, absent_line=NOW.line_us - absent_s * S, calls_since_absence=calls_since)
    line = Line([absent], RULES)
    found = line.next_for(SEAT, NOW._replace(calls=made))
    assert (found == absent) is is_called
    assert line.next_callable_us(NOW) == (None if absent_s >= 300 else (300 - absent_s) * S)


def test_the_next_who_was_absent_is_waited_for() -> None:
    absent = [waits(f"{ago}", 900, absent_line=NOW.line_us - ago * S) for ago in (100, 250, 400)]
    assert Line(absent, RULES).next_callable_us(NOW) == 50 * S
    assert Line([waits("here")], RULES).next_callable_us(NOW) is None


@pytest.mark.parametrize(("due_s", "is_early"), [(1, True), (0, False), (-1, False)])
def test_who_is_expected_later_lets_others_go_unless_a_clerk_says_otherwise(due_s: int, is_early: bool) -> None:
    due = waits("due", 900, due_line=NOW.line_us + due_s * S)
    plain = waits("plain", 1)
    assert order(due, plain) == (["plain", "due"] if is_early else ["due", "plain"])
    assert order(due._replace(front_line=5), plain) == ["due", "plain"]
    assert order(due._replace(only_counter=1), plain) == ["due", "plain"]


def test_of_two_who_are_expected_the_one_whose_time_has_come_is_called_though_he_came_later() -> None:
    early, due = (waits(f"{due_s}", 900 - due_s, due_line=NOW.line_us - due_s * S) for due_s in (-5, 5))
    assert order(early, due) == ["5", "-5"]


def test_carried_ones_are_every_second_call_at_most_while_the_calls_are_shared() -> None:
    carried = [waits(f"carried {n}", 900 - n, is_carried=True) for n in range(3)]
    today = [waits(f"today {n}", 100 - n) for n in range(2)]
    shared = Sharing(NOW.work_us + 1, frozenset())
    assert order(*carried, *today, sharing=shared) == ["carried 0", "today 0", "carried 1", "today 1", "carried 2"]
    last = Sharing(NOW.work_us + 1, frozenset({1}))
    assert order(*carried, *today, sharing=last)[0] == "today 0"
    assert order(*carried, *today, sharing=Sharing(NOW.work_us + 1, frozenset({2})))[0] == "carried 0"
    over = Sharing(NOW.work_us, frozenset({1}))
    assert order(*carried, *today, sharing=over)[:3] == ["carried 0", "carried 1", "carried 2"]


def test_a_line_counts_those_who_are_in_it_and_takes_who_joins() -> None:
    special = waits("special", 5, front_line=1)
    line = Line([waits("a", 50), waits("b", 40), special], RULES)
    assert len(line) == 3
    line.join(waits("c", 30))
    line.join(waits("d", 20, due_line=5))
    assert len(line) == 5
    line.take(special, SEAT)
    line.take(waits("a", 50), SEAT)
    assert len(line) == 3


def test_where_a_ticket_stands_is_told_whole() -> None:
    line = Line([], RULES)
    one = waits("one", 60, "B", preferred=True)
    assert line.turn(one, SEAT, NOW) == (False, 1, True, 0, False, -120.0 * S, one.place)
    front = one._replace(front_line=9, only_counter=1, due_line=NOW.line_us + 1)
    assert line.turn(front, SEAT, NOW) == (False, 0, False, 9, False, -120.0 * S, one.place)


def test_a_moment_goes_on_on_both_lines() -> None:
    assert Moment(5, 7, 1).after(100, 4) == Moment(105, 107, 4)


@pytest.mark.parametrize(
    ("ahead_s", "credit_s", "weight", "place_s"), [(0, 0, 1, 100), (10, 0, 1, 110), (0, 30, 1, 70), (10, 30, 2, 95)]
)
def test_a_claim_places_somebody_by_its_credit_before_his_time(
    ahead_s: int, credit_s: int, weight: float, place_s: int
) -> None:
    assert place_of_claim(100 * S, ahead_s * S, credit_s * S, weight) == place_s * S
