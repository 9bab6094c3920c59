"""Who may ask for a bill and who may pay it: each condition from both sides, by rows, and all that a try is made of."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from central.base import clock
from central.base.tables.asked import inquiries
from central.base.tables.paid.books import biller_entries
from central.base.tables.paid.payments import bill_inquiries, bill_misses, bills, payments
from central.inquiries.answerers import Asker, Found, Question, Refusal
from central.payments import inquiries as asking
from central.payments.ports.biller import BillerFields
from common.protocol.payments.setup import BillField
from tests.central.payments.flow.conftest import NOW, Till, moment, till

__all__ = ["till"]
KIOSK = Asker("k1", "homs-main", "kiosk")
NAMES = {"ar": "مياه", "en": "Water"}
FIELDS = BillerFields(
    NAMES, "SYP", "new", [BillField("subscriber", "[0-9]{7}", NAMES), BillField("year", "20[0-9]{2}", NAMES)]
)
SAID = {"subscriber": "1234567", "year": "2026"}
BILL: dict[str, Any] = {
    "id": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "biller": "water", "kiosk": "k1", "sealed": "s", "debt_mark": "d1",
    "subscriber_mark": "s1", "amount": 12_500, "currency": "SYP", "pound": "new", "at": moment(minutes=-5),
}  # fmt: skip
PAY = {"bill": BILL["id"], "payer": "wallet"}


async def ask(till: Till, kind: str, body: dict[str, Any], asker: Asker = KIOSK) -> Found | str:
    """Return what is answered, or the word of a refusal."""
    answerer = asking.answerers(till.desk)[kind]
    async with till.engine.begin() as connection:
        try:
            return await answerer.answer(connection, till.ring, Question("q1", asker, body))
        except Refusal as refusal:
            return refusal.reason


async def ask_bill(till: Till, **fields: Any) -> Found | str:
    return await ask(till, "bill", {"biller": "water", "fields": SAID | fields})


async def test_a_question_for_a_bill_is_kept_sealed_until_its_biller_answers(till: Till) -> None:
    till.desk.fields["water"] = FIELDS
    assert await ask_bill(till) == Found({"biller": "water"}, is_final=False)
    (row,) = await till.all(bill_inquiries)
    text = till.ring.vault().open("bill_inquiries/k1/q1", row.fields)
    assert (row.kiosk, row.inquiry, row.biller, row.at, row.claimed_until) == ("k1", "q1", "water", moment(), None)
    assert text == '{"subscriber":"1234567","year":"2026"}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"biller": "power", "fields": SAID}, "not-set-up"),
        ({"biller": "silent", "fields": SAID}, "biller-silent"),
        ({"biller": "water", "fields": {"subscriber": "1234567"}}, "unreadable"),
        ({"biller": "water", "fields": SAID | {"more": "1"}}, "unreadable"),
        ({"biller": "water", "fields": SAID | {"subscriber": "12345678"}}, "unreadable"),
        ({"biller": "water", "fields": SAID | {"year": "1926"}}, "unreadable"),
        ({"biller": "water"}, "unreadable"),
    ],
)
async def test_a_question_that_no_biller_could_answer_is_refused(till: Till, body: dict[str, Any], reason: str) -> None:
    till.desk.fields["water"] = FIELDS
    till.desk.billers["silent"] = till.desk.billers["water"]
    assert await ask(till, "bill", body) == reason
    assert await till.all(bill_inquiries) == []


@pytest.mark.parametrize(
    ("asked", "misses", "reason"), [(30, 299, None), (31, 0, "too-many"), (0, 300, "too-many"), (0, 301, "too-many")]
)
async def test_nobody_tries_numbers_out(till: Till, asked: int, misses: int, reason: str | None) -> None:
    till.desk.fields["water"] = FIELDS
    usual = {"kiosk": "k1", "kind": "bill", "at": moment(minutes=-59), "digest": "d", "dies_at": moment()}
    columns = {column.name for column in inquiries.columns}
    needed = {column.name: "" for column in inquiries.columns if not column.nullable}
    others = ({"at": moment(minutes=-60)}, {"kiosk": "k2"}, {"kind": "payment"})
    for n in range(asked):
        await till.put(inquiries, **_fitting(needed | usual | {"id": f"i{n}", "revision": n}, columns))
    for n, other in enumerate(others):
        await till.put(inquiries, **_fitting(needed | usual | {"id": f"o{n}", "revision": n} | other, columns))
    await till.put(bill_misses, biller="water", day="2026-11-25", count=misses)
    await till.put(bill_misses, biller="water", day="2026-11-24", count=900)
    await till.put(bill_misses, biller="power", day="2026-11-25", count=900)
    found = await ask_bill(till)
    assert (found if isinstance(found, str) else None) == reason


def _fitting(values: dict[str, Any], columns: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in columns}


async def test_a_try_bears_what_the_bill_says_a_number_of_its_own_and_the_payer_s_time(till: Till) -> None:
    await till.put(bills, **BILL)
    found = await ask(till, "payment", PAY)
    assert isinstance(found, Found)
    (row,) = await till.all(payments)
    kept = {name: value for name, value in row._asdict().items() if value is not None}
    owed = {name: BILL[name] for name in ("biller", "debt_mark", "amount", "currency", "pound")}
    assert kept == owed | {
        "id": row.id, "bill": BILL["id"], "bill_no": row.bill_no, "extra": 0, "payer": "wallet", "kiosk": "k1",
        "centre": "homs-main", "inquiry": "q1", "state": "inquired", "at": moment(), "dies_at": moment(minutes=10),
        "due_at": moment(), "tries": 0,
    }  # fmt: skip
    assert await till.events(row.id) == [("inquired", "kiosk", {"kiosk": "k1"})]
    assert (found.answer["payment"], found.answer["state"], found.reference, found.is_final) == (
        row.id, "inquired", row.id, False,
    )  # fmt: skip
    assert row.bill_no.startswith("261125-")


@pytest.mark.parametrize(
    ("bill", "asked", "reason"),
    [
        ({}, {"payer": "gone"}, "not-set-up"),
        ({}, {"bill": None}, "unreadable"),
        ({}, {"order": "a" * 32}, "unreadable"),
        ({}, {"bill": None, "order": "a" * 32}, "not-set-up"),
        ({"kiosk": "k2"}, {}, "unknown-bill"),
        ({"biller": "power"}, {}, "unknown-bill"),
        ({"id": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c12"}, {}, "unknown-bill"),
        ({"at": moment(hours=-1, seconds=-1)}, {}, "bill-over"),
        ({"at": moment(hours=-1)}, {}, None),
        ({"pound": "old"}, {}, "bill-over"),
        ({}, {}, None),
    ],
)
async def test_what_is_not_owed_so_is_not_begun(
    till: Till, bill: dict[str, Any], asked: dict[str, Any], reason: str | None
) -> None:
    await till.put(bills, **(BILL | bill))
    body = {name: value for name, value in (PAY | asked).items() if value is not None}
    found = await ask(till, "payment", body)
    assert (found if isinstance(found, str) else None) == reason
    assert len(await till.all(payments)) == (reason is None)


async def test_where_nothing_can_be_paid_every_question_is_refused(till: Till) -> None:
    await till.put(bills, **BILL)
    till.desk.fields["water"] = FIELDS
    till.desk.billers.clear()
    assert (await ask(till, "payment", PAY), await ask_bill(till)) == ("not-set-up", "not-set-up")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"state": "marked"}, "paid-elsewhere"), ({"state": "told"}, "paid-elsewhere"),
        ({"state": "paid", "dies_at": moment(minutes=-9)}, "being-paid"),
        ({"state": "unknown", "dies_at": moment(minutes=-9)}, "being-paid"),
        ({"state": "unknown", "withdrawn_at": moment()}, "being-paid"),
        ({"state": "opened"}, "being-paid"), ({"state": "inquired"}, "being-paid"),
        ({"state": "opened", "dies_at": moment(seconds=1)}, "being-paid"),
        ({"state": "opened", "dies_at": moment()}, None),
        ({"state": "opened", "withdrawn_at": moment()}, None),
        ({"state": "opened", "dies_at": moment(), "payer": "bank"}, "being-paid"),
        ({"state": "opened", "dies_at": moment(), "payer": "gone"}, None),
        ({"state": "expired"}, None), ({"state": "refund-due"}, None), ({"state": "refunded"}, None),
        ({"state": "marked", "debt_mark": "d2"}, None), ({"state": "marked", "biller": "power"}, None),
    ],
)  # fmt: skip
async def test_a_debt_that_is_paid_or_may_be_is_paid_by_nobody_else(
    till: Till, other: dict[str, Any], reason: str | None
) -> None:
    await till.put(bills, **BILL)
    await till.put(id="other", **other)
    bank: Any = type(till.payer)(late_days=2)
    till.desk.payers["bank"] = bank
    found = await ask(till, "payment", PAY)
    assert (found if isinstance(found, str) else None) == reason


async def refused(till: Till, asked: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is said of the try that was begun before, None where this one begins."""
    async with till.engine.begin() as connection:
        try:
            await asking.answerers(till.desk)["payment"].answer(connection, till.ring, Question("q2", KIOSK, asked))
        except Refusal as refusal:
            return {"reason": refusal.reason, **refusal.detail}
    return None


@pytest.mark.parametrize("begun", [{}, {"payer": "bank", "dies_at": moment(minutes=-9)}, {"state": "unknown"}])
async def test_a_newer_try_takes_the_place_of_an_unpaid_one_that_it_was_told_of(
    till: Till, begun: dict[str, Any]
) -> None:
    bank: Any = type(till.payer)(late_days=2)
    till.desk.payers["bank"] = bank
    await till.put(bills, **BILL)
    other = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c12"
    await till.put(**{"id": other, "centre": "homs-new", "kiosk": "k2", "at": moment(minutes=-3)} | begun)
    told = {"reason": "being-paid", "payment": other, "at": moment(minutes=-3), "centre": "homs-new"}
    assert await refused(till, PAY) == told
    assert await refused(till, PAY | {"instead_of": BILL["id"]}) == told, "another one was named"
    assert await refused(till, PAY | {"instead_of": other}) is None
    rows = {row.id: row for row in await till.all(payments)}
    assert rows.pop(other).state == "withdrawn"
    (new,) = rows.values()
    assert new.state == "inquired"
    assert await till.events(other) == [("withdrawn", "kiosk", {"for": new.id})]


async def test_money_that_is_there_gives_way_to_nobody(till: Till) -> None:
    await till.put(bills, **BILL)
    other = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c12"
    await till.put(id=other, state="paid")
    assert await refused(till, PAY | {"instead_of": other}) == {"reason": "being-paid"}
    assert await till.stands("state", payment=other) == {"state": "paid"}


LINE: dict[str, Any] = {"biller": "water", "seq": 5, "kind": "marked", "debt_mark": "d1", "at": moment(minutes=-4)}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([{}], "paid-elsewhere"),
        ([{"kind": "paid-elsewhere"}], "paid-elsewhere"),
        ([{"at": BILL["at"]}], None),
        ([{"biller": "power"}], None),
        ([{"debt_mark": "d2"}], None),
        ([{"kind": "amount", "amount": 1}], "amount-changed"),
        ([{"kind": "amount", "amount": 12_500}], None),
        ([{"kind": "new", "amount": 1}], None),
        ([{}, {"seq": 6, "kind": "reversed"}], None),
        ([{"seq": 6, "kind": "reversed"}, {"seq": 7}], "paid-elsewhere"),
    ],
)
async def test_the_newest_word_of_its_biller_since_the_bill_holds(
    till: Till, lines: list[dict[str, Any]], reason: str | None
) -> None:
    await till.put(bills, **BILL)
    for line in lines:
        await till.put(biller_entries, **(LINE | line))
    found = await ask(till, "payment", PAY)
    assert (found if isinstance(found, str) else None) == reason


async def test_a_try_that_nobody_waits_for_any_more_is_withdrawn_once(till: Till, monkeypatch: Any) -> None:
    await till.put()
    undo = asking.answerers(till.desk)["payment"].undo
    times: list[Callable[[], datetime]] = [lambda: NOW, lambda: NOW + timedelta(minutes=1)]
    for now in times:
        monkeypatch.setattr(clock, "now", now)
        for payment in ("p1", "unheard-of"):
            async with till.engine.begin() as connection:
                await undo(connection, KIOSK, payment)
    assert await till.stands("state", "withdrawn_at") == {"state": "opened", "withdrawn_at": moment()}
    assert await till.events() == [("withdrawn", "kiosk", {"kiosk": "k1"})]


async def test_a_payment_s_state_is_told_to_its_own_kiosk_alone(till: Till) -> None:
    payment = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"
    await till.put(id=payment, state="refund-due", reason="twice", payer_receipt="R1", receipt="W1")
    body = {"payment": payment}
    found = await ask(till, "payment-state", body)
    assert isinstance(found, Found)
    told = found.answer | found.personal
    assert {name: value for name, value in told.items() if value is not None} == {
        "payment": payment, "state": "refund-due", "bill_no": "B1", "biller": "water", "payer": "wallet",
        "amount": 12_500, "currency": "SYP", "pound": "new", "dies_at": moment(minutes=10), "at": moment(),
        "receipt": "W1", "payer_receipt": "R1", "reason": "twice",
    }  # fmt: skip
    assert (found.reference, found.is_final) == (None, True)
    assert await ask(till, "payment-state", body, KIOSK._replace(kiosk="k2")) == "unknown-payment"
    assert await ask(till, "payment-state", {}) == "unreadable"
