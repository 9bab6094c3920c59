"""What the manager's page says of the centre's hubs: each by itself, and the way to let another one lead."""

import pytest
from playwright.sync_api import Browser, expect

from common.protocol.feed_message import HubRecord, Hubs
from hub.takeover.holders import note_pull
from tests.hub.api.conftest import HUB_KEY, MANAGER_PIN, public
from tests.hub.hall import CENTRE, HUB_ID, said
from tests.hub.pages.counter.test_counter import violations
from tests.hub.pages.site import Site

pytestmark = pytest.mark.timeout(120)


def test_each_hub_is_named_and_a_dead_standby_beside_one_that_pulls(browser: Browser, site: Site) -> None:
    at = {
        HUB_ID: site.url,
        "hub-2": "http://10.0.0.2:8090",
        "hub-3": "http://10.0.0.3:8090",
        "hub-4": "http://10.0.0.4:8090",
    }
    records = [HubRecord(name, address, public(HUB_KEY)) for name, address in at.items()]
    said(site.hall.hub, Hubs(CENTRE, records), 9)
    for name in ("hub-2", "hub-3"):
        with site.hall.act() as act:
            note_pull(act, name, 1)
    site.hall.passes(600)
    with site.hall.act() as act:
        note_pull(act, "hub-3", 2)
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    silent = page.locator("#warnings li", has_text="standby")
    expect(silent).to_have_text(["The standby \u206610.0.0.2:8090\u2069 has been silent for 10 minutes"])
    hubs = page.locator("#hubs li")
    expect(hubs).to_have_count(4)
    expect(hubs.nth(0)).to_contain_text("leads now")
    expect(hubs.nth(1)).to_contain_text("10.0.0.2:8090\u2069: standby, has a copy up to 12:00")
    expect(hubs.nth(2)).to_contain_text("10.0.0.3:8090\u2069: standby, has a copy up to 12:10")
    expect(hubs.nth(3)).to_contain_text("10.0.0.4:8090\u2069: has not asked for a copy yet")
    link = hubs.nth(2).locator("a")
    expect(link).to_have_attribute("href", "http://10.0.0.3:8090/manager?lang=en#promote")
    assert violations(page) == []
    page.context.close()


def test_a_hall_of_one_hub_is_told_nothing_of_hubs(browser: Browser, site: Site) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#work")).to_be_visible()
    expect(page.locator("#hubs-card")).to_be_hidden()
    page.context.close()
