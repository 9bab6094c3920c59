"""What a citizen waits for: number, paper, outcome, and every touch while a backlog of 28,000 items is sent.

The kiosk with its window, the devices behind paced pseudo-terminals, the forwarder and central are processes of their
own, as in service, all on this machine.
"""

import json
import signal
import statistics
import subprocess
import sys
import tempfile
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from common.machine.clock import SystemClock
from kiosk.delivery.enrolment import enrol, load
from kiosk.runtime.parts import open_store
from kiosk.settings.settings import Settings
from tests.kit.desk import App
from tests.kit.postgres import running_postgres
from tools.benchmarks import bench_delivery

VISITS, SCANS = 25, 12
NICE = 5
"""As deploy/systemd/kiosk-forward.service has it."""

_CONFIG = """
[kiosk]
centre = "homs-main"
[central]
url = "{url}"
[screen]
fullscreen = false
[devices.printer]
port = "{printer}"
flow_control = "none"
[devices.scanner]
driver = "line-scanner"
port = "{scanner}"
"""
_LIMITS = {
    "number median": ("touch to number on screen, durable", 60, "ms"),
    "number p99": ("touch to number on screen, durable", 150, "ms"),
    "byte median": ("touch to last byte given to a 115200-baud port", 250, "ms"),
    "byte p99": ("touch to last byte given to a 115200-baud port", 500, "ms"),
    "outcome median": ("scan on the wire to outcome on screen", 150, "ms"),
    "outcome p99": ("scan on the wire to outcome on screen", 150, "ms"),
    "feedback p99": ("touch to pressed state drawn", 100, "ms"),
    "next p99": ("release to next screen drawn", 200, "ms"),
}


def rows() -> list[dict[str, Any]]:
    """Measure a quiet kiosk without central, then one whose backlog is being sent; return the rows of the table."""
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as database:
        place = Path(folder)
        data = ["--data", str(place / "central"), "--database", database]
        subprocess.run([*bench_delivery.CENTRAL, "migrate", *data], check=True, stdout=subprocess.DEVNULL)
        words = [*bench_delivery.CENTRAL, "serve", "--port", "0", "--json", *data]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
            try:
                return _measure(place, server, data)
            finally:
                server.terminate()


def _measure(place: Path, server: "subprocess.Popen[bytes]", data: list[str]) -> list[dict[str, Any]]:
    assert server.stdout is not None
    url = json.loads(server.stdout.readline())["url"]
    code = subprocess.run(
        [*bench_delivery.CENTRAL, "enrolment-code", "--centre", "homs-main", *data], check=True, capture_output=True
    )
    words = [sys.executable, "-m", "tools.benchmarks.latency_devices"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as devices:
        assert devices.stdin is not None
        assert devices.stdout is not None
        ports = json.loads(devices.stdout.readline())
        path = place / "kiosk.toml"
        path.write_text(_CONFIG.format(url=url, **ports), encoding="utf-8")
        settings = Settings(path)
        home = settings.config.data_dir
        enrol(home, url=url, code=json.loads(code.stdout)["code"], centre="homs-main", clock=SystemClock())
        app, now = App(), datetime.now(UTC)
        with open_store(settings.config) as opened:
            app.make_known(opened.store)
        codes = [
            app.code(number=f"{index:010}", order_id=uuid.uuid4().bytes, issued=now, expires=now + timedelta(days=9))
            for index in range(SCANS)
        ]
        quiet = _without_central(server, path, devices, {"codes": codes, "visits": VISITS, "until": None})
        bench_delivery._accept(home)
        assert load(home).centre == "homs-main"
        sending = ["nice", "-n", str(NICE), sys.executable, "-m", "tools.benchmarks.bench_delivery", str(home), url]
        with subprocess.Popen(sending, stdout=subprocess.DEVNULL) as forwarder:
            busy = _run(path, devices, {"codes": [], "visits": 0, "until": forwarder.pid})
        devices.stdin.close()
    return [*_rows(quiet, ", central down"), *_rows(busy, ", 28,000 items being sent"), *_rest(quiet)]


def _without_central(
    server: "subprocess.Popen[bytes]", path: Path, devices: "subprocess.Popen[str]", wanted: dict[str, Any]
) -> dict[str, Any]:
    """Run one window while central answers nobody and the forwarder tries to reach it, as in an outage."""
    forward = [sys.executable, "-c", "from kiosk.commands.cli import main; main()", "forward", "--config", str(path)]
    server.send_signal(signal.SIGSTOP)
    try:
        with subprocess.Popen(forward, stderr=subprocess.DEVNULL) as forwarder:
            try:
                return _run(path, devices, wanted)
            finally:
                forwarder.kill()
    finally:
        server.send_signal(signal.SIGCONT)


def _run(path: Path, devices: "subprocess.Popen[str]", wanted: dict[str, Any]) -> dict[str, Any]:
    """Run one window; pass on what it asks of the devices; return what it measured."""
    words = [sys.executable, "-m", "tools.benchmarks.latency_window", str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdin is not None
        assert window.stdout is not None
        assert devices.stdin is not None
        assert devices.stdout is not None
        window.stdin.write(json.dumps(wanted) + "\n")
        window.stdin.flush()
        for line in window.stdout:
            if line.startswith("result "):
                result: dict[str, Any] = json.loads(line.removeprefix("result "))
                return result
            if line.startswith(("scan ", "cuts")):
                devices.stdin.write(line)
                devices.stdin.flush()
                window.stdin.write(devices.stdout.readline())
                window.stdin.flush()
    raise RuntimeError(f"the window ended with {window.returncode} and said nothing")


def _rows(measured: dict[str, Any], when: str) -> list[dict[str, Any]]:
    table = []
    for key, (row, limit, unit) in _LIMITS.items():
        kind, figure = key.split()
        times = sorted(measured["times"].get(kind, []))
        if not times:
            continue
        value = statistics.median(times) if figure == "median" else times[min(len(times) - 1, int(len(times) * 0.99))]
        table.append(_row(f"{row}{when}, {figure} of {len(times)}", round(value, 1), unit, limit))
    return [*table, _row(f"stalls over 250 ms{when}", measured["stalls"], "", 0)]


def _rest(measured: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _row("at rest: share of a core", round(measured["idle_percent"], 2), "%", 3),
        _row("at rest: redraws", round(measured["redraws_a_second"], 2), "a second", 1),
    ]


def _row(row: str, value: float, unit: str, limit: float) -> dict[str, Any]:
    ratio = round(value / limit, 3) if limit else None
    return {"row": f"kiosk: {row}", "value": value, "unit": unit, "compared_with": f"limit {limit}", "ratio": ratio}
