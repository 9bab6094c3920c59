"""An order's own fee is paid at the kiosk by telephone, once, and counts as paid from the mark on."""

from typing import Any

import pytest
from sqlalchemy import select

from central.base.tables.ordered import orders
from central.base.tables.paid.books import kept_marks
from central.offices.integrations import order_states
from central.payments.told import catch_up
from common.protocol.payments.answers import PaymentBody
from tests.central.intake.orders.test_orders import card_item
from tests.central.payments.conftest import Town

FEE = {"code": "clearance", "fee": {"amount_minor": 5000, "pound": "new"}}


@pytest.fixture
async def order(town: Town) -> str:
    """An order of three copies, made at the kiosk with the identity card."""
    await town.stage.publish("catalogue", {"services": [FEE]})
    await town.stage.deliver(town.sender, card_item(town.sender, "CARD1:touch-1", copies=3))
    await town.stage.unseal()
    (row,) = await town.stage.all(select(orders.c.order_id))
    return str(row.order_id)


async def test_an_orders_fee_is_paid_once(town: Town, order: str) -> None:
    asked: dict[str, Any] = {"order": order, "payer": "shamcash"}
    said = await town.ask("payment", asked)
    assert (said["answer"]["biller"], said["answer"]["amount"]) == ("fees", 15_000)
    payment = said["answer"]["payment"]
    await town.until(payment, "opened")
    number = said["answer"]["bill_no"]
    assert str(town.wallet.bills[number].amount) == "150.00"
    town.wallet.pay(number)
    await town.tell(number)
    await town.until(payment, "marked")
    assert [row.key for row in await town.stage.all(select(kept_marks.c.key))] == [payment]
    assert (await town.final("payment", asked))["answer"] == {"reason": "paid-elsewhere"}
    async with town.stage.engine.connect() as connection:
        page = await order_states.read(connection, "")
    (told,) = page.states
    assert (told.state.order, told.state.state) == (order, "in_progress")
    assert told.paid_at is not None
    heard = [one for one in (await town.stage.feed(town.sender)).messages if one.kind == "order-state"]
    assert len(heard) == 1, "its kiosk sends nobody to the cashier any more"


async def test_an_orders_fee_may_be_asked_for_as_any_bill_and_is_paid_as_one(town: Town, order: str) -> None:
    said = await town.final("bill", {"biller": "fees", "fields": {"order": order}})
    assert said["state"] == "answered", said
    bill = said["answer"]
    assert (bill["amount"], bill["currency"], bill["pound"]) == (15_000, "SYP", "new")
    payment = (await town.ask("payment", {"bill": bill["bill"], "payer": "shamcash"}))["answer"]
    await town.until(payment["payment"], "opened")
    town.wallet.pay(payment["bill_no"])
    await town.tell(payment["bill_no"])
    await town.until(payment["payment"], "marked")
    paid = await town.final("bill", {"biller": "fees", "fields": {"order": order}})
    assert paid["answer"] == {"reason": "unknown-or-nothing-due"}


async def test_an_order_that_nobody_knows_or_that_costs_nothing_is_not_to_be_paid(town: Town, order: str) -> None:
    unknown = await town.final("payment", {"order": "0" * 32, "payer": "shamcash"})
    assert unknown["answer"] == {"reason": "unknown-bill"}
    await town.stage.publish("catalogue", {"services": [{"code": "clearance", "fee": {"amount_minor": 0}}]})
    free = await town.final("payment", {"order": order, "payer": "shamcash"})
    assert free["answer"] == {"reason": "unknown-bill"}
    both = await town.final(
        "payment", {"order": order, "bill": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "payer": "bank"}
    )
    assert both["answer"] == {"reason": "unreadable"}


async def test_a_receipt_handed_out_that_a_restored_central_knows_first_ends_the_payment_once_it_is_marked(
    town: Town,
) -> None:
    said = await town.opened()
    payment, number = said["answer"]["payment"], said["answer"]["bill_no"]
    body = PaymentBody(payment, number, "marked", "printed")
    await town.stage.deliver(
        town.sender, town.sender.item(body, "payment")
    )  # sent again: the copy is of before the mark
    await catch_up(town.stage.engine)
    assert (await town.row(payment)).state == "opened"
    town.wallet.pay(number)
    await town.tell(number)
    row = await town.until(payment, "told", "marked")
    assert (row.state, row.receipt is not None) == ("told", True)
    assert await town.events(payment) == ["inquired", "opened", "told", "paid", "marked"]


async def test_a_receipt_that_was_handed_out_ends_its_payment(town: Town) -> None:
    said = await town.opened()
    payment, number = said["answer"]["payment"], said["answer"]["bill_no"]
    await town.stage.deliver(town.sender, town.sender.item(PaymentBody(payment, number, "opened"), "payment"))
    await catch_up(town.stage.engine)
    assert (await town.row(payment)).state == "opened"
    town.wallet.pay(number)
    await town.tell(number)
    await town.until(payment, "marked")
    other = await town.stage.enrolled()
    await town.stage.deliver(other, other.item(PaymentBody(payment, number, "marked"), "payment"))
    await catch_up(town.stage.engine)
    assert (await town.row(payment)).state == "marked", "another kiosk's word"
    await town.stage.deliver(
        town.sender, town.sender.item(PaymentBody(payment, number, "marked", "printed"), "payment")
    )
    for _ in range(2):
        await catch_up(town.stage.engine)
    assert (await town.row(payment)).state == "told"
    assert await town.events(payment) == ["inquired", "opened", "told", "paid", "marked", "told"]
