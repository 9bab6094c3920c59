"""Messages under kill -9 at random, through a gateway and an app's end that lie: none doubled, none lost, none late.

`python -m tools.soak.sends --sends 10000 --seed N`. A third each: `near` (by webhook, at most once), `order-ready` (by
the gateway, at least once), and `claim-off` of which many die before their turn.
"""

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import func, select

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.tables.messages import messages
from central.keys.keys import KeyRing
from central.messages import contacts
from central.messages.outbox import Wish, put
from central.messages.texts import Said
from central.offices.integrations import systems
from central.publishing import publication
from central.server import preparation
from common.messages.kind import KINDS
from demo.gateway import Gateway, liar

LIES: Final = 0.3
LATE_S: Final = 0.5  # from the claim, which looks at the clock, to the other end's
_WITHIN_S: Final = 3600.0


class Broken(Exception):
    """A promise was broken; the text says which."""


async def fill(config: CentralConfig, sends: int, webhook: str, chance: random.Random) -> dict[str, float]:
    """Put the messages in; return by the number of each `claim-off` when it dies."""
    ring, dies = KeyRing(config.keys_dir), {}
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await systems.give(connection, "app", "order-states", webhook)
        hours = {"from": "00:00", "to": "23:59"}
        await publication.publish(
            connection, "messages", msgspec.json.encode({"centre": None, "kinds": KINDS, "hours": hours}), ring
        )
        for index in range(sends // 3):
            near = Wish(kind="near", subject="watch", about=f"w{index}", said=Said(ends="014"))
            await put(connection, near)
            await contacts.keep(connection, ring.vault(), "order", f"o{index}", f"+963{index:09}")
            await put(connection, Wish(kind="order-ready", subject="order", about=f"o{index}"))
            at = clock.now() + timedelta(seconds=chance.uniform(1, sends / 10))
            await contacts.keep(connection, ring.vault(), "claim", f"c{index}", f"+964{index:09}")
            wish = Wish(kind="claim-off", subject="claim", about=f"c{index}", dies_at=at)
            await put(connection, msgspec.structs.replace(wish, said=Said(at=str(at))))
            dies[f"+964{index:09}"] = at.timestamp()
    return dies


async def left(config: CentralConfig) -> int:
    """Count what waits, or is being handed."""
    async with opened_engine(config.database_url) as engine, engine.connect() as connection:
        is_open = (messages.c.state == "waiting") | messages.c.until.is_not(None)
        return int(await connection.scalar(select(func.count()).select_from(messages).where(is_open)) or 0)


def kill_until_sent(config: CentralConfig, settings: Path, chance: random.Random) -> int:
    """Start the sender and kill it, again and again, until nothing waits; return how often it was killed."""
    kills, began = 0, time.monotonic()
    while asyncio.run(left(config)):
        if time.monotonic() - began > _WITHIN_S:
            raise Broken("messages wait still after an hour")
        command = [sys.executable, "-m", "tools.soak.sender", str(config.data_dir), str(settings)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0.05, 3.0))
            process.send_signal(signal.SIGKILL)
        kills += 1
    return kills


def campaign(sends: int, seed: int, folder: Path) -> dict[str, Any]:
    """Run it; return what was counted. Raises Broken."""
    chance = random.Random(seed)
    config, settings = load_config(folder / "central", None), folder / "messages.toml"
    asyncio.run(preparation.migrate(config))
    with Gateway(lies=liar(seed, LIES)) as operator, Gateway(lies=liar(seed + 1, LIES)) as app:
        token = folder / "token"
        token.write_text("a token")
        token.chmod(0o600)
        settings.write_text(f'[http]\nurl = "{operator.url}"\ntoken_file = "{token}"\n')
        dies = asyncio.run(fill(config, sends, app.url, chance))
        kills = kill_until_sent(config, settings, chance)
        near = Counter(one.body["data"]["id"] for one in app.taken if one.body["data"]["kind"] == "near")
        numbers = Counter(one.body["to"] for one in operator.taken)
        late = [one for one in operator.taken if one.at > dies.get(one.body["to"], one.at) + LATE_S]
    found = {
        "sends": 3 * (sends // 3),
        "kills": kills,
        "near_doubled": sum(times > 1 for times in near.values()),
        "ready_lost": sum(not numbers[f"+963{index:09}"] for index in range(sends // 3)),
        "late": len(late),
        "near_taken": len(near),
        "off_taken": sum(number in dies for number in numbers),
    }
    if found["near_doubled"] or found["ready_lost"] or found["late"]:
        raise Broken(str(found))
    return found


def main() -> int:
    """Run the campaign as it was called; return 1 where a promise was broken."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sends", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            print(campaign(wanted.sends, wanted.seed, Path(folder)), flush=True)
        except Broken as error:
            print(f"broken: {error}", flush=True)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
