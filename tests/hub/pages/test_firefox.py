"""Counter and board in the Firefox that Debian has: a ticket is called, comes, is done, and the board shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.api.conftest import CLERK_PIN
from tests.hub.pages.marionette import Firefox, firefox
from tests.hub.pages.site import Site

pytestmark = pytest.mark.timeout(150)
SHOWN = "document.getElementById('{}')?.offsetParent != null"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Firefox]:
    with firefox(tmp_path / "firefox") as running:
        yield running


def test_a_clerk_serves_a_ticket_with_firefox_and_the_board_shows_it(browser: Firefox, site: Site) -> None:
    given = site.hall.kiosks[0].give("A")
    browser.open(f"{site.url}/counter")
    browser.until(SHOWN.format("login"))
    assert browser.run("return document.documentElement.dir") == "rtl"
    browser.run(
        "document.getElementById('number').value = '1'; document.getElementById('pin').value = arguments[0];"
        "document.getElementById('login-form').requestSubmit();",
        CLERK_PIN,
    )
    for state in ("closed", "open", "called", "serving", "open"):
        browser.until(f"{SHOWN.format('main')} && document.getElementById('state').dataset.state === '{state}'")
        browser.until("document.getElementById('main').getAttribute('aria-disabled') !== 'true'")
        if state == "called":
            said = browser.run("return document.getElementById('ticket-number').innerText")
            assert said == f"{given.number[:2]}·{given.number[2:]}"
        if site.hall.ticket(given.id).end is None:
            browser.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'F2', code: 'F2', bubbles: true}))")
    assert site.hall.ticket(given.id).end == "done"
    browser.open(f"{site.url}/board?diagonal=43&distance=10")
    browser.until("document.querySelectorAll('#calls .call').length === 1")
    shown = browser.run("return document.querySelector('#calls .call').innerText")
    assert given.number[2:] in shown
    # Server-sent events: a call that comes later is there without a reload, and stands out.
    later = site.hall.kiosks[0].give("A")
    site.hall.press(1, "next")
    browser.until(f"document.querySelector('#calls .call.new')?.innerText.includes('{later.number[2:]}')")
