"""How fast a three-day backlog leaves a kiosk: 28,000 sealed items into central on a durable PostgreSQL, on two cores.

The forwarder is a process of its own, as in service; central unseals at the same time. Items are accepted beforehand.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psutil
from sqlalchemy import func, select

from central.base.config import load_config
from central.base.database.engine import opened_engine
from central.base.database.transactions import reading
from central.base.tables.received import inbox
from common.machine.clock import SystemClock
from common.protocol.envelope import SealedContent
from kiosk.delivery.enrolment import enrol, load
from kiosk.delivery.forwarding import open_forwarder
from kiosk.settings.sections import CentralSection, KioskConfig, KioskSection
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.postgres import running_postgres

ITEMS = 28_000
AT_LEAST_ITEMS_S = 12_000
# What may come on top of the first batches' memory by the end of the backlog.
FLAT_WITHIN_MIB = 16.0
CENTRAL = [sys.executable, "-c", "from central.commands.cli import main; main()"]
PERSON = {"name": "سمر الأحمد", "national_number": "04010012345"}


def rows() -> list[dict[str, str | float]]:
    """Measure once; returns the rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as url_of_database:
        data = ["--data", str(Path(folder) / "central"), "--database", url_of_database]
        subprocess.run([*CENTRAL, "migrate", *data], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            [*CENTRAL, "serve", "--port", "0", "--json", *data], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            code = subprocess.run([*CENTRAL, "enrolment-code", "--centre", "homs-main", *data], check=True, stdout=-1)
            kiosk = Path(folder) / "kiosk"
            enrol(kiosk, url=url, code=json.loads(code.stdout)["code"], centre="homs-main", clock=SystemClock())
            _accept(kiosk)
            items_s, grown_mib = _drain(kiosk, url, psutil.Process(server.pid))
            opened_after_s = _opened_after_s(load_config(Path(folder) / "central", url_of_database).database_url)
        finally:
            server.terminate()
            server.wait(timeout=30)
    return [
        {
            "row": f"forwarder: backlog of {ITEMS:,} sealed items into central on PostgreSQL",
            "value": round(items_s),
            "unit": "items/s",
            "compared_with": f"{AT_LEAST_ITEMS_S:,} items/s",
            "ratio": round(items_s / AT_LEAST_ITEMS_S, 2),
        },
        {
            "row": "central: time after the last item until all their sealed parts are opened",
            "value": round(opened_after_s, 1),
            "unit": "s",
        },
        *(_memory_row(process, mib) for process, mib in grown_mib.items()),
    ]


def _memory_row(process: str, mib: float) -> dict[str, str | float]:
    return {
        "row": f"{process}: memory that the backlog costs on top of its first batches",
        "value": round(mib, 1),
        "unit": "MiB",
        "compared_with": f"{FLAT_WITHIN_MIB:.0f} MiB",
        "ratio": round(mib / FLAT_WITHIN_MIB, 2),
    }


def _accept(data_dir: Path) -> None:
    clock = SystemClock()
    with open_store_in(data_dir, load(data_dir).identity, stamp=clock.now()) as store:
        clock.trusted = store.trusted_time
        fill(store, clock)


def fill(store: Store, clock: SystemClock) -> None:
    """Fill the store as citizens do, each ticket with a sealed part."""
    for _ in range(ITEMS):
        accept_ticket(
            store,
            TicketRequest("water-bill", "C"),
            intention=str(uuid.uuid4()),
            stamp=clock.now(),
            personal=SealedContent(person=PERSON),
        )


def _drain(data_dir: Path, url: str, central: psutil.Process) -> tuple[float, dict[str, float]]:
    """Run the forwarder to the end; return items a second, and by how many MiB each grew after the first 3,000."""
    command = [sys.executable, "-m", "tools.benchmarks.bench_delivery", str(data_dir), url]
    forwarder = subprocess.Popen(command, stdout=subprocess.PIPE)
    processes = {"forwarder": psutil.Process(forwarder.pid), "central": central}
    moments, sizes = list[float](), {name: list[int]() for name in processes}
    while forwarder.poll() is None:
        try:
            now = {name: process.memory_info().rss for name, process in processes.items()}
        except psutil.NoSuchProcess:
            break
        moments.append(time.perf_counter())
        for name, size in now.items():
            sizes[name].append(size)
        time.sleep(0.05)
    assert forwarder.stdout is not None
    said = json.loads(forwarder.stdout.read())
    assert said["settled"] >= ITEMS, f"only {said['settled']} items were settled"
    began = moments[-1] - said["seconds"]
    early = sum(moment <= began + said["seconds"] * 3_000 / ITEMS for moment in moments)
    grown = {name: (max(found) - max(found[:early])) / 2**20 for name, found in sizes.items()}
    return said["settled"] / said["seconds"], grown


def _opened_after_s(url: str) -> float:
    async def waiting() -> int:
        query = select(func.count()).select_from(inbox).where(inbox.c.seal_state == "waiting")
        async with opened_engine(url) as engine, reading(engine) as connection:
            return (await connection.execute(query)).scalar_one()

    began = time.perf_counter()
    while asyncio.run(waiting()):
        time.sleep(0.05)
    return time.perf_counter() - began


def _forward(data_dir: Path, url: str) -> None:
    config = KioskConfig(
        kiosk=KioskSection(centre="homs-main", data_dir=str(data_dir)), central=CentralSection(url=url)
    )
    clock = SystemClock()
    with (
        open_store_in(data_dir, load(data_dir).identity, stamp=clock.now()) as store,
        open_forwarder(config, store, clock) as forwarder,
    ):
        began = time.perf_counter()
        settled = forwarder.run_once()
        print(json.dumps({"settled": settled, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _forward(Path(sys.argv[1]), sys.argv[2])
    else:
        print(json.dumps(rows(), indent=1))
