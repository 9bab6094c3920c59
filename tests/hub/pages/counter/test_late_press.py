"""A press that waited for the line for longer than a minute: its clerk is asked before it goes out."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.pages.counter.test_counter import log_in, violations
from tests.hub.pages.site import Site

pytestmark = pytest.mark.timeout(180)
LONG_MS = 60_000
TWO_MINUTES_PASS = "const now = Date.now.bind(Date); Date.now = () => now() + 120_000;"
PRESSED_LONG_AGO = """() => {
  const kept = JSON.parse(sessionStorage.getItem("press"));
  sessionStorage.setItem("press", JSON.stringify({ ...kept, at: kept.at - 120_000 }));
}"""
PRESSES = "**/v1/counters/**"


def next_waits(browser: Browser, site: Site, language: str) -> Page:
    """Open a counter's page on which a press for the next one has waited for two minutes, and the line is back."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce").new_page()
    page.goto(f"{site.url}/counter?lang={language}")
    log_in(page)
    main = page.locator("#main")
    expect(page.locator("#state")).to_have_attribute("data-state", "closed")
    expect(main).to_have_attribute("aria-disabled", "false")
    page.click("#main")
    expect(page.locator("#state")).to_have_attribute("data-state", "open")
    expect(main).to_have_attribute("aria-disabled", "false")
    page.route(PRESSES, lambda route: route.abort("connectionreset"))
    page.click("#main")
    expect(page.locator("#lost")).to_be_visible()
    page.evaluate(TWO_MINUTES_PASS)
    expect(page.locator("#ask")).to_be_visible(timeout=LONG_MS)
    page.unroute(PRESSES)
    return page


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "You pressed “Call next” 2 minutes ago, and no answer came. Send it now?"),
        ("ar", "ضغطتَ «نداء التالي» قبل دقيقتين ولم يصل الجواب. هل تُرسَل الآن؟"),
    ],
)
def test_what_its_clerk_wants_no_more_is_never_sent(browser: Browser, site: Site, language: str, question: str) -> None:
    waits = site.hall.kiosks[0].give("A")
    page = next_waits(browser, site, language)
    expect(page.locator("#ask-title")).to_have_text(question)
    expect(page.locator("#ask button[value=no]")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Enter")  # by habit: nothing is sent
    expect(page.locator("#ask")).to_be_hidden()
    expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
    assert site.hall.ticket(waits.id).state == "waiting"
    page.click("#main")
    expect(page.locator("#ticket-number")).to_be_visible()
    assert site.hall.ticket(waits.id).state == "called"
    page.context.close()


def test_what_its_clerk_still_wants_goes_out_once(browser: Browser, site: Site) -> None:
    for _ in range(2):
        site.hall.kiosks[0].give("A")
    page = next_waits(browser, site, "en")
    page.evaluate(PRESSED_LONG_AGO)
    page.reload()  # also over a reload it is asked about, and only once
    expect(page.locator("#ask")).to_be_visible(timeout=LONG_MS)
    page.click("#ask button[value=yes]")
    expect(page.locator("#ticket-number")).to_be_visible()
    with site.hall.hub.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT number FROM hub_events WHERE kind = 'called'")
        assert [row.number for row in rows] == ["A1001"]
    page.context.close()
