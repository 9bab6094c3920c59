"""Each difference between our books, payers' and billers', by its word, its line and its sums; rows are written out."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from central.payments.accounts.comparing import Books, Difference, differences
from central.payments.running import CASH

SINCE, UNTIL = "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"
AT = "2026-11-25T10:00:00Z"
KEY = ("bank", "water", "SYP", "new")


def row(**changed: Any) -> Any:
    known = {
        "id": "p1", "payer": "bank", "biller": "water", "currency": "SYP", "pound": "new", "state": "marked",
        "amount": 100, "paid_amount": None, "payer_receipt": "R1", "receipt": "W1", "bill_no": "B1", "extra": None,
        "refund_receipt": None, "reason": None, "debt_mark": "d1",
    }  # fmt: skip
    return SimpleNamespace(**(known | changed))


def paid(**changed: Any) -> Any:
    known = {
        "payment": "p1", "payer": "bank", "kind": "paid", "receipt": "R1", "bill_no": "B1", "amount": 100,
        "currency": "SYP", "booked_at": AT, "at": AT,
    }  # fmt: skip
    return SimpleNamespace(**(known | changed))


def marked(**changed: Any) -> Any:
    known = {
        "biller": "water", "debt_mark": "d1", "kind": "marked", "key": "p1", "receipt": "W1", "amount": 100, "at": AT,
        "seq": 1,
    }  # fmt: skip
    return SimpleNamespace(**(known | changed))


def found(ours: Any, payers: list[Any], billers: list[Any], **more: Any) -> list[tuple[Any, dict[str, Any]]]:
    books = Books(payers, billers, frozenset({"p1", "p2"}), more.get("unheard", frozenset()), SINCE, UNTIL)
    named = differences([] if ours is None else [cast("Any", ours)], books)
    fields = Difference.__struct_fields__
    return [
        (one.key, {name: value for name in fields if (value := getattr(one.difference, name)) is not None})
        for one in named
    ]


OURS = {"payment": "p1", "bill_no": "B1", "payer_receipt": "R1", "receipt": "W1"}
BACK = {"kind": "refunded", "receipt": "F1"}

AT_PAYER: list[tuple[dict[str, Any], list[Any], list[dict[str, Any]]]] = [
    ({}, [paid()], []),
    ({"paid_amount": 120}, [paid(amount=120)],
     [{"what": "amount-differs", "whose": "water", "ours": 120, "theirs": 100}]),
    ({}, [], [{"what": "not-in-payers-books", "ours": 100}]),
    ({}, [paid(booked_at=None)], [{"what": "not-in-payers-books", "ours": 100}]),
    ({}, [paid(receipt="R2")], [{"what": "not-in-payers-books", "ours": 100}]),
    ({}, [paid(amount=99)], [{"what": "amount-differs", "whose": "bank", "ours": 100, "theirs": 99}]),
    ({}, [paid(currency="USD")], [{"what": "amount-differs", "whose": "bank", "ours": 100, "theirs": 100}]),
    ({"payer": CASH}, [], []),
    ({"payer_receipt": None}, [], []),
    ({"extra": "x"}, [paid()], [{"what": "second-sum", "ours": 100}]),
    ({}, [paid(), paid(**BACK)], [{"what": "refund-unknown", "payer_receipt": "F1", "theirs": 100}]),
    ({}, [paid(), paid(**BACK), paid(**BACK | {"receipt": "F2"})],
     [{"what": "refund-unknown", "payer_receipt": "F1", "theirs": 100}, {"what": "refunded-twice", "theirs": 200}]),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "payers", "expected"), AT_PAYER)
def test_of_a_payment_that_is_entered_its_payer_s_books_are_held_against_ours(
    ours: dict[str, Any], payers: list[Any], expected: list[dict[str, Any]]
) -> None:
    one = row(**ours)
    key = (one.payer, "water", "SYP", "new")
    own = OURS | {name: getattr(one, name) for name in ("payer_receipt",)}
    whole = [{name: value for name, value in (own | said).items() if value is not None} for said in expected]
    assert found(one, payers, [marked()]) == [(key, said) for said in whole]


REFUNDED: list[tuple[list[Any], list[dict[str, Any]]]] = [
    ([paid(**BACK)], []),
    ([], [{"what": "refund-not-in-payers-books", "ours": 100}]),
    ([paid(**BACK | {"receipt": "F2"})], [{"what": "refund-not-in-payers-books", "ours": 100}]),
    ([paid(**BACK | {"booked_at": None})], [{"what": "refund-not-in-payers-books", "ours": 100}]),
    ([paid(**BACK | {"amount": 90})], [{"what": "amount-differs", "whose": "bank", "ours": 100, "theirs": 90}]),
    ([paid(**BACK | {"amount": None})], [{"what": "amount-differs", "whose": "bank", "ours": 100, "theirs": 0}]),
    ([paid(**BACK), paid(**BACK)], [{"what": "refunded-twice", "theirs": 200}]),
    ([paid(**BACK | {"amount": 50}), paid(**BACK | {"amount": 50})], []),
    ([paid(**BACK | {"amount": 50}), paid(**BACK | {"amount": 51})], [{"what": "refunded-twice", "theirs": 101}]),
    ([paid(**BACK | {"amount": 101})], [{"what": "amount-differs", "whose": "bank", "ours": 100, "theirs": 101}]),
]


@pytest.mark.parametrize(("back", "expected"), REFUNDED)
def test_of_money_that_went_back_sum_and_number_are_held_against_the_payer_s(
    back: list[Any], expected: list[dict[str, Any]]
) -> None:
    ours = row(state="refunded", refund_receipt="F1", extra="x", reason="reversed")
    assert found(ours, [paid(), *back], []) == [(KEY, OURS | said) for said in expected]


REVERSED = marked(kind="reversed", seq=9, key=None)
AT_BILLER: list[tuple[dict[str, Any], list[Any], list[dict[str, Any]]]] = [
    ({}, [marked()], []),
    ({"state": "told"}, [marked()], []),
    ({}, [], [{"what": "not-in-billers-books", "ours": 100}]),
    ({}, [marked(), REVERSED], [{"what": "reversed", "ours": 100}]),
    ({}, [marked(key="p2")], [{"what": "not-in-billers-books", "ours": 100}]),
    ({}, [marked(debt_mark="d2")], [{"what": "not-in-billers-books", "ours": 100}]),
    ({}, [marked(), marked(seq=2)], [{"what": "marked-twice", "ours": 100, "theirs": 200}]),
    ({}, [marked(), marked(seq=2, key="p2", amount=None)], [{"what": "marked-twice", "ours": 100, "theirs": 100}]),
    ({}, [marked(amount=101)], [{"what": "amount-differs", "whose": "water", "ours": 100, "theirs": 101}]),
    ({}, [marked(receipt="W2")], [{"what": "receipt-differs", "whose": "water"}]),
    ({"state": "refund-due"}, [marked()], [{"what": "marked-without-money", "theirs": 100}]),
    ({"state": "refund-due"}, [], []),
    ({"state": "refund-due", "reason": "reversed"}, [], [{"what": "reversed", "ours": 100}]),
    ({"state": "refund-due", "reason": "reversed"}, [marked()], [{"what": "marked-without-money", "theirs": 100}]),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "billers", "expected"), AT_BILLER)
def test_what_its_biller_has_entered_is_held_against_what_is_paid(
    ours: dict[str, Any], billers: list[Any], expected: list[dict[str, Any]]
) -> None:
    assert found(row(**ours), [paid()], billers) == [(KEY, OURS | said) for said in expected]


def test_a_mark_that_stands_in_no_file_yet_is_named() -> None:
    told = found(row(), [paid()], [marked()], unheard=frozenset({"p1"}))
    assert told == [(KEY, OURS | {"what": "mark-not-given", "ours": 100})]


@pytest.mark.parametrize(
    ("at", "is_of_day"), [(SINCE, True), ("2026-11-24T23:59:59Z", False), (UNTIL, False), (AT, True)]
)
def test_what_is_of_no_payment_of_ours_is_told_on_its_day_alone(at: str, is_of_day: bool) -> None:
    strange = paid(payment=None, at=at)
    back = paid(payment=None, at=at, **BACK)
    entered = [
        marked(key="p9", at=at),
        marked(key=None, at=at),
        marked(key="p1", at=at),
        marked(key="p9", at=at, kind="open"),
    ]
    expected = [
        (("bank", None, "SYP", None),
         {"what": "unknown-number", "bill_no": "B1", "payer_receipt": "R1", "theirs": 100}),
        (("bank", None, "SYP", None),
         {"what": "refund-unknown", "bill_no": "B1", "payer_receipt": "F1", "theirs": 100}),
        ((None, "water", None, None), {"what": "marked-without-money", "receipt": "W1", "theirs": 100}),
    ]  # fmt: skip
    assert found(None, [strange, back, paid(at=at)], entered) == (expected if is_of_day else [])
