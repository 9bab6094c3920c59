"""Which marks of a debt stand after reversals, and the same sum in the other pound: rules by values alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from central.payments.flow.pounds import in_pound, is_same
from central.payments.flow.reversals import standing


def entry(seq: int, kind: str = "marked", receipt: str | None = None, key: str | None = None) -> Any:
    return SimpleNamespace(seq=seq, kind=kind, receipt=receipt, key=key)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        ([entry(2), entry(1)], [1, 2]),
        ([entry(1), entry(2, "new"), entry(3, "amount"), entry(4, "paid-elsewhere")], [1]),
        ([entry(1, "reversed"), entry(2)], [2]),
        ([entry(1), entry(2, "reversed")], []),
        ([entry(1), entry(2), entry(3, "reversed")], [1]),
        ([entry(1), entry(2, "paid-elsewhere"), entry(3, "reversed")], [1]),
        ([entry(1, receipt="A"), entry(2, receipt="B"), entry(3, "reversed", receipt="A")], [2]),
        ([entry(1, receipt="A"), entry(2, receipt="A"), entry(3, "reversed", receipt="A")], [1]),
        ([entry(1, key="k"), entry(2, key="k"), entry(3, key="l"), entry(4, "reversed", "X", "k")], [1, 3]),
        ([entry(1, "marked", "A", "k"), entry(2, "marked", "B", "l"), entry(3, "reversed", "A", "l")], [2]),
        ([entry(1, key="k"), entry(2, key="l"), entry(3, "reversed", "X", "m")], [1]),
        ([entry(1), entry(2, "reversed"), entry(3, "reversed"), entry(4)], [4]),
    ],
)
def test_a_reversal_takes_out_the_line_that_it_names_or_the_newest(entries: list[Any], expected: list[int]) -> None:
    assert [one.seq for one in standing(entries)] == expected


def row(pound: str, currency: str = "SYP") -> Any:
    return SimpleNamespace(pound=pound, currency=currency)


@pytest.mark.parametrize(
    ("amount", "of", "pound", "expected"),
    [
        (12_500, row("new"), "new", 12_500), (12_500, row("new"), "old", 1_250_000), (12_500, row("old"), "new", 125),
        (12_550, row("old"), "new", None), (12_550, row("old"), "old", 12_550), (12_550, row("old"), None, 12_550),
        (12_550, row("old", "USD"), "new", 12_550),
    ],
)  # fmt: skip
def test_a_hundred_old_pounds_are_a_new_one(amount: int, of: Any, pound: Any, expected: int | None) -> None:
    assert in_pound(amount, of, pound) == expected


@pytest.mark.parametrize(
    ("of", "amount", "expected"),
    [
        (row("old"), 12_500, True), (row("old"), 125, True), (row("old"), 1_250_000, False), (row("old"), None, False),
        (row("new"), 1_250_000, True), (row("new"), 125, False), (row("new", "USD"), 1_250_000, False),
    ],
)  # fmt: skip
def test_a_sum_is_the_same_in_either_pound(of: Any, amount: int | None, expected: bool) -> None:
    assert is_same(of, amount, 12_500) is expected
