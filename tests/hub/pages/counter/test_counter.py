"""The counter's page in a real browser: one main button, presses neither lost nor doubled, plain words when cut off."""

import json
import re
import uuid
from typing import Any

import msgspec
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, Page, Request, Route, expect
from sqlalchemy import update

from hub.engine.managing import close_counter
from hub.log import tables
from hub.takeover.promotion import lead_on
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN, OTHER_PIN
from tests.hub.engine.carrying.days import closes, gives, goes_home
from tests.hub.pages.site import Site


def log_in(page: Page, counter: int = 1, pin: str = CLERK_PIN) -> None:
    page.fill("#number", str(counter))
    page.fill("#pin", pin)
    page.click("#enter")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]


def test_a_clerk_works_through_a_ticket_with_one_key(page: Page, site: Site) -> None:
    first, second = site.hall.kiosks[0].give("A"), site.hall.kiosks[0].give("A")
    log_in(page)
    main = page.locator("#main")
    expect(main).to_contain_text("Open the counter")
    for said, number in (("Call next", None), ("Here", first.number), ("Done", first.number), ("Call next", None)):
        expect(main).to_have_attribute("aria-disabled", "false")  # a key pressed while one is answered does nothing
        page.keyboard.press("F2")
        expect(main).to_contain_text(said)
        if number is not None:
            expect(page.locator("#ticket-number")).to_have_text("A1·001")
    expect(main).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("F2")
    expect(page.locator("#ticket-number")).to_have_text("A1·002")
    assert site.hall.counter(1).ticket == second.id


def test_keys_and_numbers_serve_on_an_arabic_keyboard_too(page: Page, site: Site) -> None:
    """There R writes «ق», A writes «ش», and digits may be ٠ to ٩; the button of a form says what it does."""
    ticket = site.hall.kiosks[0].give("A")
    log_in(page)
    press_key(page, "F2", "F2")
    press_key(page, "Space", " ")
    expect(page.locator("#main")).to_contain_text("Here")
    press_key(page, "KeyP", "ح")
    expect(page.locator("#ask button.main")).to_have_text("Put on hold")
    page.locator("#ask button.main").click()
    expect(page.locator("#away")).to_contain_text("A1·001")
    page.click("#by-number")
    page.fill("#ask-number", "ش١٠٠١")
    page.locator("#ask button.main").click()
    expect(page.locator("#away-card")).to_be_hidden()
    press_key(page, "F2", "F2")
    expect(page.locator("#main")).to_contain_text("Here")
    assert site.hall.counter(1).ticket == ticket.id


def test_a_clerk_logs_in_with_arabic_digits_and_is_told_what_a_number_is(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/counter?lang=ar")
    page.fill("#number", "١٢٣")
    page.fill("#pin", "٤٩٣")
    page.click("#login-form .main")
    said = "id => document.getElementById(id).validationMessage"
    assert page.evaluate(said, "number") == "رقم الكوة رقم أو رقمان."
    page.fill("#number", "١")
    page.click("#login-form .main")
    assert page.evaluate(said, "pin") == "الرمز السري من 8 إلى 10 أرقام."
    page.fill("#pin", CLERK_PIN.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    page.click("#login-form .main")
    expect(page.locator("#work")).to_be_visible()


def press_key(page: Page, code: str, key: str) -> None:
    """Press a key by its place, which writes `key` on this layout, once the page takes presses."""
    expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
    page.evaluate(
        "([code, key]) => document.dispatchEvent(new KeyboardEvent('keydown', {code, key, bubbles: true}))", [code, key]
    )


def test_every_state_in_both_languages_is_without_a_violation(browser: Browser, site: Site) -> None:
    hall = site.hall
    for letter in "AAB":
        hall.kiosks[0].give(letter, priority="elderly")
    for language in ("ar", "en"):
        context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{site.url}/counter?lang={language}")
        expect(page.locator("#login")).to_be_visible()
        assert violations(page) == []
        log_in(page, 1 if language == "ar" else 2, CLERK_PIN if language == "ar" else OTHER_PIN)
        expect(page.locator("#work")).to_be_visible()
        assert violations(page) == []
        for shown in ("open", "called", "serving"):
            page.click("#main")
            expect(page.locator("#state")).to_have_attribute("data-state", shown)
            assert violations(page) == [], shown
        context.close()


def test_a_press_whose_answer_was_lost_is_sent_again_and_counts_once(page: Page, site: Site) -> None:
    given = [site.hall.kiosks[0].give("A") for _ in range(3)]
    log_in(page)
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    keys: list[str] = []

    def lose_two_answers(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) <= 2:
            route.fetch()  # it arrives, and the answer is lost
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/presses", lose_two_answers)
    page.click("#main")
    expect(page.locator("#lost")).to_contain_text("counts once")
    expect(page.locator("#ticket-number")).to_have_text("A1·001")
    expect(page.locator("#lost")).to_be_hidden()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert [site.hall.ticket(one.id).state for one in given] == ["called", "waiting", "waiting"]


def test_a_number_given_by_hand_is_told_to_the_clerk(page: Page, site: Site) -> None:
    log_in(page)
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    page.click("#give")
    page.select_option("#ask-service", "clearance")
    page.select_option("#ask-priority", "disabled")
    page.click("#ask .main")
    expect(page.locator("#why")).to_contain_text("B0·001")
    assert [site.hall.ticket(one).priority for one in site.hall.waiting()] == ["disabled"]


def test_the_place_of_an_earlier_paper_is_given_by_its_date_and_number(page: Page, site: Site) -> None:
    old = gives(site.hall.kiosks[0])
    closes(site.hall)
    goes_home(site.hall)
    gives(site.hall.kiosks[1])
    log_in(page)
    page.click("#main")
    page.click("#give")
    page.select_option("#ask-service", "civil-affairs")
    page.select_option("#ask-day", "2026-11-25")
    page.click("#ask .main")
    expect(page.locator("#ask")).to_be_visible()  # with a date it needs a number
    page.fill("#ask-number", old.number)
    page.click("#ask .main")
    expect(page.locator("#why")).to_contain_text("A0·001")
    assert site.hall.called(1) == "A0001"
    page.click("#give")
    page.select_option("#ask-service", "civil-affairs")
    page.select_option("#ask-day", "2026-11-25")
    page.fill("#ask-number", old.number)
    page.click("#ask .main")
    expect(page.locator("#why")).to_contain_text("given its place already")


def test_a_press_under_way_outlives_a_reload_of_the_page(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    page.route("**/presses", lambda route: route.abort("connectionreset"))
    page.click("#main")
    expect(page.locator("#lost")).to_be_visible()
    kept = json.loads(page.evaluate("sessionStorage.getItem('press')"))
    uuid.UUID(kept["key"])
    page.unroute("**/presses")
    page.reload()
    expect(page.locator("#ticket-number")).to_have_text("A1·001")
    # The hall's state may show the number before the press has its own answer.
    page.wait_for_function("() => sessionStorage.getItem('press') === null")


def test_a_hub_that_answers_503_is_asked_again_until_it_answers(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    answered = 0

    def refuse_twice(route: Route) -> None:
        nonlocal answered
        answered += 1
        if answered <= 2:
            route.fulfill(status=503, body="{}")
        else:
            route.continue_()

    page.route("**/presses", refuse_twice)
    page.click("#main")
    expect(page.locator("#ticket-number")).to_have_text("A1·001")


def test_a_counter_taken_over_elsewhere_says_so_and_presses_no_more(page: Page, browser: Browser, site: Site) -> None:
    log_in(page)
    expect(page.locator("#work")).to_be_visible()
    other = browser.new_context()
    manager = other.new_page()
    manager.goto(f"{site.url}/counter?lang=en")
    log_in(manager, pin=OTHER_PIN)
    expect(manager.locator("#login-why")).to_contain_text("رنا has had this counter since 12:00")
    expect(manager.locator("#take-over")).to_be_hidden()
    log_in(manager, pin=MANAGER_PIN)
    manager.click("#take-over")
    expect(manager.locator("#work")).to_be_visible()
    expect(page.locator("#login-why")).to_contain_text("taken over elsewhere")
    other.close()


def test_the_same_clerk_is_let_in_from_a_new_tab(page: Page, browser: Browser, site: Site) -> None:
    log_in(page)
    expect(page.locator("#work")).to_be_visible()
    other = browser.new_context().new_page()
    other.goto(f"{site.url}/counter?lang=en")
    log_in(other)
    expect(other.locator("#work")).to_be_visible()
    expect(page.locator("#login-why")).to_contain_text("taken over elsewhere")
    other.context.close()


def test_a_person_is_sent_to_a_counter_and_waits_for_that_one(page: Page, site: Site) -> None:
    ticket = site.hall.kiosks[0].give("A")
    site.hall.press(2, "open")
    log_in(page)
    for said in ("Call next", "Here"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
    page.click("#transfer")
    offered = page.locator("#ask-to option").all_inner_texts()
    assert offered == [
        "Choose…", "A · Documents", "B · City council and leases", "C · Water, electricity, telephone", "Counter 2",
        "Counter 3 – not open now",
    ]  # fmt: skip
    page.locator("#ask button.main").click()
    expect(page.locator("#ask")).to_be_visible()  # nothing is chosen for the clerk
    page.select_option("#ask-to", "2")
    page.locator("#ask button.main").click()
    expect(page.locator("#main")).to_contain_text("Call next")
    assert site.hall.ticket(ticket.id).only_counter == 2
    assert site.hall.called(1) is None
    assert site.hall.called(2) == ticket.number


def test_an_answer_that_comes_late_takes_back_nothing_that_the_page_has_seen_since(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/presses", lambda route: held.append((route, route.fetch())))
    page.click("#main")
    expect(page.locator("#ticket-number")).to_have_text("A1·001")  # by the view: the answer is on its way
    with site.hall.act() as act:
        close_counter(act, 1)
    expect(page.locator("#main")).to_contain_text("Open the counter")
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#main")).to_contain_text("Open the counter")


def test_a_wrong_pin_is_said_in_plain_words_and_forgotten_by_the_page(page: Page) -> None:
    log_in(page, pin="00000000")
    expect(page.locator("#login-why")).to_contain_text("This PIN is wrong")
    expect(page.locator("#pin")).to_have_value("")


def test_after_a_take_over_the_page_tells_what_it_was_answered_before_anybody_is_called(page: Page, site: Site) -> None:
    hall = site.hall
    ticket = hall.kiosks[0].give("A")
    log_in(page)
    for said in ("Call next", "Here"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
    resumed: list[Any] = []

    def note(asked: Request) -> None:
        if asked.url.endswith("/resume"):
            resumed.append(asked.post_data_json)

    page.on("request", note)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    lead_on(hall.hub, above=0, lacks=True)
    assert hall.counter(1).must_resume
    page.wait_for_function("() => document.querySelector('#state').dataset.resumed === 'yes'")
    assert not hall.counter(1).must_resume
    assert hall.counter(1).ticket == ticket.id
    assert [told["more"] for told in resumed] == [True, False], "each press since a standby had the log, in its order"
    assert all(told["key"] and told["answer"]["signature"] for told in resumed), "as the page kept them"


def test_a_clerk_reads_that_the_number_which_he_called_was_taken_back(page: Page, site: Site) -> None:
    kiosk = site.hall.kiosks[0]
    given = kiosk.give("A")
    log_in(page)
    for said in ("Call next", "Here"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
        expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
    expect(page.locator("#state")).to_have_text(re.compile(r"^Called at \S+$"))
    kiosk.tell(msgspec.structs.replace(given, revision=1, voided=True))
    expect(page.locator("#state")).to_contain_text("cancelled since at its kiosk")
