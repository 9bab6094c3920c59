"""A receipt's page on a phone, in Debian's Chromium: every state in each language and size, with axe."""

import pytest
from playwright.sync_api import Browser

from central.base import clock
from central.insight.public.texts import LANGUAGES, Language
from central.insight.receipts.receipt import receipt_page
from tests.central.insight.receipts.phone import NOON, receipt_states
from tests.hub.pages.counter.test_counter import violations


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", receipt_states())
def test_every_state_fits_a_phone_and_axe_finds_nothing(
    browser: Browser, state: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    body, _ = receipt_page(receipt_states()[state], language)
    context = browser.new_context()
    opened = context.new_page()
    opened.set_content(body.decode())
    for width in (320, 390, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert violations(opened) == [], width
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    context.close()
