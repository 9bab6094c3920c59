"""The same evidence of money ends a payment alike in whatever order it comes."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.base.tables.paid.books import payer_entries, payer_words
from central.base.tables.paid.payments import payments
from central.payments.flow import books
from central.payments.flow.ledger import Came, Entry, Ledger, Order, Owed, fold
from central.payments.ports import payer
from central.payments.ports.payer import Entries
from tests.central.payments.flow.conftest import NOW, Till, moment
from tests.central.payments.flow.rows import unlike_their_fold

OWED = Owed(12_500, "SYP")
WAYS = 24

type Said = tuple[str, dict[str, Any]]
"""A payer's number, and what is said of it."""


def came(receipt: str, amount: int | None = 12_500, **more: Any) -> Said:
    return receipt, {"amount": amount, "currency": None if amount is None else "SYP"} | more


def went(receipt: str, amount: int = 12_500) -> Said:
    return came(receipt, amount, kind="refunded")


def only_said(receipt: str) -> Said:
    return came(receipt, None, is_booked=False)


SETS: dict[str, tuple[list[Said], dict[str, tuple[str, str | None]]]] = {
    "one sum that went back": ([came("A"), went("R")], {"A": ("refunded", None)}),
    "two sums, one went back": (
        [came("A"), came("B"), went("R")], {"A": ("paid", None), "B": ("refunded", "twice")}),
    "two sums, both went back": (
        [came("A"), came("B"), went("R"), went("S")], {"A": ("refunded", None), "B": ("refunded", "twice")}),
    "another sum than was owed, back": ([came("A", 90), went("R", 90)], {"A": ("refunded", "wrong-amount")}),
    "back in two parts": (
        [came("A", 120), went("R", 60), went("S", 60)], {"A": ("refunded", "wrong-amount")}),
    "a part went back": ([came("A"), went("R", 500)], {"A": ("refund-due", None)}),
    "a wrong one and the right one": (
        [came("A", 90), came("B")], {"A": ("refund-due", "wrong-amount"), "B": ("paid", None)}),
    "the wrong one went back": (
        [came("A", 90), came("B"), went("R", 90)], {"A": ("refunded", "wrong-amount"), "B": ("paid", None)}),
    "two of other sizes went back at once": (
        [came("A"), came("B", 50), went("R", 12_550)],
        {"A": ("refunded", None), "B": ("refunded", "wrong-amount")}),
    "said, booked otherwise, back": (
        [only_said("A"), came("A", 90), went("R", 90)], {"A": ("refunded", "wrong-amount")}),
    "said, booked otherwise, the right one": (
        [only_said("A"), came("A", 90), came("B")], {"A": ("refund-due", "wrong-amount"), "B": ("paid", None)}),
    "dollars and pounds": (
        [came("A", 12_500, currency="USD"), came("B")], {"A": ("refund-due", "wrong-amount"), "B": ("paid", None)}),
    "two wrong ones, one back": (
        [came("A", 90), came("B", 80), went("R", 80)],
        {"A": ("refund-due", "wrong-amount"), "B": ("refunded", "wrong-amount")}),
    "two alike and wrong, one back": (
        [came("A", 90), came("B", 90), went("R", 90)],
        {"A": ("refunded", "wrong-amount"), "B": ("refund-due", "wrong-amount")}),
}  # fmt: skip


async def _end(till: Till, order: Sequence[Said]) -> dict[str, tuple[str, str | None]]:
    """Take evidence in this order for a try of its own; return how each sum ended."""
    number = f"B{len(await till.all(payments))}"
    await till.put(id=f"p{number}", bill_no=number, debt_mark=f"d{number}")
    for receipt, said in order:
        await till.take(f"{receipt} {number}", bill_no=number, **said)
    async with till.engine.connect() as connection:
        assert await unlike_their_fold(connection) == []
    rows = [row for row in await till.all(payments) if row.bill_no == number]
    entries = [row for row in await till.all(payer_entries) if row.bill_no == number]
    assert {one.payment for one in entries} <= {row.id for row in rows}
    return {row.payer_receipt.split()[0]: (row.state, row.reason) for row in rows if row.payer_receipt is not None}


@pytest.mark.parametrize("name", SETS)
async def test_a_set_of_evidence_ends_alike_in_every_order(till: Till, name: str) -> None:
    evidence, ends = SETS[name]
    for order in itertools.permutations(evidence):
        assert await _end(till, order) == ends, [receipt for receipt, _ in order]


async def test_the_try_s_own_row_has_the_sum_that_pays_it_whichever_came_first(till: Till) -> None:
    await till.put()
    await till.take("A", amount=90)
    await till.take("B")
    assert await till.stands("state", "payer_receipt", "paid_amount") == {
        "state": "paid", "payer_receipt": "B", "paid_amount": 12_500,
    }  # fmt: skip
    (beside,) = [row for row in await till.all(payments) if row.extra]
    assert (beside.payer_receipt, beside.amount, beside.state, beside.reason) == (
        "A", 90, "refund-due", "wrong-amount",
    )  # fmt: skip


async def test_a_sum_that_two_operators_have_ordered_back_keeps_its_payment(till: Till) -> None:
    await till.put()
    await till.take("A", amount=90)
    await till.put(id="p9", bill_no="B9", debt_mark="d9", state="refund-due", payer_receipt="Z", paid_amount=90,
                   reason="wrong-amount", refund_proposed_by="huda", refund_made_by="samer")  # fmt: skip
    await till.take("Y", bill_no="B9")
    assert await till.stands("state", "payer_receipt", payment="p9") == {"state": "refund-due", "payer_receipt": "Z"}
    await till.take("R", bill_no="B9", kind="refunded", amount=90)
    await till.take("X", bill_no="B9", amount=7)
    assert await till.stands("state", "payer_receipt", payment="p9") == {"state": "paid", "payer_receipt": "Y"}


async def test_a_further_sum_that_was_ordered_back_is_not_entered_when_the_first_is_gone(till: Till) -> None:
    due: dict[str, Any] = {"state": "refund-due", "refund_proposed_by": "huda", "refund_made_by": "samer"}
    await till.put(**due, payer_receipt="A", paid_amount=90, reason="wrong-amount")
    await till.put(**due, id="p2", extra=1, payer_receipt="B", paid_amount=12_500, reason="twice")
    await till.take("R", kind="refunded", amount=90)  # of the second one no answer has come
    await till.take("X", amount=7)
    assert await till.stands("state", "payer_receipt") == {"state": "refunded", "payer_receipt": "A"}
    assert await till.stands("state", "reason", payment="p2") == {"state": "refund-due", "reason": "twice"}
    await till.take("S", kind="refunded")
    assert await till.stands("state", "refund_receipt", payment="p2") == {"state": "refunded", "refund_receipt": "S"}


AMOUNTS = (12_500, 12_500, 12_500, 1_250_000, 90, 6_250)


@st.composite
def _sets(draw: st.DrawFn) -> list[Entry]:
    """Draw up to six sums of one number, at moments of which some are the same."""
    found = []
    for n in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("paid", "paid", "refunded")))
        amount = draw(st.sampled_from(AMOUNTS if kind == "refunded" else (*AMOUNTS, None)))
        currency = None if amount is None else draw(st.sampled_from(("SYP", "SYP", "SYP", "USD")))
        found.append(Entry(f"N{n}", kind, amount, currency, f"2026-11-25T09:00:0{draw(st.integers(0, 3))}Z"))
    return found


def _told(ledger: Ledger) -> list[tuple[Any, ...]]:
    def one(came: Came) -> tuple[Any, ...]:
        return came.receipt, came.ends, came.reason, came.rest, tuple(came.back)

    return [*map(one, ledger.sums), tuple(sorted(ledger.strays))]


@given(_sets(), st.sampled_from((OWED, Owed(12_500, "SYP", over="not-taken"), Owed(12_500, "SYP", "N0"))))
def test_drawn_evidence_ends_alike_in_any_order_and_no_money_is_lost(entries: list[Entry], owed: Owed) -> None:
    orders = {"N1": Order(1_250_000), "N2": Order(None, "N5")}
    ledger = fold(owed, entries, orders)
    dice = random.Random(len(entries))
    for _ in range(WAYS):
        assert _told(fold(owed, dice.sample(entries, len(entries)), orders)) == _told(ledger)
    assert {one.receipt for one in ledger.sums} == {one.receipt for one in entries if one.kind == "paid"}
    assert sum(one.ends in ("paid", "entered") for one in ledger.sums) <= 1
    for one in ledger.sums:
        assert 0 <= one.rest <= one.amount
        assert (one.ends == "refunded") <= (one.rest == 0)
        if one.ends == "paid":
            assert (one.is_exact, one.back) == (True, []), "what went back pays nothing"
            assert one.receipt not in orders, "nor does what was ordered back: it may have gone already"
    gone = {receipt for one in ledger.sums for receipt in one.back} | set(ledger.strays)
    assert gone - {"N5"} == {one.receipt for one in entries if one.kind == "refunded"} - {"N5"}


async def test_a_bank_s_file_that_comes_late_changes_nothing_that_a_later_day_s_has_corrected(till: Till) -> None:
    await till.put()
    assert await till.take("A", through="2026-11-26")
    assert await till.take("A", amount=90, through="2026-11-25")
    assert await till.take("A", bill_no="BX", through="2026-11-24") is False
    assert await till.stands("state", "paid_amount") == {"state": "paid", "paid_amount": 12_500}
    assert await till.take("A", amount=90, through="2026-11-27")
    assert await till.take("A", through="2026-11-28")
    for _ in range(2):  # a file that is taken in again says nothing new
        assert await till.take("A", amount=90, through="2026-11-27")
    words = [(one.bill_no, one.amount, one.through, one.replaces) for one in await till.all(payer_words)]
    assert words == [
        ("B1", 12_500, "2026-11-26", None), ("B1", 90, "2026-11-25", None), ("BX", 12_500, "2026-11-24", None),
        ("B1", 90, "2026-11-27", 1), ("B1", 12_500, "2026-11-28", 4),
    ]  # fmt: skip
    assert await till.stands("state", "paid_amount") == {"state": "paid", "paid_amount": 12_500}


async def test_what_went_back_by_a_refund_that_turns_out_to_be_of_an_earlier_sum_is_due_with_no_number_of_it(
    till: Till,
) -> None:
    await till.put()
    await till.take("A", amount=90, at=NOW)
    await till.take("R", amount=90, kind="refunded")
    assert await till.stands("state", "refund_receipt") == {"state": "refunded", "refund_receipt": "R"}
    await till.take("B", amount=90, at=NOW - timedelta(hours=1))
    rows = {row.payer_receipt: (row.state, row.refund_receipt) for row in await till.all(payments)}
    assert rows == {"A": ("refund-due", None), "B": ("refunded", "R")}


async def test_what_went_back_is_of_no_sum_that_came_only_afterwards(till: Till) -> None:
    await till.put(state="refunded", reason="twice", payer_receipt="A", paid_amount=12_500, paid_at=moment(days=-1))
    await till.take("A", at=NOW - timedelta(days=1))
    await till.take("R", kind="refunded", at=NOW - timedelta(hours=1))
    await till.take("B")
    rows = {row.payer_receipt: (row.state, row.refund_receipt) for row in await till.all(payments)}
    assert rows == {"A": ("refunded", "R"), "B": ("refund-due", None)}


async def test_what_a_wallet_corrects_in_its_books_is_taken(till: Till) -> None:
    await till.put()
    entry = payer.Entry("A", "paid", "B1", 90, "SYP", NOW)
    till.payer.says = [Entries((entry,), None), Entries((entry, replace(entry, amount=12_500)), None)]
    for state in ("refund-due", "paid"):
        await books.look_up(till.engine, till.ring, "wallet", cast("Any", till.payer))
        assert (await till.row()).state == state
