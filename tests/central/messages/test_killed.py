"""A sender that the kernel kills while a text is under way: what may come once does, what must come does."""

import asyncio
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from sqlalchemy import func, select

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import opened_engine
from central.base.tables.messages import told as messages
from central.keys.keys import KeyRing
from central.messages import contacts
from central.messages.texts import Said
from central.offices.integrations import systems
from central.publishing import publication
from common.messages.kind import KINDS
from demo.gateway import Gateway, liar
from demo.processes import wait_until
from tests.central.messages.conftest import put

EACH: Final = 12
KILLS: Final = 8
LIES: Final = 0.3
WITHIN_S: Final = 120.0


async def fill(config: CentralConfig, webhook: str) -> None:
    """Put messages of three kinds in; those of the last died a minute ago."""
    ring = KeyRing(config.keys_dir)
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await systems.give(connection, "app", "order-states", webhook)
        hours = {"from": "00:00", "to": "23:59"}
        rules = msgspec.json.encode({"centre": None, "kinds": KINDS, "hours": hours})
        await publication.publish(connection, "messages", rules, ring)
        for index in range(EACH):
            await put(connection, "near", "watch", f"w{index}", Said(ends="014"))
            await contacts.keep(connection, ring.vault(), "order", f"o{index}", f"+963{index:09}")
            await put(connection, "order-ready", "order", f"o{index}", Said())
            await contacts.keep(connection, ring.vault(), "claim", f"c{index}", f"+964{index:09}")
            died = clock.now() - timedelta(minutes=1)
            await put(connection, "claim-off", "claim", f"c{index}", Said(at=str(died)), dies_at=died)


async def left(config: CentralConfig) -> int:
    """Count what waits, or is being handed."""
    async with opened_engine(config.database_url) as engine, engine.connect() as connection:
        is_open = (messages.c.state == "waiting") | messages.c.until.is_not(None)
        return int(await connection.scalar(select(func.count()).select_from(messages).where(is_open)) or 0)


@pytest.mark.proof
@pytest.mark.timeout(300)
def test_near_comes_at_most_once_ready_at_least_once_and_what_is_dead_never(
    config: CentralConfig, tmp_path: Path
) -> None:
    processes, taken, kills = list[subprocess.Popen[bytes]](), Counter[str](), 0

    def hears(_: dict[str, Any]) -> None:
        """Kill at every other text, when it is taken and not answered for."""
        nonlocal kills
        taken["any"] += 1
        if kills < KILLS and taken["any"] % 2:
            kills += 1
            processes[-1].kill()

    settings, token = tmp_path / "messages.toml", tmp_path / "token"
    token.write_text("a token")
    token.chmod(0o600)
    with Gateway(liar(7, LIES), hears) as operator, Gateway(liar(8, LIES), hears) as app:
        settings.write_text(f'[http]\nurl = "{operator.url}"\ntoken_file = "{token}"\n')
        asyncio.run(fill(config, app.url))
        command = [sys.executable, "-m", "tests.central.messages.sending_process"]
        while asyncio.run(left(config)):
            with subprocess.Popen([*command, str(config.data_dir), config.database_url, str(settings)]) as process:
                processes.append(process)
                assert wait_until(lambda: process.poll() is not None or not asyncio.run(left(config)), WITHIN_S)
                process.kill()
        near = Counter(one.body["data"]["id"] for one in app.taken if one.body["data"]["kind"] == "near")
        numbers = Counter(one.body["to"] for one in operator.taken)
    assert kills == KILLS
    assert set(near.values()) == {1}
    assert {f"+963{index:09}" for index in range(EACH)} == numbers.keys()
