"""What is over its time by a rule, to the very moment: a tick before it a row goes, at it it stays; acts are noted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.tables.claimed import seats
from central.base.tables.messages import message_contacts, watches
from central.base.tables.ordered import opened
from central.base.tables.paid.books import biller_entries, kept_marks, payer_entries, payer_words
from central.base.tables.paid.payments import bills, payments
from central.base.tables.people import operations
from central.offices.retention.keeping import keep
from tests.central.server.api.test_conditions import put

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)


@pytest.mark.parametrize(
    ("kind", "what", "table", "column", "more"),
    [
        ("personal", "opened", opened, "opened_at", {}), ("claims", "seats", seats, "at", {}),
        ("messages", "watches", watches, "asked_at", {}), ("messages", "numbers", message_contacts, "given_at", {}),
        ("payments", "payments", payments, "at", {"state": "marked"}),
        ("payments", "payments", payments, "at", {"state": "withdrawn"}), ("payments", "bills", bills, "at", {}),
        ("payments", "payer_entries", payer_entries, "at", {}),
        ("payments", "payer_words", payer_words, "at", {}),
        ("payments", "biller_entries", biller_entries, "at", {}),
        ("payments", "marks", kept_marks, "at", {"written_at": "x"}),
    ],
)  # fmt: skip
async def test_a_row_goes_a_tick_after_its_time_and_both_acts_are_noted(
    config: CentralConfig, monkeypatch: pytest.MonkeyPatch, kind: str, what: str, table: Table, column: str,
    more: dict[str, Any],
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine = open_engine(config.database_url)
    at = [clock.as_text(BEFORE + timedelta(microseconds=ticks)) for ticks in (-1, 0)]
    async with engine.begin() as connection:
        for number, moment in enumerate(at):
            await put(connection, table, number, **{column: moment}, **more)
    over = await keep(engine, kind, 30, really=True, operator="Rana")
    assert (over.before, {name: count for name, count in over.counts.items() if count}) == (at[1], {what: 1})
    async with engine.connect() as connection:
        assert list(await connection.scalars(select(table.c[column]))) == [at[1]]
        acts = (await connection.execute(select(operations.c.operator, operations.c.act))).all()
    assert [tuple(act) for act in acts] == [("Rana", "retention-begun"), ("Rana", "retention-done")]
    await engine.dispose()
