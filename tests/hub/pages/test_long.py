"""At length: a thousand calls over a lying network, and a day of eight hours on an open board."""

import time
from itertools import groupby
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

import hub.api.live.state
import hub.api.live.ticking
from tests.hub.hall import Hall
from tests.hub.pages.lying_network import lying_network
from tests.hub.pages.site import running
from tests.hub.pages.test_board import COUNT, SCREEN

pytestmark = pytest.mark.timeout(420)
CALLS = 1000
STEP_S = 10
HOURS = 8
CALL_EVERY_S = 30
# Announcements that take so many milliseconds of the page's own time.
SOUND = """
window.Audio = class {
  play() { setTimeout(() => this.onended?.(), %d); return Promise.resolve(); }
};
"""


def board_at(browser: Browser, url: str, sound_ms: int, *, clock: bool = False) -> Page:
    context = browser.new_context(viewport=SCREEN, screen=SCREEN)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(COUNT)
    page.add_init_script(SOUND % sound_ms)
    if clock:
        page.clock.install()
    page.goto(f"{url}/board?diagonal=43&distance=10&speaks=1")
    expect(page.locator("#centre")).not_to_be_empty(timeout=60_000)  # the line may lie from the first word on
    return page


def call(hall: Hall, counter: int) -> int:
    hall.kiosks[0].give("A")
    seq: int = hall.press(counter, "next")["call"]
    return seq


def test_a_thousand_calls_over_a_lying_network_are_each_announced_once(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path / "hub") as site, lying_network(site.url, seed=4) as network:
        for counter in (1, 2):
            site.hall.press(counter, "open")
        page = board_at(browser, network.url, sound_ms=1)
        called = []
        for number in range(CALLS):
            called.append(call(site.hall, 1 + number % 2))
            site.hall.passes(0.1)
            page.wait_for_timeout(80)
        page.wait_for_function("(seq) => window.announced.includes(seq)", arg=called[-1], timeout=60_000)
        heard = [seq for seq, _ in groupby(page.evaluate("window.announced"))]  # said twice in a row is once
        assert heard == called
        assert min(network.lies.values()) > 0, network.lies
        page.context.close()


def test_a_board_open_for_a_day_misses_nothing_and_does_not_grow(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.api.live.state, "BEAT_S", 0.02)
    monkeypatch.setattr(hub.api.live.ticking, "TICK_S", 0.03)
    with running(tmp_path / "hub") as site:
        for counter in (1, 2):
            site.hall.press(counter, "open")
        page = board_at(browser, site.url, sound_ms=7000, clock=True)
        called: list[int] = []
        grown = []
        for step in range(HOURS * 3600 // STEP_S):
            if step % (CALL_EVERY_S // STEP_S) == 0:
                called.append(call(site.hall, 1 + step % 2))
                _until_shown(page, called[-1])
            site.hall.passes(STEP_S)
            page.clock.run_for(STEP_S * 1000)
            if step * STEP_S in (3600, 2 * 3600) or step == HOURS * 3600 // STEP_S - 1:
                grown.append(_sizes(page))
        page.clock.run_for(60_000)
        heard = [seq for seq, _ in groupby(page.evaluate("window.announced"))]
        assert heard == called
        assert len(called) == HOURS * 3600 // CALL_EVERY_S
        early, late = grown[1], grown[-1]
        assert late["heap"] - early["heap"] < 2_000_000, grown
        assert late["nodes"] - early["nodes"] < 300, grown
        assert late["hub"] - early["hub"] < 40_000_000, grown
        page.context.close()


def _until_shown(page: Page, seq: int) -> None:
    end = time.monotonic() + 30
    while page.evaluate("document.querySelector('.call')?.dataset.seq") != str(seq):
        assert time.monotonic() < end, "the call is not on the board"


def _sizes(page: Page) -> dict[str, float]:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return {
        "heap": found["JSHeapUsedSize"],
        "nodes": found["Nodes"],
        "hub": psutil.Process().memory_info().rss,
    }
