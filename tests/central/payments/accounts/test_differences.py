"""What payers and billers do in their own books beside us: named for the accountant in words, and never equal."""

import asyncio
from html import unescape
from typing import Any

import pytest

from central.insight.public.texts import LANGUAGES, tell
from central.offices.drawing import FOLDER
from central.payments.accounts import refunds
from central.payments.billers.file import HEAD, give_marks, take_debts
from tests.central.payments.accounts.day_of import desk_of, lines, names, paid, read_books
from tests.central.payments.accounts.test_offices import as_one
from tests.central.payments.accounts.test_refunds import due
from tests.central.payments.conftest import WITHIN_S, Town

NUMBER = "123456789"
WORDS = ("marked-twice", "refunded-twice", "reversed", "mark-not-given", "marked-without-money", "not-in-billers-books")


async def named(town: Town, *expected: str, filed: frozenset[str] = frozenset()) -> None:
    """The day differs by these names, and the accountant's page says each in words of both languages."""
    found = await lines(town, filed=filed)
    assert (names(found), all(line.equal for line in found)) == (sorted(expected), not expected)
    who = await as_one(town.stage, "Nour", "accountant")
    for language in LANGUAGES:
        cookie = who["Cookie"].replace("offices-language=en", f"offices-language={language}")
        page = unescape((await town.stage.client.get("/offices/payments", headers=who | {"Cookie": cookie})).text)
        verdict = "books_differ" if expected else "books_equal"
        for said in (f"payments.{verdict}", *(f"payments.differs.{name}" for name in expected)):
            assert tell(language, said, folder=FOLDER) in page


async def test_what_a_biller_enters_twice_for_one_payment(town: Town) -> None:
    payment = await paid(town)
    town.biller.enter("D-1", payment)
    await read_books(town)
    await named(town, "marked-twice")
    (one,) = [one for line in await lines(town) for one in line.differences]
    assert (one.payment, one.ours, one.theirs) == (payment, 12_500, 25_000)
    town.biller.reverse("D-1")  # its clerk takes the second one out
    await read_books(town)
    await named(town)
    assert (await town.row(payment)).state == "marked"


async def test_what_a_biller_enters_for_two_payments_of_one_debt(town: Town) -> None:
    bill = (await town.bill())["bill"]
    first = await town.opened(bill)
    town.move(minutes=11)
    await town.until(first["answer"]["payment"], "expired")
    second = await town.opened()
    town.wallet.pay(second["answer"]["bill_no"])
    await town.tell(second["answer"]["bill_no"])
    await town.until(second["answer"]["payment"], "marked")
    town.wallet.pay(first["answer"]["bill_no"], even_late=True)
    await town.tell(first["answer"]["bill_no"])
    await town.until(first["answer"]["payment"], "refund-due")
    town.biller.enter("D-1", first["answer"]["payment"])
    await read_books(town)
    await named(town, "marked-twice", "marked-without-money")


async def test_what_a_payer_gives_back_twice(town: Town) -> None:
    payment = await due(town)
    for operator in ("huda", "samer"):
        await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, operator)
    await read_books(town)
    await named(town)
    bill = town.wallet.bills[(await town.row(payment)).bill_no]
    with town.wallet.lock:
        town.wallet._book(2, bill, bill.amount, "a clerk's")
    await read_books(town)
    await named(town, "refunded-twice")
    (one,) = [one for line in await lines(town) for one in line.differences]
    assert (one.payment, one.theirs) == (payment, 25_000)


async def test_what_a_biller_takes_out_again(town: Town) -> None:
    payment = await paid(town)
    town.biller.reverse("D-1")
    await read_books(town)
    await named(town, "reversed")
    (line,) = await lines(town)
    assert (line.paid, line.marked, line.open, line.refunded) == (12_500, 0, 12_500, 0)
    for operator in ("huda", "samer"):
        await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, operator)
    await read_books(town)
    await named(town)


async def test_a_mark_that_is_in_no_file_yet(town: Town) -> None:
    vault = town.stage.ring.vault()
    text = f"{','.join(HEAD)}\n{NUMBER},Rana,E-1,2026-10,12500,SYP,new,2026-12-31\n"
    async with town.stage.engine.begin() as connection:
        assert (await take_debts(connection, vault, "power", "new", text)).bad == []
    asked: dict[str, Any] = {"biller": "power", "fields": {"subscriber": NUMBER}}
    async with asyncio.timeout(WITHIN_S):
        while "bill" not in (bill := (await town.final("bill", asked))["answer"]):
            assert bill["reason"] == "biller-silent"  # the server has just begun, and has not asked it for its fields
    said = await town.opened(bill["bill"])
    town.wallet.pay(said["answer"]["bill_no"])
    await town.tell(said["answer"]["bill_no"])
    await town.until(said["answer"]["payment"], "marked")
    await read_books(town)
    await named(town, "mark-not-given", filed=frozenset({"power"}))
    async with town.stage.engine.begin() as connection:
        assert "E-1,12500" in await give_marks(connection, vault, "power")
    await named(town, filed=frozenset({"power"}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_difference_has_words_of_its_own(language: Any) -> None:
    said = [tell(language, f"payments.differs.{name}", folder=FOLDER) for name in WORDS]
    assert len(set(said)) == len(WORDS)
