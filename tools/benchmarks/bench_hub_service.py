"""The hub as it runs in service: killed under load, and its standby promoted with eight counters working."""

import contextlib
import random
import signal
import tempfile
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2

from tests.hub.commands.processes import Kept, Page, central, enrolled_hub, running
from tools.benchmarks.bench_hub import COUNTERS, row_of

KILLS = 100


def rows() -> list[dict[str, Any]]:
    """Measure both, each in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=Path("build") if Path("build").is_dir() else None) as folder:
        return [*_kills(Path(folder) / "kills"), *_take_over(Path(folder) / "takeover")]


def _kills(folder: Path) -> list[dict[str, Any]]:
    """Kill the serving hub under load; how long until its API answers again, and who was called twice."""
    folder.mkdir()
    with central(folder) as there:
        hub = enrolled_hub(folder / "hub", there)
        pins = [there.pin(f"clerk {number}") for number in range(4)]
        hub.command("forward", "--once")
        called: list[str] = []
        back: list[float] = []
        with hub.serving():
            pages = [Page(hub.url, number, pin) for number, pin in enumerate(pins, 1)]
            for page in pages:
                page.press("open")
            given = [
                pages[0].press("give", service="clearance").json()["given"]["number"] for _ in range(4 * KILLS + 50)
            ]

        def press(page: Page) -> str | None:
            ticket = page.press("next", deadline_s=60).json()["counter"]["ticket"]
            return None if ticket is None else str(ticket["number"])

        with contextlib.ExitStack() as serving, ThreadPoolExecutor(len(pages)) as line:
            process = serving.enter_context(hub.serving())
            for number in range(KILLS):
                under_way = [line.submit(press, page) for page in pages]
                time.sleep(random.Random(number).uniform(0, 0.03))
                killed = time.perf_counter()
                process.send_signal(signal.SIGKILL)
                process.wait()
                process = serving.enter_context(hub.serving())
                _until_it_calls(hub.url)
                back.append(time.perf_counter() - killed)
                called += [found for work in under_way if (found := work.result()) is not None]
        for page in pages:
            page.close()
    twice = sum(times > 1 for times in Counter(called).values())
    skipped = len([number for number in given[: len(called)] if number not in set(called)])
    back.sort()
    return [
        row_of("called twice or skipped by kill -9 between press and answer", twice + skipped, f"of {KILLS} kills"),
        row_of("API answers again after kill -9, p99", back[int(len(back) * 0.99)], "s"),
    ]


def _until_it_calls(url: str) -> None:
    """Wait until the hub leads: before, it serves its pages, and presses are tried again."""
    with httpx2.Client(timeout=1, verify=False) as client:  # loading certificates would hold up the hub
        while True:
            with contextlib.suppress(httpx2.TransportError):
                if client.get(f"{url}/v1/hub").json()["leading"]:
                    return
            time.sleep(0.01)


def _take_over(folder: Path) -> list[dict[str, Any]]:
    """Kill the hub that eight counters work with, promote the standby, and let all eight call on there."""
    folder.mkdir()
    with central(folder) as there:
        first, standby = (enrolled_hub(folder / name, there) for name in ("first", "standby"))
        pins = [there.pin(f"clerk {number}") for number in range(COUNTERS)]
        manager = there.pin("manager", "manager")
        for place in (first, standby):
            place.command("forward", "--once")
        called: list[str] = []
        kept: list[Kept] = []
        following = running("hub", "follow", "--config", standby.config, log=standby.folder / "follow.log")
        with following, contextlib.ExitStack() as closing:
            with first.serving() as process:
                pages = [closing.enter_context(Page(first.url, number, pin)) for number, pin in enumerate(pins, 1)]
                for page in pages:
                    page.press("open")
                for _ in range(3 * COUNTERS):
                    pages[0].press("give", service="clearance")
                while len({httpx2.get(f"{place.url}/v1/hub").json()["seq"] for place in (first, standby)}) > 1:
                    time.sleep(0.05)
                for page in pages:  # the last of these may not be pulled any more: their pages bring them
                    key = str(uuid.uuid4())
                    response = page.press("next", key)
                    kept.append(Kept(key, response))
                    called.append(response.json()["counter"]["ticket"]["number"])
                process.send_signal(signal.SIGKILL)
                process.wait()
            began = time.perf_counter()
            standby.command("promote", "--pin", manager)
            pages = [closing.enter_context(Page(standby.url, number, pin)) for number, pin in enumerate(pins, 1)]
            for page, last in zip(pages, kept, strict=True):
                page.client.post(f"/v1/counters/{page.counter}/resume", json=last.wish).raise_for_status()
            called += [page.press("next").json()["counter"]["ticket"]["number"] for page in pages]
            took = time.perf_counter() - began
    doubled = sum(times > 1 for times in Counter(called).values())
    return [
        row_of("called twice over a take-over", doubled, f"of {len(called)}", f"{COUNTERS} counters working"),
        row_of(
            "from a manager's promotion until all call again", took, "s", f"{COUNTERS} counters, their PINs typed again"
        ),
    ]
