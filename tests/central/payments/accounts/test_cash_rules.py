"""When a cashier may take cash, from both sides of each rule, and what becomes of it; by rows."""

import uuid
from typing import Any

import pytest

from central.base.tables.paid.payments import payments
from central.payments.accounts import cash
from central.payments.accounts.cash import CashRefused
from tests.central.payments.flow.conftest import Till, moment, till

__all__ = ["till"]
EXPIRED: dict[str, Any] = {
    "state": "expired", "bill": "b1", "show": "s", "inquiry": "q", "due_at": None, "proof": "p", "page_sha256": "x",
    "reason": "twice", "receipt": "W0", "at": moment(hours=-1), "dies_at": moment(minutes=-50), "tries": 7,
    "claimed_until": None,
}  # fmt: skip


async def take(
    till: Till, centres: frozenset[str] | None = None, payment: str = "p1", instead_of: str | None = None
) -> str:
    """Take cash; return the payment, or why not."""
    async with till.engine.begin() as connection:
        try:
            return await cash.take(connection, till.ring, payment, "rima", centres, instead_of)
        except CashRefused as refused:
            return refused.why


async def test_cash_is_a_payment_of_its_own_that_keeps_only_what_is_owed(till: Till) -> None:
    await till.put(**EXPIRED)
    made = await take(till, frozenset({"homs-main"}))
    assert str(uuid.UUID(made)) == made
    row = await till.row(made)
    assert {name: value for name, value in row._asdict().items() if value is not None} == {
        "id": made, "bill_no": "B1", "extra": 0, "bill": "b1", "debt_mark": "d1", "biller": "water", "payer": "cash",
        "kiosk": "k1", "centre": "homs-main", "amount": 12_500, "currency": "SYP", "pound": "new", "state": "paid",
        "payer_receipt": "CASH-B1", "at": moment(), "dies_at": moment(), "paid_at": moment(), "paid_amount": 12_500,
        "due_at": moment(), "tries": 0,
    }  # fmt: skip
    assert await till.events(made) == [("paid", "operator:rima", {"instead_of": "p1"})]
    assert await take(till) == made
    assert len(await till.all(payments)) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"state": "paid"}, "paid"), ({"state": "marked"}, "paid"), ({"state": "told"}, "paid"),
        ({"state": "inquired"}, "may-be-paid"), ({"state": "opened"}, "may-be-paid"),
        ({"state": "unknown"}, "may-be-paid"), ({"state": "refund-due"}, "money-goes-back"),
        ({"state": "refunded"}, "money-goes-back"), ({"extra": 1}, "money-goes-back"),
        ({"payer": "cash"}, "money-goes-back"), ({"state": "withdrawn"}, None), ({}, None),
    ],
)  # fmt: skip
async def test_a_try_lets_cash_be_taken_where_its_time_is_over_and_nothing_came(
    till: Till, changed: dict[str, Any], why: str | None
) -> None:
    await till.put(**(EXPIRED | changed))
    assert cash.why_no_cash(await till.row()) == (None if why == "may-be-paid" else why)
    assert (await take(till) == why) is (why is not None)
    assert len(await till.all(payments)) == (1 if why else 2)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"state": "paid"}, "paid"), ({"state": "told"}, "paid"), ({"state": "opened"}, "may-be-paid"),
        ({"state": "expired"}, None), ({"state": "refund-due"}, None), ({"state": "paid", "biller": "power"}, None),
        ({"state": "paid", "debt_mark": "d2"}, None),
    ],
)  # fmt: skip
async def test_no_cash_is_taken_for_a_debt_that_another_try_has_or_may_have_paid(
    till: Till, other: dict[str, Any], why: str | None
) -> None:
    await till.put(**EXPIRED)
    await till.put(**({"id": "p2", "bill_no": "B2"} | other))
    found = await take(till)
    assert (found if why else None) == why
    assert len(await till.all(payments)) == (2 if why else 3)


@pytest.mark.parametrize("state", ["inquired", "opened", "unknown"])
async def test_a_try_that_was_named_gives_way_to_cash(till: Till, state: str) -> None:
    await till.put(**(EXPIRED | {"state": state}))
    made = await take(till, instead_of="p1")
    assert [row.state for row in await till.all(payments)] == ["withdrawn", "paid"]
    assert await till.events() == [("withdrawn", "operator:rima", {"for": made})]
    assert await take(till, instead_of="p1") == made, "pressed twice"


async def test_only_the_newest_try_is_named_and_all_before_it_give_way(till: Till) -> None:
    await till.put(**EXPIRED)
    await till.put(id="p2", bill_no="B2", at=moment(minutes=-9), centre="homs-new")
    await till.put(id="p3", bill_no="B3", at=moment(minutes=-5), state="unknown")
    assert await take(till, instead_of="p2") == "may-be-paid", "another was begun since"
    async with till.engine.connect() as connection:
        newest = (await cash.standing(connection, await till.row())).begun
    assert newest is not None
    made = await take(till, instead_of=newest.id)
    rows = {row.id: row.state for row in await till.all(payments)}
    assert rows == {"p1": "expired", "p2": "withdrawn", "p3": "withdrawn", made: "paid"}


async def test_nothing_that_was_paid_gives_way(till: Till) -> None:
    await till.put(**EXPIRED)
    await till.put(id="p2", bill_no="B2", state="paid")
    await till.put(id="p3", bill_no="B3")
    assert await take(till, instead_of="p3") == "paid"
    assert await till.stands("state", payment="p3") == {"state": "opened"}


@pytest.mark.parametrize(("state", "again"), [("marked", True), ("told", True), ("paid", True), ("refund-due", False)])
async def test_cash_that_was_taken_is_the_same_and_cash_that_went_back_is_not_taken_again(
    till: Till, state: str, again: bool
) -> None:
    await till.put(**EXPIRED)
    made = await take(till)
    async with till.engine.begin() as connection:
        await connection.execute(payments.update().where(payments.c.id == made).values(state=state))
    assert await take(till) == (made if again else "was-given-back")


@pytest.mark.parametrize(
    ("centres", "payment"), [(frozenset({"homs-new"}), "p1"), (frozenset[str](), "p1"), (None, "p9")]
)
async def test_of_another_centre_s_bill_or_none_nothing_is_known(
    till: Till, centres: frozenset[str] | None, payment: str
) -> None:
    await till.put(**EXPIRED)
    assert await take(till, centres, payment) == "unknown"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (" ab-1 ", ["p2", "p1"]), ("AB-1", ["p2", "p1"]), ("r1", ["p1", "p2"]), ("R1", ["p1", "p2"]), ("w1", ["p2"]),
        ("", []), ("  ", []), ("X", []),
    ],
)  # fmt: skip
async def test_a_bill_is_found_by_its_number_or_either_receipt_as_people_type_it(
    till: Till, typed: str, found: list[str]
) -> None:
    await till.put(bill_no="AB-1", payer_receipt="r1", receipt="R1", at=moment(hours=-1))
    await till.put(id="p2", bill_no="AB-1", extra=1, payer_receipt="R1", receipt="w1")
    await till.put(id="p3", bill_no="AB-2")
    async with till.engine.connect() as connection:
        assert sorted(row.id for row in await cash.find(connection, typed)) == sorted(found)
        assert [row.id for row in await cash.find(connection, "AB-1")] == ["p2", "p1"], "the newest first"


async def test_no_more_than_twenty_are_found(till: Till) -> None:
    for n in range(21):
        await till.put(id=f"p{n}", extra=n)
    async with till.engine.connect() as connection:
        assert len(await cash.find(connection, "B1")) == 20
