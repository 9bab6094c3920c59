"""How soon a kiosk that is enrolled today has heard everything: a million order states at central, a line of 2 Mbit/s.

`python -m tools.benchmarks.bench_enrolment 1000000` makes as many states as that, over fifty centres.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import func, select, text

from central.base.config import load_config
from central.base.database.engine import opened_engine
from common.machine.clock import SystemClock
from kiosk.delivery.enrolment import enrol, load
from kiosk.delivery.forwarding import open_forwarder
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.disk import tables
from offline_store.opening import open_store_in
from tests.kit.postgres import running_postgres
from tools.benchmarks.bench_central import CENTRAL, served

STATES: Final = 1_000_000
CENTRES: Final = 50
BITS_S: Final = 2_000_000
WITHIN_S: Final = 60.0

_STATES: Final = """
INSERT INTO feed (id, kind, key, body, centre, at, mark)
SELECT n + newest, 'order-state', md5(n::text),
'{"order": "' || md5(n::text) || '", "state": "ready", "number": "' || lpad(n::text, 10, '0') ||
'", "at": "2026-11-20T09:00:00.000000Z", "centre": "' || centre || '", "service": "clearance"}',
centre, to_char(now() AT TIME ZONE 'utc' - interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
substr(md5(n::text), 1, 16)
FROM generate_series(1, :states) AS n, LATERAL (SELECT CASE n % :centres WHEN 0 THEN 'homs-main' ELSE 'centre-' ||
n % :centres END AS centre) AS of_one, (SELECT coalesce(max(id), 0) AS newest FROM feed) AS before
"""


def rows(states: int = STATES) -> list[dict[str, Any]]:
    """Measure once; returns the rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as url:
        data, kiosk = Path(folder) / "central", Path(folder) / "kiosk"
        where = ["--data", str(data), "--database", url]
        subprocess.run([*CENTRAL, "migrate", *where], check=True, stdout=subprocess.DEVNULL)
        asyncio.run(_fill(load_config(data, url).database_url, states))
        code = subprocess.run([*CENTRAL, "enrolment-code", "--centre", "homs-main", *where], check=True, stdout=-1)
        with served(where) as central:
            enrol(kiosk, url=central, code=json.loads(code.stdout)["code"], centre="homs-main", clock=SystemClock())
            with _slow_line(central) as (line, carried):
                seconds, heard = _hear(kiosk, line)
    assert heard == states // CENTRES, f"{heard} states of {states // CENTRES}"
    return [
        {
            "row": f"kiosk enrolled over 2 Mbit/s, {states:,} order states at central, {heard:,} of them its centre's",
            "value": round(seconds, 1),
            "unit": "s",
            "compared_with": f"{WITHIN_S:.0f} s",
            "ratio": round(seconds / WITHIN_S, 2),
        },
        {"row": "the same: carried to the kiosk", "value": round(carried[0] / 1e6, 2), "unit": "MB"},
    ]


async def _fill(url: str, states: int) -> None:
    async with opened_engine(url) as engine:
        async with engine.begin() as connection:
            await connection.execute(text(_STATES), {"states": states, "centres": CENTRES})
        async with engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
                text("VACUUM ANALYZE feed")
            )


def _hear(data_dir: Path, url: str) -> tuple[float, int]:
    """Run the real forwarder until it has heard all; returns seconds, and how many states its store has."""
    section = KioskSection(centre="homs-main", data_dir=str(data_dir))
    config, clock = KioskConfig(kiosk=section, central=CentralSection(url=url)), SystemClock()
    with (
        open_store_in(data_dir, load(data_dir).identity, stamp=clock.now()) as store,
        open_forwarder(config, store, clock) as forwarder,
    ):
        began = time.perf_counter()
        forwarder.run_once()
        seconds = time.perf_counter() - began
        with store.read() as connection:
            heard = connection.execute(select(func.count()).select_from(tables.order_states)).scalar_one()
    return seconds, int(heard)


@contextmanager
def _slow_line(url: str) -> Iterator[tuple[str, list[int]]]:
    """A way to central that carries so many bits a second, both ways together; with what it has carried, in bytes."""
    carried, started, place = [0], threading.Event(), list[int]()
    host, port = urlsplit(url).hostname, urlsplit(url).port
    loop = asyncio.new_event_loop()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(4096):
                await asyncio.sleep(len(piece) * 8 / BITS_S)
                carried[0] += len(piece)
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, port)
        await asyncio.gather(carry(reader, back), carry(there, writer))

    async def listen() -> None:
        server = await asyncio.start_server(connect, "127.0.0.1", 0)
        place.append(server.sockets[0].getsockname()[1])
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait()
    try:
        yield f"http://127.0.0.1:{place[0]}", carried
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


if __name__ == "__main__":
    print(json.dumps(rows(*(int(number) for number in sys.argv[1:])), indent=1))
