"""After a cut whose length no clock knows the counter's page asks whether those from before are still here."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.pages.counter.test_counter import log_in, violations
from tests.hub.pages.site import Site

pytestmark = pytest.mark.timeout(120)


def asked(browser: Browser, site: Site) -> Page:
    """Return the page of an open counter after a night without power, with somebody waiting from before."""
    hall = site.hall
    hall.kiosks[0].give("A")
    hall.press(1, "open")
    hall.clock.trust = "unknown"
    with hall.act() as act:
        act.is_line_guessed = True
        act.begin_life("started", asks=False)
    page = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce").new_page()
    page.goto(f"{site.url}/counter?lang=ar")
    log_in(page)
    expect(page.locator("#in-doubt")).to_be_visible()
    return page


def test_nobody_is_called_before_the_clerk_has_answered(browser: Browser, site: Site) -> None:
    page = asked(browser, site)
    expect(page.locator("#main")).to_be_hidden()
    assert violations(page) == []
    expect(page.locator("#still-here")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("F2")
    page.click("#still-here")
    expect(page.locator("#in-doubt")).to_be_hidden()
    assert site.hall.counter(1).ticket is None
    page.click("#main")
    expect(page.locator("#ticket-number")).to_be_visible()
    page.context.close()


def test_a_new_day_begins_after_a_second_word_alone(browser: Browser, site: Site) -> None:
    page = asked(browser, site)
    expect(page.locator("#new-day")).to_have_attribute("aria-disabled", "false")
    page.click("#new-day")
    expect(page.locator("#ask-title")).to_contain_text("يوم جديد")
    page.keyboard.press("Enter")  # by habit: nothing begins
    expect(page.locator("#ask")).to_be_hidden()
    expect(page.locator("#in-doubt")).to_be_visible()
    page.click("#new-day")
    page.click("#ask button[value=yes]")
    expect(page.locator("#in-doubt")).to_be_hidden()
    page.click("#main")
    expect(page.locator("#why")).to_be_visible()  # nobody waits
    page.context.close()
