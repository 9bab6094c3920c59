"""Central against itself as it was before the country: commit a9766f7, served beside this one and asked in turn.

Both run on these cores over a durable PostgreSQL each, with the libraries of today. A poll is counted in CPU seconds of
central's process and of PostgreSQL's, which a busy machine distorts less than the clock.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec
import psutil

from common.protocol.envelope import EnrolmentAnswer
from tests.benchmarks.bench_central import KIOSKS, load_of, request_of
from tests.kit.postgres import running_postgres
from tests.kit.sender import Sender

COMMIT: Final = "a9766f7"
HERE: Final = Path(__file__).parents[2]
ROUNDS: Final = 2
POLLS: Final = 1000
BATCHES: Final = 30
POLL_AT_MOST: Final = 0.3
INGEST_AT_LEAST: Final = 1.4


@dataclass
class Served:
    """A central of one of the two versions, and a kiosk that it knows."""

    folder: Path
    data: list[str]
    url: str
    server: psutil.Process
    database: psutil.Process

    def cpu_s(self) -> float:
        """CPU seconds of central's process and of its PostgreSQL's."""
        everybody = [self.server, self.database, *self.database.children()]
        return float(sum(sum(process.cpu_times()[:2]) for process in everybody))

    def enrolled(self) -> Sender:
        """Enrol a kiosk here."""
        code = _central(self.folder, "enrolment-code", "--centre", "homs-main", *self.data)
        sender = Sender("", self.url)
        body = msgspec.json.encode({"code": json.loads(code)["code"], "public_key": sender.public_key})
        headers = sender.signature("POST", "/v1/enrolments", body, keyid=sender.public_key)
        headers["Content-Type"] = "application/json"
        answer = httpx.post(f"{self.url}/v1/enrolments", content=body, headers=headers)
        sender.learn(msgspec.json.decode(answer.content, type=EnrolmentAnswer))
        return sender


def rows() -> list[dict[str, Any]]:
    """Measure both in turn; returns the rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        former = Path(folder) / "former"
        _check_out(former)
        both = [running.enter_context(_served(at, Path(folder) / name)) for at, name in ((former, "a"), (HERE, "b"))]
        polls: list[list[float]] = [[], []]
        ingests: list[list[float]] = [[], []]
        kiosks = [[served.enrolled() for _ in range(KIOSKS)] for served in both]
        # All polls first: what was taken in is read for reports afterwards, in the same process.
        for _ in range(ROUNDS):
            for served, senders, cpu_ms in zip(both, kiosks, polls, strict=True):
                cpu_ms.append(_poll_ms(served, senders[0]))
        for _ in range(ROUNDS):
            for senders, items_s in zip(kiosks, ingests, strict=True):
                items_s.append(_ingest(senders))
    poll, ingest = [statistics.median(one) for one in polls], [statistics.median(one) for one in ingests]
    return [
        {
            "row": "central and PostgreSQL: CPU of a poll that finds nothing",
            "value": round(poll[1], 2),
            "unit": "ms",
            "compared_with": f"{poll[0]:.2f} ms at {COMMIT}, at most {POLL_AT_MOST}",
            "ratio": round(poll[1] / poll[0], 2),
        },
        {
            "row": "central: ingest by one process, 100-item batches",
            "value": round(ingest[1]),
            "unit": "items/s",
            "compared_with": f"{ingest[0]:,.0f} items/s at {COMMIT}, at least {INGEST_AT_LEAST}",
            "ratio": round(ingest[1] / ingest[0], 2),
        },
    ]


def _poll_ms(served: Served, sender: Sender) -> float:
    """CPU of central and its database for one poll of a kiosk that has delivered and heard everything."""
    with httpx.Client() as client:
        item = sender.ticket()
        _ask(client, sender, "POST", sender.batches_path, sender.batch([item]))
        path = f"/v1/kiosks/{sender.kiosk}/feed"
        cursor = json.loads(_ask(client, sender, "GET", path))["cursor"]
        path += f"?after={cursor}&acked={sender.epoch}.{item.seq}.{item.hash}"
        _ask(client, sender, "GET", path)
        before = served.cpu_s()
        for _ in range(POLLS):
            _ask(client, sender, "GET", path)
        return (served.cpu_s() - before) / POLLS * 1000


def _ingest(senders: list[Sender]) -> float:
    return asyncio.run(load_of([(one.url, [request_of(one) for _ in range(BATCHES)]) for one in senders]))


def _ask(client: httpx.Client, sender: Sender, method: str, path: str, body: bytes = b"") -> bytes:
    answer = client.request(method, sender.url + path, content=body, headers=sender.signature(method, path, body))
    assert answer.status_code == 200, answer.text
    return answer.content


def _check_out(folder: Path) -> None:
    folder.mkdir()
    archive = subprocess.run(["git", "-C", HERE, "archive", COMMIT], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)


def _central(folder: Path, *words: str) -> bytes:
    command = [sys.executable, "-m", "central", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def _process_of(database: str) -> psutil.Process:
    """The PostgreSQL server that listens where its URL says."""
    port = f"port={urlsplit(database).port}"
    return next(one for one in psutil.process_iter(["cmdline"]) if port in (one.info["cmdline"] or ()))


@contextmanager
def _served(folder: Path, data: Path) -> Iterator[Served]:
    with running_postgres(durable=True) as database:
        where = ["--data", str(data), "--database", database]
        _central(folder, "migrate", *where)
        command = [sys.executable, "-m", "central", "serve", "--port", "0", "--json", *where]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
            try:
                assert server.stdout is not None
                url = json.loads(server.stdout.readline())["url"]
                yield Served(folder, where, url, psutil.Process(server.pid), _process_of(database))
            finally:
                server.terminate()
