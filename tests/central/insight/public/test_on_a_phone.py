"""A ticket's page on a phone, in Debian's Chromium: every state, language and size with axe; and lines that fail."""

import pytest
from playwright.sync_api import Browser, expect

from central.base import clock
from central.insight.public.texts import LANGUAGES, Language, tell
from tests.central.insight.public.phone import NOON, SIZES, STATES, open_ticket
from tests.hub.pages.counter.test_counter import violations

pytestmark = pytest.mark.timeout(180)
POLL_MS = 10_100
NUMBER = "A1·014"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_fits_every_phone_and_axe_finds_nothing(browser: Browser, state: str, language: Language) -> None:
    opened, _ = open_ticket(browser, state, language, SIZES["usual"])
    for name, (width, height) in SIZES.items():
        opened.set_viewport_size({"width": width, "height": height})
        assert violations(opened) == [], name
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        for touched in opened.locator("nav a, label, button").all():
            box = touched.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, name
    assert opened.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert (NUMBER in opened.content()) == (STATES[state] is not None)
    stops = opened.locator("nav a, fieldset, button").count()  # a group of choices is one stop
    for _ in range(stops):
        opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.matches('nav a')")
    opened.context.close()


def test_a_call_comes_by_itself_and_an_end_of_the_day_takes_the_number_away(browser: Browser) -> None:
    opened, answers = open_ticket(browser, "waiting", "en", SIZES["usual"])
    expect(opened.locator("#ticket")).to_contain_text("14 people before you")
    answers.state = "called"
    opened.clock.run_for(POLL_MS)
    expect(opened.locator("body")).to_have_attribute("data-state", "called")
    expect(opened.locator("#ticket")).to_contain_text("counter 12")
    answers.state = "gone"
    opened.clock.run_for(POLL_MS)
    expect(opened.locator("#ticket")).to_contain_text(tell("en", "ticket.gone"))
    expect(opened.locator("#ticket")).not_to_contain_text(NUMBER)
    opened.context.close()


def test_what_somebody_has_chosen_stays_while_the_page_asks_for_news(browser: Browser) -> None:
    opened, answers = open_ticket(browser, "serving", "en", SIZES["usual"])
    answers.state = "done"
    opened.clock.run_for(POLL_MS)
    opened.get_by_label("No, papers were missing").check()
    with opened.expect_request_finished():
        opened.clock.run_for(POLL_MS)
    expect(opened.get_by_label("No, papers were missing")).to_be_checked()
    answers.state = "done-answered"
    with opened.expect_request_finished():
        opened.clock.run_for(POLL_MS)
    expect(opened.locator("#ticket")).to_contain_text("Thank you")
    opened.context.close()


def test_a_call_is_felt_once_and_stands_in_the_title_also_of_a_page_behind_another(browser: Browser) -> None:
    opened, answers = open_ticket(browser, "waiting", "en", SIZES["usual"])
    expect(opened).to_have_title("Queue ticket")
    opened.evaluate("() => { navigator.vibrate = (felt) => (window.felt ??= []).push(felt.length); }")
    opened.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    asked = answers.asked
    opened.clock.run_for(2 * POLL_MS)
    assert answers.asked == asked, "a page that nobody sees asks less often"
    answers.state = "called"
    opened.clock.run_for(POLL_MS)
    expect(opened).to_have_title("A1·014 – Your number is called: please go to counter 12")
    opened.clock.run_for(4 * POLL_MS)
    assert opened.evaluate("window.felt") == [5]
    answers.state = "serving"
    opened.clock.run_for(4 * POLL_MS)
    expect(opened).to_have_title("Queue ticket")
    opened.context.close()


@pytest.mark.parametrize(
    "failure",
    [
        None,
        {"status": 503, "body": '{"status": 503}', "content_type": "application/problem+json"},
        {"status": 502, "body": "<html><h1>Bad Gateway</h1></html>", "content_type": "text/html"},
        {"status": 429, "body": "<html>slow down</html>", "content_type": "text/html"},
        {"status": 200, "body": "<html>pay for Wi-Fi here</html>", "content_type": "text/html"},
    ],
    ids=["no-line", "503", "502", "429", "another-page"],
)
def test_where_central_does_not_answer_the_last_word_stays_with_its_time_and_the_page_says_so(
    browser: Browser, failure: dict[str, object] | None
) -> None:
    opened, answers = open_ticket(browser, "waiting", "en", SIZES["usual"])
    before = opened.locator("#ticket").inner_text()
    assert "As of 12:00" in before
    answers.is_cut, answers.other = failure is None, failure
    opened.clock.run_for(POLL_MS)
    expect(opened.locator("#away")).to_be_visible()
    assert opened.locator("#ticket").inner_text() == before
    assert violations(opened) == []
    answers.is_cut, answers.other, answers.state = False, None, "serving"
    opened.clock.run_for(POLL_MS)
    expect(opened.locator("#away")).to_be_hidden()
    expect(opened.locator("#ticket")).to_contain_text("You are at counter 3")
    opened.context.close()
