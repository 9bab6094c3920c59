"""At what exactly a touch begins and ceases to count, and the gestures of two fingers: each bound from both sides."""

from collections.abc import Callable

import pytest

from screens.window.touch import JUMP_MM, SHORTEST_S, STUCK_S, TAP_S, CornerHold, TouchGate, TwoFingerHold

PX_PER_MM = 4.0
JUMP_PX = JUMP_MM * PX_PER_MM
SMALL = 1 / 1024  # a part of a second that no sum rounds


class _Clock:
    def __init__(self) -> None:
        self.now = 128.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("held_s", "waited_s", "verdict"),
    [
        (SHORTEST_S - SMALL, 0.0, "dropped"),
        (SHORTEST_S + SMALL, 0.0, "up"),
        (0.0, TAP_S - SMALL, "dropped"),
        (0.0, TAP_S, "up"),
        (SHORTEST_S - SMALL, TAP_S - SHORTEST_S, "dropped"),
        (SHORTEST_S - SMALL, TAP_S - SHORTEST_S + 2 * SMALL, "up"),
        (STUCK_S, 0.0, "up"),
    ],
)
def test_a_touch_counts_from_its_shortest_time_on(held_s: float, waited_s: float, verdict: str) -> None:
    clock = _Clock()
    gate = TouchGate(PX_PER_MM, clock, since_last_look_s=lambda: waited_s)
    gate.down(1, 10, 10)
    clock.now += held_s
    assert gate.up(1) == verdict
    assert gate.up(1) == "ignored", "it has left"


@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_finger_may_wander_as_far_as_it_likes_and_jumps_no_further_than_its_bound(way: tuple[int, int]) -> None:
    clock = _Clock()
    gate = TouchGate(PX_PER_MM, clock)
    gate.down(1, 1000, 1000)
    for step in (1, 2, 3):
        assert gate.move(1, 1000 + way[0] * step * JUMP_PX, 1000 + way[1] * step * JUMP_PX) == "held"
    assert gate.move(1, 1000 + way[0] * (4 * JUMP_PX + 1), 1000 + way[1] * (4 * JUMP_PX + 1)) == "dropped"
    assert gate.move(1, 1000, 1000) == "ignored"
    clock.now += 1
    assert (gate.move(2, 0, 0), gate.up(2), gate.up(1)) == ("ignored", "ignored", "dropped")
    assert gate.move(1, 1000, 1000) == "ignored"


def test_a_finger_that_stays_is_given_up_after_its_time_and_reported_again_only_once_it_has_left() -> None:
    clock, reports = _Clock(), []
    gate = TouchGate(PX_PER_MM, clock, lambda: reports.append(clock.now))
    assert gate.watch() == "ignored"
    gate.down(1, 10, 10)
    clock.now += STUCK_S
    assert (gate.watch(), reports) == ("ignored", [])
    clock.now += SMALL
    assert (gate.watch(), gate.watch(), reports) == ("dropped", "ignored", [clock.now])
    first = clock.now
    gate.down(1, 10, 10)  # the same spot is told once more, without having been lifted
    clock.now += STUCK_S + SMALL
    assert (gate.watch(), reports) == ("dropped", [first])
    assert gate.up(1) == "ignored"
    gate.down(1, 10, 10)
    clock.now += STUCK_S + SMALL
    assert (gate.watch(), reports) == ("dropped", [first, clock.now])


@pytest.mark.parametrize(
    ("x", "y", "is_corner"),
    [
        (0, 0, True), (99, 99, True), (100, 99, False), (99, 100, False), (100, 100, False),
        (981, 99, True), (980, 99, False), (981, 1821, True), (981, 1820, False), (980, 1821, False),
        (99, 1821, True), (99, 1820, False), (50, 900, False), (500, 50, False), (500, 1900, False),
        (1050, 900, False),
    ],
)  # fmt: skip
def test_what_is_a_corner(x: float, y: float, is_corner: bool) -> None:
    clock = _Clock()
    corners = CornerHold(100, 1080, 1920, clock)
    assert corners.is_corner(x, y) is is_corner
    for other in ((10, 10), (1070, 10), (10, 1910), (1070, 1910)):  # with one of these it holds, or with none
        corners.down("there", *other)
        corners.down("here", x, y)
        clock.now += 3
        is_opposite = is_corner and (other[0] < 100) != (x < 100) and (other[1] < 100) != (y < 100)
        assert corners.is_complete() is is_opposite
        corners.up("here")
        corners.up("there")


@pytest.mark.parametrize(("held_s", "is_complete"), [(3 - SMALL, False), (3, True)])
def test_corners_are_held_for_three_seconds_from_the_second_finger_on(held_s: float, is_complete: bool) -> None:
    clock = _Clock()
    corners = CornerHold(100, 1080, 1920, clock)
    corners.down(1, 10, 10)
    clock.now += 3
    assert not corners.is_complete()
    corners.down(2, 1070, 1910)
    clock.now += held_s / 2
    corners.down(3, 1070, 10)  # another finger in a corner changes nothing
    clock.now += held_s / 2
    assert corners.is_complete() is is_complete


def test_after_the_gesture_the_fingers_that_stay_begin_no_second_one() -> None:
    clock = _Clock()
    corners = CornerHold(100, 1080, 1920, clock)
    corners.down(1, 10, 1910)
    corners.down(2, 1070, 10)
    clock.now += 3
    assert corners.is_complete()
    corners.down(3, 1070, 1910)
    clock.now += 3
    assert not corners.is_complete()


def _two(clock: Callable[[], float]) -> TwoFingerHold:
    return TwoFingerHold(JUMP_PX, lambda x, _y: x < 100, clock)


@pytest.mark.parametrize(("held_s", "is_complete"), [(1.5 - SMALL, False), (1.5, True)])
def test_two_fingers_are_held_for_a_second_and_a_half_away_from_the_corners(held_s: float, is_complete: bool) -> None:
    clock = _Clock()
    hold = _two(clock)
    hold.down("corner", 99, 10)
    hold.down(1, 300, 300)
    clock.now += 1.5
    assert not hold.is_complete(), "one finger holds nothing, and one in a corner does not count"
    hold.down(2, 600, 300)
    clock.now += held_s
    assert (hold.is_complete(), hold.is_complete()) == (is_complete, False)


@pytest.mark.parametrize(
    ("x", "y", "holds"),
    [
        (300 + JUMP_PX, 300, True), (300 - JUMP_PX, 300, True), (300, 300 + JUMP_PX, True),
        (300, 300 - JUMP_PX, True), (301 + JUMP_PX, 300, False), (299 - JUMP_PX, 300, False),
        (300, 301 + JUMP_PX, False), (300, 299 - JUMP_PX, False),
    ],
)  # fmt: skip
def test_a_finger_of_two_that_wanders_holds_nothing(x: float, y: float, holds: bool) -> None:
    clock = _Clock()
    hold = _two(clock)
    hold.down(1, 300, 300)
    hold.down(2, 600, 300)
    hold.move(1, x, y)
    hold.move("other", 0, 0)
    clock.now += 2
    assert hold.is_complete() is holds


def test_a_third_finger_or_one_that_leaves_ends_the_hold_of_two() -> None:
    clock = _Clock()
    for end in ("third", "left"):
        hold = _two(clock)
        hold.down(1, 300, 300)
        hold.down(2, 600, 300)
        if end == "third":
            hold.down(3, 900, 300)
        else:
            hold.up(2)
        clock.now += 2
        assert not hold.is_complete()
        hold.up(3)
        assert not hold.is_complete()
        hold.up(2)
        hold.down(4, 600, 300)
        clock.now += 1.5
        assert hold.is_complete(), "a new finger begins again"
