"""The page of a coming day: what is foretold stands there, sliders try a plan, and all fits an office PC's screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.foresight.past_days import live_through
from tests.hub.hall import open_hall
from tests.hub.pages.counter.test_counter import violations
from tests.hub.pages.counter.test_counter_fits import OFFICE_PC
from tests.hub.pages.site import Site, running

SMALL_PHONE = {"width": 320, "height": 640}


@pytest.fixture(params=["ar", "en"])
def page(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page in a manager's browser, six days after the centre began."""
    hall = open_hall(tmp_path)
    hall.set_up({1: ["A", "B"], 2: ["A"], 3: ["C"]})
    hall.works()
    live_through(hall, 6)
    hall.hub.store.close()
    with running(tmp_path) as site:
        context = browser.new_context(viewport=OFFICE_PC)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site.url}/manager?lang={request.param}")
        page.fill("#pin", MANAGER_PIN)
        page.click("#login-form .main")
        expect(page.locator("#work")).to_be_visible()
        page.goto(f"{site.url}/what-if?lang={request.param}")
        expect(page.locator("#slots tr").first).to_be_visible()
        yield page
        context.close()


def test_a_plan_is_tried_and_taken_back_on_one_screen(page: Page) -> None:
    assert "42" in page.locator("#expected").inner_text()
    usual = page.locator("#usual").inner_text()
    expect(page.locator("#changed")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= OFFICE_PC["height"]
    assert violations(page) == []
    for slider in page.locator("#slots input").all():
        slider.fill("3")
    expect(page.locator("#changed")).to_be_visible()
    assert page.locator("#planned").inner_text() != usual
    assert page.locator("#usual").inner_text() == usual
    assert violations(page) == []
    page.set_viewport_size(SMALL_PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]
    page.click("#reset")
    expect(page.locator("#changed")).to_be_hidden()


def test_whoever_is_not_logged_in_is_sent_to_the_log_in(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/what-if")
    expect(page.locator("#login")).to_be_visible()
    page.close()


def test_before_enough_days_it_says_what_is_missing(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#work")).to_be_visible()
    page.locator("#work a[href^='/what-if']").click()
    expect(page.locator("#made-of")).to_contain_text("Nothing can be foretold yet")
    expect(page.locator("#plan")).to_be_hidden()
    assert violations(page) == []
    page.close()
