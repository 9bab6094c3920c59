"""What an accept costs, against the disk's own price for the same bytes, and what a full store costs at the start."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import current_day
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.power_cut import record
from tests.kit.store import IDENTITY, MACHINE, stamp

ROUNDS = 7
TICKETS = 600
FULL_ROWS = 200_000
OPEN_ROUNDS = 9
HERE = Path(__file__).parent

START = """
import sys
from pathlib import Path
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp
with open_store_in(Path(sys.argv[1]), IDENTITY, stamp=stamp(), machine=MACHINE) as store:
    accept_ticket(store, TicketRequest("clearance", "B"), intention=sys.argv[2], stamp=stamp())
    print("ready", flush=True)
"""


def rows() -> list[dict[str, Any]]:
    """Measure everything; ratios compare figures of this very run, taken in turns."""
    with tempfile.TemporaryDirectory(dir=Path("build") if Path("build").is_dir() else None) as folder:
        return [*_accepts(Path(folder)), _syncs(Path(folder)), *_starts(Path(folder))]


def _row(
    row: str, value: float, unit: str, compared_with: str | None = None, ratio: float | None = None
) -> dict[str, Any]:
    return {"row": row, "value": value, "unit": unit, "compared_with": compared_with, "ratio": ratio}


def _accepts(folder: Path) -> list[dict[str, Any]]:
    raw, accepted, reads = [], [], []
    with open_store_in(folder / "accepts", IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        item_bytes = _item_bytes(store)
        for number in range(ROUNDS):
            raw.append(_raw_per_s(folder / "raw", item_bytes))
            accepted.append(_accepted_per_s(store, f"round {number}"))
            reads.append(_repeated_per_s(store, f"round {number}"))
    best = max(a / b for a, b in zip(accepted, raw, strict=True))
    middle = statistics.median(a / b for a, b in zip(accepted, raw, strict=True))
    compared = (
        f"write + fdatasync of the same {item_bytes} bytes, {statistics.median(raw):,.0f}/s; best round {best:.2f}"
    )
    return [
        _row(
            "accepted tickets per second, the whole transaction", statistics.median(accepted), "1/s", compared, middle
        ),
        _row("a repeated intention answered", statistics.median(reads), "1/s"),
    ]


def _item_bytes(store: Store) -> int:
    accept_ticket(store, TicketRequest("clearance", "B"), intention="sample", stamp=stamp())
    with store.read() as connection:
        item = connection.execute(select(tables.items).order_by(tables.items.c.row.desc()).limit(1)).one()
        ticket = connection.execute(select(tables.tickets).limit(1)).one()
    return sum(len(str(value).encode()) for value in (*item, *ticket))


def _raw_per_s(path: Path, size: int) -> float:
    data = os.urandom(size)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    started = time.perf_counter()
    for _ in range(TICKETS):
        os.write(fd, data)
        os.fdatasync(fd)
    spent = time.perf_counter() - started
    os.close(fd)
    return TICKETS / spent


def _accepted_per_s(store: Store, name: str) -> float:
    started = time.perf_counter()
    for number in range(TICKETS):
        accept_ticket(store, TicketRequest("clearance", "B"), intention=f"{name} {number}", stamp=stamp())
    return TICKETS / (time.perf_counter() - started)


def _repeated_per_s(store: Store, name: str) -> float:
    started = time.perf_counter()
    for number in range(TICKETS):
        accept_ticket(store, TicketRequest("clearance", "B"), intention=f"{name} {number}", stamp=stamp())
    return TICKETS / (time.perf_counter() - started)


def _syncs(folder: Path) -> dict[str, Any]:
    """Count under strace, in a process of its own, from the first accepted ticket to the last."""
    data = folder / "traced"
    data.mkdir()
    command = [sys.executable, "-m", "tests.offline_store.accepting_process", str(data), "a", "400"]
    recording = record(command, data, folder / "trace")
    promises = [place for place, call in enumerate(recording.calls) if call.name == "promise"]
    syncs = sum(call.name == "sync" for call in recording.calls[promises[0] : promises[-1]])
    return _row("fdatasync calls per accepted ticket", syncs / (len(promises) - 1), "calls")


def _starts(folder: Path) -> list[dict[str, Any]]:
    empty, full = folder / "empty", folder / "full"
    for place in (empty, full):
        with open_store_in(place, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
            accept_ticket(store, TicketRequest("clearance", "B"), intention="first", stamp=stamp())
            if place == full:
                _fill(store)
    times: dict[Path, list[float]] = {empty: [], full: []}
    inside: dict[Path, list[float]] = {empty: [], full: []}
    for number in range(OPEN_ROUNDS):
        for place, found in times.items():
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", START, str(place), f"start {number}"], check=True, capture_output=True
            )
            found.append(time.perf_counter() - started)
            started = time.perf_counter()
            with open_store_in(place, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
                accept_ticket(store, TicketRequest("clearance", "B"), intention=f"in {number}", stamp=stamp())
            inside[place].append(time.perf_counter() - started)
    ms = {place: min(found) * 1000 for place, found in times.items()}
    part = {place: min(found) * 1000 for place, found in inside.items()}
    compared = f"an empty store, {ms[empty]:.0f} ms (store alone: {part[full]:.0f} and {part[empty]:.0f} ms)"
    return [
        _row("process start to first ticket, 200,000 rows in the store", ms[full], "ms", compared, ms[full] / ms[empty])
    ]


def _fill(store: Store) -> None:
    """Add 100,000 acknowledged items with their tickets, copies of the last one."""
    with store.write() as connection:
        day = current_day(connection)
        item = connection.execute(select(tables.items).order_by(tables.items.c.row.desc()).limit(1)).one()._asdict()
        ticket = connection.execute(select(tables.tickets).limit(1)).one()._asdict()
        for first in range(0, FULL_ROWS // 2, 10_000):
            numbers = range(10_000 + first, 20_000 + first)
            connection.execute(
                insert(tables.items),
                [
                    item
                    | {"row": n, "id": f"{n:036d}", "epoch": "former", "seq": n, "state": "acknowledged", "ended_at": 1}
                    for n in numbers
                ],
            )
            connection.execute(
                insert(tables.tickets),
                [
                    ticket | {"row": n, "intention": f"full {n}", "prefix": "Z", "n": n, "day_id": day.id if day else 1}
                    for n in numbers
                ],
            )
