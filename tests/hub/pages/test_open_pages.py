"""Pages that stay open: over a slow line, in two tabs, over midnight, over an update of the hub."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, Request, Response, Route, expect

from hub.pages import serving
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN
from tests.hub.pages.board.ears import heard, until_heard
from tests.hub.pages.board.test_board import call, open_board, seq_of
from tests.hub.pages.cable import cable
from tests.hub.pages.counter.test_counter import log_in
from tests.hub.pages.site import Site, running

pytestmark = pytest.mark.timeout(180)
LONG_MS = 60_000


def open_counter(browser: Browser, site: Site) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(f"{site.url}/counter?lang=en", timeout=LONG_MS)
    return page


def main_says(page: Page, text: str) -> None:
    expect(page.locator("#main")).to_contain_text(text, timeout=LONG_MS)
    expect(page.locator("#main")).to_have_attribute("aria-disabled", "false", timeout=LONG_MS)


def test_over_a_slow_line_a_clerk_who_presses_impatiently_calls_one_person(browser: Browser, site: Site) -> None:
    """Two seconds there and back, and as slow as a telephone: every press is answered, and none counts twice."""
    given = [site.hall.kiosks[0].give("A") for _ in range(3)]
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 2000, "downloadThroughput": 20_000, "uploadThroughput": 4_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.goto(f"{site.url}/counter?lang=en", timeout=LONG_MS)
    log_in(page)
    main_says(page, "Open the counter")
    presses: list[Request] = []
    page.on("request", lambda request: presses.append(request) if request.url.endswith("/presses") else None)
    page.click("#main")
    main_says(page, "Call next")
    presses.clear()
    page.click("#main")
    expect(page.locator("#lost")).to_contain_text("counts once")  # it says that the press is on its way
    for _ in range(4):
        page.keyboard.press("F2")
    expect(page.locator("#ticket-number")).to_have_text("A1·001", timeout=LONG_MS)
    main_says(page, "Here")
    assert len(presses) == 1
    assert [site.hall.ticket(one.id).state for one in given] == ["called", "waiting", "waiting"]
    page.context.close()


@pytest.mark.parametrize(
    ("name", "pin", "inside", "waiting"),
    [("manager", MANAGER_PIN, "#work", "#waiting-now"), ("counter", CLERK_PIN, "#main", "#waiting")],
)
def test_a_no_of_before_the_log_in_that_comes_after_it_ends_nothing(
    browser: Browser, site: Site, name: str, pin: str, inside: str, waiting: str
) -> None:
    """A page that opens asks at once and is refused; over a slow line a quick hand has logged in before that comes."""
    page = browser.new_page()
    held: list[Route] = []
    page.route("**/v1/stream*", lambda route: held.append(route) if asks_why(route.request) else route.continue_())
    with page.expect_request(asks_why):
        page.goto(f"{site.url}/{name}?lang=en")
    refusal = page.request.get(f"{site.url}/v1/stream?view={name}")
    assert refusal.status == 401
    if name == "counter":
        page.fill("#number", "1")
    page.fill("#pin", pin)
    page.press("#pin", "Enter")
    expect(page.locator(inside)).to_be_visible()
    with page.expect_response(asks_why_answered):
        held[0].fulfill(response=refusal)
    site.hall.kiosks[0].give("A")
    expect(page.locator(waiting)).to_contain_text("1")
    expect(page.locator(inside)).to_be_visible()
    page.close()


def asks_why(request: Request) -> bool:
    return "/v1/stream" in request.url and request.resource_type == "fetch"


def asks_why_answered(response: Response) -> bool:
    return asks_why(response.request)


def test_a_cable_that_is_out_is_said_at_the_counter_which_comes_back_by_itself(browser: Browser, site: Site) -> None:
    """No byte and no end: nothing but the missing beats tells of it. A press of that moment counts once."""
    given = [site.hall.kiosks[0].give("A") for _ in range(2)]
    with cable(site.url) as line:
        section = replace(site.serving.config.hub, address=line.url)
        site.serving.config = replace(site.serving.config, hub=section)
        page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        page.goto(f"{line.url}/counter?lang=en", timeout=LONG_MS)
        log_in(page)
        main_says(page, "Open the counter")
        page.click("#main")
        main_says(page, "Call next")
        line.pull_out()
        page.click("#main")
        expect(page.locator("#lost")).to_contain_text("12:00", timeout=LONG_MS)
        expect(page.locator("#main")).to_have_attribute("aria-disabled", "true")
        line.put_in()
        main_says(page, "Here")
        expect(page.locator("#lost")).to_be_hidden(timeout=LONG_MS)
        expect(page.locator("#ticket-number")).to_have_text("A1·001")
        page.context.close()
    assert [site.hall.ticket(one.id).state for one in given] == ["called", "waiting"]


def test_two_tabs_of_a_counter_are_one_counter(browser: Browser, site: Site) -> None:
    given = [site.hall.kiosks[0].give("A") for _ in range(2)]
    first = open_counter(browser, site)
    log_in(first)
    main_says(first, "Open the counter")
    second = first.context.new_page()
    second.goto(f"{site.url}/counter?lang=en")
    main_says(second, "Open the counter")  # the session is the browser's: nobody logs in twice
    first.click("#main")
    main_says(second, "Call next")
    second.click("#main")
    main_says(first, "Here")
    # Both press at once, each with the version that it saw: one comes through, the other is told.
    at = first.evaluate("Date.now() + 1500")
    for tab in (first, second):
        tab.evaluate("(at) => { setTimeout(() => document.getElementById('main').click(), at - Date.now()); }", at)
    for tab in (first, second):
        main_says(tab, "Done")
        expect(tab.locator("#ticket-number")).to_have_text("A1·001")
    assert [site.hall.ticket(one.id).state for one in given] == ["serving", "waiting"]
    first.click("#main")
    main_says(second, "Call next")
    first.click("#close")
    expect(second.locator("#login")).to_be_visible(timeout=LONG_MS)
    first.context.close()


def test_over_midnight_open_pages_go_on_into_the_new_day(browser: Browser, site: Site) -> None:
    hall = site.hall
    hall.passes(11 * 3600 + 50 * 60)  # from noon to ten minutes before midnight in Damascus
    board, counter = open_board(browser, site, "&lang=en"), open_counter(browser, site)
    manager = browser.new_context().new_page()
    manager.goto(f"{site.url}/manager?lang=en")
    manager.fill("#pin", MANAGER_PIN)
    manager.click("#login-form .main")
    log_in(counter)
    for said in ("Open the counter", "Call next"):
        main_says(counter, said)
        if said == "Call next":
            held, left = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
        counter.click("#main")
    expect(counter.locator("#ticket-number")).to_have_text("A1·001")
    old = seq_of(hall, 1)
    until_heard(board, old)
    before = hall.clock.wall.date() + timedelta(hours=3)
    expect(manager.locator("#day-state")).to_contain_text(f"{before:%Y/%m/%d}")
    hall.passes(20 * 60)
    expect(board.locator("#clock")).to_have_text("00:10", timeout=LONG_MS)
    expect(manager.locator("#day-state")).to_contain_text(f"{before:%Y/%m/%d}")
    expect(board.locator(".call")).to_have_count(1)
    hall.passes(4 * 3600)
    tomorrow = (before + timedelta(days=1)).isoformat()
    expect(manager.locator("#day-state")).to_contain_text(tomorrow.replace("-", "/"), timeout=LONG_MS)
    expect(manager.locator("#waiting-now")).to_have_text("0")
    assert (hall.ticket(held.id).state, hall.ticket(left.id).end) == ("called", "carried")
    expect(board.locator(".call")).to_have_count(0, timeout=LONG_MS)
    # Who was called before midnight is served after it; then the numbers of the new day begin.
    main_says(counter, "Here")
    counter.click("#main")
    main_says(counter, "Done")
    counter.click("#main")
    main_says(counter, "Call next")
    hall.kiosks[0].counts.clear()
    hall.kiosks[0].give("A", business_day=tomorrow)
    counter.click("#main")
    main_says(counter, "Here")
    expect(counter.locator("#ticket-number")).to_have_text("A1·001")
    until_heard(board, seq_of(hall, 1))
    assert heard(board) == [old, seq_of(hall, 1)]
    expect(board.locator(".call")).to_have_count(1)
    for page in (board, counter, manager):
        page.context.close()


def test_pages_that_are_open_over_an_update_load_the_new_ones_when_nobody_is_disturbed(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "hub") as site:
        port = int(site.url.rsplit(":", 1)[1])
        board, counter = open_board(browser, site), open_counter(browser, site)
        log_in(counter)
        main_says(counter, "Open the counter")
        counter.click("#main")
        main_says(counter, "Call next")
        ticket = site.hall.kiosks[0].give("A")
        counter.click("#main")
        main_says(counter, "Here")
        first = seq_of(site.hall, 1)
        until_heard(board, first)
        for page in (board, counter):
            page.evaluate("window.isOld = true")
    monkeypatch.setattr(serving, "pages_mark", lambda: "newer")
    monkeypatch.setattr("hub.api.live.views.pages_mark", lambda: "newer")
    with running(tmp_path / "hub", port) as site:
        # Called as soon as the hub is back: the board says it, before or after it has loaded itself again.
        site.hall.passes(60)
        call(site.hall, 2)
        second = seq_of(site.hall, 2)
        expect(board.locator("body")).to_have_attribute("data-pages", "newer", timeout=LONG_MS)
        expect(board.locator(".call").first).to_have_attribute("data-seq", str(second))
        third = _recall(site, 2)
        until_heard(board, third)
        assert heard(board) == [first, second, third]
        main_says(counter, "Here")
        assert counter.evaluate("window.isOld"), "a person is there: the page stays as it is"
        counter.click("#main")
        main_says(counter, "Done")
        counter.click("#main")
        expect(counter.locator("body")).to_have_attribute("data-pages", "newer", timeout=LONG_MS)
        main_says(counter, "Call next")
        assert site.hall.ticket(ticket.id).end == "done"
        for page in (board, counter):
            page.context.close()


def _recall(site: Site, counter: int) -> int:
    site.hall.passes(1)  # two calls of one number are of two moments
    site.hall.press(counter, "again")
    return seq_of(site.hall, counter)
