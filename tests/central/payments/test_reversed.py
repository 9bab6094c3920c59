"""What a biller takes out of its books again is never called paid: it goes back, unless the biller enters it again."""

from datetime import timedelta

import pytest

from central.base import clock
from central.payments import keeping
from central.payments.accounts import refunds
from central.payments.flow import reversals
from central.payments.told import catch_up
from common.protocol.payments.answers import PaymentBody
from tests.central.payments.accounts.day_of import desk_of, paid
from tests.central.payments.accounts.day_of import read_books as read
from tests.central.payments.conftest import Town


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server reads books at every look."""
    monkeypatch.setattr(keeping, "BOOKS_EVERY", timedelta())
    monkeypatch.setattr(keeping.BooksKeeper, "every_s", 0.1)


async def test_it_goes_back_with_an_alarm_and_its_page_says_why(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    payment = await paid(town)
    page = (await town.ask("payment-state", {"payment": payment}))["answer"]["page"]
    town.biller.reverse("D-1")
    row = await town.until(payment, "refund-due")
    assert (row.reason, row.paid_amount) == ("reversed", 12_500)
    assert "central_payments_reversed 1.0" in (await town.stage.client.get("/metrics")).text
    shown = (await town.stage.client.get(f"/r/{page}?lang=en")).text
    assert "took the entry out again" in shown
    assert "#SY1%3A" not in shown, "no code of a receipt that holds no more"
    asked = town.biller.asked["/v1/marks"]
    town.move(hours=25)
    assert (await town.row(payment)).state == "refund-due"
    assert town.biller.asked["/v1/marks"] == asked == 1, "an answer under the same key would prove nothing"


async def test_the_debt_can_be_paid_again(town: Town) -> None:
    first = await paid(town)
    town.biller.reverse("D-1")
    await town.until(first, "refund-due")
    second = await paid(town)
    assert town.biller.debts["D-1"].key == second
    assert (await town.row(first)).state == "refund-due"


async def test_what_its_biller_enters_again_is_settled_until_somebody_proposes_a_refund(town: Town) -> None:
    payment = await paid(town)
    town.biller.reverse("D-1")
    await town.until(payment, "refund-due")
    town.biller.enter("D-1", payment)
    row = await town.until(payment, "marked")
    assert (row.receipt, row.reason) == (town.biller.debts["D-1"].receipt, None)
    town.biller.reverse("D-1")
    await town.until(payment, "refund-due")
    await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, "huda")
    town.biller.enter("D-1", payment)
    await read(town)
    assert (await town.row(payment)).state == "refund-due"


async def test_what_is_entered_again_is_told_only_by_the_receipt_that_stands_now(town: Town) -> None:
    payment = await paid(town)
    number = (await town.row(payment)).bill_no
    town.biller.reverse("D-1")
    await town.until(payment, "refund-due")
    town.biller.enter("D-1", payment)
    await town.until(payment, "marked")
    since = clock.now()
    for later, state in ((timedelta(minutes=-5), "marked"), (timedelta(minutes=5), "told")):  # the first came late
        body = PaymentBody(payment, number, "marked", "printed")
        item = town.sender.item(body, "payment", wall_time=clock.as_text(since + later))
        await town.stage.deliver(town.sender, item)
        await catch_up(town.stage.engine)
        assert (await town.row(payment)).state == state


async def test_a_window_s_payment_that_is_taken_out_is_none_of_ours(town: Town) -> None:
    payment = await paid(town)
    with town.biller.lock:
        town.biller._note("D-1", "paid-elsewhere", by="window-4")
        town.biller._note("D-1", "reversed")
    await read(town)
    assert (await town.row(payment)).state == "marked"
    with town.biller.lock:
        town.biller._note("D-1", "reversed")  # and this one names nothing, and is of what is left
    assert (await town.until(payment, "refund-due")).reason == reversals.REVERSED


async def test_a_mark_and_its_reversal_read_at_once_are_no_receipt(town: Town) -> None:
    town.biller.lies = lambda path: "lost" if path == "/v1/marks" else "lost-before" if "changes" in path else None
    said = await town.opened()
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    while town.biller.debts["D-1"].key is None:
        await town.until(said["answer"]["payment"], "paid")
    town.biller.reverse("D-1")
    town.biller.debts["D-1"].refuses = True
    town.biller.lies = lambda path: "und" if path == "/v1/marks" else None
    assert (await town.until(said["answer"]["payment"], "refund-due")).reason == reversals.REVERSED
