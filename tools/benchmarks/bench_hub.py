"""The hub: presses against the disk's own price, crowds, cuts, wrong clocks, weeks, and how peers choose."""

import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from common.queue.standing import Ticket
from tests.hub.hall import Hall, open_hall
from tests.hub.held import check, check_answers
from tests.hub.pressing_process import prepare
from tests.hub.simulated_centre import LARGE, SMALL, SimulatedCentre
from tests.kit.power_cut import record

COUNTERS, SENT = 8, 3
PRESSES = 10_000
CUTS = 1_000
WAVE = 240
SHARES = (0.1, 0.2, 0.4)


def rows() -> list[dict[str, Any]]:
    """Measure everything; ratios compare figures of this very run."""
    with tempfile.TemporaryDirectory(dir=Path("build") if Path("build").is_dir() else None) as folder:
        place = Path(folder)
        return [
            *_speed(place / "speed"),
            *_crowd(place / "crowd"),
            *_peers(),
            *_cuts(place / "cuts"),
            *_clocks(place / "clocks"),
            *_weeks(place / "weeks"),
        ]


def row_of(
    row: str, value: float, unit: str, compared: str | None = None, ratio: float | None = None
) -> dict[str, Any]:
    """Compose a row of the table."""
    return {"row": row, "value": value, "unit": unit, "compared_with": compared, "ratio": ratio}


def _busy_hall(folder: Path) -> Hall:
    hall = open_hall(folder)
    hall.set_up({number: ["A", "B"] for number in range(1, COUNTERS + 1)})
    hall.works()
    for number in range(1, COUNTERS + 1):
        hall.press(number, "open")
    return hall


def _fill(hall: Hall, people: int) -> None:
    for start in range(0, people, 80):
        kiosk = hall.kiosks[start // 80 % 3]
        kiosk.tell(*[kiosk.ticket("AB"[n % 2]) for n in range(min(80, people - start))])


def _speed(folder: Path) -> list[dict[str, Any]]:
    """Eight counters press at once, each as soon as it is answered; raw writes of the same bytes in turns with them."""
    hall = _busy_hall(folder)
    took: list[float] = []
    ratios, speeds = [], []

    def presses(counter: int) -> None:
        for _ in range(WAVE // COUNTERS):
            began = time.perf_counter()
            hall.raw(counter, {"press": "next"})
            took.append(time.perf_counter() - began)

    for _ in range(7):
        _fill(hall, WAVE)
        raw = _raw_per_s(folder / "raw", _press_bytes(hall))
        began = time.perf_counter()
        _at_once([threading.Thread(target=presses, args=(counter,)) for counter in range(1, COUNTERS + 1)])
        speeds.append(WAVE / (time.perf_counter() - began))
        ratios.append(speeds[-1] / statistics.mean((raw, _raw_per_s(folder / "raw", _press_bytes(hall)))))
    size = _press_bytes(hall)
    hall.hub.store.close()
    took.sort()
    compared = f"write + fdatasync of a press's {size} bytes; best round {max(ratios):.2f}"
    p99_ms = took[int(len(took) * 0.99)] * 1000
    return [
        row_of(
            "presses a second, one hub, durable", statistics.median(speeds), "1/s", compared, statistics.median(ratios)
        ),
        row_of("one press among eight at once, p99", p99_ms, "ms"),
    ]


def _press_bytes(hall: Hall) -> int:
    """Return the bytes that one `next` adds: its events, its items for central and its answer."""
    with hall.hub.store.read() as connection:
        press = connection.exec_driver_sql(
            "SELECT press FROM hub_events WHERE press IS NOT NULL ORDER BY seq DESC"
        ).first()
        key = None if press is None else press[0]
        events = connection.exec_driver_sql("SELECT * FROM hub_events WHERE press = ?", (key,)).all()
        answer = connection.exec_driver_sql('SELECT * FROM hub_presses WHERE "key" = ?', (key,)).all()
        items = connection.exec_driver_sql(
            "SELECT * FROM items ORDER BY row DESC LIMIT ?", (max(1, len(events)),)
        ).all()
    return sum(len(str(value).encode()) for row in (*events, *answer, *items) for value in row)


def _raw_per_s(path: Path, size: int, count: int = 200) -> float:
    data = os.urandom(size)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    began = time.perf_counter()
    for _ in range(count):
        os.write(descriptor, data)
        os.fdatasync(descriptor)
    elapsed = time.perf_counter() - began
    os.close(descriptor)
    return count / elapsed


def _at_once(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _crowd(folder: Path) -> list[dict[str, Any]]:
    """Press together, every press sent three times at once, until ten thousand people were called."""
    hall = _busy_hall(folder)
    called: Counter[str] = Counter()
    differing, given = 0, 0
    while given < PRESSES:
        _fill(hall, WAVE)
        given += WAVE
        answers: dict[str, set[bytes]] = {}
        lock = threading.Lock()

        def page(counter: int, keys: list[str], answers: dict[str, set[bytes]], lock: threading.Lock) -> None:
            for key in keys:
                body = hall.raw(counter, {"press": "next"}, key).body
                with lock:
                    answers.setdefault(key, set()).add(body)

        keys = {n: [str(uuid.uuid4()) for _ in range(WAVE // COUNTERS)] for n in range(1, COUNTERS + 1)}
        asked = [(n, keys[n], answers, lock) for n in keys for _ in range(SENT)]
        _at_once([threading.Thread(target=page, args=one) for one in asked])
        differing += sum(len(said) > 1 for said in answers.values())
        for said in answers.values():
            ticket = json.loads(next(iter(said)))["counter"]["ticket"]
            called[ticket["number"] if ticket else ""] += 1
    hall.hub.store.close()
    twice = sum(times > 1 for number, times in called.items() if number)
    of = f"of {given:,} presses, each sent {SENT} times by {COUNTERS} counters"
    return [
        row_of("called to two counters", twice, "people", of),
        row_of("skipped", given - len([number for number in called if number]), "people", of),
        row_of("repeats answered otherwise than the first", differing, "presses", of),
    ]


def _peers() -> list[dict[str, Any]]:
    """Choose as FQM and NovoSGA do: read the head of the queue, then update it, with no second look under the lock."""
    waiting: list[int] = list(range(480))
    state: dict[int, int] = dict.fromkeys(waiting, 0)
    called: list[int] = []
    lock = threading.Lock()
    barrier = threading.Barrier(COUNTERS)

    def page() -> None:
        for _ in range(480 // COUNTERS):
            barrier.wait()
            head = next((one for one in waiting if state[one] == 0), None)  # the SELECT
            time.sleep(0.0002)  # the round trip to its database
            if head is not None:
                with lock:  # the UPDATE, which both systems lock
                    state[head] = 1
                    called.append(head)

    _at_once([threading.Thread(target=page) for _ in range(COUNTERS)])
    doubled = sum(times - 1 for times in Counter(called).values())
    return [row_of("called twice by select-then-update (FQM, NovoSGA), same crowd", doubled, "of 480")]


def _cuts(folder: Path) -> list[dict[str, Any]]:
    if shutil.which("strace") is None:
        return [row_of("power cuts that broke a promise", float("nan"), "cuts", "strace is not installed")]
    prepare(folder / "hub", 120)
    command = [sys.executable, "-m", "tests.hub.pressing_process", str(folder / "hub"), "80"]
    recording = record(command, folder / "hub", folder / "trace", timeout_s=200)
    chance, broken = random.Random(1), 0
    for number in range(CUTS):
        place = folder / f"cut-{number}"
        place.mkdir()
        cut = chance.randrange(len(recording.calls))
        recording.after_cut(cut, place, chance)
        hall = open_hall(place)
        try:
            check(hall)
            check_answers(hall, [json.loads(line) for line in recording.promises(cut)])
        except AssertionError:
            broken += 1
        hall.hub.store.close()
        shutil.rmtree(place)
    return [row_of("power cuts between press and answer that broke a promise", broken, f"of {CUTS}")]


def _clocks(folder: Path) -> list[dict[str, Any]]:
    """Three kiosks without a hub for an hour, two of them in 1970 and 2099: order and error of age."""
    hall, chance = open_hall(folder), random.Random(2)
    hall.set_up({1: ["A"]})
    for kiosk, wall in zip(
        hall.kiosks, (None, "1970-01-01T00:00:09.000000Z", "2099-01-01T00:00:00.000000Z"), strict=True
    ):
        kiosk.wall, kiosk.trust = wall, "synced" if wall is None else "unknown"
    issued = []
    while hall.clock.boottime_s < 1000 + 3600:
        hall.passes(chance.uniform(1, 20))
        kiosk = chance.choice(hall.kiosks)
        issued.append((kiosk, kiosk.ticket("A"), hall.hub.timeline.at(hall.clock.now())))
    for start in range(0, len(issued), 50):
        for kiosk in hall.kiosks:
            told = [ticket for owner, ticket, _ in issued[start : start + 50] if owner is kiosk]
            hall.passes(0.3)  # the network, and the batch before
            kiosk.tell(*told)
    placed: list[tuple[Ticket, int]] = [(hall.ticket(ticket.id), true) for _, ticket, true in issued]
    hall.hub.store.close()
    inversions = 0
    for kiosk in hall.kiosks:
        lines = [ticket.arrived_line for ticket, _ in placed if ticket.kiosk == kiosk.record.id]
        inversions += sum(later < earlier for earlier, later in pairwise(lines))
    error_s = statistics.mean(abs(ticket.arrived_line - true) for ticket, true in placed) / 1e6
    return [
        row_of("inversions within a kiosk, hub off an hour, clocks in 1970 and 2099", inversions, "pairs"),
        row_of("mean error of age across kiosks, within one boot", error_s, "s"),
    ]


def _weeks(folder: Path) -> list[dict[str, Any]]:
    found = []
    for name, size, days in (("small", SMALL, 20), ("large", LARGE, 14)):
        centre = SimulatedCentre(folder / name, size, seed=5)
        centre.run(days)
        measured = centre.measured()
        centre.hall.hub.store.close()
        told = f"{size.visitors} visitors a day, {size.counters} counters, {days} days"
        found += [
            row_of(f"share of ranges that held, {name} centre", 100 * measured["held"], "%", told),
            row_of(f"badly told too little, {name} centre", 100 * measured["badly_too_little"], "%", told),
            row_of(
                f"longest wait against the median of its class, {name} centre", measured["worst_against_class"], "times"
            ),
            row_of(
                f"waited over three times the whole day's median of the class, {name} centre",
                100 * measured["beyond_thrice_of_the_day"],
                "%",
                "of those who were called",
            ),
            row_of(f"issued and not in the books, {name} centre", measured["issued"] - measured["ended"], "tickets"),
        ]
    for share in SHARES:
        centre = SimulatedCentre(folder / f"share-{share}", replace(SMALL, priority=share), seed=7)
        centre.run(5)
        waits = centre.measured()["priority_against_others"]
        centre.hall.hub.store.close()
        found.append(
            row_of(f"priority's wait where {share:.0%} have it", waits, "times", "others called just before and after")
        )
    return found
