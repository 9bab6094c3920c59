"""How long who asks central waits: from the question on disk to the answer in the screen's process, on loopback.

Alone, and while the same kiosk's backlog of 28,000 items goes out; forwarder and central are processes of their own,
central on a durable PostgreSQL.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from common.machine.clock import SystemClock
from kiosk.delivery.enrolment import enrol, load
from offline_store.delivery.dispatch import has_waiting
from offline_store.disk.database import Store
from offline_store.inquiries import asking
from offline_store.opening import open_store_in
from tests.kit.postgres import running_postgres
from tools.benchmarks.bench_delivery import CENTRAL, ITEMS, fill

AT_MOST_MS = 500.0
QUESTIONS = 40


def rows() -> list[dict[str, str | float]]:
    """Measure once; returns the rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as database:
        data = ["--data", str(Path(folder) / "central"), "--database", database]
        subprocess.run([*CENTRAL, "migrate", *data], check=True, stdout=subprocess.DEVNULL)
        command = [*CENTRAL, "serve", "--port", "0", "--json", *data]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
            try:
                assert server.stdout is not None
                url = json.loads(server.stdout.readline())["url"]
                code = subprocess.run(
                    [*CENTRAL, "enrolment-code", "--centre", "homs-main", *data], check=True, stdout=-1
                )
                kiosk = Path(folder) / "kiosk"
                enrol(kiosk, url=url, code=json.loads(code.stdout)["code"], centre="homs-main", clock=SystemClock())
                found = _measured(kiosk, url)
            finally:
                server.terminate()
    return [
        {
            "row": f"inquiry: question to answer in the screen's process, p95, {beside}",
            "value": round(p95_ms),
            "unit": "ms",
            "compared_with": f"{AT_MOST_MS:.0f} ms",
            "ratio": round(p95_ms / AT_MOST_MS, 2),
        }
        for beside, p95_ms in found.items()
    ]


def _measured(data_dir: Path, url: str) -> dict[str, float]:
    clock, settings = SystemClock(), data_dir.parent / "kiosk.toml"
    settings.write_text(f'[kiosk]\ncentre = "homs-main"\ndata_dir = "{data_dir}"\n[central]\nurl = "{url}"\n')
    forward = [
        sys.executable,
        "-c",
        "from kiosk.commands.cli import main; main()",
        "forward",
        "--config",
        str(settings),
    ]
    found = {}
    with open_store_in(data_dir, load(data_dir).identity, stamp=clock.now()) as store:
        clock.trusted = store.trusted_time
        with subprocess.Popen(forward, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as forwarder:
            try:
                while has_waiting(store):
                    time.sleep(0.1)
                found["alone"] = _p95_ms(store, clock, lambda count: count < QUESTIONS)
            finally:
                forwarder.kill()
        fill(store, clock)
        with subprocess.Popen(forward, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as forwarder:
            try:
                found[f"beside a backlog of {ITEMS:,}"] = _p95_ms(store, clock, lambda _: has_waiting(store))
            finally:
                forwarder.kill()
    return found


def _p95_ms(store: Store, clock: SystemClock, goes_on: Callable[[int], bool]) -> float:
    """Ask one after the other, as people do; every answer has to come."""
    took: list[float] = []
    while goes_on(len(took)):
        began = time.perf_counter()
        outcome = asking.wait(store, asking.ask(store, clock.now(), "seats", {"service": "clearance"}), clock)
        took.append((time.perf_counter() - began) * 1000)
        # Central says no to what it has no plan for: the way is the same as that of any answer.
        assert isinstance(outcome, asking.Outcome)
        assert outcome.fate in ("answered", "refused"), outcome.fate
        assert outcome.answer.get("reason") != "too-many"
        time.sleep(0.05)
    return sorted(took[1:])[int(len(took[1:]) * 0.95)]
