"""At length: many calls over a lying network, and an open board for hours; `make long board` takes a whole day."""

import os
import time
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

import hub.api.live.state
import hub.api.live.ticking
from hub.voice import clips
from hub.voice.sound import RATE_HZ, joined
from tests.hub.hall import Hall
from tests.hub.pages.board.ears import SAID_AT_MOST, heard, listen, says_what_was_called, until_heard
from tests.hub.pages.board.test_board import SCREEN
from tests.hub.pages.lying_network import lying_network
from tests.hub.pages.site import running
from tests.hub.voice.recorded import record

pytestmark = pytest.mark.timeout(420)
CALLS = int(os.environ.get("BOARD_CALLS", "250"))
STEP_S = 10
HOURS = int(os.environ.get("BOARD_HOURS", "3"))
CALL_EVERY_S = 30
CHIRP = bytes(RATE_HZ // 500 * 2)
SOUND_MS = 7000
# Announcements that take so many milliseconds of the page's own time, which this test moves: no element plays in that.
SOUND = f"""
window.sounds = [];
window.Audio = class {{
  constructor(address) {{ this.heard = {{ seq: Number(/(\\d+)\\.wav$/.exec(address)[1]) }}; }}
  play() {{
    this.heard.begun = performance.now();
    window.sounds.push(this.heard);
    setTimeout(() => {{
      this.heard.ended = performance.now();
      this.onended?.();
    }}, {SOUND_MS});
    return Promise.resolve();
  }}
}};
"""


def open_at(page: Page, url: str) -> Page:
    page.goto(f"{url}/board?diagonal=43&distance=10&speaks=1")
    expect(page.locator("#centre")).not_to_be_empty(timeout=60_000)  # the line may lie from the first word on
    return page


def board_page(browser: Browser) -> Page:
    return browser.new_context(viewport=SCREEN, screen=SCREEN).new_page()  # type: ignore[arg-type]


def call(hall: Hall, counter: int) -> int:
    hall.kiosks[0].give("A")
    seq: int = hall.press(counter, "next")["call"]
    return seq


def test_calls_over_a_lying_network_are_each_announced_once(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So short that the board keeps up with the calls, and played by its own elements all the same.
    monkeypatch.setattr(clips, "chime", lambda: CHIRP)
    monkeypatch.setattr(clips, "joined", lambda parts: joined([(1, samples) for _, samples in parts]))
    with running(tmp_path / "hub") as site, lying_network(site.url, seed=4) as network:
        record(tmp_path / "hub" / "clips", seconds=0.004)
        for counter in (1, 2):
            site.hall.press(counter, "open")
        page = open_at(listen(board_page(browser)), network.url)
        called = []
        for number in range(CALLS):
            called.append(call(site.hall, 1 + number % 2))
            site.hall.passes(0.1)
            page.wait_for_timeout(80)
        until_heard(page, called[-1], within_ms=180_000)
        assert heard(page) == called
        says_what_was_called(page, site.hall)
        assert min(network.lies.values()) > 0, network.lies
        page.context.close()


def test_a_board_open_for_hours_misses_nothing_and_does_not_grow(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.api.live.state, "BEAT_S", 0.02)
    monkeypatch.setattr(hub.api.live.ticking, "TICK_S", 0.03)
    with running(tmp_path / "hub") as site:
        for counter in (1, 2):
            site.hall.press(counter, "open")
        page = board_page(browser)
        page.add_init_script(SOUND)
        page.clock.install()
        open_at(page, site.url)
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
        sounds = page.evaluate("window.sounds")
        assert [sound["seq"] for sound in sounds] == [seq for seq in called for _ in range(SAID_AT_MOST)]
        assert all(one["ended"] <= following["begun"] for one, following in pairwise(sounds))
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
