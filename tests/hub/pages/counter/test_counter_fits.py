"""The counter on an office PC: in every state whole without scrolling, its main button in one place, no ink cut."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert

from hub.log import tables
from tests.hub.hall import Hall
from tests.hub.pages.board.test_board_ink import INK
from tests.hub.pages.counter.test_counter import log_in, violations
from tests.hub.pages.site import running

pytestmark = pytest.mark.timeout(180)
OFFICE_PC = {"width": 1366, "height": 650}  # what a browser leaves of 1366 by 768
LONG_MS = 60_000
SCROLLS = "document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"
CUT = """() => [...document.querySelectorAll('#work .card, #work .ticket, #work .about')]
  .filter((one) => one.checkVisibility() && one.scrollHeight > one.clientHeight + 1).map((one) => one.className)"""


@contextmanager
def office(browser: Browser, url: str, language: str, size: dict[str, int] = OFFICE_PC) -> Iterator[Page]:
    """A clerk's browser at the log-in of counter 1."""
    context = browser.new_context(viewport=size, screen=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{url}/counter?lang={language}")
    expect(page.locator("#login")).to_be_visible()
    yield page
    context.close()


def busy(hall: Hall) -> None:
    """A hall where all goes on at once: six groups wait, four are away, two ask for help."""
    hall.set_up({1: ["A", "B"], 2: ["A"], 3: ["C"], 4: ["D", "X", "Y"]}, message_id=9)
    for _ in range(4):
        hall.kiosks[0].give("A")
        hall.press(2, "open")
        hall.press(2, "next")
        hall.press(2, "park", where="الصندوق")
    for letter in "AAABBCCD":
        hall.kiosks[0].give(letter, priority="pregnant")
    for service in ("information", "cashier"):
        hall.press(2, "give", service=service)
    for kiosk in ("kiosk-1", "kiosk-2"):
        asks_for_help(hall, kiosk)


def asks_for_help(hall: Hall, kiosk: str) -> None:
    with hall.act() as act:
        row = {"id": str(uuid.uuid4()), "kiosk": kiosk, "asked_at": act.stamp.text, "asked_line": act.line_us}
        act.connection.execute(insert(tables.help_calls).values(row))


def is_whole(page: Page, state: str) -> None:
    assert not page.evaluate(SCROLLS), state
    assert page.evaluate(CUT) == [], state
    assert page.evaluate(INK) == [], state


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_state_is_whole_on_an_office_pc_with_its_main_button_in_one_place(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    places = set()
    with running(tmp_path / "hub") as site:
        busy(site.hall)
        with office(browser, site.url, language) as page:
            log_in(page)
            for state in ("closed", "open", "called", "serving", "open"):
                expect(page.locator("#state")).to_have_attribute("data-state", state)
                expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
                is_whole(page, state)
                places.add(str(page.locator("#main").bounding_box()))
                if state == "serving":
                    page.click("#more-documents")
                    page.locator("#ask button.main").click()
                    is_whole(page, "two documents")
                for question in ("#transfer", "#give", "#out-of-turn", "#by-number", "#park", "#pause"):
                    if page.locator(question).is_visible():
                        page.click(question)
                        expect(page.locator("#ask")).to_be_visible()
                        assert not page.evaluate(SCROLLS), (state, question)
                        assert violations(page) == [], (state, question)
                        page.keyboard.press("Escape")
                page.click("#main")
            places.add(str(page.locator("#main").bounding_box()))
            assert len(places) == 1, places
            expect(page.locator("#help")).not_to_contain_text("kiosk-")
            expect(page.locator("#help")).to_contain_text("عند المدخل" if language == "ar" else "at the entrance")


def test_without_a_line_the_page_is_whole_and_readable(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path / "hub") as site:
        busy(site.hall)
        opened = office(browser, site.url, "ar")
        page = opened.__enter__()
        log_in(page)
        page.click("#main")
        expect(page.locator("#state")).to_have_attribute("data-state", "open")
    expect(page.locator("#lost")).to_be_visible(timeout=LONG_MS)
    is_whole(page, "lost")
    assert violations(page) == []
    opened.__exit__(None, None, None)
