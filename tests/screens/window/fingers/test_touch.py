"""Which touches count, with an injected clock."""

from itertools import product

import pytest

from screens.window.touch import CornerHold, TouchGate


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_touch_counts_when_it_is_released() -> None:
    clock = _Clock()
    gate = TouchGate(4.0, clock)
    assert gate.down(1, 10, 10) == "down"
    clock.now += 0.08
    assert gate.up(1) == "up"


def test_a_touch_shorter_than_30_ms_is_spurious() -> None:
    clock = _Clock()
    gate = TouchGate(4.0, clock)
    gate.down(1, 10, 10)
    clock.now += 0.02
    assert gate.up(1) == "dropped"


@pytest.mark.parametrize(("looked_s_ago", "verdict"), [(0.25, "up"), (0.06, "up"), (0.03, "dropped")])
def test_a_touch_whose_both_ends_a_late_loop_sees_at_once_is_not_taken_for_spurious(
    looked_s_ago: float, verdict: str
) -> None:
    gate = TouchGate(4.0, _Clock(), since_last_look_s=lambda: looked_s_ago)
    gate.down(1, 10, 10)
    assert gate.up(1) == verdict


def test_a_touch_whose_end_comes_a_look_after_a_late_one_is_not_taken_for_spurious() -> None:
    clock = _Clock()
    gate = TouchGate(4.0, clock, since_last_look_s=lambda: 0.25)
    gate.down(1, 10, 10)
    clock.now += 0.025
    assert gate.up(1) == "up"


@pytest.mark.parametrize("first_ms", range(5, 100, 5))
def test_no_tap_of_a_finger_is_lost_at_whatever_pace_the_loop_looks(first_ms: int) -> None:
    for later_ms, seen_after_ms in product(range(5, 100, 5), range(1, first_ms + 1)):
        clock = _Clock()
        gate = TouchGate(4.0, clock, since_last_look_s=lambda: first_ms / 1000)
        gate.down(1, 10, 10)
        further_looks = max(0, -(-(60 - seen_after_ms) // later_ms))  # until it has been lifted
        clock.now += further_looks * later_ms / 1000
        assert gate.up(1) == "up", (later_ms, seen_after_ms)


def test_second_fingers_count_for_nothing() -> None:
    clock = _Clock()
    gate = TouchGate(4.0, clock)
    gate.down(1, 10, 10)
    assert gate.down(2, 500, 500) == "ignored"
    clock.now += 0.1
    assert gate.up(2) == "ignored"
    assert gate.up(1) == "up"


def test_a_jump_drops_the_touch() -> None:
    clock = _Clock()
    gate = TouchGate(4.0, clock)
    gate.down(1, 10, 10)
    assert gate.move(1, 20, 15) == "held"
    assert gate.move(1, 400, 15) == "dropped"
    clock.now += 0.1
    assert gate.up(1) == "dropped"


def test_a_stuck_touch_is_reported_once_and_no_longer_bars_the_panel() -> None:
    clock, reports = _Clock(), []
    gate = TouchGate(4.0, clock, lambda: reports.append("stuck"))
    gate.down(1, 10, 10)
    clock.now += 20.1
    assert gate.down(2, 300, 300) == "down"
    clock.now += 0.1
    assert gate.up(2) == "up"
    assert gate.up(1) == "ignored"
    assert reports == ["stuck"]


def test_two_opposite_corners_for_three_seconds_open_maintenance_once() -> None:
    clock = _Clock()
    corners = CornerHold(100, 1080, 1920, clock)
    corners.down(1, 10, 10)
    corners.down(2, 1070, 1910)
    clock.now += 2.9
    assert not corners.is_complete()
    clock.now += 0.2
    assert corners.is_complete()
    assert not corners.is_complete()


def test_corners_of_one_side_or_released_early_open_nothing() -> None:
    clock = _Clock()
    corners = CornerHold(100, 1080, 1920, clock)
    corners.down(1, 10, 10)
    corners.down(2, 10, 1910)
    clock.now += 5
    assert not corners.is_complete()
    corners.up(2)
    corners.down(3, 1070, 1910)
    clock.now += 2
    corners.up(3)
    clock.now += 2
    assert not corners.is_complete()
