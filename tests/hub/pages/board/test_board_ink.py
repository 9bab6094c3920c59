"""The board in every state, on every screen, in both languages and themes: no ink is cut or collides."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.hub.pages.board.board_states import BAND_PAGES, SCREENS, STATES, Screen, bring, open_on, played, turn
from tests.hub.pages.site import Site

INK: Final = Path(__file__).with_name("ink.js").read_text(encoding="utf-8")
pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: f"{one.inches}in-{one.metres:g}m-{one.width}x{one.height}")
def test_no_ink_is_cut_or_collides_in_any_state(browser: Browser, site: Site, screen: Screen) -> None:
    found = []
    with played(browser) as page:
        for language in ("ar", "en"):
            for theme in ("light", "dark"):
                open_on(page, site.url, screen, f"&lang={language}&theme={theme}&speaks=1")
                for state in STATES:
                    bring(page, state)
                    for _ in range(BAND_PAGES.get(state, 1)):
                        words = page.evaluate("document.getElementById('notice').style.fontSize")
                        found += [f"{language} {theme} {state}: in small letters"] if words else []
                        found += [f"{language} {theme} {state}: {fault}" for fault in page.evaluate(INK)]
                        turn(page, state) if state in BAND_PAGES else None
    assert found == []


@pytest.mark.parametrize(
    ("language", "state", "first", "says"),
    [
        ("ar", "carried", "من انتظر 60 دقيقة", "يوم الخميس 26 تشرين الثاني."),
        ("en", "over-carried", "Anyone who waited 60", "Thursday 26 November or Sunday 29 November."),
    ],
)
def test_the_band_says_the_day_of_those_who_go_home_unserved_in_words(
    browser: Browser, site: Site, language: str, state: str, first: str, says: str
) -> None:
    with played(browser) as page:
        open_on(page, site.url, SCREENS[0], f"&lang={language}")
        bring(page, state)
        notice, parts = page.locator("#notice"), []
        expect(notice).to_contain_text(first)
        while notice.inner_text() not in parts:
            parts.append(notice.inner_text())
            turn(page, state)
        assert says in " ".join(parts)
