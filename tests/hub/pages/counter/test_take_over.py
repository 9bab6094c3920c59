"""Promotion in a browser: a manager lets the standby lead, and counters and board go there by themselves."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from common.protocol.feed_message import ClerkRecord, HubRecord, Hubs
from hub.engine.act import FOLLOWING, LEADING
from hub.log import tables
from hub.log.reading import find_number
from hub.takeover.following import Follower
from hub.takeover.promotion import promote
from tests.hub.api.conftest import CLERK_PIN, HUB_KEY, MANAGER_PIN, public
from tests.hub.hall import CENTRE, said
from tests.hub.messages.conftest import Desk, Modem, name_staff
from tests.hub.messages.test_alarms import QUARTER
from tests.hub.pages.board.ears import heard, until_heard
from tests.hub.pages.board.test_board import open_board, seq_of
from tests.hub.pages.counter.test_counter import log_in
from tests.hub.pages.site import Site, running, stands_by

pytestmark = pytest.mark.timeout(180)
LONG_MS = 60_000


def introduce(*sites: Site) -> None:
    """Let each hub know of all, as central's feed would."""
    records = [HubRecord(site.hall.hub.store.identity.kiosk, site.url, public(HUB_KEY)) for site in sites]
    for site in sites:
        said(site.hall.hub, Hubs(CENTRE, records), 9)


def seq(site: Site) -> int:
    with site.hall.hub.read() as look:
        return int(look.seq)


def managing(browser: Browser, site: Site) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site.url}/manager?lang=en#promote")  # it stays there though another hub leads
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#standby")).to_be_visible(timeout=LONG_MS)
    return page


def test_a_manager_promotes_the_standby_on_its_page_and_the_others_go_there(browser: Browser, tmp_path: Path) -> None:
    with ExitStack() as alive, running(tmp_path / "standby", hub_id="hub-0002") as standby:
        first = alive.enter_context(running(tmp_path / "first"))
        stands_by(standby)
        introduce(first, standby)
        given = [first.hall.kiosks[0].give("A").number for _ in range(3)]
        counter = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        counter.goto(f"{first.url}/counter?lang=en")
        board = open_board(browser, first)
        log_in(counter)
        for shown in ("Open the counter", "Call next", "Here"):
            expect(counter.locator("#main")).to_contain_text(shown)
            expect(counter.locator("#main")).to_have_attribute("aria-disabled", "false")
            if shown != "Here":
                counter.click("#main")
        before = seq_of(first.hall, 1)
        until_heard(board, before)
        manager = managing(browser, standby)
        _until_pulled(manager, first, standby)
        alive.close()  # the first hub falls
        manager.fill("#promote-pin", CLERK_PIN)
        manager.click("#standby button")
        expect(manager.locator("#why")).to_be_visible()  # a clerk may not
        manager.fill("#promote-pin", MANAGER_PIN)
        manager.click("#standby button")
        expect(manager.locator("#standby")).to_be_hidden(timeout=LONG_MS)
        counter.wait_for_url(f"{standby.url}/counter?lang=en*", timeout=LONG_MS)
        log_in(counter)
        expect(counter.locator("#ticket-number")).to_have_text("A1·001", timeout=LONG_MS)
        for shown in ("Here", "Done", "Call next"):
            expect(counter.locator("#main")).to_contain_text(shown)
            expect(counter.locator("#main")).to_have_attribute("aria-disabled", "false")
            counter.click("#main")
        expect(counter.locator("#ticket-number")).to_have_text("A1·002")
        board.wait_for_url(f"{standby.url}/board?*", timeout=LONG_MS)
        expect(board.locator(".call .number").first).to_have_text("A1·002")
        # Without a new ticket: one of another hall's kiosk at the same moment might be called before the third.
        standby.hall.press(2, "open")
        standby.hall.press(2, "next")
        newest = seq_of(standby.hall, 2)
        until_heard(board, newest)
        first_said, *said_since = heard(board)
        assert (first_said, said_since[-1]) == (before, newest)
        assert set(said_since) <= {seq_of(standby.hall, 1), newest}, "what the first hub called is not said again"
        with standby.hall.hub.read() as look:
            rows = look.connection.exec_driver_sql("SELECT number FROM hub_events WHERE kind = 'called' ORDER BY seq")
            assert [row.number for row in rows] == given
        for page in (manager, counter, board):
            page.context.close()


def test_a_hub_that_was_set_back_hears_of_its_own_later_term_from_the_next_press(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "hub") as site:
        with site.hall.hub.store.write() as connection:
            connection.execute(update(tables.state).values(term=3))
        counter = browser.new_context().new_page()
        counter.goto(f"{site.url}/counter?lang=en")
        log_in(counter)
        expect(counter.locator("#main")).to_contain_text("Open the counter")
        counter.click("#main")
        expect(counter.locator("#main")).to_contain_text("Call next")
        expect(counter.locator("#main")).to_have_attribute("aria-disabled", "false")
        with site.hall.hub.store.write() as connection:  # an earlier copy of its disk is put back
            connection.execute(update(tables.state).values(term=1))
        with counter.expect_response("**/presses") as answered:
            counter.click("#main")
        assert answered.value.status == 503
        with site.hall.hub.read() as look:
            assert (look.role, look.seen_term) == (FOLLOWING, 3)
        counter.context.close()


def test_what_clerk_and_manager_said_just_before_their_hub_fell_stands_at_the_next_one(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as alive, running(tmp_path / "standby", hub_id="hub-0002") as standby:
        first = alive.enter_context(running(tmp_path / "first"))
        stands_by(standby)
        introduce(first, standby)
        counter, manager = (browser.new_context(viewport={"width": 1280, "height": 900}).new_page() for _ in range(2))
        counter.goto(f"{first.url}/counter?lang=en")
        log_in(counter)
        counter.click("#main")
        expect(counter.locator("#main")).to_contain_text("Call next")
        manager.goto(f"{first.url}/manager?lang=en")
        manager.fill("#pin", MANAGER_PIN)
        manager.click("#login-form .main")
        _until_pulled(counter, first, standby)
        monkeypatch.setattr(Follower, "pull", lambda _: 0)
        counter.click("#stop-service")
        counter.select_option("#ask-service", "civil-affairs")
        counter.select_option("#ask-reason", "registry-line")
        counter.click("#ask button.main")
        expect(counter.locator("#stopped")).to_contain_text("interrupted since")
        manager.fill("#help-after", "33")
        manager.click("#rules button")
        expect(manager.locator("#saved")).to_be_visible()
        alive.close()  # the first hub falls
        promote(standby.hall.hub, ClerkRecord("manager-1", "هدى", "manager", "99", ""))
        counter.wait_for_url(f"{standby.url}/counter?lang=en*", timeout=LONG_MS)
        log_in(counter)
        expect(counter.locator("#stopped")).to_contain_text("interrupted since", timeout=LONG_MS)
        manager.wait_for_url(f"{standby.url}/manager?lang=en*", timeout=LONG_MS)
        manager.fill("#pin", MANAGER_PIN)
        manager.click("#login-form .main")
        expect(manager.locator("#help-after")).to_have_value("33", timeout=LONG_MS)
        for page in (counter, manager):
            page.context.close()


def test_what_a_counter_did_while_the_standby_was_cut_off_is_known_there_after_the_take_over(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as alive, running(tmp_path / "standby", hub_id="hub-0002") as standby:
        first = alive.enter_context(running(tmp_path / "first"))
        stands_by(standby)
        introduce(first, standby)
        served, called = (first.hall.kiosks[0].give("A").number for _ in range(2))
        counter = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        counter.goto(f"{first.url}/counter?lang=en")
        log_in(counter)
        expect(counter.locator("#main")).to_contain_text("Open the counter")
        _until_pulled(counter, first, standby)
        monkeypatch.setattr(Follower, "pull", lambda _: 0)
        for shown in ("Open the counter", "Call next", "Here", "Done", "Call next"):
            expect(counter.locator("#main")).to_contain_text(shown)
            expect(counter.locator("#main")).to_have_attribute("aria-disabled", "false")
            counter.click("#main")
        expect(counter.locator("#ticket-number")).to_have_text("A1·002")
        alive.close()  # the first hub falls
        promote(standby.hall.hub, ClerkRecord("manager-1", "هدى", "manager", "99", ""))
        counter.wait_for_url(f"{standby.url}/counter?lang=en*", timeout=LONG_MS)
        log_in(counter)
        expect(counter.locator("#ticket-number")).to_have_text("A1·002", timeout=LONG_MS)
        hall = standby.hall
        with hall.act() as act:
            found = [find_number(act.connection, number, act.day) for number in (served, called)]
        assert [(one.state, one.end) for one in found if one is not None] == [("ended", "done"), ("called", None)]
        counter.context.close()


def test_the_hub_that_takes_over_tells_staff_nothing_twice_and_shows_what_stands(
    browser: Browser, tmp_path: Path
) -> None:
    with ExitStack() as alive, running(tmp_path / "standby", hub_id="hub-0002") as standby:
        first = alive.enter_context(running(tmp_path / "first"))
        stands_by(standby)
        introduce(first, standby)
        here, there = Desk(first.hall, Modem()), Desk(standby.hall, Modem())
        for site in (first, standby):
            name_staff(site.hall)
        first.hall.kiosks[1].give("A")
        here.kiosk_says("paper-out")
        here.look()
        (told,) = here.look(after_s=60)
        waiting = browser.new_context().new_page()
        _until_pulled(waiting, first, standby)  # who logs in before a standby has heard who leads is logged out by that
        manager = managing(browser, standby)
        for _ in range(LONG_MS // 100):
            if _told_at(standby) is not None:
                break
            waiting.wait_for_timeout(100)
        alive.close()  # the first hub falls
        manager.fill("#promote-pin", MANAGER_PIN)
        manager.click("#standby button")
        expect(manager.locator("#standby")).to_be_hidden(timeout=LONG_MS)
        expect(manager.locator("#alarms-card")).to_contain_text("Kiosk 2 has had no paper since", timeout=LONG_MS)
        assert there.look() == []
        standby.hall.passes(QUARTER + 61)
        there.kiosk_says("paper-out")
        again = there.look()
        assert told in again, "by the same digits"
        of_the_dead_hub = [text for text in again if text != told]
        assert len(of_the_dead_hub) == 1, "and of the hub that fell, which does not follow"
        for page in (waiting, manager):
            page.context.close()


def _told_at(site: Site) -> str | None:
    with site.hall.hub.store.read() as connection:
        return connection.scalar(select(tables.alarms.c.told_at))


def _until_pulled(page: Page, first: Site, standby: Site) -> None:
    for _ in range(LONG_MS // 100):
        if seq(standby) == seq(first):
            return
        page.wait_for_timeout(100)
    pytest.fail("the standby did not pull")


def test_pages_leave_a_hub_that_leads_still_for_one_with_a_greater_term(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hubs don't hear each other, and the pages hear both."""
    monkeypatch.setattr(Follower, "look_around", lambda _: False)
    with running(tmp_path / "second", hub_id="hub-0002") as second, running(tmp_path / "first") as first:
        introduce(first, second)
        with second.hall.hub.store.write() as connection:
            connection.execute(update(tables.state).values(term=2))
        counter = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        counter.goto(f"{first.url}/counter?lang=en")
        log_in(counter)
        counter.wait_for_url(f"{second.url}/counter?lang=en*", timeout=LONG_MS)
        with first.hall.hub.read() as look:
            assert look.role == LEADING
        counter.context.close()


def test_pages_at_a_standby_go_where_one_leads_and_say_so_where_none_does(browser: Browser, tmp_path: Path) -> None:
    with ExitStack() as alive, running(tmp_path / "standby", hub_id="hub-0009") as standby:
        first = alive.enter_context(running(tmp_path / "first"))
        stands_by(standby)
        introduce(first, standby)
        pages = [browser.new_context(viewport={"width": 1280, "height": 860}).new_page() for _ in range(4)]
        counter, board, manager, what_if = pages
        for page, name in zip(pages, ("counter", "board", "manager", "what-if"), strict=True):
            page.goto(f"{standby.url}/{name}?lang=en")
        for page, name in zip(pages[:3], ("counter", "board", "manager"), strict=True):
            expect(page).to_have_url(f"{first.url}/{name}?lang=en", timeout=LONG_MS)
        expect(what_if).to_have_url(f"{first.url}/manager?lang=en", timeout=LONG_MS)  # where nobody is logged in yet
        alive.close()
        for page, name in zip(pages[:3], ("counter", "board", "manager"), strict=True):
            page.goto(f"{standby.url}/{name}?lang=en")
        expect(board.locator("#notice")).to_contain_text("The newest calls", timeout=LONG_MS)
        for page, text in ((counter, "This hub stands by: nobody is called from it"), (manager, "Take over only")):
            expect(page.locator("#login-stands-by")).to_contain_text(text, timeout=LONG_MS)
        promote(standby.hall.hub, ClerkRecord("manager-1", "هدى", "manager", "99", ""))
        for page in (counter, manager):
            expect(page.locator("#login-stands-by")).to_be_hidden(timeout=LONG_MS)
        for page in pages:
            page.context.close()


def test_a_page_that_was_open_before_a_hub_was_named_goes_there_too(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may ask those hubs alone that its policy names: a hall's board stays open for weeks."""
    monkeypatch.setattr(Follower, "look_around", lambda _: False)
    with running(tmp_path / "second", hub_id="hub-0002") as second, running(tmp_path / "first") as first:
        board = open_board(browser, first)
        expect(board.locator("#columns, #none").first).to_be_attached(timeout=LONG_MS)
        introduce(first, second)
        with second.hall.hub.store.write() as connection:
            connection.execute(update(tables.state).values(term=2))
        board.wait_for_url(f"{second.url}/board*", timeout=LONG_MS)
        board.context.close()


def test_a_press_that_a_fallen_hub_never_answered_is_not_sent_when_it_leads_again(
    browser: Browser, tmp_path: Path
) -> None:
    manager = ClerkRecord("manager-1", "هدى", "manager", "99", "")
    with running(tmp_path / "standby", hub_id="hub-0002") as second, running(tmp_path / "first") as first:
        stands_by(second)
        introduce(first, second)
        served, waits = (first.hall.kiosks[0].give("A") for _ in range(2))
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        counter = context.new_page()
        main = counter.locator("#main")
        counter.goto(f"{first.url}/counter?lang=en")
        log_in(counter)
        expect(main).to_contain_text("Open the counter")
        counter.click("#main")
        expect(main).to_contain_text("Call next")
        _until_pulled(counter, first, second)
        own = context.cookies(first.url)
        counter.route(f"{first.url}/v1/counters/**", lambda route: route.abort("connectionreset"))
        counter.click("#main")  # the hub falls, and hears nothing of it
        expect(counter.locator("#lost")).to_be_visible()
        counter.evaluate("sessionStorage.setItem('appointment', JSON.stringify({path: '', wish: {}}))")
        asked: list[str] = []
        counter.on("request", lambda request: asked.append(request.url))
        promote(second.hall.hub, manager)
        counter.wait_for_url(f"{second.url}/counter?lang=en*", timeout=LONG_MS)
        counter.unroute(f"{first.url}/v1/counters/**")
        log_in(counter)
        for shown in ("Call next", "Here", "Done"):
            expect(main).to_contain_text(shown, timeout=LONG_MS)
            expect(main).to_have_attribute("aria-disabled", "false", timeout=LONG_MS)
            if shown != "Done":
                counter.click("#main")
        _until_pulled(counter, first, second)
        context.clear_cookies()
        # In a centre each hub has a host, and so a cookie, of its own.
        context.add_cookies(own)  # type: ignore[arg-type]
        promote(first.hall.hub, manager)
        counter.wait_for_url(f"{first.url}/counter?lang=en*", timeout=LONG_MS)
        expect(counter.locator("#login-why")).to_contain_text("The session has ended", timeout=LONG_MS)
        log_in(counter)  # who sat here before may have gone home since
        expect(counter.locator("#state")).to_have_attribute("data-resumed", "yes", timeout=LONG_MS)
        assert counter.evaluate("sessionStorage.getItem('press')") is None
        assert [one for one in asked if "/v1/appointments" in one] == []
        assert [first.hall.ticket(one.id).state for one in (served, waits)] == ["serving", "waiting"]
        expect(counter.locator("#ticket-number")).to_have_text("A1·001")
        context.close()
