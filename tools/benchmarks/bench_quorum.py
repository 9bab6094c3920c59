"""What waiting for a second machine costs: central over one PostgreSQL alone, and over one with two replicas.

Three servers on this one disk and these cores: as in a cluster, each commit is on two of them before it counts. In turn
with one alone. Two processes of central over each.
"""

import asyncio
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import asyncpg

from tests.kit.postgres import running_postgres, running_replica
from tests.kit.sender import Sender
from tools.benchmarks.bench_central import CENTRAL, KIOSKS, PROCESSES, enrol, load_of, request_of, served

ROUNDS: Final = 3
BATCHES: Final = 60
AT_LEAST: Final = 0.75
QUORUM: Final = "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (second, third)'"


def rows() -> list[dict[str, str | float]]:
    """Measure both in turn; returns the rows of the benchmark table."""
    alone: list[float] = []
    quorum: list[float] = []
    with _central() as senders, _central(replicas=("second", "third")) as senders_of_cluster:
        for _ in range(ROUNDS):
            alone.append(_ingest(senders))
            quorum.append(_ingest(senders_of_cluster))
    ratio = statistics.median(quorum) / statistics.median(alone)
    return [
        {
            "row": "central: ingest where a second machine has each commit",
            "value": round(statistics.median(quorum)),
            "unit": "items/s",
            "compared_with": f"{statistics.median(alone):,.0f} items/s on one machine, at least {AT_LEAST}",
            "ratio": round(ratio, 2),
        }
    ]


@contextmanager
def _central(replicas: tuple[str, ...] = ()) -> Iterator[list[Sender]]:
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as url, ExitStack() as running:
        data = ["--data", folder, "--database", url]
        subprocess.run([*CENTRAL, "migrate", *data], check=True, stdout=subprocess.DEVNULL)
        for name in replicas:
            running.enter_context(running_replica(url, name))
        if replicas:
            asyncio.run(_wait_for_each(url, len(replicas)))
        urls = [running.enter_context(served(data)) for _ in range(PROCESSES)]
        yield [enrol(urls[number % PROCESSES], data) for number in range(KIOSKS)]
        if replicas:  # nobody waits for those that are about to end
            asyncio.run(_tell(url, "ALTER SYSTEM RESET synchronous_standby_names"))


async def _tell(url: str, setting: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(setting)
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


async def _wait_for_each(url: str, replicas: int) -> None:
    """Have commits wait, and see that every replica follows and is one of those that are waited for."""
    await _tell(url, QUORUM)
    connection = await asyncpg.connect(url)
    count = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'quorum'"
    async with asyncio.timeout(30):
        while await connection.fetchval(count) < replicas:  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.05)
    await connection.close()


def _ingest(senders: list[Sender]) -> float:
    return asyncio.run(load_of([(one.url, [request_of(one) for _ in range(BATCHES)]) for one in senders]))
