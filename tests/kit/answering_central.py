"""A central of its own process, with the tests' own answerers: `python -m tests.kit.answering_central DATA PORT`.

It dies as by kill -9 where a file in its data folder says so: `die-before-commit` while a question is being answered,
`die-before-answer` when what it did is on disk and nobody has heard of it. Each file serves once.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.inquiries.answerers import Answerer, Found, Question
from central.kiosks import enrolment
from central.server.api.app import create_app
from central.server.preparation import prepare
from common.machine.clock import SystemClock
from common.web import runner
from kiosk.delivery.enrolment import enrol
from tests.kit.places import PLACES, make_table, taken, undo
from tests.kit.places import claim as take_place

STEPS = ("die-before-commit", "die-before-answer")


@dataclass
class AnsweringCentral:
    """The process as a test holds it. `start` again serves at the same address."""

    data: Path
    url: str = "http://127.0.0.1:0"
    _enrolled: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.kit.answering_central", str(self.data), self.url.rpartition(":")[2]]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout is not None
        self.url = json.loads(self._process.stdout.readline())["url"]

    def dies_at(self, step: str) -> None:
        (self.data / step).touch()

    def wait_dead(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self.wait_dead()

    def taken(self) -> list[str]:
        """Return who has a place now."""

        async def read() -> list[str]:
            async with opened_engine(self.config.database_url) as engine:
                return await taken(engine)

        return asyncio.run(read())

    @property
    def config(self) -> CentralConfig:
        return load_config(self.data, None)

    def enrol(self, data_dir: Path) -> None:
        """Give a kiosk a place and keys."""

        async def code() -> str:
            async with opened_engine(self.config.database_url) as engine, engine.begin() as connection:
                return await enrolment.make_code(connection, centre, "kiosk")

        centre = ("homs-main", "homs-new", "homs-hamra")[self._enrolled % 3]  # none has more kiosks than digits
        self._enrolled += 1
        enrol(data_dir, url=self.url, code=asyncio.run(code()), centre=centre, clock=SystemClock())


@contextmanager
def answering_central(folder: Path) -> Iterator[AnsweringCentral]:
    central = AnsweringCentral(folder)
    central.start()
    try:
        yield central
    finally:
        central.kill()


def _dies(data: Path, step: str) -> None:
    try:
        (data / step).unlink()
    except FileNotFoundError:
        return
    os._exit(9)


async def _serve(data: Path, port: int) -> None:
    config = load_config(data, None)
    await prepare(config)
    async with opened_engine(config.database_url) as engine:
        await make_table(engine)

    async def claim(connection: AsyncConnection, ring: Any, question: Question) -> Found:
        found = await take_place(connection, ring, question)
        _dies(data, "die-before-commit")
        return found

    app: Any = create_app(config, PLACES | {"claim": Answerer(claim, undo)})

    async def mortal(scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            if scope["path"].endswith("/inquiries") and message["type"] == "http.response.start":
                _dies(data, "die-before-answer")
            await send(message)

        await app(scope, receive, sent if scope["type"] == "http" else send)

    listener, address = runner.listen("127.0.0.1", port)
    announce = f'{{"url": "http://{address}"}}'
    settings = runner.settings(mortal, 1)
    await runner.serve(settings, listener, lambda: print(announce, flush=True))


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
