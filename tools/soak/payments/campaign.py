"""The campaign from its first citizen to the judgement."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from central.base import clock
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments
from central.keys.keys import KeyRing
from central.payments import inquiries, running, settings, setup
from central.server import preparation
from demo.payments.bank import Bank
from demo.payments.biller import Biller
from demo.payments.wallet import Wallet
from demo.processes import free_port
from tools.soak.payments.citizens import citizen
from tools.soak.payments.houses import House
from tools.soak.payments.judging import Broken, judge
from tools.soak.payments.setting_up import write_settings
from tools.soak.payments.town import LIFE_S, MovedClock, Town, config_of

PROCESSES: Final = ("central", "wallet", "biller")
LIES: Final = 0.15
AT_A_TIME: Final = 96
UNTIL_BANKS_HAVE_TOLD: Final = (24, 8 * 24)
_WITHIN_S: Final = 120.0
_OPEN: Final = ("inquired", "opened", "unknown", "paid")


async def play(town: Town, count: int, kills: int) -> None:
    """Let all come, some at a time, while each of the three is lost; after a day has passed all must have ended."""
    town.start()
    lost_at = {name: set(town.chance.sample(range(count), min(kills, count))) for name in PROCESSES}
    places, stands = asyncio.Semaphore(AT_A_TIME), {name: asyncio.Lock() for name in PROCESSES}
    async with asyncio.TaskGroup() as crowd:
        for number in range(count):
            await places.acquire()
            crowd.create_task(citizen(town, number)).add_done_callback(lambda _: places.release())
            for name in [name for name in PROCESSES if number in lost_at[name]]:
                await stands[name].acquire()  # one that is away can't be lost again
                crowd.create_task(_lose(town, name, stands[name]))
    for hours in (0.2, 0.5, 6, 12, 7, *UNTIL_BANKS_HAVE_TOLD):
        await town.evening()
        town.time.move(hours * 3600)
        await town.lose("central")
        await asyncio.sleep(3)
    town.wallet.lies = town.biller.lies = lambda _: None
    until = time.monotonic() + _WITHIN_S
    while time.monotonic() < until:
        await town.evening()  # a code that nobody paid is open until a file of its last day names it not
        if not await _open_ones(town) and await _entries(town) == len(town.wallet.trans) + len(town.bank.lines):
            return
        # What central had begun when it was lost is opened only now, and a bank has days from then on.
        town.time.move(120 if time.monotonic() < until - _WITHIN_S / 2 else 12 * 3600)
        await asyncio.sleep(2)
    raise Broken(f"{await _open_ones(town)} payments have not ended, {await _entries(town)} sums were heard of")


async def _lose(town: Town, name: str, stands: asyncio.Lock) -> None:
    try:
        await asyncio.sleep(town.chance.uniform(0.05, 2.0))
        await town.lose(name)
    finally:
        stands.release()


async def _open_ones(town: Town) -> int:
    query = select(func.count()).select_from(payments).where(payments.c.state.in_(_OPEN))
    async with reading(town.database) as connection:
        return int(await connection.scalar(query) or 0)


async def _entries(town: Town) -> int:
    async with reading(town.database) as connection:
        return int(await connection.scalar(select(func.count()).select_from(payer_entries)) or 0)


def liar(chance: random.Random, lies: list[Any], share: float = LIES) -> Callable[[str], Any]:
    """Return who lies in a share of answers."""
    return lambda _: chance.choice(lies) if chance.random() < share else None


async def campaign(count: int, kills: int, seed: int, folder: Path) -> dict[str, int]:
    """Run it; return what became of all of it. Raises Broken."""
    chance, moved = random.Random(seed), MovedClock(folder)
    wallet = Wallet(slow_s=1.0, life_s=LIFE_S, now=lambda: clock.now().timestamp())
    bank, biller, port = Bank(lambda: clock.now().timestamp()), Biller(slow_s=1.0), free_port()
    with House(wallet) as wallets, House(biller) as billers:
        wallet.url = wallets.url
        settings_file = write_settings(folder, wallet, biller, billers.url)
        config = config_of(folder, port)
        await preparation.migrate(config)
        town = Town(config, folder, port, wallet, biller, bank, {"wallet": wallets, "biller": billers}, chance, moved)
        async with opened_engine(config.database_url) as engine:
            ring = KeyRing(config.keys_dir)
            desk = running.opened(settings.load(settings_file), engine, ring)
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
        halved = {f"{name}_lost_within_an_answer": house.halved for name, house in town.houses.items()}
        return found | {f"{name}_kills": town.killed[name] for name in PROCESSES} | halved
