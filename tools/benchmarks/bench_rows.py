"""How long central's commands and pages take among many rows on PostgreSQL: the first hundred lines, or the whole page.

`python -m tools.benchmarks.bench_rows 10000000` makes as many items as that.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
from sqlalchemy import text

from central.base.config import load_config
from central.base.database.engine import opened_engine
from tests.kit.postgres import running_postgres
from tools.benchmarks.bench_central import CENTRAL, served
from tools.benchmarks.bench_reports import MONTH, fill

ITEMS: Final = 300_000
WITHIN_S: Final = 1.0
LINES: Final = 100
ROUNDS: Final = 3

_BATCHES: Final = """
INSERT INTO batches (id, kiosk, received_at, content_digest, signature_input, signature)
SELECT n, 'kiosk' || 1 + n % 50, '2026-01-01T00:00:00.000000Z', '', '', '' FROM generate_series(0, :items / 20) AS n
"""
_ITEMS: Final = """
INSERT INTO inbox (id, kiosk, epoch, seq, kind, wall_time, boot_time_ns, boot_id, clock, body, prev_hash, hash, result,
reason, batch, seal_state)
SELECT gen_random_uuid()::text, 'kiosk' || 1 + n % 50, 'epoch', n,
(ARRAY['ticket', 'print', 'queue', 'audit'])[1 + n % 4],
'2026-01-01T00:00:00.000000Z', n, 'boot', 'synced', repeat('e', 300), repeat('0', 64), repeat('0', 64),
CASE WHEN n % 5000 = 0 THEN 'quarantined' ELSE 'applied' END,
CASE WHEN n % 5000 = 1 THEN 'code-key-unknown' END, n / 20,
CASE WHEN n % 4 = 0 THEN 'opened' END FROM generate_series(1, :items) AS n
"""
_CHAINS: Final = "INSERT INTO chains SELECT 'kiosk' || n, 'epoch', 1, '', 1 FROM generate_series(1, 50) AS n"
_WELL: Final = {
    "version": "1.2", "devices": {"printer": "Online", "scanner": "Online"}, "paper": "Full", "paper_left_m": 40,
    "outbox": {"waiting": 3, "dead": 0}, "clock": "synced", "power": "mains", "alarms": [],
}  # fmt: skip
_AT: Final = """to_char(now() - n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_HEALTH: Final = f"INSERT INTO health SELECT 'kiosk' || n, :report, {_AT} FROM generate_series(1, 50) AS n"
_HISTORY: Final = f"""
INSERT INTO health_history (kiosk, at, state)
SELECT 'kiosk' || 1 + n % 50, {_AT}, :report FROM generate_series(1, :items / 50) AS n
"""
_ORDER_STATES: Final = """
INSERT INTO feed (id, kind, key, body, centre, at, mark)
SELECT n, 'order-state', 'order' || n, '{}', 'centre-' || 1 + n % 50, '2026-01-01T00:00:00.000000Z', ''
FROM generate_series(1, :items / 10) AS n
"""
_OPERATIONS: Final = f"""
INSERT INTO operations (at, operator, act, detail)
SELECT {_AT}, 'Rana', 'report-taken', '{{}}' FROM generate_series(1, :items / 100) AS n
"""
_READ: Final = """
INSERT INTO projections (name, arrival, ended, ended_at)
SELECT name, newest, newest, '2026-01-01T00:00:00.000000Z'
FROM (VALUES ('visits'), ('machines')) AS readings (name), (SELECT max(arrival) AS newest FROM inbox) AS of_all
"""
_COMMANDS: Final = (
    "kiosks",
    "inbox",
    "inbox --kiosk kiosk7",
    "inbox --after 1000",
    "findings",
    "quarantine",
    "centres",
    "technicians",
    "clerks",
    "enrolment-codes",
    f"visits --centre centre-1 --day {MONTH}-03",
    f"report --centre centre-1 --month {MONTH} --format json --out {{folder}}/report.json",
)
_PAGES: Final = (
    "/metrics",
    "/readyz",
    "/offices/fleet",
    "/offices/fleet?centre=centre-7",
    "/offices/kiosks/kiosk7",
    f"/offices/reports?centre=centre-1&month={MONTH}",
    f"/offices/reports/file?centre=centre-1&month={MONTH}&form=csv",
    "/offices/people",
    "/offices/publish",
    "/offices/operations",
)


def rows(items: int = ITEMS) -> list[dict[str, Any]]:
    """Measure once; returns the rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as url:
        where = ["--data", str(Path(folder) / "central"), "--database", url]
        subprocess.run([*CENTRAL, "migrate", *where], check=True, stdout=subprocess.DEVNULL)
        asyncio.run(_fill(load_config(Path(folder), url).database_url, items))
        start_s = min(_lines_s(["--version"]) for _ in range(ROUNDS))
        commands = dict.fromkeys(_COMMANDS, 1e9)
        for _ in range(ROUNDS):  # in turn: a busy moment then spoils none of them alone
            for one in _COMMANDS:
                commands[one] = min(commands[one], _lines_s([*one.format(folder=folder).split(), *where]))
        with served(where) as central:
            office = _logged_in(central, where)
            pages = {one: min(_page_s(office, one) for _ in range(ROUNDS)) for one in _PAGES}
    return [
        _worst(f"central: slowest command among {items:,} items, its first {LINES} lines", commands),
        _worst(f"central: slowest page among {items:,} items", pages),
        {"row": "central: a command that asks no database, for comparison", "value": round(start_s, 2), "unit": "s"},
    ]


def _worst(name: str, took: dict[str, float]) -> dict[str, Any]:
    worst = max(took, key=took.__getitem__)
    print({one: round(seconds, 3) for one, seconds in took.items()}, file=sys.stderr)
    ratio = round(took[worst] / WITHIN_S, 2)
    value = round(took[worst], 2)
    return {
        "row": f"{name}: {worst}",
        "value": value,
        "unit": "s",
        "compared_with": f"{WITHIN_S:.0f} s",
        "ratio": ratio,
    }


def _lines_s(words: list[str]) -> float:
    """Start a command, read its first lines, and let it go."""
    began = time.perf_counter()
    with subprocess.Popen([*CENTRAL, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = sum(1 for _ in zip(range(LINES), running.stdout, strict=False))
        took = time.perf_counter() - began
        if lines == LINES:
            running.kill()
        else:
            assert running.wait() == 0, running.stderr and running.stderr.read()
    return took


def _page_s(office: httpx2.Client, path: str) -> float:
    began = time.perf_counter()
    answer = office.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return time.perf_counter() - began


def _logged_in(central: str, where: list[str]) -> httpx2.Client:
    """Make an administrator and begin a session."""
    command = [*CENTRAL, "operator", "add", "Rana", "--role", "administrator", *where]
    made = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    code = pyotp.TOTP(parse_qs(urlsplit(made["authenticator"]).query)["secret"][0]).now()
    office = httpx2.Client(base_url=central, timeout=60)
    given = {"name": "Rana", "password": made["password"], "code": code}
    answer = office.post("/offices/login", data=given, headers={"Origin": central})
    assert answer.status_code in {200, 303}, answer.text
    return office


async def _fill(url: str, items: int) -> None:
    async with opened_engine(url) as engine:
        await fill(engine, items // 10)
        async with engine.begin() as connection:
            given = {"items": items, "report": json.dumps(_WELL)}
            for statement in (
                _BATCHES, _ITEMS, _CHAINS, _READ, _HEALTH, _HISTORY, _ORDER_STATES, _OPERATIONS,
            ):  # fmt: skip
                named = {name: value for name, value in given.items() if f":{name}" in statement}
                await connection.execute(text(statement), named)
            names = "INSERT INTO centres SELECT 'centre-' || n, 'مركز', 'Centre', 1 FROM generate_series(1, 50) AS n"
            await connection.execute(text(names))
        async with engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


if __name__ == "__main__":
    print(json.dumps(rows(*(int(number) for number in sys.argv[1:])), indent=1))
