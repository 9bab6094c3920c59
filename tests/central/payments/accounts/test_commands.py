"""`central payments` as somebody at central's console runs it: lines, exit status, and words for what is refused."""

import asyncio
import json
from pathlib import Path
from typing import Any

from central.base.tables.paid.payments import payment_marks
from central.offices import operators
from tests.central.commands.test_cli import run
from tests.central.payments.accounts.day_of import changed, paid, today
from tests.central.payments.accounts.test_refunds import due, given_back
from tests.central.payments.conftest import SUBSCRIBER, Town


async def call(town: Town, *words: str, code: int = 0) -> tuple[list[dict[str, Any]], str]:
    """Run a command beside the server; what it printed, and what it said."""
    config = town.stage.config
    where = ["--data", str(config.data_dir)]
    if config.is_postgres:
        where += ["--database", config.database_url.replace("+asyncpg", "")]
    done = await asyncio.to_thread(run, config.data_dir, *words, *where)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done.stderr


def file(town: Town) -> tuple[str, str]:
    return "--payments", str(town.stage.config.payments)


async def test_payments_are_listed_by_day_and_state_without_a_subscriber(town: Town) -> None:
    payment = await paid(town)
    (line,), _ = await call(town, "payments", "--day", today(), "--state", "marked")
    keys = {"payment", "biller", "reference", "amount", "currency", "bill_no", "state", "at", "kiosk", "receipt"}
    assert set(line) == keys
    row = await town.row(payment)
    assert (line["payment"], line["amount"], line["reference"]) == (payment, 12_500, row.payer_receipt)
    assert SUBSCRIBER not in json.dumps(line)
    assert (await call(town, "payments", "--day", "2020-01-01"))[0] == []
    (line,), _ = await call(town, "payments", "--day", today(), "--entries")
    said = [(one["kind"], one["amount"], one["receipt"], one["source"]) for one in line["entries"]]
    assert set(line) == keys | {"entries"}
    assert said == [("paid", None, row.payer_receipt, "payer"), ("paid", 12_500, row.payer_receipt, "books")]
    assert set(line["entries"][0]) == {"at", "kind", "amount", "currency", "receipt", "source"}
    assert "expected one of" in (await call(town, "payments", "--state", "lost", code=2))[1]
    assert "expected a date" in (await call(town, "payments", "--day", "monday", code=2))[1]


async def test_books_are_read_first_and_the_exit_status_says_whether_they_are_equal(town: Town) -> None:
    payment = await paid(town)
    (line,), _ = await call(town, "payments", "books", "--day", today(), *file(town))
    assert {name: line[name] for name in ("opened", "paid", "marked", "refunded", "open", "equal")} == {
        "opened": 12_500, "paid": 12_500, "marked": 12_500, "refunded": 0, "open": 0, "equal": True,
    }  # fmt: skip
    await changed(town, payment_marks.update().where(payment_marks.c.payment == payment).values(receipt="W-0"))
    (line,), _ = await call(town, "payments", "books", "--day", today(), *file(town), code=1)
    assert [(one["what"], one["payment"]) for one in line["differences"]] == [("receipt-differs", payment)]


async def test_a_refund_takes_two_accountants(town: Town) -> None:
    payment = await due(town)
    async with town.stage.engine.begin() as connection:
        for name, role in (("Huda", "accountant"), ("Samer", "administrator"), ("Rami", "manager")):
            await operators.appoint(connection, name, role, [])  # type: ignore[arg-type]
    refund = "payments", "refund", payment, *file(town), "--operator"
    assert "no accountant" in (await call(town, *refund, "Rami", code=1))[1]
    assert "no accountant" in (await call(town, *refund, "Nobody", code=1))[1]
    (proposed,), _ = await call(town, *refund, "Huda")
    assert (proposed["state"], proposed["waits_for"]) == ("refund-due", "another operator")
    assert "another operator" in (await call(town, *refund, "Huda", code=1))[1]
    assert given_back(town) == 0
    (made,), _ = await call(town, *refund, "Samer")
    assert (made["state"], given_back(town)) == ("refunded", 1)
    assert "already" in (await call(town, *refund, "Samer", code=1))[1]
    assert given_back(town) == 1


async def test_files_are_taken_in_and_given_out(town: Town, tmp_path: Path) -> None:
    said = await town.opened(payer="bank")
    number = said["answer"]["bill_no"]
    book = tmp_path / "bank.csv"
    head = "receipt,bill_no,kind,amount,currency,at"
    book.write_text(f"{head}\nB-1,{number},paid,12500,SYP,{today()}\nB-2,{number},paid,1.5,SYP,{today()}\n")
    taken = "payments", "take-in", "bank", str(book), *file(town)
    assert "--day" in (await call(town, *taken, code=2))[1]
    (found,), error = await call(town, *taken, "--day", today(), code=1)
    assert (found["rows"], len(found["bad"]), "rows that do not fit: 1" in error) == (1, 1, True)
    await town.until(said["answer"]["payment"], "marked")
    debts = tmp_path / "debts.csv"
    debts.write_text("subscriber,name,debt,period,amount,currency,pound,due\n777,Rana,E-1,,900,SYP,new,\n")
    (found,), _ = await call(town, "payments", "take-in", "power", str(debts), *file(town))
    assert (found["rows"], found["bad"]) == (1, [])
    assert "no payer" in (await call(town, "payments", "take-in", "homs-water", str(debts), *file(town), code=1))[1]
    _, said_of = await call(town, "payments", "give-out", "power")
    assert said_of == ""
