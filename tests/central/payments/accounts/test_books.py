"""A day's books are equal only where payer's and biller's own books say the same; each difference has a name."""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, update

from central.base import clock
from central.base.tables.paid.books import biller_entries, payer_entries, payment_ports
from central.base.tables.paid.payments import payment_marks, payments
from tests.central.payments.accounts.day_of import changed, lines, names, paid, read_books, today
from tests.central.payments.conftest import Town


async def test_a_paid_and_marked_bill_makes_equal_books(town: Town) -> None:
    await paid(town)
    await read_books(town)
    (line,) = await lines(town)
    assert (line.payer, line.biller, line.pound) == ("shamcash", "homs-water", "new")
    assert (line.opened, line.paid, line.marked, line.refunded, line.open) == (12_500, 12_500, 12_500, 0, 0)
    assert (line.differences, line.equal) == ([], True)


async def test_books_that_nobody_has_read_are_never_called_equal(town: Town) -> None:
    await paid(town)
    await read_books(town)
    of_day = today()
    town.move(days=2)  # the server reads on; what it has read since is taken back
    await changed(town, update(payment_ports).values(read_at="2020-01-01T00:00:00.000000Z"))
    (line,) = await lines(town, of_day)
    assert (names([line]), line.equal) == (["billers-books-not-read", "payers-books-not-read"], False)


async def test_what_a_webhook_said_is_no_book(town: Town) -> None:
    await paid(town)
    await read_books(town)
    await changed(town, update(payer_entries).values(booked_at=None))
    (line,) = await lines(town)
    assert (names([line]), line.equal) == (["not-in-payers-books"], False)


async def test_each_changed_sum_or_receipt_is_named(town: Town) -> None:
    payment = await paid(town)
    await read_books(town)
    assert names(await lines(town)) == []
    own = payments.c.id == payment
    faults: list[tuple[Any, Any, str]] = [
        (update(payer_entries).values(amount=12_499), update(payer_entries).values(amount=12_500), "amount-differs"),
        (update(biller_entries).values(amount=1), update(biller_entries).values(amount=12_500), "amount-differs"),
        (update(payment_marks).values(receipt="W-0"), None, "receipt-differs"),
        (update(payments).where(own).values(state="expired"), None, "marked-without-money"),
        (update(payments).where(own).values(state="refunded"), None, "refund-not-in-payers-books"),
    ]
    for fault, mend, name in faults:
        await changed(town, fault)
        found = await lines(town)
        assert name in names(found)
        assert not all(line.equal for line in found)
        if mend is not None:
            await changed(town, mend)


async def test_a_marked_payment_that_its_biller_does_not_know_is_named(town: Town) -> None:
    await paid(town)
    await read_books(town)
    await changed(town, delete(biller_entries))
    (line,) = await lines(town)
    assert (names([line]), line.equal) == (["not-in-billers-books"], False)


async def test_a_second_sum_under_our_number_is_named_until_it_is_back(town: Town) -> None:
    row = await town.row(await paid(town))
    with town.wallet.lock:
        town.wallet._book(1, town.wallet.bills[row.bill_no], Decimal("125.00"))
    await read_books(town)
    (line,) = await lines(town)
    assert names([line]) == ["second-sum"]
    assert (line.paid, line.marked, line.open, line.equal) == (25_000, 12_500, 12_500, False)


async def test_money_under_a_number_that_is_none_of_ours_is_named(town: Town) -> None:
    await paid(town)
    await read_books(town)
    moment = clock.as_text(clock.now())
    entry = {
        "payer": "shamcash", "receipt": "77", "kind": "paid", "bill_no": "261128-0000-0000-0000", "amount": 500,
        "currency": "SYP", "payment": None, "at": moment, "booked_at": moment,
    }  # fmt: skip
    await changed(town, payer_entries.insert().values(entry))
    found = await lines(town)
    assert names(found) == ["unknown-number"]
    stranger = next(line for line in found if line.biller is None)
    assert (stranger.equal, stranger.differences[0].theirs) == (False, 500)


async def test_a_bank_s_book_is_read_when_its_file_holds_the_day(town: Town) -> None:
    await paid(town)
    await read_books(town)
    payers = update(payment_ports).where(payment_ports.c.side == "payer")
    await changed(town, payers.values(cursor=None))
    assert names(await lines(town, late=frozenset({"shamcash"}))) == ["payers-books-not-read"]
    await changed(town, payers.values(cursor=today()))
    assert names(await lines(town, late=frozenset({"shamcash"}))) == []


async def test_an_opened_bill_that_nobody_paid_leaves_books_equal(town: Town) -> None:
    await town.opened()
    await read_books(town)
    (line,) = await lines(town)
    assert (line.opened, line.paid, line.open, line.equal) == (12_500, 0, 0, True)


async def test_a_payment_s_page_is_there_from_the_first_moment_and_follows_it(town: Town) -> None:
    said = await town.opened()
    page, number = said["answer"]["page"], said["answer"]["bill_no"]
    assert "seal" not in said["answer"]
    path = f"/r/{page}?lang=en"
    assert "Not paid yet" in (await town.stage.client.get(path)).text
    town.wallet.pay(number)
    await town.tell(number)
    row = await town.until(said["answer"]["payment"], "marked")
    shown = await town.stage.client.get(path)
    assert "Paid and entered" in shown.text
    for told in (row.receipt, row.payer_receipt, number, "#SY1%3A"):
        assert told in shown.text
    for secret in ("1234567", "Rana", r"\bD-1\b"):  # numbers of bills may end in D and go on with 1
        assert not re.search(secret, shown.text)
