"""Central's sender alone as a process, which a test kills; its words are central's folder, database and settings."""

import asyncio
import sys
from pathlib import Path
from typing import Final

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.keys.keys import KeyRing
from central.messages.sending import Sender
from common.messages import outbox as rule
from common.messages.channels import Channels

PACE: Final = 100
"""How much shorter than in service pauses are, and what a claim waits for its answer."""


async def send(data: Path, database: str, settings: Path) -> None:
    """Send until killed."""
    config = load_config(data, database, messages=settings)
    rule.ANSWERED_WITHIN = rule.ANSWERED_WITHIN / PACE  # type: ignore[misc]
    rule.FIRST_PAUSE, rule.LONGEST_PAUSE = rule.FIRST_PAUSE / PACE, rule.LONGEST_PAUSE / PACE  # type: ignore[misc]
    rule.UNSURE_PAUSES = (rule.FIRST_PAUSE, rule.LONGEST_PAUSE)  # type: ignore[misc]
    Sender.every_s = 0.05
    async with opened_engine(config.database_url) as engine:
        await Sender(engine, KeyRing(config.keys_dir), Channels(config.messages)).run()


if __name__ == "__main__":
    asyncio.run(send(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
