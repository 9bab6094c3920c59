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
from central.base.tables.visited import queue_events
from tests.kit.postgres import fresh_database

BEFORE = "0019"
EVENT: dict[str, Any] = {"hub": "h1", "epoch": "e", "at": "2026-11-25T09:00:00.000000Z"}
BODIES = {
    "called": json.dumps({"event": "called", "counter": 3}),
    "carried": '{"event":"carried","reason":"he said \\"event\\":\\"done\\""}',
    "": "no JSON",
}


def _write(connection: Connection) -> None:
    script = Config()
    script.set_main_option("script_location", str(migration.MIGRATIONS))
    script.set_main_option("path_separator", "os")
    script.attributes["connection"] = connection
    command.upgrade(script, BEFORE)
    for seq, body in enumerate(BODIES.values()):
        row = EVENT | {"seq": seq, "body": body}
        connection.execute(insert(table("queue_events", *(column(one) for one in row))), row)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_event_of_before_says_what_happened(kind: str, tmp_path: Path, postgres_server: str) -> None:
    config = load_config(tmp_path, fresh_database(postgres_server) if kind == "postgresql" else None)

    async def go() -> list[str]:
        engine = open_engine(config.database_url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_write)
            await migration.migrate(engine)
            async with engine.connect() as connection:
                return [*await connection.scalars(select(queue_events.c.event).order_by(queue_events.c.seq))]
        finally:
            await engine.dispose()

    assert asyncio.run(go()) == [*BODIES]
