"""The counter's page: what can be taken back, and when somebody counts as not here."""

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.hub.pages.counter.test_counter import log_in
from tests.hub.pages.site import Site


def test_not_here_waits_a_minute_and_then_can_be_pressed(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    page.click("#main")
    expect(page.locator("#ticket-number")).to_have_text("A1·001")  # called: from now on it counts
    button = page.locator("#not-here")
    expect(button).to_have_attribute("aria-disabled", "true")
    site.hall.passes(61)
    site.hall.kiosks[0].give("A")  # any change brings the view with the hub's time
    expect(button).to_have_attribute("aria-disabled", "false")
    button.click()
    expect(page.locator("#main")).to_contain_text("Call next")


def test_not_here_waits_no_longer_where_the_clock_is_set_back_meanwhile(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    for said in ("Call next", "Here"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
    site.hall.clock.wall -= timedelta(hours=3)  # it was ahead, and central has set it right
    site.hall.kiosks[0].give("B")
    expect(page.locator("#waiting li.own", has_text="B").locator("b")).to_have_text("1")
    expect(page.locator("#not-here")).to_contain_text(re.compile(r"in ([1-5]?\d|60) s"))


def test_undo_takes_back_who_was_let_in_again_by_mistake_beside_the_one_at_the_counter(page: Page, site: Site) -> None:
    parked, _ = site.hall.kiosks[0].give("A"), site.hall.kiosks[0].give("A")
    site.hall.press(2, "open")
    site.hall.press(2, "next")
    site.hall.press(2, "park")
    log_in(page)
    for said in ("Call next", "Here", "Done"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
    page.locator("#away button").click()
    expect(page.locator("#away-card")).to_be_hidden()
    page.click("#undo")
    expect(page.locator("#away-card")).to_be_visible()
    assert site.hall.ticket(parked.id).state == "parked"
    expect(page.locator("#undo")).to_be_hidden()  # what was taken back once is not taken back again


def test_a_number_given_by_hand_offers_no_undo(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    for said in ("Call next", "Here", "Done"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
    expect(page.locator("#undo")).to_be_visible()
    page.click("#give")
    page.select_option("#ask-service", "clearance")
    page.locator("#ask button.main").click()
    expect(page.locator("#why")).to_contain_text("B0·001")
    expect(page.locator("#undo")).to_be_hidden()


def test_documents_are_counted_as_they_are_shown_after_an_undo(page: Page, site: Site) -> None:
    site.hall.kiosks[0].give("A")
    log_in(page)
    for said in ("Call next", "Here", "Done"):
        page.click("#main")
        expect(page.locator("#main")).to_contain_text(said)
        expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
    for _ in range(2):
        page.locator("#steppers button").last.click()
    expect(page.locator("#steppers output")).to_have_text("3")
    page.click("#main")
    expect(page.locator("#main")).to_contain_text("Call next")
    page.click("#undo")
    expect(page.locator("#main")).to_contain_text("Done")
    expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
    shown = page.locator("#steppers output").inner_text()
    with page.expect_request("**/presses") as asked:
        page.click("#main")
    sent: Any = asked.value.post_data_json
    assert sent["documents"] == {"civil-affairs": int(shown)}
