"""Cash and telephone: never both for one bill, in whatever order they come."""

import asyncio

import pytest
from sqlalchemy import func, select

from central.base.tables.paid.payments import payments
from central.payments.accounts import cash
from central.payments.accounts.cash import CashRefused
from tests.central.payments.accounts.day_of import desk_of, lines, paid, read_books
from tests.central.payments.conftest import Town


async def take(town: Town, payment: str, instead_of: str | None = None) -> str:
    async with town.stage.engine.begin() as connection:
        return await cash.take(connection, town.stage.ring, payment, "rima", instead_of=instead_of)


async def expired(town: Town) -> str:
    said = await town.opened()
    town.move(minutes=11)
    town.wallet.expire_all()
    await town.until(said["answer"]["payment"], "expired")
    return str(said["answer"]["payment"])


async def why(town: Town, payment: str) -> str:
    with pytest.raises(CashRefused) as refused:
        await take(town, payment)
    return refused.value.why


async def test_cash_for_a_bill_whose_time_is_over_is_entered_once(town: Town) -> None:
    payment = await expired(town)
    made = await asyncio.gather(*(take(town, payment) for _ in range(4)))
    assert len(set(made)) == 1
    row = await town.until(made[0], "marked")
    assert (row.payer, row.receipt) == ("cash", town.biller.debts["D-1"].receipt)
    assert town.biller.debts["D-1"].key == made[0]
    assert (await town.stage.all(select(func.count()).where(payments.c.payer == "cash")))[0][0] == 1
    await read_books(town)
    of_cash = next(line for line in await lines(town) if line.payer == "cash")
    assert (of_cash.paid, of_cash.marked, of_cash.equal) == (12_500, 12_500, True)


async def test_what_comes_by_telephone_after_cash_goes_back(town: Town) -> None:
    payment = await expired(town)
    made = await take(town, payment)
    await town.until(made, "marked")
    row = await town.row(payment)
    town.wallet.pay(row.bill_no, even_late=True)
    await town.tell(row.bill_no)
    late = await town.until(payment, "refund-due")
    assert late.reason == "twice"
    assert town.biller.debts["D-1"].key == made


async def test_no_cash_for_what_is_paid_or_may_be(town: Town) -> None:
    said = await town.opened()
    assert await why(town, said["answer"]["payment"]) == "may-be-paid"
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(said["answer"]["payment"], "marked")
    assert await why(town, said["answer"]["payment"]) == "paid"
    assert await why(town, "nonsense") == "unknown"


async def test_no_cash_for_one_try_while_another_of_the_same_debt_is_open(town: Town) -> None:
    first = await expired(town)
    await town.opened()
    assert await why(town, first) == "may-be-paid"


async def test_a_cashier_finds_a_bill_by_each_of_its_numbers(town: Town) -> None:
    payment = await paid(town)
    row = await town.row(payment)
    async with town.stage.engine.begin() as connection:
        for number in (row.bill_no, f" {row.bill_no.lower()} ", row.payer_receipt, row.receipt):
            assert [one.id for one in await cash.find(connection, number)] == [payment]
        assert await cash.find(connection, "") == []
        assert await cash.find(connection, "1234567") == [], "nobody is found by a subscriber's number"
    assert desk_of(town).are_on


async def test_no_cash_for_an_old_try_of_a_debt_that_another_try_has_paid(town: Town) -> None:
    first = await expired(town)
    await paid(town)
    assert await why(town, first) == "paid"
    assert (await town.stage.all(select(func.count()).where(payments.c.payer == "cash")))[0][0] == 0


async def test_cash_takes_the_place_of_a_code_that_nobody_paid_and_money_that_comes_for_it_goes_back(
    town: Town,
) -> None:
    said = await town.opened()
    payment, number = said["answer"]["payment"], said["answer"]["bill_no"]
    made = await take(town, payment, instead_of=payment)
    assert await town.events(payment) == ["inquired", "opened", "withdrawn"]
    told = await town.wait(said["id"], said["revision"])
    assert (told["state"], told["answer"]["state"]) == ("answered", "withdrawn"), "who stands at the kiosk reads it"
    await town.until(made, "marked")
    town.wallet.pay(number)
    await town.tell(number)
    late = await town.until(payment, "refund-due")
    assert (late.reason, late.paid_amount) == ("withdrawn", 12_500)
    await read_books(town)
    of_cash = next(line for line in await lines(town) if line.payer == "cash")
    assert (of_cash.paid, of_cash.marked, of_cash.equal) == (12_500, 12_500, True)
