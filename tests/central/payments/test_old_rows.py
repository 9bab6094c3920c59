"""Payments of before there were words and decisions: each stands as it stood, and what comes is judged by that.

Ten years ago and of the revision that had neither: the books of the day are equal, and its receipt is found.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, column, insert, select, table

from central.base.config import load_config
from central.base.database import migration
from central.base.database.engine import open_engine
from central.base.database.transactions import reading
from central.base.tables.paid.payments import payment_marks
from central.keys.keys import KeyRing
from central.payments.accounts import cash, day
from central.payments.accounts.day import Ports, Span
from central.payments.flow.money import take
from central.payments.flow.words import Sum
from central.payments.running import Payments
from tests.central.payments.flow.conftest import NOW, USUAL, Port, Till
from tests.kit.postgres import fresh_database

BEFORE = "0013"
THEN = "2016-11-25T09:00:00.000000Z"
PAID: dict[str, Any] = USUAL | {"at": THEN, "dies_at": THEN, "paid_at": THEN, "paid_amount": 12_500, "due_at": None}
ROWS: list[dict[str, Any]] = [
    {"state": "told", "receipt": "W1", "marked_at": THEN},
    {"state": "refunded", "reason": "twice", "refund_receipt": "F2"},
    {"state": "refund-due", "reason": "not-taken"},
    {"state": "refund-due", "reason": "wrong-amount", "paid_amount": 90},
    {"state": "withdrawn", "paid_at": None, "paid_amount": None, "payer_receipt": None},
]


def _write(connection: Connection) -> None:
    script = Config()
    script.set_main_option("script_location", str(migration.MIGRATIONS))
    script.set_main_option("path_separator", "os")
    script.attributes["connection"] = connection
    command.upgrade(script, BEFORE)

    def put(name: str, /, **row: Any) -> None:
        connection.execute(insert(table(name, *(column(one) for one in row))), row)

    entry = {"payer": "wallet", "currency": "SYP", "at": THEN, "booked_at": THEN}
    for n, row in enumerate(ROWS, 1):
        own = {"id": f"p{n}", "bill_no": f"B{n}", "debt_mark": f"d{n}", "payer_receipt": f"R{n}"} | row
        put("payments", **(PAID | own))
        if own["payer_receipt"]:
            amount = own.get("paid_amount", 12_500)
            put("payer_entries", **entry, receipt=f"R{n}", kind="paid", bill_no=f"B{n}", amount=amount, payment=f"p{n}")
    put("payer_entries", **entry, receipt="F2", kind="refunded", bill_no="B2", amount=12_500, payment="p2")
    mark = {"biller": "water", "kind": "marked", "debt_mark": "d1", "amount": 12_500, "receipt": "W1", "key": "p1"}
    put("biller_entries", **mark, seq=1, at=THEN)
    for side, name in (("payer", "wallet"), ("biller", "water")):
        put("payment_ports", side=side, name=name, read_at="2026-11-25T09:00:00.000000Z")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_old_payments_stand_as_they_stood_and_go_on_from_there(kind: str, tmp_path: Path, postgres_server: str) -> None:
    config = load_config(tmp_path, fresh_database(postgres_server) if kind == "postgresql" else None)

    async def go() -> None:
        engine = open_engine(config.database_url)
        async with engine.begin() as connection:
            await connection.run_sync(_write)
        await migration.migrate(engine)
        till = Till(engine, KeyRing(config.keys_dir), Port(), Port(), Payments())
        async with reading(engine) as connection:
            decided = list(await connection.execute(select(payment_marks).order_by(payment_marks.c.payment)))
            (line,) = await day.lines(connection, Span.of("2016-11-25"), Ports())
            assert [row.id for row in await cash.find(connection, "w1")] == ["p1"]
        assert [(one.payment, one.mark, one.payer_receipt, one.receipt) for one in decided] == [
            ("p1", "entered", "R1", "W1"), ("p2", "twice", None, None), ("p3", "not-taken", None, None),
            ("p5", "withdrawn", None, None),
        ]  # fmt: skip
        assert (line.marked, line.refunded, line.open, line.differences) == (12_500, 12_500, 12_590, [])
        for n, ends in enumerate(("told", "refunded", "refund-due", "paid", "refund-due"), 1):
            said = Sum("wallet", f"S{n}", f"B{n}", NOW, 12_500, "SYP", is_booked=True)
            async with engine.begin() as connection:
                assert await take(connection, till.ring, said, "books")
            assert (await till.row(f"p{n}")).state == ends, n
        await engine.dispose()

    asyncio.run(go())
