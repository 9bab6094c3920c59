"""Every state of the desks' pages, in both languages and on small and large screens: nothing that axe finds, nothing
pushed off the screen, and all of it within reach of the Tab key; and machines whose clocks are wrong.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.pages.board.ears import heard, listen, until_heard
from tests.hub.pages.board.test_board import SCREEN, call, open_board, seq_of
from tests.hub.pages.counter.test_counter import log_in, violations
from tests.hub.pages.site import Site, running

pytestmark = pytest.mark.timeout(240)
LONG_MS = 60_000
SIZES = ((1024, 768), (1366, 768), (1920, 1080))
# What the Tab key reaches, one after the other, until it leaves the page; and what it should reach.
REACHED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const place = [...document.querySelectorAll('*')].indexOf(element);
  return { place, name: `${place} ${element.outerHTML.slice(0, 60)}`, isPage: element === document.body,
    isSeen: box.width > 0 && box.height > 0,
    isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select')]
  .filter((one) => one.offsetParent !== null && !one.disabled).length"""


def looks_right(page: Page, state: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page) == [], (state, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (state, width)
    _can_be_reached_by_tab(page, state)


def _can_be_reached_by_tab(page: Page, state: str) -> None:
    wanted = page.evaluate(REACHABLE)
    reached, places = set(), list[int]()
    for _ in range(wanted + 6):  # once around, past the browser's own bar; a date has several parts
        page.keyboard.press("Tab")
        found = page.evaluate(REACHED)
        if not found["isPage"]:
            assert found["isSeen"], (state, found)
            assert found["isMarked"], (state, found)
            places += [found["place"]] if found["name"] not in reached else []
            reached.add(found["name"])
    assert len(reached) == wanted, (state, reached)
    # From top to bottom in the page's own order, beginning again at most where it goes around.
    assert sum(later < earlier for earlier, later in pairwise(places)) <= 1, (state, places)


def shows(page: Page, state: str) -> None:
    expect(page.locator("#state")).to_have_attribute("data-state", state)
    expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_counter_in_every_state(browser: Browser, tmp_path: Path, language: str) -> None:
    with running(tmp_path / "hub") as site:
        hall = site.hall
        for letter in "AABA":
            hall.kiosks[0].give(letter, priority="elderly")
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(f"{site.url}/counter?lang={language}")
        expect(page.locator("#login")).to_be_visible()
        looks_right(page, "login")
        log_in(page)
        shows(page, "closed")
        looks_right(page, "closed")
        for pressed, state in (("#main", "open"), ("#main", "called"), ("#main", "serving")):
            page.click(pressed)
            shows(page, state)
            looks_right(page, state)
        page.click("#park")
        expect(page.locator("#ask")).to_be_visible()
        assert violations(page) == [], "a question"
        page.keyboard.press("Enter")
        shows(page, "open")
        looks_right(page, "somebody is away")
        page.click("#pause")
        page.keyboard.press("Enter")
        shows(page, "paused")
        looks_right(page, "paused")
    expect(page.locator("#lost")).to_be_visible(timeout=LONG_MS)
    assert violations(page) == [], "cut off"
    page.context.close()


def test_the_script_for_the_speaker_in_every_size(browser: Browser, site: Site) -> None:
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(f"{site.url}/voice/script")
    expect(page.locator("table, li").first).to_be_visible()
    looks_right(page, "script")
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_manager_in_every_state(browser: Browser, tmp_path: Path, language: str) -> None:
    with running(tmp_path / "hub") as site:
        hall = site.hall
        hall.press(1, "open")
        hall.kiosks[0].give("A")
        second = hall.kiosks[0].give("A")
        hall.press(1, "out-of-turn", number=second.number, reason="طفل وحده")
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(f"{site.url}/manager?lang={language}")
        expect(page.locator("#login")).to_be_visible()
        looks_right(page, "login")
        page.fill("#pin", MANAGER_PIN)
        page.click("#login-form .main")
        expect(page.locator("#out-of-turn")).to_contain_text("طفل وحده")
        looks_right(page, "a day")
        page.click("#close-day")
        expect(page.locator("#sure")).to_be_visible()
        assert violations(page) == [], "a question"
        page.keyboard.press("Escape")
        hall.passes(31)
        expect(page.locator("#warnings")).to_be_visible(timeout=LONG_MS)
        looks_right(page, "warnings")
    expect(page.locator("#lost")).to_be_visible(timeout=LONG_MS)
    assert violations(page) == [], "cut off"
    page.context.close()


@pytest.mark.parametrize("year", [1970, 2099])
def test_on_a_machine_whose_clock_is_wrong_pages_go_by_the_hubs(browser: Browser, tmp_path: Path, year: int) -> None:
    def wrong(page: Page) -> Page:
        page.clock.install(time=datetime(year, 1, 2, 1, 30, tzinfo=UTC))
        return page

    with running(tmp_path / "hub") as site:
        site.hall.kiosks[0].give("B")
        board = wrong(browser.new_context(viewport=SCREEN, screen=SCREEN).new_page())  # type: ignore[arg-type]
        listen(board)
        board.goto(f"{site.url}/board?diagonal=43&distance=10&speaks=1&lang=en")
        expect(board.locator("#clock")).to_have_text("12:00")
        counter = wrong(browser.new_context().new_page())
        counter.goto(f"{site.url}/counter?lang=en")
        log_in(counter)
        for state in ("closed", "open"):
            shows(counter, state)
            counter.click("#main")
        shows(counter, "called")
        expect(counter.locator("#state")).to_contain_text("12:00")
        until_heard(board, seq_of(site.hall, 1))
        site.hall.passes(30)
        call(site.hall, 2)  # the view comes with the hub's time
        expect(counter.locator("#not-here")).to_contain_text("30 s")
        until_heard(board, seq_of(site.hall, 2))
    for page in (board, counter):
        expect(page.locator("#lost")).to_contain_text("12:0", timeout=LONG_MS)
        page.context.close()


@pytest.mark.parametrize(("motion", "animation"), [("reduce", "none"), ("no-preference", "called")])
def test_a_new_call_comes_in_one_quiet_movement_or_stands_still(
    browser: Browser, site: Site, motion: str, animation: str
) -> None:
    page = open_board(browser, site)
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    call(site.hall, 1)
    expect(page.locator(".call.new")).to_have_count(1)
    style: Callable[[str], str] = lambda name: page.evaluate(  # noqa: E731
        "(name) => getComputedStyle(document.querySelector('.call.new'))[name]", name
    )
    assert style("animationName") == animation
    if animation != "none":
        assert 1 / 3 <= float(style("animationDuration").removesuffix("s")) <= 0.4
        assert style("animationIterationCount") == "1"
    until_heard(page, seq_of(site.hall, 1))
    assert heard(page) == [seq_of(site.hall, 1)]
    page.context.close()
