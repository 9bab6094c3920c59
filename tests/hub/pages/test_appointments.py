"""Appointments on the hub's pages: a small time at the counter, counts by half hour at the manager's; never a name."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from common.protocol.claim_feed import ClaimOfDay, ClaimsToday, SeatsOfDay
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN
from tests.hub.engine.promised.promises import Promises, shown
from tests.hub.hall import CENTRE, DAY
from tests.hub.pages.site import Site


@pytest.mark.parametrize(("language", "word"), [("ar", "موعده"), ("en", "Appointment")])
def test_the_counter_shows_the_time_of_who_has_an_appointment_alone(
    site: Site, browser: Browser, language: str, word: str
) -> None:
    claim = Promises(site.hall).claim()
    site.hall.kiosks[0].give(claim=shown(claim))
    page = browser.new_page()
    page.goto(f"{site.url}/counter?lang={language}")
    page.fill("#number", "1")
    page.fill("#pin", CLERK_PIN)
    page.click("#enter")
    expect(page.locator("#main")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("#state")).to_have_attribute("data-state", "open")
    page.keyboard.press("F2")
    expect(page.locator("#expected-fact")).to_have_text(f"{word}12:00")
    page.close()


def test_the_manager_s_page_counts_them_by_half_hour(site: Site, browser: Browser) -> None:
    promises = Promises(site.hall)
    claim = promises.claim(60)
    open_ = [ClaimOfDay(claim.id, "0" * 16, claim.service, "A", "booked", claim.at, 15, 30, claim.expires)]
    promises.say(ClaimsToday(CENTRE, DAY, "ab" * 16, open_, [SeatsOfDay("A", claim.at, 3)]))
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#expected tr")).to_have_text(["12:003100"])
    assert Axe().run(page).response["violations"] == []
    page.close()
