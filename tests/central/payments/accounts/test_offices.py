"""The accountant's and the cashier's pages: who may, by how many, and nothing of a subscriber in what leaves them."""

import io
import re

import httpx2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from central.base.tables.people import operations
from central.offices import operators, sessions
from central.offices.operators import Operator, Role
from central.payments.accounts import refunds
from tests.central.conftest import URL, Stage
from tests.central.payments.accounts.day_of import desk_of, paid, read_books, today
from tests.central.payments.accounts.test_bank_file import take_in
from tests.central.payments.accounts.test_cash import expired
from tests.central.payments.accounts.test_refunds import due, given_back
from tests.central.payments.conftest import SUBSCRIBER, Town

FORM = {"origin": URL}


async def as_one(stage: Stage, name: str, role: Role, centres: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the cookie of somebody with a role."""
    async with stage.engine.begin() as connection:
        await operators.appoint(connection, name, role, list(centres))
        token = await sessions.begin(connection, Operator(name, role))
    return {"Cookie": f"offices-session={token}; offices-language=en"} | FORM


async def give_back(town: Town, who: dict[str, str], payment: str) -> httpx2.Response:
    form = {"payment": payment, "day": today()}
    return await town.stage.client.post("/offices/payments/refund", data=form, headers=who)


async def test_two_accountants_give_back_and_each_act_is_in_the_log(town: Town) -> None:
    payment = await due(town)
    huda, samer = await as_one(town.stage, "Huda", "accountant"), await as_one(town.stage, "Samer", "accountant")
    shown = await town.stage.client.get("/offices/payments", headers=huda)
    assert "It had been paid in another way" in shown.text
    assert "Propose to give back" in shown.text
    proposed = await give_back(town, huda, payment)
    assert (proposed.status_code, "waits for another accountant" in proposed.text) == (200, True)
    assert "Somebody else has to make it" in proposed.text
    again = await give_back(town, huda, payment)
    assert (again.status_code, given_back(town)) == (422, 0)
    made = await give_back(town, samer, payment)
    assert (made.status_code, "The money was given back." in made.text, given_back(town)) == (200, True, 1)
    assert "Nothing is to be given back." in made.text
    noted = await town.stage.all(select(operations.c.operator, operations.c.act).order_by(operations.c.id))
    assert [tuple(one) for one in noted] == [("Huda", "refund-proposed"), ("Samer", "refund-made")]


async def test_of_what_went_back_in_part_the_page_and_who_makes_it_are_told_the_rest(town: Town) -> None:
    said, who = await town.opened(payer="bank"), await as_one(town.stage, "Huda", "accountant")
    payment, number, day = said["answer"]["payment"], said["answer"]["bill_no"], today()
    town.biller.take_elsewhere("D-1")
    await take_in(town, f"B-1,{number},paid,12500,SYP,{day}T00:00:01")
    await town.until(payment, "refund-due")
    assert "<bdi>125 new Syrian pounds</bdi>" in (await town.stage.client.get("/offices/payments", headers=who)).text
    await take_in(town, f"B-2,{number},refunded,5000,SYP,{day}T00:00:02")
    assert "<bdi>75 new Syrian pounds</bdi>" in (await town.stage.client.get("/offices/payments", headers=who)).text
    for operator, waits_for in (("Huda", refunds.ANOTHER), ("Samer", refunds.BANK)):
        made = await refunds.refund(town.stage.engine, town.stage.ring, desk_of(town), payment, operator)
        assert (made.waits_for, made.amount) == (waits_for, 7_500)


@pytest.mark.parametrize("role", ["reader", "manager", "cashier"])
async def test_nobody_else_sees_money_or_moves_it(town: Town, role: Role) -> None:
    payment = await due(town)
    who = await as_one(town.stage, "Rami", role)
    for path in ("/offices/payments", f"/offices/payments/file?day={today()}&form=csv"):
        assert (await town.stage.client.get(path, headers=who)).status_code == 403
    assert (await give_back(town, who, payment)).status_code == 403
    row = await town.row(payment)
    assert (row.refund_proposed_by, given_back(town)) == (None, 0)


async def test_an_accountant_of_one_centre_sees_no_books_of_all(town: Town) -> None:
    who = await as_one(town.stage, "Rami", "accountant", ("homs-main",))
    async with town.stage.engine.begin() as connection:
        found = await operators.find(connection, "Rami")
    assert found is not None
    assert not found.may_account
    assert (await town.stage.client.get("/offices/payments", headers=who)).status_code == 403


@pytest.mark.parametrize("role", ["reader", "manager", "accountant"])
async def test_only_a_cashier_takes_cash(town: Town, role: Role) -> None:
    payment = await expired(town)
    who = await as_one(town.stage, "Rami", role)
    form = {"payment": payment, "number": "x"}
    assert (await town.stage.client.post("/offices/cashier", data=form, headers=who)).status_code == 403
    assert (await town.stage.client.get("/offices/cashier?number=x", headers=who)).status_code == 403


async def test_a_cashier_looks_up_takes_cash_and_sees_it_entered(town: Town) -> None:
    payment = await expired(town)
    number = (await town.row(payment)).bill_no
    who = await as_one(town.stage, "Rima", "cashier")
    arabic = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    shown = await town.stage.client.get(f"/offices/cashier?number={arabic}", headers=who)
    assert "Not paid by telephone" in shown.text
    assert "I have taken in cash: 125 new Syrian pounds" in shown.text
    taken = await town.stage.client.post("/offices/cashier", data={"payment": payment, "number": number}, headers=who)
    assert "It is noted that you took the money" in taken.text
    async with town.stage.engine.begin() as connection:
        from central.payments.accounts import cash

        (one,) = [row for row in await cash.find(connection, number) if row.payer == "cash"]
    await town.until(one.id, "marked")
    after = await town.stage.client.get(f"/offices/cashier?number={number}", headers=who)
    assert "Paid and entered" in after.text
    assert "You may take it" not in after.text, "nor beside the try that was not paid"
    assert "<button>" not in after.text.partition("<section")[2]
    assert after.text.count("Do not take the money.") == 2
    assert (await town.stage.client.get("/offices/cashier?number=nothing", headers=who)).text.count("<section") == 0


async def test_a_bill_that_may_still_be_paid_is_taken_in_cash_once_that_was_read(town: Town) -> None:
    said = await town.opened()
    who = await as_one(town.stage, "Rima", "cashier")
    form = {"payment": said["answer"]["payment"], "number": said["answer"]["bill_no"]}
    answer = await town.stage.client.post("/offices/cashier", data=form, headers=who)
    assert answer.status_code == 422
    assert "Do not take the money." in answer.text
    shown = await town.stage.client.get(f"/offices/cashier?number={form['number']}", headers=who)
    (place,) = re.findall(r"was begun on [0-9/: ]+ at ([^<]+)\. Ask first", shown.text)
    assert place == "Main centre"
    assert f'name="instead_of" value="{form["payment"]}"' in shown.text
    taken = await town.stage.client.post("/offices/cashier", data=form | {"instead_of": form["payment"]}, headers=who)
    assert "It is noted that you took the money" in taken.text
    assert (await town.row(form["payment"])).state == "withdrawn"
    (noted,) = [row for row in await town.stage.all(select(operations)) if row.act == "cash-taken"]
    assert form["payment"] in noted.detail


async def test_beside_a_newer_try_an_old_one_is_not_said_to_be_free_for_cash(town: Town) -> None:
    payment = await expired(town)
    number = (await town.row(payment)).bill_no
    who = await as_one(town.stage, "Rima", "cashier")
    newer = await town.opened()
    shown = (await town.stage.client.get(f"/offices/cashier?number={number}", headers=who)).text
    assert "If the newer payment was not made either, you may take it in cash." in shown
    assert f'name="instead_of" value="{newer["answer"]["payment"]}"' in shown
    assert ">You may take it in cash." not in shown


async def test_no_subscriber_leaves_by_page_file_or_log(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    await paid(town)
    await read_books(town)
    who = await as_one(town.stage, "Huda", "accountant")
    page = await town.stage.client.get("/offices/payments", headers=who)
    assert "The books are equal" in page.text
    csv = await town.stage.client.get(f"/offices/payments/file?day={today()}&form=csv", headers=who)
    xlsx = await town.stage.client.get(f"/offices/payments/file?day={today()}&form=xlsx", headers=who)
    book = load_workbook(io.BytesIO(xlsx.content))
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    row = (await town.stage.all(select(operations)))[-1]
    assert row.act == "books-taken"
    out, err = capfd.readouterr()
    assert "12500" in csv.text
    for text in (page.text, csv.text, "\n".join(cells), out, err):
        for secret in (SUBSCRIBER, "Rana Khalil", r"\bD-1\b"):  # numbers of bills may end in D and go on with 1
            assert not re.search(secret, text)
