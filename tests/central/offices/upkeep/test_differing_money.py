"""Money that another book has otherwise is named on the day on which that comes, and until it is mended."""

from typing import Any

from sqlalchemy import insert, update

from central.base.tables.paid.books import biller_entries, payer_entries
from central.base.tables.paid.payments import payments
from central.offices.operators import Operator
from central.offices.upkeep import needs
from tests.central.conftest import Stage
from tests.central.offices.money import payment_row
from tests.central.offices.test_needs import ruled, todos
from tests.central.payments.flow.rows import rows_of


async def test_money_that_went_back_unasked_and_a_second_mark_are_named_until_the_biller_takes_its_entry_out(
    stage: Stage,
) -> None:
    await ruled(stage)
    at, later = "2026-11-25T07:32:00.000000Z", "2026-11-28T07:32:00.000000Z"
    rows = [payment_row(n, f"B{n}", "told", payer_receipt=f"R{n}", receipt=f"W{n}") for n in (1, 2, 3)]
    back = {"payer": "shamcash", "receipt": "F1", "kind": "refunded", "bill_no": "B1", "amount": 5, "currency": "SYP"}
    mark = {"biller": "homs-water", "kind": "marked", "at": later, "amount": 5}

    async def put(table: Any, **values: Any) -> None:
        async with stage.engine.begin() as connection:
            await connection.execute(insert(table).values(**values))

    for table, values in (one for row in rows for one in rows_of(row)):
        await put(table, **values)
    for n, row in enumerate((*rows, rows[1]), 1):
        own = {"debt_mark": row["debt_mark"], "key": row["id"], "receipt": f"W{n}"}
        await put(biller_entries, **(mark | own), seq=n)
    (found,) = await todos(stage)
    assert (found.kind, found.count, found.since) == ("money-differs", 1, later)
    await put(payer_entries, **back, payment=rows[0]["id"], at=at, booked_at=later)
    (found,) = await todos(stage)
    assert (found.kind, found.count, found.since) == ("money-differs", 2, at)
    assert needs.seen_by([found], Operator("Huda", "accountant")) == [found]
    assert found.row("ar")["what"] == "عمليتا دفع مقيّدتان ردّت جهة الدفع مبلغيهما دون طلب أو قُيّدتا مرتين"
    out = {"kind": "reversed", "debt_mark": rows[1]["debt_mark"], "receipt": "W4", "key": rows[1]["id"]}
    await put(biller_entries, **(mark | out), seq=5)
    async with stage.engine.begin() as connection:
        await connection.execute(update(payments).where(payments.c.id == rows[0]["id"]).values(state="refunded"))
    assert await todos(stage) == []
