"""The manager's page: the day at a glance, the list on paper, numbers by hand, and who was called out of turn."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from hub.log import tables
from hub.messages import alarms
from hub.messages.conditions import CENTRAL, UNTRUSTED, Condition
from hub.sessions.locks import count_failure, judged, of_stranger
from tests.hub.api.conftest import MANAGER_PIN
from tests.hub.pages.board.test_board_ink import INK
from tests.hub.pages.counter.test_counter import violations
from tests.hub.pages.counter.test_counter_fits import OFFICE_PC, asks_for_help
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


def test_a_manager_logs_in_with_the_digits_of_an_arabic_keyboard(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=ar")
    page.fill("#pin", MANAGER_PIN.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))
    page.click("#login-form .main")
    expect(page.locator("#work")).to_be_visible()
    page.close()


def row(page: Page, name: str) -> list[str]:
    return page.locator("#compared div", has_text=name).locator("dd").all_inner_texts()


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
    assert row(page, "Took a number") == ["1", "A week ago until now: 3"]
    assert row(page, "Called") == ["0", "A week ago until now: 0"], (
        "the week before, nobody had been called until this time"
    )
    expect(page.locator("#curve rect.came")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    page.close()


def test_groups_are_chosen_saved_with_a_word_and_taken_back(manager: Page, site: Site) -> None:
    change = manager.locator("#counters tr", has_text="B").get_by_role("button", name="Groups of counter 1")
    change.click()
    names = manager.locator("#choose-groups label").all_inner_texts()
    assert [name.split()[0] for name in names] == ["A", "B", "C", "D", "X", "Y"]
    for letter in "AB":
        manager.uncheck(f"#choose-groups input[value={letter}]")
    manager.click("#choose button.main")
    expect(manager.locator("#choose-why")).to_be_visible()  # a counter without a group would call nobody
    for letter in "DB":
        manager.check(f"#choose-groups input[value={letter}]")
    assert violations(manager) == []
    manager.click("#choose button.main")
    expect(manager.locator("#saved")).to_contain_text("Groups of counter 1 saved: \u2066B D\u2069")
    assert groups_of(site, 1) == ["B", "D"]
    manager.click("#saved-undo")
    expect(manager.locator("#saved")).to_contain_text("All is as it was")
    assert groups_of(site, 1) == ["A", "B"]


def groups_of(site: Site, counter: int) -> list[str]:
    with site.hall.hub.read() as look:
        return list(look.centre.counters[counter].groups)


def test_the_rule_is_saved_with_a_word_and_taken_back(manager: Page, site: Site) -> None:
    weight, save = manager.locator("#weight"), manager.locator("#rules button")
    for wrong in ("", "two"):
        weight.fill(wrong)
        save.click()
        assert weight.evaluate("(field) => field.validationMessage").startswith(
            "How much a minute with priority counts"
        )
    weight.fill("٢٠٠")
    save.click()
    expect(manager.locator("#why")).to_have_text("How much a minute with priority counts: 1 to 100, such as 2 or 2.5.")
    weight.fill("٢٫٥")
    manager.fill("#help-after", "٢٠")
    save.click()
    expect(manager.locator("#saved")).to_contain_text("Queue rules saved")
    with site.hall.hub.read() as look:
        assert (look.centre.rules.priority_weight, look.centre.rules.help_after_s) == (2.5, 1200)
    manager.click("#saved-undo")
    expect(manager.locator("#saved")).to_contain_text("All is as it was")
    with site.hall.hub.read() as look:
        assert look.centre.rules.priority_weight == 2


def test_a_day_is_opened_by_a_date_as_dates_are_written_here_after_a_question(manager: Page) -> None:
    expect(manager.locator("#day")).to_have_text("Wednesday 25 November")
    manager.fill("#date", "26/11")
    manager.locator("#open-day button").click()
    wrong = manager.locator("#date").evaluate("(field) => field.validationMessage")
    assert wrong == "Type year/month/day, such as 2026/12/31."
    manager.fill("#date", "٢٠٢٦/١١/٢٦")
    manager.locator("#open-day button").click()
    expect(manager.locator("#sure-title")).to_contain_text("2026/11/26")
    manager.click("#sure button[value=no]")
    expect(manager.locator("#day-state")).to_contain_text("2026/11/25")
    manager.locator("#open-day button").click()
    manager.click("#sure-yes")
    expect(manager.locator("#day-state")).to_contain_text("2026/11/26")


def test_a_far_date_is_typed_twice_where_no_clock_is_right_and_is_taken_back(manager: Page, site: Site) -> None:
    site.hall.clock.trust = "unknown"
    manager.fill("#date", "2026/11/26")
    expect(manager.locator("#again")).to_be_hidden()
    manager.fill("#date", "2026/12/20")
    manager.fill("#date-again", "2026/12/02")
    manager.locator("#open-day button").click()
    manager.click("#sure-yes")
    expect(manager.locator("#why")).to_contain_text("type the date a second time")
    manager.fill("#date-again", "2026/12/20")
    manager.locator("#open-day button").click()
    manager.click("#sure-yes")
    expect(manager.locator("#saved")).to_contain_text("2026/12/20")
    expect(manager.locator("#day-state")).to_contain_text("2026/12/20")
    manager.click("#saved-undo")
    expect(manager.locator("#day-state")).to_contain_text("2026/11/25")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_day_stands_on_one_screen_of_an_office_pc_and_on_a_small_phone(
    browser: Browser, site: Site, language: str
) -> None:
    hall = site.hall
    hall.set_up({n: ["A", "B"] if n % 2 else ["C", "D", "X"] for n in range(1, 7)}, message_id=9)
    for counter in (1, 2, 3):
        hall.kiosks[0].give("A")
        hall.press(counter, "open")
        hall.press(counter, "next")
    asks_for_help(hall, "kiosk-1")
    context = browser.new_context(viewport=OFFICE_PC, screen=OFFICE_PC, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/manager?lang={language}")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#counters tr")).to_have_count(6)
    for part in (".needs", ".figures", "#counters", "#curve"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= OFFICE_PC["height"], part
    page.set_viewport_size({"width": 1366, "height": 2200})  # what is below, too
    assert page.evaluate(INK) == []
    page.set_viewport_size({"width": 320, "height": 3200})
    assert page.evaluate(INK) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(page) == []
    page.emulate_media(media="print")
    assert page.locator(".figures").is_visible()
    assert not page.locator(".rare").is_visible()
    context.close()


def test_who_logs_out_without_a_line_is_not_shown_as_out(manager: Page) -> None:
    """The session would be there for the next one who loads the page."""
    manager.route("**/v1/sessions/current", lambda route: route.abort())
    manager.click("#leave")
    expect(manager.locator("#why")).to_be_visible()
    expect(manager.locator("#work")).to_be_visible()
    manager.unroute("**/v1/sessions/current")
    manager.click("#leave")
    expect(manager.locator("#login")).to_be_visible()
    manager.reload()
    expect(manager.locator("#login")).to_be_visible()


def test_what_a_manager_has_done_is_seen_at_once_though_the_button_has_the_focus(manager: Page, site: Site) -> None:
    for kiosk in ("kiosk-1", "kiosk-2"):
        asks_for_help(site.hall, kiosk)
    site.hall.press(1, "open")
    expect(manager.locator("#help li")).to_have_count(2)
    manager.locator("#help button").first.click()
    expect(manager.locator("#help li")).to_have_count(1)
    counter = manager.locator("#counters tr").first
    counter.locator("button.grave").click()
    manager.click("#sure-yes")
    expect(counter.locator(".standing")).to_have_text("Closed")


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
    manager.evaluate(
        "() => { document.getElementById('paper').hidden = false; document.body.dataset.prints = 'list'; }"
    )
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
    expect(manager.locator("#warnings")).to_contain_text("Kiosk 2 has been silent")
    expect(manager.locator("#warnings")).to_contain_text("Kiosk 3 gives numbers of \u20662099/01/01\u2069")


def test_at_whose_pin_somebody_guesses_is_said(manager: Page, site: Site) -> None:
    guesses = of_stranger("12", "192.0.2.7")
    with site.hall.hub.any_act() as act:
        for _ in range(5):
            count_failure(act.connection, guesses, act.line_us)
            judged(act.connection, guesses, is_right=False)
    expect(manager.locator("#warnings")).to_contain_text("5 wrong PINs were typed for رنا", timeout=15_000)


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


def test_what_staff_is_told_stands_there_until_somebody_sees_to_it(manager: Page, site: Site) -> None:
    with site.hall.hub.store.write() as connection:
        standing = {
            "kiosk-silent/kiosk-1": Condition("kiosk-silent", "kiosk-1", 900),
            "no-internet/": Condition("no-internet"),
            "certificate-ending/2026/12/04": Condition("certificate-ending", "2026/12/04"),
        }
        alarms.settle(connection, standing, site.hall.clock.now().wall_time)
    site.hall.press(1, "open")  # the page hears of it
    card = manager.locator("#alarms-card")
    expect(card).to_contain_text("Kiosk 1 (at the entrance) has been silent since")
    expect(card).to_contain_text("The centre has had no internet since")
    expect(card).to_contain_text("certificate ends on Friday 4 December.")
    assert violations(manager) == []
    for what, words, press in (
        (UNTRUSTED, "no answer that can be trusted", "close"),
        (CENTRAL, "it answers, but with errors", "open"),
    ):
        with site.hall.hub.store.write() as connection:
            standing["no-internet/"] = Condition("no-internet", what)
            alarms.settle(connection, standing, site.hall.clock.now().wall_time)
        site.hall.press(1, press)
        expect(card).to_contain_text(words)
    card.get_by_role("listitem").filter(has_text="silent").get_by_role("button", name="I see to it").click()
    expect(card).to_contain_text("Somebody sees to it.")
    expect(card.get_by_role("button")).to_have_count(2)


def test_a_hub_of_an_earlier_version_names_no_place_and_the_page_names_its_kiosks_all_the_same(
    browser: Browser, site: Site
) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#counters tr")).to_have_count(3)
    name = "async (view) => (await import('/assets/live.mjs')).kioskName(view, 'kiosk-1')"
    assert page.evaluate(name, {"kiosks": {"kiosk-1": 1}}) == "Kiosk 1"
    places = {"1": {"en": "at the entrance"}}
    assert page.evaluate(name, {"kiosks": {"kiosk-1": 1}, "places": places}) == "Kiosk 1 (at the entrance)"
    page.close()
