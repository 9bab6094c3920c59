"""Payments under kill -9 of central at random, where wallet, biller and network lie: money ends, none twice, none lost.

`python -m tools.soak.payments --payments 100000 --kills 500 --seed N`. Central is a process of its own over SQLite;
its clock, the wallet's and the citizens' are moved together, so that a day and a bill's life pass in minutes. Wallet
and biller keep books of their own here, and only they are believed at the end.
"""

import argparse
import asyncio
import base64
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments
from central.inquiries import asking
from central.inquiries.answerers import Answerers, Asker
from central.keys.keys import KeyRing
from central.payments import inquiries, running, settings, setup
from central.server import preparation, serving
from common.protocol.inquiry import KINDS, Inquiry
from demo.payments.biller import Biller
from demo.payments.server import Server
from demo.payments.wallet import Wallet
from demo.processes import free_port

LIES: Final = 0.15
AT_A_TIME: Final = 24
LIFE_S: Final = 600
AMOUNT: Final = 12_500
_WITHIN_S: Final = 120.0
_OPEN: Final = ("inquired", "opened", "unknown", "paid")
_true_now = clock.now


class Broken(Exception):
    """A promise was broken; the text says which."""


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
    chance: random.Random
    time: MovedClock
    engine: AsyncEngine | None = None
    answerers: Answerers = field(default_factory=dict)
    central: subprocess.Popen[bytes] | None = None
    killed: int = 0
    said: Counter[str] = field(default_factory=Counter)

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
            self.killed += 1

    async def ask(self, kind: str, body: dict[str, Any], kiosk: str) -> dict[str, Any] | None:
        """Ask as a kiosk does; the answer once more than `pending` is known, None where none came in time."""
        ring, asker = KeyRing(self.config.keys_dir), Asker(kiosk, "homs-main", "kiosk")
        dies_at = clock.as_text(clock.now() + timedelta(seconds=KINDS[kind].lives_s))
        asked = Inquiry(str(uuid.uuid4()), kind, dies_at, body)
        engine, until = _there(self.engine), time.monotonic() + 40.0
        async with engine.begin() as connection:
            said = await asking.ask(connection, ring, self.answerers, asker, asked)
        while time.monotonic() < until:
            async with reading(engine) as connection:
                row = await asking.find(connection, kiosk, asked.id)
            if row is None:
                return None
            said = asking.answer_of(ring, row)
            answer: dict[str, Any] = said.answer or {}
            if said.state != "pending" or answer.get("state", "inquired") != "inquired":
                return answer
            await asyncio.sleep(0.1)
        return None


async def citizen(town: Town, number: int) -> None:
    """Let one citizen come with a bill, and do what citizens, wallets and billers do."""
    subscriber, debt, kiosk, chance = f"{1_000_000 + number}", f"D{number}", f"kiosk-{number}", town.chance
    town.biller.owe(subscriber, debt, AMOUNT)
    bill = None
    for _ in range(20):
        bill = await town.ask("bill", {"biller": "water", "fields": {"subscriber": subscriber}}, kiosk)
        if bill is not None and "bill" in bill:
            break
    if bill is None or "bill" not in bill:
        town.said["no bill"] += 1
        return
    for _ in range(1 + (chance.random() < 0.2)):  # some come with two telephones
        now = await town.ask("payment", {"bill": bill["bill"], "payer": "wallet"}, kiosk)
        town.said[str((now or {}).get("state") or (now or {}).get("reason"))] += 1
        if now is None or now.get("state") != "opened":
            return
        await _act(town, now["bill_no"], debt)


async def _act(town: Town, number: str, debt: str) -> None:
    wallet, chance = town.wallet, town.chance
    what = chance.choices(
        ["pays", "pays late", "never", "pays twice", "pays wrongly", "paid elsewhere", "amount changes"],
        [70, 8, 8, 4, 3, 4, 3],
    )[0]
    town.said[what] += 1
    if what == "paid elsewhere":
        town.biller.take_elsewhere(debt)
    if what == "amount changes":
        town.biller.change_amount(debt, AMOUNT + 100)
    if what == "never":
        return
    if what == "pays late":
        wallet.bills[number].made_at -= LIFE_S + 1
        wallet.expire_all()
    wallet.pay(number, Decimal("1.25") if what == "pays wrongly" else None, even_late=what == "pays late")
    if what == "pays twice":
        wallet.pay(number, even_late=True)
    # Never, once, twice: what is never told stands in the books.
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2))):
        await asyncio.to_thread(wallet.tell, number)


async def play(town: Town, count: int, kills: int) -> None:
    """Let all come, some at a time, while central is killed; then let a day pass, and see that all has ended."""
    town.start()
    kill_at = sorted(town.chance.sample(range(count), min(kills, count)))
    for first in range(0, count, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, count))
        crowd = asyncio.gather(*(citizen(town, number) for number in numbers))
        for _ in [one for one in kill_at if one in numbers]:
            await asyncio.sleep(town.chance.uniform(0.05, 2.0))
            await asyncio.to_thread(town.kill)
            town.start()
        await crowd
    for hours in (0.2, 0.5, 6, 12, 7):
        town.time.move(hours * 3600)
        await asyncio.to_thread(town.kill)
        town.start()
        await asyncio.sleep(3)
    town.wallet.lies = town.biller.lies = lambda _: None
    until = time.monotonic() + _WITHIN_S
    while time.monotonic() < until:
        if not await _open_ones(town) and await _entries(town) == len(town.wallet.trans):
            return
        town.time.move(120)
        await asyncio.sleep(2)
    raise Broken(f"{await _open_ones(town)} payments have not ended, {await _entries(town)} sums were heard of")


async def _open_ones(town: Town) -> int:
    query = select(func.count()).select_from(payments).where(payments.c.state.in_(_OPEN))
    async with reading(_there(town.engine)) as connection:
        return int(await connection.scalar(query) or 0)


async def _entries(town: Town) -> int:
    async with reading(_there(town.engine)) as connection:
        return int(await connection.scalar(select(func.count()).select_from(payer_entries)) or 0)


async def judge(town: Town) -> dict[str, int]:
    """Compare what central says with both sides' own books. Raises Broken."""
    async with reading(_there(town.engine)) as connection:
        rows = list(await connection.execute(select(payments)))
    came = {str(one.number): one for one in town.wallet.trans}
    by_receipt = {row.payer_receipt: row for row in rows if row.payer_receipt is not None}
    taken = [row for row in rows if row.state in ("marked", "told")]
    back = [row for row in rows if row.state == "refund-due"]
    marks = [one for one in town.biller.changes if one["kind"] == "marked"]
    keys = Counter(one["key"] for one in marks)
    faults = {
        "receipts without money": [r.id for r in taken if r.receipt is None or r.payer_receipt not in came],
        "money without mark or refund": [
            n for n in came if n not in by_receipt or by_receipt[n] not in [*taken, *back]
        ],
        "debts marked twice": [d for d, n in Counter(one["debt"] for one in marks).items() if n > 1],
        "marks that central does not know": [key for key in keys if key not in {row.id for row in taken}],
        "receipts that the biller does not know": [row.id for row in taken if row.id not in keys],
        "sums that differ": [n for n, t in came.items() if n in by_receipt and _sum(t) != by_receipt[n].paid_amount],
    }
    wrong = {name: found[:5] for name, found in faults.items() if found}
    moved = sum(_sum(one) for one in came.values())
    held = sum(row.amount for row in taken) + sum(row.paid_amount for row in back)
    if wrong or moved != held:
        raise Broken(f"{wrong}; the wallet has {moved}, marked and due back are {held}")
    return {"payments": len(rows), "sums": len(came), "marked": len(taken), "refund_due": len(back), "moved": moved}


def _sum(tran: Any) -> int:
    return int(tran.amount * 100)


def _there(engine: AsyncEngine | None) -> AsyncEngine:
    if engine is None:
        raise RuntimeError("no database is open")
    return engine


def liar(chance: random.Random, lies: list[Any], share: float = LIES) -> Callable[[str], Any]:
    """Return who lies in a share of answers."""
    return lambda _: chance.choice(lies) if chance.random() < share else None


def config_of(folder: Path, port: int) -> CentralConfig:
    """Return the settings of the campaign's central."""
    made = load_config(folder / "central", None, public_url=f"http://127.0.0.1:{port}")
    return replace(made, payments=folder / "payments.toml")


def write_settings(folder: Path, wallet: Wallet, wallet_url: str, biller: Biller, biller_url: str) -> None:
    """Write the payments file and its secrets."""
    secrets = {"agent": wallet.agent, "secret": base64.b64encode(wallet.key).decode(), "token": biller.token}
    for name, text in secrets.items():
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o600)
    (folder / "payments.toml").write_text(
        f'pound = "new"\n[payers.wallet]\nkind = "shamcash"\nurl = "{wallet_url}"\nagent_key_file = "agent"\n'
        f'secret_key_file = "secret"\n[billers.water]\nkind = "http"\nurl = "{biller_url}"\ntoken_file = "token"\n',
        encoding="utf-8",
    )


async def campaign(count: int, kills: int, seed: int, folder: Path) -> dict[str, int]:
    """Run it; return what became of all of it. Raises Broken."""
    chance, moved = random.Random(seed), MovedClock(folder)
    wallet = Wallet(slow_s=1.0, life_s=LIFE_S, now=lambda: clock.now().timestamp())
    biller, port = Biller(slow_s=1.0), free_port()
    with Server(wallet.answer) as wallets, Server(biller.answer) as billers:
        wallet.url = wallets.url
        write_settings(folder, wallet, wallets.url, biller, billers.url)
        config = config_of(folder, port)
        await preparation.migrate(config)
        town = Town(config, folder, port, wallet, biller, chance, moved)
        async with opened_engine(config.database_url) as engine:
            ring = KeyRing(config.keys_dir)
            desk = running.opened(settings.load(folder / "payments.toml"), engine, ring)
            await setup.begin(engine, ring, desk)
            await setup.ask_fields(engine, desk)
            town.engine, town.answerers = engine, dict(inquiries.answerers(desk))
            wallet.lies = liar(chance, ["lost", "lost-before", "general", "portal", "error", "slow"])
            biller.lies = liar(chance, ["lost", "lost-before", "portal", "error", "und", "slow"])
            try:
                await play(town, count, kills)
                found = await judge(town)
            finally:
                town.kill()
        print(dict(town.said), flush=True)
        return found | {"kills": town.killed}


def main() -> None:
    """Run the campaign, or be its central."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--central", type=Path)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    if given.central is not None:
        MovedClock(given.central)
        config = config_of(given.central, given.port)
        asyncio.run(serving.serve(config, "127.0.0.1", given.port, lambda _: None))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(campaign(given.payments, given.kills, given.seed, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
