"""Money that came or went, by rows: which payment it makes what, what stands in the books, and what is due back."""

from datetime import timedelta
from typing import Any

import pytest

from central.base.tables.paid.books import payer_entries, payer_words
from central.base.tables.paid.payments import payments
from central.payments import hearing
from central.payments.ports.payer import Heard
from tests.central.payments.flow.conftest import NOW, Till, moment

PAID: dict[str, Any] = {
    "state": "paid", "payer_receipt": "R1", "paid_amount": 12_500, "paid_at": moment(), "due_at": moment(),
}  # fmt: skip
BOOKED: dict[str, Any] = {
    "payer": "wallet", "receipt": "R1", "kind": "paid", "bill_no": "B1", "amount": 12_500, "currency": "SYP",
    "payment": "p1", "at": moment(), "booked_at": moment(), "through": None,
}  # fmt: skip
DUE = PAID | {"state": "refund-due", "due_at": None, "reason": "twice"}


async def entries(till: Till) -> list[dict[str, Any]]:
    return [dict(row._asdict()) for row in await till.all(payer_entries)]


async def test_a_sum_makes_its_try_paid_and_stands_in_the_books(till: Till) -> None:
    await till.put(dies_at=moment(minutes=-5), tries=4, reason="answer-lost")
    assert await till.take(at=NOW + timedelta(minutes=1))
    names = (*PAID, "reason", "tries", "claimed_until")
    assert await till.stands(*names) == PAID | {"reason": None, "tries": 0, "claimed_until": None}
    assert await entries(till) == [BOOKED | {"at": moment(minutes=1)}]
    assert await till.events() == [("paid", "books", {"payer_receipt": "R1", "amount": 12_500})]


@pytest.mark.parametrize(
    ("before", "late"),
    [
        ({"state": "expired"}, {"late": "expired"}),
        ({"state": "opened", "withdrawn_at": moment()}, {"late": "opened"}),
        ({"state": "unknown"}, {}),
    ],
)
async def test_money_that_came_late_is_said_to_be_late(
    till: Till, before: dict[str, Any], late: dict[str, str]
) -> None:
    await till.put(**before)
    await till.take(by="payer", amount=None, currency=None, is_booked=False)
    assert await till.stands(*PAID) == PAID
    assert await till.events() == [("paid", "payer", {"payer_receipt": "R1"} | late)]
    assert await entries(till) == [BOOKED | {"amount": None, "currency": None, "booked_at": None}]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"amount": 12_499}, "wrong-amount"), ({"currency": "USD"}, "wrong-amount"), ({}, None),
        ({"amount": None, "currency": None}, None),
    ],
)  # fmt: skip
async def test_another_sum_than_was_asked_is_due_back(till: Till, said: dict[str, Any], reason: str | None) -> None:
    await till.put()
    await till.take(**said)
    row = await till.row()
    came = said.get("amount") or 12_500
    state, due = ("paid", moment()) if reason is None else ("refund-due", None)
    assert (row.state, row.reason, row.paid_amount, row.due_at) == (state, reason, came, due)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"state": "paid"}, "twice"), ({"state": "marked"}, "twice"), ({"state": "told"}, "twice"),
        ({"state": "refund-due"}, None), ({"state": "opened"}, None), ({"state": "paid", "biller": "power"}, None),
        ({"state": "paid", "debt_mark": "d2"}, None),
    ],
)  # fmt: skip
async def test_a_debt_that_another_try_has_paid_is_paid_twice(
    till: Till, other: dict[str, Any], reason: str | None
) -> None:
    await till.put()
    await till.put(**({"id": "p2", "bill_no": "B2"} | other))
    await till.take()
    assert (await till.row()).reason == reason


async def test_a_second_sum_of_a_number_stands_beside_it_with_nothing_of_its_own(till: Till) -> None:
    proof = {"show": "s", "receipt": "W1", "proof": "p", "page_sha256": "x", "marked_at": moment(), "inquiry": None}
    await till.put(**(PAID | proof | {"state": "marked", "refund_proposed_by": "huda", "order_id": "o", "tries": 3}))
    await till.take("R2", amount=100, at=NOW + timedelta(hours=1))
    await till.take("R3", currency="USD", amount=None, at=NOW - timedelta(hours=1), by="payer", is_booked=False)
    assert (await till.row()).state == "marked"
    beside = {row.extra: row for row in await till.all(payments)}
    assert sorted(beside) == [0, 1, 2]
    own = (await till.row())._asdict()
    for extra, receipt, amount, currency, paid_at in (
        (1, "R2", 100, "SYP", moment()),
        (2, "R3", 12_500, "USD", moment(hours=-1)),
    ):
        row = beside[extra]._asdict()
        nothing = dict.fromkeys(
            ("show", "receipt", "proof", "page_sha256", "marked_at", "withdrawn_at", "due_at", "claimed_until",
             "refund_proposed_by", "refund_made_by", "refund_receipt")
        )  # fmt: skip
        assert row == own | nothing | {
            "id": row["id"], "extra": extra, "amount": amount, "paid_amount": amount, "currency": currency,
            "state": "refund-due", "reason": "wrong-amount", "payer_receipt": receipt, "paid_at": paid_at,
            "at": moment(), "tries": 0,
        }  # fmt: skip
        by = "books" if extra == 1 else "payer"
        assert await till.events(row["id"]) == [("refund-due", by, {"payer_receipt": receipt, "beside": "p1"})]
    assert [one["payment"] for one in await entries(till)] == [beside[1].id, beside[2].id]


async def test_a_second_sum_that_went_back_before_it_came_is_refunded_at_once(till: Till) -> None:
    await till.put(**PAID)
    assert await till.take("F1", kind="refunded", amount=100)
    await till.take("R2", amount=100)
    (beside,) = [row for row in await till.all(payments) if row.extra]
    assert (beside.state, beside.refund_receipt, beside.paid_amount) == ("refunded", "F1", 100)
    assert {one["receipt"]: one["payment"] for one in await entries(till)} == {"F1": beside.id, "R2": beside.id}
    said = {"payer_receipt": "R2", "beside": "p1", "refund_receipt": "F1"}
    assert await till.events(beside.id) == [("refunded", "books", said)]
    assert await till.stands("state", "reason") == {"state": "paid", "reason": None}
    assert [name for name, _, _ in await till.events()] == ["refund-due", "refund-unasked", "paid"]


async def test_money_under_an_unknown_number_stands_in_the_books_and_a_later_file_corrects_the_number(
    till: Till,
) -> None:
    await till.put()
    assert await till.take(bill_no="BX")
    assert await entries(till) == [BOOKED | {"bill_no": "BX", "payment": None}]
    assert not await till.take(is_booked=False), "only books correct it"
    assert (await till.row()).state == "opened"
    assert await till.take()
    assert (await entries(till), (await till.row()).state) == ([BOOKED], "paid")


@pytest.mark.parametrize("receipt", [None, "R1"])
async def test_a_number_that_was_paid_before_it_was_shown_is_never_asked_about_again(
    till: Till, receipt: str | None
) -> None:
    await till.put(state="expired", reason="not-ours", due_at=None)
    async with till.engine.begin() as connection:
        await hearing.take(connection, till.ring, "wallet", Heard("B1", "paid", receipt))
    assert await till.stands("state", "due_at", "payer_receipt") == {
        "state": "expired", "due_at": None, "payer_receipt": None,
    }  # fmt: skip
    assert [one["payment"] for one in await entries(till)] == ([] if receipt is None else [None])


@pytest.mark.parametrize("said", [{"bill_no": "B2"}, {"kind": "refunded"}])
async def test_a_payer_s_number_is_never_of_two_sums(till: Till, said: dict[str, Any]) -> None:
    await till.put(**PAID)
    await till.put(id="p2", bill_no="B2")
    await till.put(payer_entries, **BOOKED)
    assert await till.take(**said) is False
    assert (await entries(till), (await till.row()).state, (await till.row("p2")).state) == ([BOOKED], "paid", "opened")


@pytest.mark.parametrize(
    ("before", "booked", "after", "noted"),
    [
        (PAID, {}, {"state": "paid", "paid_amount": 12_500}, []),
        (PAID, {"amount": 100}, {"state": "refund-due", "reason": "wrong-amount", "paid_amount": 100},
         [("refund-due", "books", {"amount": 100})]),
        (PAID | {"state": "marked", "due_at": None}, {"amount": 100}, {"state": "marked", "paid_amount": 100},
         [("amount-differs", "books", {"amount": 100})]),
        (PAID | {"state": "marked", "currency": "USD", "due_at": None}, {}, {"state": "marked"},
         [("amount-differs", "books", {"amount": 12_500})]),
        (DUE | {"reason": "wrong-amount", "paid_amount": 100}, {},
         {"state": "paid", "reason": None, "paid_amount": 12_500, "due_at": moment()},
         [("paid", "books", {"amount": 12_500})]),
        (DUE | {"reason": "wrong-amount", "paid_amount": 100, "refund_proposed_by": "huda"}, {},
         {"state": "paid", "reason": None, "paid_amount": 12_500, "refund_proposed_by": None},
         [("paid", "books", {"amount": 12_500})]),
        (DUE | {"reason": "wrong-amount", "paid_amount": 100, "refund_proposed_by": "huda", "refund_made_by": "samer"},
         {}, {"state": "refund-due", "reason": "wrong-amount", "paid_amount": 12_500},
         [("amount-differs", "books", {"amount": 12_500})]),
        (DUE | {"paid_amount": 100}, {}, {"state": "refund-due", "reason": "twice", "paid_amount": 12_500},
         [("amount-differs", "books", {"amount": 12_500})]),
    ],
)  # fmt: skip
async def test_the_books_word_on_a_sum_that_was_only_said_holds(
    till: Till, before: dict[str, Any], booked: dict[str, Any], after: dict[str, Any], noted: list[Any]
) -> None:
    await till.put(**before)
    await till.put(payer_entries, **(BOOKED | {"amount": None, "currency": None, "booked_at": None}))
    assert await till.take(**booked)
    assert await till.stands(*after) == after
    assert await entries(till) == [BOOKED | booked]
    assert await till.events() == noted


async def test_what_is_said_again_changes_nothing_and_a_corrected_file_changes_the_sum(till: Till) -> None:
    await till.put(**PAID)
    await till.put(payer_entries, **(BOOKED | {"booked_at": moment(hours=-1)}))
    assert await till.take()
    assert await till.take(amount=None, currency=None, is_booked=False, by="payer")
    assert await entries(till) == [BOOKED | {"booked_at": moment(hours=-1)}]
    assert await till.take(amount=7)
    assert await entries(till) == [BOOKED | {"amount": 7}]
    assert await till.take(amount=8, by="file")
    assert [(one.amount, one.source) for one in await till.all(payer_words)] == [(7, "books"), (8, "file")]
    assert await till.stands("state", "paid_amount") == {"state": "refund-due", "paid_amount": 8}


@pytest.mark.parametrize(("amount", "state"), [(12_500, "refunded"), (12_499, "refund-due")])
async def test_a_corrected_refund_ends_what_it_is_the_whole_of(till: Till, amount: int, state: str) -> None:
    await till.put(**DUE)
    await till.put(payer_entries, **(BOOKED | {"receipt": "F1", "kind": "refunded", "amount": 1}))
    assert await till.take("F1", kind="refunded", amount=amount)
    back = "F1" if state == "refunded" else None
    assert await till.stands("state", "refund_receipt") == {"state": state, "refund_receipt": back}


async def test_a_refund_ends_the_sum_that_was_ordered_before_a_later_one_of_the_same(till: Till) -> None:
    for payment, extra, made_by in (("p1", 0, None), ("p2", 1, "samer"), ("p3", 2, None)):
        await till.put(**(DUE | {"id": payment, "extra": extra, "refund_made_by": made_by, "payer_receipt": payment}))
    for receipt, payment in (("F1", "p2"), ("F2", "p3"), ("F3", "p1")):
        assert await till.take(receipt, kind="refunded")
        assert await till.stands("state", "refund_receipt", payment=payment) == {
            "state": "refunded", "refund_receipt": receipt,
        }  # fmt: skip
        assert await till.events(payment) == [("refunded", "books", {"refund_receipt": receipt})]
    assert [one["payment"] for one in await entries(till)] == ["p2", "p3", "p1"]


async def test_a_refund_that_nobody_asked_for_is_noted_and_parts_of_it_end_the_sum_together(till: Till) -> None:
    await till.put(**DUE)
    for receipt, amount in (("F1", 5_000), ("F2", 2_500)):
        assert await till.take(receipt, kind="refunded", amount=amount)
        assert (await till.row()).state == "refund-due"
    assert await till.take("F3", kind="refunded", amount=5_000)
    assert await till.stands("state", "refund_receipt") == {"state": "refunded", "refund_receipt": "F3"}
    assert [name for name, _, _ in await till.events()] == ["refund-unasked", "refund-unasked", "refunded"]


@pytest.mark.parametrize(
    ("made_by", "amount", "state"),
    [
        ("samer", 125, "refunded"),
        (None, 125, "refund-due"),
        ("samer", 126, "refund-due"),
        ("samer", None, "refund-due"),
    ],
)
async def test_a_sum_of_the_former_pound_may_go_back_in_the_present_one_where_it_was_ordered(
    till: Till, made_by: str | None, amount: int | None, state: str
) -> None:
    await till.put(**(DUE | {"pound": "old", "refund_made_by": made_by}))
    await till.take("F1", kind="refunded", amount=amount)
    assert (await till.row()).state == state


async def test_a_refund_that_is_made_here_already_is_only_booked(till: Till) -> None:
    await till.put(**(DUE | {"state": "refunded", "refund_receipt": "F1"}))
    await till.put(**(DUE | {"id": "p2", "extra": 1}))
    assert await till.take("F1", kind="refunded")
    assert (await till.row("p2")).state == "refund-due"
    assert [one["payment"] for one in await entries(till)] == ["p1"]
    assert await till.events() == await till.events("p2") == []
