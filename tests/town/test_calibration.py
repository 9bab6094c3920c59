"""Faults put in by hand: each patch fits the tree and says what it breaks, and each promise has two of them."""

import subprocess
from collections import Counter

import pytest

from tests.town import calibration
from tests.town.calibration import WITHIN_S, ByHand, Search, faults, tried
from tests.town.with_fault import FAULTS, TREE

JUDGED = frozenset(range(1, 21)) - {7, 8, 19}
"""Promises that the town judges: see docs/promises.md."""


@pytest.mark.parametrize("fault", faults(), ids=lambda one: one.name)
def test_a_fault_fits_the_tree(fault: ByHand) -> None:
    """One that fits no more is put in again where the code has gone, or taken out with what it broke."""
    words = ["patch", "--dry-run", "-p1", "-s", "-f", "-i", str(FAULTS / f"{fault.name}.patch")]
    done = subprocess.run(words, cwd=TREE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_each_promise_that_the_town_judges_has_two_faults() -> None:
    of_each = Counter(fault.promise for fault in faults())
    assert {promise: of_each[promise] for promise in JUDGED if of_each[promise] < 2} == {}
    assert set(of_each) <= JUDGED


@pytest.mark.parametrize(
    ("without", "is_found"),
    [(Search(True, None), True), (Search(True, {"run": 7}), False), (Search(False, None), False)],
    ids=["it holds without it", "it breaks without it too", "nobody knows"],
)
def test_a_fault_is_found_only_where_its_promise_holds_without_it(
    monkeypatch: pytest.MonkeyPatch, without: Search, is_found: bool
) -> None:
    with_it = Search(True, {"run": 7, "cpu_s": WITHIN_S})
    monkeypatch.setattr(calibration, "_elsewhere", lambda tree, *_: without if tree == TREE else with_it)
    assert tried(faults()[0], 5)["found"] is is_found
