"""`python -m tests.central.backup.lived_in live|held`: central of CENTRAL_DATA and CENTRAL_DATABASE, for another test.

`live` makes or upgrades its tables, and has a kiosk enrol and hand in a number. `held` prints a digest of each table.
"""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

from sqlalchemy import select

from central.base.config import CentralConfig, load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.database.whole import whole
from central.server import preparation
from tests.central.conftest import staged


async def live(config: CentralConfig) -> None:
    """Start central once, and let a kiosk that is new hand in a number."""
    await preparation.migrate(config)
    async with staged(config) as stage:
        kiosk = await stage.enrolled()
        assert await stage.results(kiosk, kiosk.ticket()) == [("applied", None)]


async def held(config: CentralConfig) -> dict[str, str]:
    """Return table -> digest of its rows."""
    found = {}
    async with opened_engine(config.database_url) as engine, reading(engine) as connection:
        for table in whole().sorted_tables:
            rows = sorted(repr(tuple(row)) for row in await connection.execute(select(table)))
            found[table.name] = f"{len(rows)} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()}"
    return found


if __name__ == "__main__":
    here = load_config(Path(os.environ["CENTRAL_DATA"]), os.environ["CENTRAL_DATABASE"])
    if sys.argv[1] == "live":
        asyncio.run(live(here))
    else:
        print(json.dumps(asyncio.run(held(here))))
