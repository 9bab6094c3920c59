"""Who is told of a version next: by what those say who were told before, each rule by values alone."""

from typing import Any

import pytest

from central.kiosks.rollout.plan import Standing, Step, Went, next_step, went

U, W, D, F = Went.UNTOLD, Went.WAITING, Went.DONE, Went.FAILED


@pytest.mark.parametrize(
    ("report", "told", "expected"),
    [
        (None, False, (U, "")),
        (None, True, (W, "")),
        ({"version": "1.2.0"}, False, (D, "")),
        ({"version": "1.2.0", "update": {"version": "1.2.0", "outcome": "failed"}}, True, (D, "")),
        ({"version": "1.1.0"}, True, (W, "")),
        ({"update": {"version": "1.2.0", "outcome": "failed", "why": "x" * 301}}, True, (F, "x" * 300)),
        ({"update": {"version": "1.2.0", "outcome": "failed"}}, True, (F, "")),
        ({"update": {"version": "1.2.0", "outcome": "failed"}}, False, (U, "")),
        ({"update": {"version": "1.1.9", "outcome": "failed"}}, True, (W, "")),
        ({"update": {"version": "1.2.0", "outcome": "installed"}}, True, (W, "")),
        ({"update": "failed"}, True, (W, "")),
        ({"version": "1.2.0", "update": {"trial": "1.2.0"}}, True, (W, "")),  # it may still go back
        ({"version": "1.2.0", "update": {"trial": "1.2.0"}}, False, (U, "")),
        ({"version": "1.2.0", "update": {"trial": "1.1.0"}}, True, (D, "")),
        ({"version": "1.2.0", "update": {"version": "1.1.0", "outcome": "failed", "trial": "1.2.0"}}, True, (W, "")),
    ],
)
def test_a_machine_stands_as_its_last_report_says(report: Any, told: bool, expected: tuple[Went, str]) -> None:
    assert went(report, "1.2.0", told=told) == expected


def fleet(*stands: tuple[str, Went] | tuple[str, Went, dict[str, Any]]) -> list[Standing]:
    """Return machines k0, k1, …, each by centre, how it stands, and what is otherwise."""
    return [Standing(f"k{n:x}", one[0], one[1], **({} if len(one) == 2 else one[2])) for n, one in enumerate(stands)]


QUIET: dict[str, Any] = {"quiet": True}
LEADS: dict[str, Any] = {"leads": True}


@pytest.mark.parametrize(
    ("stands", "first", "more", "expected"),
    [
        ([], 2, {}, Step(over=True)),
        ([("a", U), ("a", U), ("b", U)], 2, {}, Step(["k0", "k2"])),  # the first stand in as many centres as can be
        ([("a", U), ("b", U), ("a", U)], 3, {}, Step(["k0", "k1", "k2"])),
        ([("a", U, QUIET), ("b", U)], 2, {}, Step(["k1"])),
        ([("a", U, QUIET), ("b", U, QUIET)], 1, {}, Step(["k0", "k1"])),  # at the end the silent ones too
        ([("a", D), *[("b", U)] * 5], 9, {}, Step(["k1", "k2", "k3", "k4"])),
        ([("a", D), ("a", D), *[("b", U)] * 9], 1, {}, Step([f"k{n}" for n in range(2, 10)])),
        ([("a", W), ("b", U)], 1, {}, Step()),
        ([("a", W), ("b", U)], 1, {"go_on": True}, Step(["k1"])),
        ([("a", W), ("b", D)], 1, {}, Step()),
        ([("a", W), ("b", D)], 1, {"go_on": True}, Step()),
        ([("a", D), ("b", D)], 1, {}, Step(over=True)),
        ([("a", D), ("b", F, {"why": "no start screen", "name": "kiosk 2"}), ("c", U)], 1, {"go_on": True},
         Step(stop="kiosk 2: no start screen")),
        ([("a", F, {"name": "kiosk 1"})], 1, {}, Step(stop="kiosk 1: it failed")),
        ([("a", U, LEADS), ("a", U), ("b", U, LEADS)], 3, {"one_a_centre": True}, Step(["k1", "k2"])),
        ([("a", W), ("a", U), ("b", U)], 3, {"one_a_centre": True, "go_on": True}, Step(["k2"])),
        ([("a", W, QUIET), ("a", U), ("b", U)], 3, {"one_a_centre": True, "go_on": True}, Step(["k1", "k2"])),
        ([("a", D), ("a", U)], 3, {"one_a_centre": True}, Step(["k1"])),
        ([("a", U), ("a", U)], 2, {}, Step(["k0", "k1"])),
        ([("a", U, LEADS), ("a", U)], 1, {}, Step(["k1"])),
    ],
)  # fmt: skip
def test_a_step_tells_few_then_more_and_stops_at_the_first_that_fails(
    stands: Any, first: int, more: dict[str, bool], expected: Step
) -> None:
    assert next_step(fleet(*stands), first, **more) == expected
