"""What is asked for every few seconds reads few rows, however many there are."""

import pytest
from sqlalchemy import select, text

from central.base.database.transactions import reading
from central.base.tables.received import inbox
from central.intake.orders.orders import KEY_UNKNOWN
from central.intake.receiving import quarantine
from tests.central.conftest import Stage

ROWS = """
INSERT INTO inbox (id, kiosk, epoch, seq, kind, body, hash, result, reason, batch)
SELECT 'id-' || n, 'kiosk-1', 'epoch', n, 'ticket', 'e30=', repeat('0', 64),
       CASE WHEN n % 1000 = 0 THEN 'quarantined' ELSE 'applied' END,
       CASE WHEN n % 1000 = 1 THEN 'code-key-unknown' END, 1
FROM generate_series(1, 20000) AS n
"""


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_quarantined_items_and_codes_without_key_are_found_by_their_indexes(idle_stage: Stage) -> None:
    queries = {
        "ix_inbox_quarantined": quarantine.listing,
        "ix_inbox_key_unknown": select(inbox.c.arrival).where(inbox.c.reason == KEY_UNKNOWN),
    }
    async with idle_stage.engine.begin() as connection:
        await connection.execute(text(ROWS))
    async with idle_stage.engine.begin() as connection:
        await connection.execute(text("ANALYZE inbox"))
    for index, query in queries.items():
        written = query.compile(idle_stage.engine.sync_engine, compile_kwargs={"literal_binds": True})
        async with reading(idle_stage.engine) as connection:
            plan = "\n".join(await connection.scalars(text(f"EXPLAIN {written}")))
        assert index in plan, plan
