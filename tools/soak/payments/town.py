"""The campaign's town: central as a process, a clock that all of them share, and what a kiosk asks."""

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.database.transactions import reading
from central.inquiries import asking
from central.inquiries.answerers import Answerers, Asker
from central.keys.keys import KeyRing
from central.payments.accounts import bank_file
from common.protocol.inquiry import KINDS, Inquiry
from demo.payments.bank import Bank
from demo.payments.biller import Biller
from demo.payments.wallet import Wallet
from tools.soak.payments.houses import House

LIFE_S: Final = 600
AMOUNT: Final = 12_500
_true_now = clock.now


class MovedClock:
    """One clock for all processes: the true time, and what a file says that it was moved ahead."""

    def __init__(self, folder: Path) -> None:
        """Take over the folder's clock in this process."""
        self._file = folder / "ahead"
        if not self._file.exists():
            self.move(0)
        clock.now = lambda: _true_now() + timedelta(seconds=float(self._file.read_text("ascii")))

    def move(self, seconds: float) -> None:
        """Move it further."""
        before = float(self._file.read_text("ascii")) if self._file.exists() else 0.0
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(before + seconds), encoding="ascii")
        fresh.replace(self._file)


@dataclass
class Town:
    """All that plays: central's database and process, the wallet, the biller and chance."""

    config: CentralConfig
    folder: Path
    port: int
    wallet: Wallet
    biller: Biller
    bank: Bank
    houses: dict[str, House]
    chance: random.Random
    time: MovedClock
    engine: AsyncEngine | None = None
    answerers: Answerers = field(default_factory=dict)
    central: subprocess.Popen[bytes] | None = None
    killed: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    desk: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))  # central's connections over SQLite

    def start(self) -> None:
        """Start central."""
        words = [sys.executable, "-m", "tools.soak.payments", "--central", str(self.folder), "--port", str(self.port)]
        with (self.folder / "central.log").open("ab") as log:
            self.central = subprocess.Popen(words, stdout=log, stderr=log)

    def kill(self) -> None:
        """End central at this moment, as a power cut does."""
        if self.central is not None:
            self.central.send_signal(signal.SIGKILL)
            self.central.wait()

    async def lose(self, name: str) -> None:
        """Lose one of the three processes, and start it again; a house after some seconds."""
        self.killed[name] += 1
        if name == "central":
            await asyncio.to_thread(self.kill)
            self.start()
            return
        house = self.houses[name]
        await asyncio.to_thread(house.kill, self.chance.choice((0.0, 2.0)))
        await asyncio.sleep(self.chance.uniform(0.1, 3.0))
        house.start()

    async def reach(self, name: str) -> None:
        """Wait until a house serves: a citizen's telephone says that it does not, and he tries again."""
        while not self.houses[name].is_up:  # noqa: ASYNC110 - its server is a thread's
            await asyncio.sleep(0.05)

    @property
    def database(self) -> AsyncEngine:
        """Central's database, as the campaign reads it."""
        if self.engine is None:
            raise RuntimeError("no database is open")
        return self.engine

    async def evening(self) -> None:
        """Take the bank's file in: first one that broke off within its last row, then all of it, and that once more."""
        whole = self.bank.file()
        for text in (whole[:-4], whole, whole) if self.bank.lines else (whole,):
            async with self.database.begin() as connection:
                await bank_file.take_in(
                    connection, KeyRing(self.config.keys_dir), "bank", text.encode(), clock.now().date()
                )

    async def ask(self, kind: str, body: dict[str, Any], kiosk: str) -> dict[str, Any] | None:
        """Ask as a kiosk does; the answer once more than `pending` is known, None where none came in time."""
        ring, asker = KeyRing(self.config.keys_dir), Asker(kiosk, "homs-main", "kiosk")
        dies_at = clock.as_text(clock.now() + timedelta(seconds=KINDS[kind].lives_s))
        asked = Inquiry(str(uuid.uuid4()), kind, dies_at, body)
        engine, until = self.database, time.monotonic() + 40.0
        while time.monotonic() < until:
            with contextlib.suppress(DBAPIError):  # locked too long: central answers 503, and a kiosk asks again
                async with self.desk, engine.begin() as connection:
                    said = await asking.ask(connection, ring, self.answerers, asker, asked)
                break
        while time.monotonic() < until:
            async with self.desk, reading(engine) as connection:
                row = await asking.find(connection, kiosk, asked.id)
            if row is None:
                return None
            said = asking.answer_of(ring, row)
            answer: dict[str, Any] = said.answer or {}
            if said.state != "pending" or answer.get("state", "inquired") != "inquired":
                return answer
            await asyncio.sleep(0.5)
        return None


def config_of(folder: Path, port: int) -> CentralConfig:
    """Return the settings of the campaign's central."""
    made = load_config(folder / "central", None, public_url=f"http://127.0.0.1:{port}")
    return replace(made, payments=folder / "payments.toml")
