"""Rows that were read before they said by columns what they are: each comes to bear what its text says."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, column, insert, select, table

from central.base.config import load_config
from central.base.database import migration
from central.base.database.engine import open_engine
from central.base.tables.visited import queue_events, tickets
from tests.kit.postgres import fresh_database

BEFORE = "0019"
EVENT: dict[str, Any] = {"hub": "h1", "epoch": "e", "at": "2026-11-25T09:00:00.000000Z"}
BODIES = {
    "called": json.dumps({"event": "called", "counter": 3}),
    "carried": '{"event":"carried","reason":"he said \\"event\\":\\"done\\""}',
    "": "no JSON",
}
GIVEN: dict[str, Any] = {
    "kiosk": "k1", "number": "A1001", "service": "civil-affairs", "business_day": "2026-11-25", "priority": "none",
    "is_voided": False, "issued_at": "2026-11-25T09:00:00.000000Z",
}  # fmt: skip
CLAIM, CARRIED, TOKEN, DIGITS = "0f" * 16, "0b5c0e0a-8c7e-4d4e-9b53-1f9e3c0a7d11", "ab" * 32, "12345678"
NAMES = (CLAIM, CARRIED, TOKEN, DIGITS, None)


def _write(connection: Connection) -> None:
    script = Config()
    script.set_main_option("script_location", str(migration.MIGRATIONS))
    script.set_main_option("path_separator", "os")
    script.attributes["connection"] = connection
    command.upgrade(script, BEFORE)
    rows = [("queue_events", EVENT | {"seq": seq, "body": body}) for seq, body in enumerate(BODIES.values())]
    rows += [("tickets", GIVEN | {"ticket": f"t{n}", "claim": one}) for n, one in enumerate(NAMES)]
    for name, row in rows:
        connection.execute(insert(table(name, *(column(one) for one in row))), row)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_rows_of_before_say_what_they_are_in_columns(kind: str, tmp_path: Path, postgres_server: str) -> None:
    config = load_config(tmp_path, fresh_database(postgres_server) if kind == "postgresql" else None)

    async def go() -> tuple[list[str], list[tuple[str | None, ...]]]:
        engine = open_engine(config.database_url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_write)
            await migration.migrate(engine)
            async with engine.connect() as connection:
                events = await connection.scalars(select(queue_events.c.event).order_by(queue_events.c.seq))
                columns = (tickets.c[name] for name in ("claim", "carried", "carried_token", "digits"))
                given = await connection.execute(select(*columns).order_by(tickets.c.ticket))
                return [*events], [tuple(row) for row in given]
        finally:
            await engine.dispose()

    events, given = asyncio.run(go())
    assert events == [*BODIES]
    assert given == [
        (CLAIM, None, None, None), (None, CARRIED, None, None), (None, None, TOKEN, None), (None, None, None, DIGITS),
        (None, None, None, None),
    ]  # fmt: skip
