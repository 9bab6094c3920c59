"""Money ends: whatever the wallet does, late, twice, wrongly or silently, it is marked or listed to be given back."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments
from central.payments import keeping
from central.payments.flow import books, marking, tries
from demo.payments.wallet import EXPIRED, PAID, Bill, Tran
from tests.central.payments.conftest import WITHIN_S, Town


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books are read at every look: a test waits for a state, not for a minute."""
    monkeypatch.setattr(keeping, "BOOKS_EVERY", timedelta())
    monkeypatch.setattr(keeping, "BOOKS_SOON", timedelta())
    monkeypatch.setattr(keeping.BooksKeeper, "every_s", 0.1)


async def test_a_lost_create_answer_is_asked_again_under_the_same_number(town: Town) -> None:
    lies: list[Any] = ["lost", "portal", "general", "error"]
    town.wallet.lies = lambda call: lies.pop(0) if call == "createBill" and lies else None
    said = await town.opened()
    assert len(town.wallet.bills) == 1
    assert list(town.wallet.bills) == [said["answer"]["bill_no"]]
    assert town.wallet.asked["getBillInfo"] == 1  # the number existed: it was read, not made again


async def test_money_is_found_in_the_books_where_no_webhook_ever_comes(town: Town) -> None:
    said = await town.opened()
    town.wallet.pay(said["answer"]["bill_no"])
    row = await town.until(said["answer"]["payment"], "marked")
    assert row.receipt == town.biller.debts["D-1"].receipt


async def test_a_webhook_twice_late_or_replayed_has_no_effect_beyond_the_truth(town: Town) -> None:
    said = await town.opened()
    number, payment = said["answer"]["bill_no"], said["answer"]["payment"]
    town.wallet.pay(number)
    body, path = town.webhook(number)
    assert [(await town.stage.client.post(path, content=body)).status_code for _ in range(3)] == [200] * 3
    await town.until(payment, "marked")
    town.move(minutes=20)
    assert (await town.stage.client.post(path, content=body)).status_code == 400  # over its time
    assert await town.tell(number, EXPIRED) == 200  # a word that came too late
    assert await town.tell(number) == 200
    assert (await town.row(payment)).state == "marked"
    assert len(await town.stage.all(select(payer_entries))) == len(await town.stage.all(select(payments))) == 1


@pytest.mark.parametrize("change", ["key", "text", "form", "path", "payer", "large"])
async def test_a_forged_webhook_has_no_effect(town: Town, change: str) -> None:
    said = await town.opened()
    number = said["answer"]["bill_no"]
    town.wallet.bills[number].status, town.wallet.bills[number].tran = PAID, 99
    good, path = town.webhook(number)
    body, expected = good, 400
    if change == "key":
        own, town.wallet.key = town.wallet.key, bytes(32)
        body, town.wallet.key = town.webhook(number)[0], own
    elif change == "text":
        body = good.replace(b".", b"..", 1)
    elif change == "form":
        body = msgspec.json.encode({"billNo": number, "statusId": PAID})
    elif change == "large":
        body, expected = good + b" " * 4096, 413
    else:
        path, expected = (
            ("/v1/payments/shamcash/" + "0" * 32 if change == "path" else path.replace("shamcash", "bank")),
            404,
        )
    assert (await town.stage.client.post(path, content=body)).status_code == expected
    assert (await town.row(said["answer"]["payment"])).state == "opened"


async def test_an_address_tells_twenty_times_a_second_at_most(town: Town) -> None:
    path = "/v1/payments/shamcash/" + "0" * 32
    found = [(await town.stage.client.post(path, content=b"{}")).status_code for _ in range(60)]
    assert found[:20] == [404] * 20
    assert 429 in found


async def test_an_unpaid_code_expires_and_its_next_try_has_another_number(town: Town) -> None:
    bill = (await town.bill())["bill"]
    first = await town.opened(bill)
    town.move(minutes=10, seconds=10)
    await town.until(first["answer"]["payment"], "expired")
    town.ahead = timedelta()
    second = await town.opened(bill)
    assert second["answer"]["bill_no"] != first["answer"]["bill_no"]


async def test_money_that_comes_after_expiry_is_marked_and_the_same_debt_twice_goes_back(town: Town) -> None:
    bill = (await town.bill())["bill"]
    first = await town.opened(bill)
    town.move(minutes=10, seconds=10)
    await town.until(first["answer"]["payment"], "expired")
    town.ahead = timedelta()
    second = await town.opened(bill)
    town.wallet.pay(second["answer"]["bill_no"])
    await town.until(second["answer"]["payment"], "marked")
    town.wallet.pay(first["answer"]["bill_no"], even_late=True)
    row = await town.until(first["answer"]["payment"], "refund-due")
    assert (row.reason, row.paid_amount) == ("twice", 12_500)
    assert [one["kind"] for one in town.biller.changes] == ["new", "marked"]


async def test_a_payer_that_calls_an_expired_number_paid_without_naming_money_is_asked_again(town: Town) -> None:
    said = await town.opened()
    payment, number = said["answer"]["payment"], said["answer"]["bill_no"]
    town.move(minutes=10, seconds=10)
    await town.until(payment, "expired")
    body, path = town.webhook(number, PAID)  # without a number of the money
    assert (await town.stage.client.post(path, content=body)).status_code == 200
    await town.until(payment, "expired")
    assert await town.events(payment) == ["inquired", "opened", "expired", "unknown", "expired"]


async def test_late_money_for_a_debt_that_nobody_paid_is_marked(town: Town) -> None:
    said = await town.opened()
    town.move(minutes=10, seconds=10)
    await town.until(said["answer"]["payment"], "expired")
    town.wallet.pay(said["answer"]["bill_no"], even_late=True)
    await town.until(said["answer"]["payment"], "marked")


async def test_a_second_sum_under_one_number_stands_beside_it_to_be_given_back(town: Town) -> None:
    said = await town.opened()
    number = said["answer"]["bill_no"]
    town.wallet.pay(number)
    await town.until(said["answer"]["payment"], "marked")
    again = town.wallet.pay(number, even_late=True)
    while not (beside := await town.stage.all(select(payments).where(payments.c.extra == 1))):
        await town.until(said["answer"]["payment"], "marked")
    assert (beside[0].state, beside[0].reason, beside[0].payer_receipt) == ("refund-due", "twice", str(again))
    assert (await town.row(said["answer"]["payment"])).state == "marked"


async def test_a_wrong_amount_goes_back_as_what_it_was(town: Town) -> None:
    said = await town.opened()
    town.wallet.pay(said["answer"]["bill_no"], Decimal("1.25"))
    row = await town.until(said["answer"]["payment"], "refund-due")
    assert (row.reason, row.amount, row.paid_amount) == ("wrong-amount", 12_500, 125)
    assert town.biller.debts["D-1"].key is None


async def test_money_under_a_number_that_nobody_knows_stands_in_the_books(town: Town) -> None:
    said = await town.opened()
    stray = town.wallet.bills.pop(said["answer"]["bill_no"])
    town.wallet.bills["261128-AAAA-BBBB-CCCC"] = stray
    stray.number = "261128-AAAA-BBBB-CCCC"
    town.wallet.pay(stray.number)
    while not (found := await town.stage.all(select(payer_entries))):
        await town.row(said["answer"]["payment"])
    assert (found[0].bill_no, found[0].payment, found[0].amount) == (stray.number, None, 12_500)


async def test_money_that_stood_under_a_number_before_anybody_was_shown_it_pays_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "261128-AAAA-BBBB-CCCC"
    monkeypatch.setattr(tries, "new_number", lambda _: number)
    town.wallet.bills[number] = Bill(number, Decimal(125), "", town.wallet.now())
    town.wallet.pay(number)  # a stranger's, of the same amount
    bill = (await town.bill())["bill"]
    said = await town.final("payment", {"bill": bill, "payer": "shamcash"})
    assert (said["state"], said["answer"]["reason"]) == ("refused", "payer-silent")
    async with asyncio.timeout(WITHIN_S):
        while not (found := await town.stage.all(select(payer_entries))):  # noqa: ASYNC110 - the server reads the books
            await asyncio.sleep(0.02)
    assert (found[0].bill_no, found[0].payment) == (number, None)
    (row,) = await town.stage.all(select(payments))
    assert (row.state, row.reason, row.payer_receipt) == ("expired", "not-ours", None)
    assert [one["kind"] for one in town.biller.changes] == ["new"]


@pytest.mark.parametrize(
    ("what", "reason"), [("elsewhere", "paid-elsewhere"), ("amount", "amount-changed"), ("refuses", "not-taken")]
)
async def test_what_its_biller_does_not_take_goes_back(town: Town, what: str, reason: str) -> None:
    said = await town.opened()
    match what:
        case "elsewhere":
            town.biller.take_elsewhere("D-1")
        case "amount":
            town.biller.change_amount("D-1", 13_000)
        case _:
            town.biller.debts["D-1"].refuses = True
    town.wallet.pay(said["answer"]["bill_no"])
    row = await town.until(said["answer"]["payment"], "refund-due")
    assert (row.reason, row.receipt) == (reason, None)


async def test_lost_answers_of_a_biller_are_one_mark(town: Town) -> None:
    lies: list[Any] = ["lost", "error", "und", "portal", "lost-before"]
    town.biller.lies = lambda path: lies.pop(0) if path == "/v1/marks" and lies else None
    said = await town.opened()
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(said["answer"]["payment"], "marked")
    assert [one["kind"] for one in town.biller.changes] == ["new", "marked"]


async def test_a_biller_that_is_silent_for_a_day_leaves_money_that_goes_back(town: Town) -> None:
    town.biller.lies = lambda _: "portal"
    said = await town.opened(await _bill_despite(town))
    payment = said["answer"]["payment"]
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(payment, "paid")
    town.move(hours=23)
    assert (await town.row(payment)).state == "paid"
    town.move(hours=2)
    row = await town.until(payment, "refund-due")
    assert row.reason == "not-taken"
    assert timedelta(hours=24) == marking.LONGEST


async def _bill_despite(town: Town) -> str:
    lies, town.biller.lies = town.biller.lies, lambda _: None
    bill: str = (await town.bill())["bill"]
    town.biller.lies = lies
    return bill


async def test_a_mark_that_only_the_books_tell_of_ends_what_was_to_go_back(town: Town) -> None:
    town.biller.lies = lambda path: "lost" if path == "/v1/marks" else None
    said = await town.opened()
    payment = said["answer"]["payment"]
    town.wallet.pay(said["answer"]["bill_no"])
    row = await town.until(payment, "marked")
    assert row.receipt == town.biller.debts["D-1"].receipt


async def test_a_line_of_the_payers_books_that_says_nothing_we_know_is_named(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[dict[str, Any]] = []
    monkeypatch.setattr(books.log, "error", lambda event, **fields: named.append({"event": event, **fields}))
    said = await town.opened()
    number = said["answer"]["bill_no"]
    for kind, amount in ((3, "125.00"), (1, "0.001")):
        tran = Tran(len(town.wallet.trans) + 1, kind, number, Decimal(amount), town.wallet.now())
        town.wallet.trans.append(tran)
    town.wallet.pay(number)
    await town.until(said["answer"]["payment"], "marked")
    async with asyncio.timeout(30):
        while not named:  # noqa: ASYNC110 - the server reads the books
            await asyncio.sleep(0.02)
    assert named == [{"event": "payment-lines-unread", "payer": "shamcash", "lines": ["1", "2"]}]
