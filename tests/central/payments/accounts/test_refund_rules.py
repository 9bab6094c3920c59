"""Giving back, call by call: who may, what its payer is asked for, what each of its answers makes of it; by rows."""

from typing import Any

import pytest

from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payment_refunds
from central.payments.accounts import refunds
from central.payments.accounts.refunds import Refund, RefundRefused
from central.payments.flow import money
from central.payments.ports.errors import AnswerLost, ByHand, Refused
from tests.central.payments.flow.conftest import Till, moment, till

__all__ = ["till"]
DUE: dict[str, Any] = {
    "state": "refund-due", "reason": "twice", "payer_receipt": "R1", "paid_amount": 12_000, "paid_at": moment(),
    "due_at": None,
}  # fmt: skip
ORDERED = DUE | {"refund_proposed_by": "huda", "refund_made_by": "samer"}
BACK: dict[str, Any] = {
    "payer": "wallet", "receipt": "F1", "kind": "refunded", "bill_no": "B1", "amount": 2_000, "currency": "SYP",
    "payment": "p1", "at": moment(),
}  # fmt: skip


async def refund(till: Till, operator: str = "samer", payment: str = "p1") -> Refund:
    return await refunds.refund(till.engine, till.ring, till.desk, payment, operator)


async def refused(till: Till, operator: str = "samer", payment: str = "p1") -> str:
    with pytest.raises(RefundRefused) as found:
        await refund(till, operator, payment)
    return str(found.value)


async def test_one_proposes_another_makes_it_and_its_payer_is_asked_once_under_its_key(till: Till) -> None:
    await till.put(**DUE)
    till.payer.says = "F1"
    assert await refund(till, "huda") == Refund("p1", "refund-due", "another operator", None, 12_000, "SYP")
    assert await refused(till, "huda") == "you have proposed it: another operator has to make it"
    assert await refund(till) == Refund("p1", "refunded", None, "F1", 12_000, "SYP")
    assert till.payer.asked == [("B1", 12_000, "SYP", "p1")]
    assert await till.stands("state", "refund_proposed_by", "refund_made_by", "refund_receipt") == {
        "state": "refunded", "refund_proposed_by": "huda", "refund_made_by": "samer", "refund_receipt": "F1",
    }  # fmt: skip
    assert await till.events() == [("refunded", "operator:samer", {"refund_receipt": "F1"})]
    steps = [(one.payer_receipt, one.step, one.by, one.amount, one.receipt) for one in await till.all(payment_refunds)]
    assert steps == [
        ("R1", "proposed", "huda", None, None), ("R1", "ordered", "samer", None, None),
        ("R1", "made", "samer", 12_000, "F1"),
    ]  # fmt: skip
    assert await refused(till) == "it was given back already, under F1"


async def test_what_is_not_due_is_not_given_back(till: Till) -> None:
    await till.put(**(DUE | {"state": "marked"}))
    assert await refused(till) == "nothing is to be given back: its state is marked"
    assert await refused(till, payment="9" * 50) == (f"there is no payment {'9' * 40!r}; `central payments` lists them")


@pytest.mark.parametrize("operator", ["huda", "samer", "rima"])
async def test_what_was_ordered_anybody_may_have_asked_again(till: Till, operator: str) -> None:
    await till.put(**ORDERED)
    till.payer.says = "F1"
    assert (await refund(till, operator)).state == "refunded"
    assert (await till.row()).refund_made_by == "samer"


@pytest.mark.parametrize(
    ("answer", "waits_for", "noted"),
    [
        (ByHand(), "the bank", []),
        (AnswerLost("x"), "the payer", [("refund-unanswered", "payer", {"why": "AnswerLost"})]),
    ],
)
async def test_what_is_not_made_yet_says_who_comes_next(
    till: Till, answer: Exception, waits_for: str, noted: list[Any]
) -> None:
    await till.put(**ORDERED)
    await till.put(payer_entries, **BACK)
    till.payer.says = answer
    assert await refund(till) == Refund("p1", "refund-due", waits_for, None, 10_000, "SYP")
    assert till.payer.asked == [("B1", 10_000, "SYP", "p1")], "a part went back before"
    assert await till.events() == noted


async def test_a_payer_s_no_is_noted_and_it_stays_listed(till: Till) -> None:
    await till.put(**ORDERED)
    till.payer.says = Refused("closed")
    assert await refused(till) == "wallet refuses it (closed); it stays listed"
    assert await till.events() == [("refund-refused", "payer", {"why": "closed"})]
    till.desk.payers.clear()
    assert await refused(till) == "payer 'wallet' is not in the payments file, or could not be opened: see the log"
    async with till.engine.connect() as connection:
        assert [row.id for row in await connection.execute(refunds.due())] == ["p1"]


@pytest.mark.parametrize("amount", [12_000, 12_001])
async def test_what_went_back_already_is_not_asked_for(till: Till, amount: int) -> None:
    await till.put(**ORDERED)
    await till.put(payer_entries, **(BACK | {"amount": amount}))
    assert await refused(till) == "its payer has sent back as much as came, or more: see the books of its day"
    async with till.engine.connect() as connection:
        assert await money.rest_of(connection, await till.row()) == 0


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"amount": 12_500, "paid_amount": 12_500}, 125),  # the whole of it, in the present pound
        ({"amount": 12_550, "paid_amount": 12_550}, None),  # no whole number of the present one's smallest unit
        ({"amount": 12_500, "paid_amount": 12_000}, None),  # another sum: nobody knows in which pound it came
        ({"amount": 12_500, "paid_amount": 12_500, "currency": "USD"}, 12_500),
    ],
)
async def test_a_sum_of_the_former_pound_goes_back_in_the_present_one_where_that_is_sure(
    till: Till, changed: dict[str, Any], asked: int | None
) -> None:
    await till.put(**(ORDERED | {"pound": "old"} | changed))
    till.payer.says = "F1"
    if asked is None:
        assert await refused(till) == (
            f"{changed['paid_amount']} of the smallest unit, of a bill in old pounds, and central counts in new ones: "
            "have wallet give it back by hand"
        )
    else:
        await refund(till)
        assert [one[1] for one in till.payer.asked] == [asked]


async def test_cash_goes_back_over_the_counter(till: Till) -> None:
    await till.put(**(ORDERED | {"payer": "cash", "paid_amount": None}))
    assert await refund(till) == Refund("p1", "refunded", None, "CASH-B1", 12_500, "SYP")
    assert till.payer.asked == []


async def test_where_the_books_were_faster_it_is_made_once(till: Till) -> None:
    await till.put(**ORDERED)
    till.payer.says = "F1"
    asked = till.payer.refund

    async def slow(*said: Any) -> Any:
        await till.take("F1", kind="refunded", amount=12_000)
        return await asked(*said)

    till.payer.refund = slow  # type: ignore[method-assign]
    assert (await refund(till)).refund_receipt == "F1"
    assert [name for name, _, _ in await till.events()] == ["refunded"]


async def test_money_of_another_currency_is_never_given_back_in_the_bills(till: Till) -> None:
    await till.put()
    await till.take(currency="USD", amount=500)
    assert await refund(till, "huda") == Refund("p1", "refund-due", "another operator", None, 500, "USD")
    assert await refused(till) == "500 of the smallest unit of USD came: have wallet give it back by hand"
