"""A code that any bank's app reads: paid by the played bank, known by its file alone."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from central.base import clock
from central.base.tables.paid.payments import payments
from central.payments.accounts import bank_file
from central.payments.flow import money
from central.payments.flow.tries import after_bank_days
from central.payments.flow.words import Sum
from central.payments.statements.table import HEAD
from demo.payments.bank import Bank, NoCode
from tests.central.payments.conftest import WITHIN_S, Town, read


async def test_what_the_banks_file_names_is_marked_days_later(town: Town) -> None:
    bank, said = Bank(lambda: clock.now().timestamp()), await town.opened(payer="bank")
    receipt = bank.pay(said["answer"]["show"])
    with pytest.raises(NoCode):
        bank.pay(said["answer"]["show"].replace("125.00", "025.00"))
    town.move(days=2)
    assert (await town.row(said["answer"]["payment"])).state == "opened"
    for _ in range(2):  # a file is taken in again now and then
        for number, bill_no, _kind, amount, currency, at in bank.lines:
            booked = Sum("bank", number, bill_no, read(at), amount, currency, is_booked=True)
            async with town.stage.engine.begin() as connection:
                await money.take(connection, town.stage.ring, booked, "file")
    row = await town.until(said["answer"]["payment"], "marked")
    assert (row.payer_receipt, row.paid_amount) == (receipt, 12_500)
    assert town.biller.debts["D-1"].key == row.id


async def test_what_the_banks_file_names_days_later_does_not_go_back_for_one_call_that_its_biller_misses(
    town: Town,
) -> None:
    bank, said = Bank(lambda: clock.now().timestamp()), await town.opened(payer="bank")
    payment = said["answer"]["payment"]
    bank.pay(said["answer"]["show"])
    town.move(days=2)
    town.biller.lies = lambda _: "portal"
    ((number, bill_no, _kind, amount, currency, at),) = bank.lines
    booked = Sum("bank", number, bill_no, read(at), amount, currency, is_booked=True)
    async with town.stage.engine.begin() as connection:
        await money.take(connection, town.stage.ring, booked, "file")
    async with asyncio.timeout(WITHIN_S):
        while (row := await town.row(payment)).tries == 0 and row.state == "paid":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert row.state == "paid"
    town.biller.lies = lambda _: None
    town.move(seconds=10)
    await town.until(payment, "marked")


async def taken_in(town: Town, through: date) -> None:
    """Take in a file of the bank's that names nothing, and holds its books to the end of a day."""
    async with town.stage.engine.begin() as connection:
        await bank_file.take_in(connection, town.stage.ring, "bank", ",".join(HEAD).encode(), through)


async def test_a_code_is_called_unpaid_once_a_file_of_its_last_day_names_it_not(town: Town) -> None:
    payment = (await town.opened(payer="bank"))["answer"]["payment"]
    last = after_bank_days(clock.now(), 5)
    await taken_in(town, last.date() - timedelta(days=1))
    town.move(seconds=(last - clock.now()).total_seconds() + 1)
    row = await town.until(payment, "unknown", "expired")
    assert row.state == "unknown"
    await taken_in(town, last.date())
    town.move(hours=1)
    await town.until(payment, "expired")
    assert await town.events(payment) == ["inquired", "opened", "unknown", "expired"]


async def test_a_code_whose_days_the_banks_files_cover_expires_at_their_end(town: Town) -> None:
    payment = (await town.opened(payer="bank"))["answer"]["payment"]
    last = after_bank_days(clock.now(), 5)
    await taken_in(town, last.date())
    town.move(seconds=(last - clock.now()).total_seconds() + 1)
    await town.until(payment, "expired")
    assert "unknown" not in await town.events(payment)


async def test_a_code_that_nobody_was_shown_expires_also_without_a_file(town: Town) -> None:
    payment = (await town.opened(payer="bank"))["answer"]["payment"]
    async with town.stage.engine.begin() as connection:
        own = update(payments).where(payments.c.id == payment)
        await connection.execute(own.values(withdrawn_at=clock.as_text(clock.now())))
    town.move(days=10)
    await town.until(payment, "expired", "unknown")
    assert (await town.row(payment)).state == "expired"
