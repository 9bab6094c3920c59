"""Services that stand still, in a real browser: said by a clerk, seen by the hall, asked about by the hub."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.engine.centre import Interruption
from hub.services import asking
from hub.services.interrupting import interrupt
from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.pages.counter.test_counter import log_in, violations
from tests.hub.pages.site import Site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    made = context.new_page()
    made.goto(f"{site.url}/counter?lang=en")
    yield made
    context.close()


@pytest.fixture
def board(browser: Browser, site: Site) -> Iterator[Page]:
    size = {"width": 1920, "height": 1080}
    context = browser.new_context(viewport=size, screen=size, reduced_motion="reduce")  # type: ignore[arg-type]
    made = context.new_page()
    made.goto(f"{site.url}/board?lang=en")
    yield made
    context.close()


def stop(site: Site, service: str = "civil-affairs", **more: str) -> None:
    with site.hall.act() as act:
        interrupt(act, service, Interruption("registry-line", "clerk-2", **more))


@pytest.mark.parametrize("typed", ["١٤:٣٠", "14.30"])
def test_when_it_works_again_is_typed_in_either_script_and_what_is_no_time_is_said(
    page: Page, site: Site, typed: str
) -> None:
    log_in(page)
    page.click("#main")
    page.click("#stop-service")
    page.select_option("#ask-service", "civil-affairs")
    page.select_option("#ask-reason", "registry-line")
    until = page.locator("#ask-until")
    until.fill("half two")
    page.click("#ask button.main")
    assert until.evaluate("(field) => field.validationMessage") == "Type hour:minute, such as 08:30 or 14:00."
    until.fill(typed)
    page.click("#ask button.main")
    expect(page.locator("#stopped")).to_contain_text("Civil affairs documents")
    with site.hall.hub.read() as look:
        assert look.centre.interrupted["civil-affairs"].until == "14:30"


def test_a_clerk_stops_a_service_and_lets_it_work_again_and_the_board_says_both(
    page: Page, board: Page, site: Site
) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    page.click("#main")
    page.click("#stop-service")
    page.select_option("#ask-service", "civil-affairs")
    page.select_option("#ask-reason", "registry-line")
    page.click("#ask button.main")
    expect(page.locator("#stopped")).to_contain_text("Civil affairs documents: interrupted since")
    expect(page.locator("#passed-over")).to_have_text("1 person is passed over until the service works again")
    expect(board.locator("#notice")).to_contain_text(
        "Civil affairs documents:", timeout=5_000
    )  # at once, not in its turn
    for part in ("interrupted since", "registry line"):  # in parts, as it is wide
        expect(board.locator("#notice")).to_contain_text(part, timeout=60_000)
    assert violations(page) == []
    page.click("#stopped button")
    expect(page.locator("#stopped")).to_be_empty()
    expect(page.locator("#passed-over")).to_be_hidden()
    with site.hall.hub.read() as look:
        assert look.centre.interrupted == {}


def test_who_opens_a_counter_that_serves_it_is_asked_whether_it_works(page: Page, site: Site) -> None:
    stop(site)
    stop(site, "water-bill")  # of another counter's group
    log_in(page)
    expect(page.locator("#stopped li")).to_have_count(1)
    expect(page.locator("#stopped")).not_to_contain_text("Does it work now?")
    page.click("#main")
    expect(page.locator("#stopped")).to_contain_text("Does it work now?")
    page.get_by_role("button", name="Still interrupted").click()
    expect(page.locator("#stopped")).not_to_contain_text("Does it work now?")
    expect(page.locator("#stopped li")).to_have_count(1)


def test_the_hub_asks_and_the_clerk_decides(page: Page, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        asking, "NONE_FINISHED_FOR_US", 0
    )  # working time runs by pages that look, which no test can wait for
    for number in (1, 2):
        site.hall.press(number, "open")
    site.hall.kiosks[0].give("A")
    log_in(page)
    asked = page.locator("#asked")
    expect(asked).to_contain_text("Civil affairs documents: none was finished for 20 minutes")
    page.get_by_role("button", name="Yes, interrupted").click()
    page.select_option("#ask-reason", "power")
    expect(page.locator("#ask-title")).to_have_text("Interrupt Civil affairs documents")
    page.click("#ask button.main")
    expect(asked).to_be_empty()
    expect(page.locator("#stopped")).to_contain_text("Civil affairs documents")


def test_what_central_stopped_a_clerk_cannot_let_work_again_and_hears_why(page: Page, site: Site) -> None:
    stop(site, order="order-1")
    log_in(page)
    page.click("#stopped button")
    expect(page.locator("#why")).to_contain_text("Central has interrupted it. The manager")
    expect(page.locator("#stopped li")).to_have_count(1)


def test_a_manager_lets_work_again_what_central_stopped(browser: Browser, site: Site) -> None:
    stop(site, order="order-1")
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#stopped")).to_contain_text("Civil affairs documents: interrupted since")
    expect(page.locator("#calm")).to_be_hidden()
    assert violations(page) == []
    page.click("#stopped button")
    expect(page.locator("#services-card")).to_be_hidden()
    page.click("#stop-service")
    page.select_option("#ask-service", "water-bill")
    page.select_option("#ask-reason", "power")
    page.click("#ask button.main")
    expect(page.locator("#stopped")).to_contain_text("water")
    context.close()
