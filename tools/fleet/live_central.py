"""Central of the fleet: the real application on loopback, in a thread."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Final, Self

import uvicorn
from litestar.di import Provide
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.tables.received import inbox
from central.insight.reports.month import Month, count_month
from central.insight.visits.visit import Visit, visits_of
from central.server.api.app import create_app
from central.server.api.server import Central
from central.server.preparation import prepare

SETTLED_WITHIN_S: Final = 60.0


def listener(port: int = 0) -> socket.socket:
    """Listen on loopback; named TCP, else Nagle's algorithm stays on and each answer waits 40 ms."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", port))
    return found


class LiveCentral:
    """Central with its database, served until the block is left; it may be stopped and started in between.

    `database` as `central --database` takes it.
    """

    def __init__(self, folder: Path, database: str) -> None:
        self.config = load_config(folder, database)
        self._port = 0
        self.start()

    def start(self) -> None:
        """Prepare the database and serve it, always at the same address."""
        asyncio.run(prepare(self.config))
        self._listener = listener(self._port)
        self._port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._app = create_app(self.config)
        settings = uvicorn.Config(self._app, log_config=None, access_log=False, lifespan="on")
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="central")
        self._thread.start()
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while not self._server.started:
            assert time.monotonic() < deadline, "central did not start"
            time.sleep(0.02)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve([self._listener])

    def stop(self) -> None:
        """End it as SIGTERM does."""
        self._server.should_exit = True
        self._thread.join(SETTLED_WITHIN_S)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def note_contacts(self) -> None:
        """Write down who was heard, which it does each half minute of a clock that no test moves."""
        provider = self._app.dependencies["central"]
        assert isinstance(provider, Provide)
        central: Central = provider.dependency()
        asyncio.run_coroutine_threadsafe(central.contacts.write(), self._loop).result(SETTLED_WITHIN_S)

    def rows(self, query: Select[Any]) -> list[Row[Any]]:
        """Read its database."""

        async def read(connection: AsyncConnection) -> list[Row[Any]]:
            return list(await connection.execute(query))

        found: list[Row[Any]] = self._do(read)
        return found

    def settle(self) -> None:
        """Wait until everything sealed has been opened."""
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while self.rows(select(inbox.c.id).where(inbox.c.seal_state == "waiting").limit(1)):
            assert time.monotonic() < deadline, "central did not open what was sealed"
            time.sleep(0.05)

    def visits(self, days: Iterable[str], centre: str) -> list[Visit]:
        """Read what became of each ticket of these business days."""

        async def read() -> list[Visit]:
            async with opened_engine(self.config.database_url) as engine:
                return [visit for day in days async for visit in visits_of(engine, centre, day)]

        return asyncio.run(read())

    def month(self, month: str, centre: str) -> Month:
        """Count a month, `YYYY-MM`."""

        async def count() -> Month:
            async with opened_engine(self.config.database_url) as engine:
                return await count_month(engine, centre, month)

        return asyncio.run(count())

    def _do(self, act: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with opened_engine(self.config.database_url) as engine, engine.begin() as connection:
                return await act(connection)

        return asyncio.run(run())
