"""A refund needs two operators, is made once, and stays listed until it is."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payment_refunds, payments
from central.payments.accounts import refunds
from central.payments.accounts.refunds import Refund, RefundRefused
from demo.payments.wallet import Lie
from tests.central.payments.accounts.day_of import changed, desk_of, lines, names, paid, read_books
from tests.central.payments.conftest import Town


async def due(town: Town) -> str:
    """Have money that goes back: the bill was paid at a window meanwhile."""
    said = await town.opened()
    town.biller.take_elsewhere("D-1")
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(said["answer"]["payment"], "refund-due")
    return str(said["answer"]["payment"])


async def refund(town: Town, payment: str, operator: str) -> Refund:
    return await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, operator)


def given_back(town: Town) -> int:
    return sum(one.kind == 2 for one in town.wallet.trans)


async def test_two_operators_give_back_once_and_books_are_equal(town: Town) -> None:
    payment = await due(town)
    proposed = await refund(town, payment, "huda")
    assert (proposed.state, proposed.waits_for) == ("refund-due", "another operator")
    made = await refund(town, payment, "samer")
    assert (made.state, made.waits_for, given_back(town)) == ("refunded", None, 1)
    row = await town.row(payment)
    assert (row.refund_proposed_by, row.refund_made_by, row.refund_receipt) == ("huda", "samer", made.refund_receipt)
    await read_books(town)
    (line,) = await lines(town)
    assert (line.paid, line.refunded, line.open, line.equal) == (12_500, 12_500, 0, True)
    steps = select(payment_refunds.c.step, payment_refunds.c.by).order_by(payment_refunds.c.id)
    assert [tuple(one) for one in await town.stage.all(steps)] == [
        ("proposed", "huda"), ("ordered", "samer"), ("made", "samer"),
    ]  # fmt: skip


async def test_one_operator_alone_gives_nothing_back(town: Town) -> None:
    payment = await due(town)
    await refund(town, payment, "huda")
    for _ in range(3):
        with pytest.raises(RefundRefused, match="another operator"):
            await refund(town, payment, "huda")
    assert (given_back(town), (await town.row(payment)).state) == (0, "refund-due")


async def test_a_refund_is_never_made_twice(town: Town) -> None:
    payment = await due(town)
    await refund(town, payment, "huda")
    await asyncio.gather(*(refund(town, payment, "samer") for _ in range(4)), return_exceptions=True)
    assert given_back(town) == 1
    for operator in ("huda", "samer", "third"):
        with pytest.raises(RefundRefused, match="already"):
            await refund(town, payment, operator)
    assert given_back(town) == 1


async def test_a_lost_answer_is_asked_again_under_the_same_key(town: Town) -> None:
    payment = await due(town)
    await refund(town, payment, "huda")
    lies: list[Lie | None] = ["lost"]
    town.wallet.lies = lambda call: lies.pop() if call == "refundBill" and lies else None
    waiting = await refund(town, payment, "samer")
    assert (waiting.waits_for, given_back(town)) == ("the payer", 1)
    assert (await town.row(payment)).state == "refund-due"
    assert (await refund(town, payment, "samer")).state == "refunded"
    assert given_back(town) == 1


async def test_of_two_sums_under_one_number_the_books_end_the_one_that_was_ordered(town: Town) -> None:
    payment = await due(town)
    number = (await town.row(payment)).bill_no
    town.wallet.pay(number, even_late=True)
    await read_books(town)
    await refund(town, payment, "huda")
    lies: list[Lie | None] = ["lost"]
    town.wallet.lies = lambda call: lies.pop() if call == "refundBill" and lies else None
    assert (await refund(town, payment, "samer")).waits_for == "the payer"
    await read_books(town)
    rows = await town.stage.all(select(payments).where(payments.c.bill_no == number).order_by(payments.c.extra))
    assert ([row.state for row in rows], given_back(town)) == (["refunded", "refund-due"], 1)


@pytest.mark.parametrize("is_lost", [False, True])
async def test_of_what_the_payer_gave_back_in_part_the_rest_goes_back(town: Town, is_lost: bool) -> None:
    payment = await due(town)
    with town.wallet.lock:
        town.wallet._book(2, town.wallet.bills[(await town.row(payment)).bill_no], Decimal(50), "by hand")
    await read_books(town)
    assert names(await lines(town)) == ["refund-unknown"]
    await refund(town, payment, "huda")
    lies: list[Lie | None] = ["lost"] if is_lost else []
    town.wallet.lies = lambda call: lies.pop() if call == "refundBill" and lies else None
    await refund(town, payment, "samer")
    await read_books(town)
    assert ((await town.row(payment)).state, town.wallet.trans[-1].amount) == ("refunded", Decimal(75))
    (line,) = await lines(town)
    assert (line.refunded, line.open, line.differences) == (12_500, 0, [])


@pytest.mark.parametrize("is_lost", [False, True])
async def test_what_came_in_the_former_pound_goes_back_as_the_same_money_in_the_present_one(
    town: Town, is_lost: bool
) -> None:
    payment = await due(town)
    await changed(town, update(payments).where(payments.c.id == payment).values(pound="old"))
    await refund(town, payment, "huda")
    lies: list[Lie | None] = ["lost"] if is_lost else []
    town.wallet.lies = lambda call: lies.pop() if call == "refundBill" and lies else None
    await refund(town, payment, "samer")
    await read_books(town)
    assert ((await town.row(payment)).state, town.wallet.trans[-1].amount) == ("refunded", Decimal("1.25"))
    (line,) = await lines(town)
    assert (line.pound, line.refunded, line.open, line.differences) == ("old", 12_500, 0, [])


@pytest.mark.parametrize(("asked", "came"), [(12_550, 12_550), (12_500, 100)])  # of 100: whichever they are
async def test_what_is_no_sure_sum_of_the_present_pound_is_asked_of_no_payer(town: Town, asked: int, came: int) -> None:
    payment = await due(town)
    own = update(payments).where(payments.c.id == payment)
    await changed(town, own.values(pound="old", paid_amount=came, amount=asked))
    await changed(town, update(payer_entries).values(amount=came))
    await refund(town, payment, "huda")
    with pytest.raises(RefundRefused, match="by hand"):
        await refund(town, payment, "samer")
    assert ((await town.row(payment)).state, given_back(town)) == ("refund-due", 0)


async def test_what_is_paid_and_marked_is_not_given_back(town: Town) -> None:
    payment = await paid(town)
    with pytest.raises(RefundRefused, match="nothing is to be given back"):
        await refund(town, payment, "huda")
    with pytest.raises(RefundRefused, match="no payment"):
        await refund(town, "00000000-0000-4000-8000-000000000000", "huda")


async def test_a_bank_s_refund_stays_listed_until_its_file_has_it(town: Town) -> None:
    payment = await due(town)
    await changed(town, update(payments).where(payments.c.id == payment).values(payer="bank"))
    await refund(town, payment, "huda")
    ordered = await refund(town, payment, "samer")
    assert (ordered.state, ordered.waits_for) == ("refund-due", "the bank")
    assert [row.id for row in await town.stage.all(refunds.due())] == [payment]


async def test_money_that_came_back_unasked_is_named(town: Town) -> None:
    payment = await paid(town)
    row = await town.row(payment)
    with town.wallet.lock:
        bill = town.wallet.bills[row.bill_no]
        town.wallet._book(2, bill, bill.amount, "a stranger's")
    await read_books(town)
    (line,) = await lines(town)
    assert ("refund-unknown" in names([line]), line.equal) == (True, False)
