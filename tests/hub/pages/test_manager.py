"""The manager's page: the day at a glance, the list on paper, numbers by hand, and who was called out of turn."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from hub.log import tables
from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.pages.site import Site

DESK = {"width": 1280, "height": 900}


@pytest.fixture
def manager(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#work")).to_be_visible()
    yield page
    context.close()


def row(page: Page, name: str) -> list[str]:
    return page.locator("#compared tr", has_text=name).locator("td").all_inner_texts()


def test_today_stands_beside_the_same_weekday_and_its_curve_is_drawn(site: Site, browser: Browser) -> None:
    hall = site.hall
    hall.press(1, "open")
    for _ in range(3):
        hall.kiosks[0].give("A")
    hall.passes(120)
    hall.press(1, "next")
    hall.passes(7 * 86_400 - 60)  # a week later, a minute before the time of that call
    day = hall.clock.wall.date().isoformat()
    hall.kiosks[0].give("A", business_day=day)
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#compared")).to_contain_text("Took a number")
    assert row(page, "Took a number") == ["1", "3"]
    assert row(page, "Called") == ["0", "0"], "the week before, nobody had been called until this time"
    expect(page.locator("#curve rect.came")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    page.close()


def test_numbers_called_by_voice_are_entered_and_end_once(manager: Page, site: Site) -> None:
    given = [site.hall.kiosks[0].give("A") for _ in range(4)]
    manager.fill("#hand-to", "a1·003")
    manager.fill("#hand-but", "A1002")
    manager.locator("#by-hand button").click()
    manager.locator("#sure button.grave").click()
    expect(manager.locator("#entered")).to_have_text("2 numbers ended")
    assert [site.hall.ticket(one.id).end for one in given] == ["by-hand", None, "by-hand", None]


def test_the_waiting_list_goes_to_paper_alone_and_without_a_name(manager: Page, site: Site) -> None:
    given = [site.hall.kiosks[0].give(letter).number for letter in "AB"]
    expect(manager.locator("#waiting-now")).to_contain_text("2")
    # Braces: an expression that ends in a function would be called by Playwright, before anything is on the paper.
    manager.evaluate("() => { window.print = () => { window.printed = document.getElementById('paper').innerText; }; }")
    manager.click("#print-list")
    manager.wait_for_function("() => window.printed")
    paper = manager.evaluate("window.printed")
    assert [number for number in given if f"{number[:2]}·{number[2:]}" not in paper] == [], paper
    manager.emulate_media(media="print")
    manager.evaluate("document.getElementById('paper').hidden = false")
    assert not manager.locator("#work").is_visible()
    assert manager.locator("#paper").is_visible()


def test_who_was_called_out_of_turn_and_who_is_silent_is_said(manager: Page, site: Site) -> None:
    hall = site.hall
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    second = hall.kiosks[0].give("A")
    hall.press(1, "out-of-turn", number=second.number, reason="a child alone")
    site.serving.presence.note_day("kiosk-3", "2099-01-01")
    hall.passes(31)
    expect(manager.locator("#out-of-turn")).to_contain_text("a child alone", timeout=15_000)
    expect(manager.locator("#out-of-turn")).to_contain_text("A1·002")
    expect(manager.locator("#warnings")).to_contain_text("Kiosk kiosk-2 has been silent")
    expect(manager.locator("#warnings")).to_contain_text("Kiosk kiosk-3 gives numbers of 2099-01-01")


def test_where_central_stays_silent_after_a_lost_log_the_manager_takes_over_without_its_word(
    manager: Page, site: Site
) -> None:
    expect(manager.locator("#standby")).to_be_hidden()
    with site.hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))
    expect(manager.locator("#warnings")).to_contain_text("Nobody is called until central has said", timeout=15_000)
    expect(manager.locator("#why-promote")).to_contain_text("without central's word")
    manager.fill("#promote-pin", MANAGER_PIN)
    manager.click("#standby button")
    expect(manager.locator("#standby")).to_be_hidden(timeout=15_000)
    with site.hall.hub.read() as look:
        assert (look.term, look.is_recall_due) == (2, False)


def test_a_clerk_neither_prints_the_list_nor_enters_by_hand(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    statuses = page.evaluate(
        """async () => [
          (await fetch('/v1/waiting')).status,
          (await fetch('/v1/by-hand', {method: 'POST', headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({ranges: [{to: 'A1001'}]})})).status]"""
    )
    assert statuses == [401, 401]
    page.close()
