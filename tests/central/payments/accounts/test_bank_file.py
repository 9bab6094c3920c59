"""A bank's file is taken row by row: what does not fit is named, nothing is lost; taken again it changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from central.base import clock
from central.base.tables.paid.books import payer_entries
from central.payments.accounts import bank_file, refunds
from central.payments.accounts.bank_file import TakenIn
from central.payments.statements.table import HEAD
from demo.payments.bank import Bank
from tests.central.payments.accounts.day_of import desk_of, lines, names, read_books, today
from tests.central.payments.conftest import Town
from tests.central.payments.statements import files

HEADLINE = ",".join(HEAD)


async def take_in(town: Town, *rows: str, head: str = HEADLINE) -> TakenIn:
    async with town.stage.engine.begin() as connection:
        text = "\ufeff" + "\n".join((head, *rows)) + "\n"
        return await bank_file.take_in(connection, town.stage.ring, "bank", text.encode(), date.fromisoformat(today()))


async def entries(town: Town) -> int:
    return int((await town.stage.all(select(func.count()).select_from(payer_entries)))[0][0])


async def test_a_bill_that_was_paid_by_any_bank_is_marked_by_the_bank_s_file(town: Town) -> None:
    said = await town.opened(payer="bank")
    number, day = said["answer"]["bill_no"], today()
    assert names(await lines(town, late=frozenset({"bank"}))) != []
    row = f"B-1,{number},paid,12500,SYP,{day}T00:00:01"
    assert await take_in(town, row) == TakenIn(1, [], day)
    await town.until(said["answer"]["payment"], "marked")
    assert (await take_in(town, row), await entries(town)) == (TakenIn(1, [], day), 1)
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.paid, line.marked, line.differences, line.equal) == (12_500, 12_500, [], True)


async def test_each_row_that_does_not_fit_is_named_and_the_others_are_taken(town: Town) -> None:
    said = await town.opened(payer="bank")
    good = f"B-1,{said['answer']['bill_no']},paid,12500,SYP,{today()}T09:00:00"
    bad = [
        f"B-2,X,paid,125.00,SYP,{today()}T09:00:00",
        f"B-3,X,given,100,SYP,{today()}T09:00:00",
        "B-4,X,paid,100,SYP,yesterday",
        "B-5,X,paid,100,SYP",
        f"B-1,X,paid,100,SYP,{today()}T09:00:00",
        f",X,paid,100,SYP,{today()}T09:00:00",
        "B-7,X,paid,100,SYP,0001-01-01",
        "B-8,X,paid,100,SYP,9999-12-31T23:59:59-01:00",
    ]
    found = await take_in(town, good, *bad)
    assert (found.rows, found.through, await entries(town)) == (1, None, 1)
    assert [one.partition(":")[0] for one in found.bad] == [f"line {number}" for number in range(3, 11)]
    differ = names(await lines(town, late=frozenset({"bank"})))
    assert "payers-books-not-read" in differ, "a file with faults is no book"


async def test_a_row_whose_quotes_stay_open_takes_no_other_with_it(town: Town) -> None:
    day = today()
    rows = [f"B-{at},X,paid,100,SYP,{day}T09:00:00" for at in range(1, 4)]
    found = await take_in(town, rows[0], f'B-9,"X,paid,100,SYP,{day}T09:00:00', *rows[1:])
    assert (found.rows, found.bad, await entries(town)) == (3, ["line 3: 2 cells, 6 are right"], 3)


async def test_another_table_is_refused_whole(town: Town) -> None:
    with pytest.raises(ValueError, match="expected the head"):
        await take_in(town, head="a,b,c")


async def test_money_that_a_bank_gives_back_is_listed_until_its_file_has_it(town: Town) -> None:
    bank = Bank(now=lambda: clock.now().timestamp())
    said = await town.opened(payer="bank")
    payment = said["answer"]["payment"]
    town.biller.take_elsewhere("D-1")
    bank.pay(said["answer"]["show"])
    await take_whole(town, bank)
    await town.until(payment, "refund-due")
    for operator in ("huda", "samer"):
        await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, operator)
    assert [row.id for row in await town.stage.all(refunds.due())] == [payment]
    bank.give_back(said["answer"]["bill_no"], 12_500)
    await take_whole(town, bank)
    row = await town.until(payment, "refunded")
    assert (row.refund_receipt, row.refund_proposed_by, row.refund_made_by) == ("B000002", "huda", "samer")
    assert await town.stage.all(refunds.due()) == []
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.paid, line.refunded, line.open, line.differences, line.equal) == (12_500, 12_500, 0, [], True)


async def test_a_refund_that_its_file_names_before_the_money_is_made(town: Town) -> None:
    said = await town.opened(payer="bank")
    number, day = said["answer"]["bill_no"], today()
    await take_in(town, f"B-2,{number},refunded,125,SYP,{day}T00:00:02", f"B-1,{number},paid,125,SYP,{day}T00:00:01")
    row = await town.row(said["answer"]["payment"])
    assert (row.state, row.reason, row.refund_receipt) == ("refunded", "wrong-amount", "B-2")
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.refunded, line.differences) == (125, [])


async def test_money_that_came_and_went_in_one_file_is_entered_nowhere_and_not_given_back_again(town: Town) -> None:
    said = await town.opened(payer="bank")
    payment, number, day = said["answer"]["payment"], said["answer"]["bill_no"], today()
    paid, back = f"B-1,{number},paid,12500,SYP,{day}T00:00:01", f"B-2,{number},refunded,12500,SYP,{day}T00:00:02"
    await take_in(town, paid, back)
    row = await town.until(payment, "refund-due", "refunded", "marked")
    assert (row.state, row.reason, row.refund_receipt) == ("refunded", None, "B-2")
    assert [one["kind"] for one in town.biller.changes] == ["new"]
    with pytest.raises(refunds.RefundRefused, match="already"):
        await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, "huda")


async def test_a_number_that_the_bank_corrects_in_a_later_file_is_paid(town: Town) -> None:
    said = await town.opened(payer="bank")
    number, day = said["answer"]["bill_no"], today()
    await take_in(town, f"B-1,{number[:-1]},paid,12500,SYP,{day}T00:00:01")
    await take_in(town, f"B-1,{number},paid,12500,SYP,{day}T00:00:01")
    await town.until(said["answer"]["payment"], "marked")
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.marked, line.differences, await entries(town)) == (12_500, [], 1)


async def test_a_receipt_that_was_another_payment_s_is_named_and_changes_neither(town: Town) -> None:
    said = await town.opened(payer="bank")
    town.biller.owe("7654321", "D-2", 700)
    other = await town.opened((await town.bill("7654321"))["bill"], payer="bank")
    number, day = said["answer"]["bill_no"], today()
    await take_in(town, f"B-1,{number},paid,12500,SYP,{day}T00:00:01")
    found = await take_in(town, f"B-1,{other['answer']['bill_no']},paid,700,SYP,{day}T00:00:01")
    named = [one.partition(":")[0] for one in found.bad]
    assert (found.rows, named, found.through) == (0, ["receipt B-1"], None)
    row = await town.until(said["answer"]["payment"], "marked")
    assert (row.paid_amount, (await town.row(other["answer"]["payment"])).state) == (12_500, "opened")


async def test_an_amount_that_the_bank_corrects_in_a_later_file_is_paid_or_goes_back_as_it_was(town: Town) -> None:
    said = await town.opened(payer="bank")
    payment, number, day = said["answer"]["payment"], said["answer"]["bill_no"], today()
    for amount in (125, 1250):
        await take_in(town, f"B-1,{number},paid,{amount},SYP,{day}T00:00:01")
        row = await town.row(payment)
        assert (row.state, row.reason, row.paid_amount) == ("refund-due", "wrong-amount", amount)
    await take_in(town, f"B-1,{number},paid,12500,USD,{day}T00:00:01")
    assert (await town.row(payment)).state == "refund-due"
    await take_in(town, f"B-1,{number},paid,12500,SYP,{day}T00:00:01")
    await town.until(payment, "marked")
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.paid, line.marked, line.differences) == (12_500, 12_500, [])


async def test_a_refund_that_the_bank_corrects_in_a_later_file_ends_its_payment(town: Town) -> None:
    said = await town.opened(payer="bank")
    number, day = said["answer"]["bill_no"], today()
    await take_in(town, f"B-1,{number},paid,125,SYP,{day}T00:00:01", f"B-2,{number},refunded,1250,SYP,{day}T00:00:02")
    await read_books(town)
    assert names(await lines(town, late=frozenset({"bank"}))) == ["amount-differs"]
    await take_in(town, f"B-1,{number},paid,125,SYP,{day}T00:00:01", f"B-2,{number},refunded,125,SYP,{day}T00:00:02")
    row = await town.row(said["answer"]["payment"])
    assert (row.state, row.refund_receipt) == ("refunded", "B-2")
    assert names(await lines(town, late=frozenset({"bank"}))) == []


async def test_a_second_sum_whose_row_is_mended_after_its_refund_was_read_is_back(town: Town) -> None:
    said = await town.opened(payer="bank")
    payment, number, day = said["answer"]["payment"], said["answer"]["bill_no"], today()
    await take_in(town, f"B-1,{number},paid,12500,SYP,{day}T00:00:01")
    await town.until(payment, "marked")
    back = f"B-3,{number},refunded,12500,SYP,{day}T00:00:03"
    assert len((await take_in(town, f"B-2,{number},paid,125.00,SYP,{day}T00:00:02", back)).bad) == 1
    await take_in(town, f"B-2,{number},paid,12500,SYP,{day}T00:00:02", back)
    assert await town.stage.all(refunds.due()) == []
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.paid, line.marked, line.refunded, line.differences) == (25_000, 12_500, 12_500, [])


async def take_whole(town: Town, bank: Bank) -> None:
    async with town.stage.engine.begin() as connection:
        day = date.fromisoformat(today())
        assert (await bank_file.take_in(connection, town.stage.ring, "bank", bank.file().encode(), day)).bad == []


@pytest.mark.parametrize("write", [files.camt, files.mt940])
async def test_a_statement_pays_what_it_names_and_counts_as_read_to_its_own_last_day(
    town: Town, write: Callable[..., str]
) -> None:
    said = await town.opened(payer="bank")
    day = today() if write is files.camt else today()[2:].replace("-", "")
    entries = files.Entry("B-1", "125.00", said["answer"]["bill_no"]), files.Entry("B-2", "-100.00", "to the treasury")
    text = write(*entries, day=day).encode()
    async with town.stage.engine.begin() as connection:
        found = await bank_file.take_in(connection, town.stage.ring, "bank", text, None)
        later = date.fromisoformat(today()) + timedelta(days=1)
        with pytest.raises(bank_file.WrongDay, match="and the file holds its account to"):
            await bank_file.take_in(connection, town.stage.ring, "bank", text, later)
    assert found == TakenIn(1, [], today(), 1)
    await town.until(said["answer"]["payment"], "marked")
    await read_books(town)
    (line,) = await lines(town, late=frozenset({"bank"}))
    assert (line.paid, line.marked, line.differences, line.equal) == (12_500, 12_500, [], True)
