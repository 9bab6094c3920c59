"""Appointments on the hub's pages: a small time at the counter, counts by half hour at the manager's; never a name."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Route, expect

from common.protocol.claim_feed import ClaimOfDay, ClaimsToday, SeatsOfDay
from tests.hub.api.conftest import CLERK_PIN, MANAGER_PIN
from tests.hub.engine.promised.promises import Promises, shown
from tests.hub.hall import CENTRE, DAY
from tests.hub.pages.counter.test_counter import log_in, press_key, violations
from tests.hub.pages.site import Site
from tests.kit.answering_rows import AnsweringRows
from tests.kit.appointments import APPOINTMENTS
from tests.kit.claims import make_known

AT = "2026-11-26T11:30:00+03:00"


@pytest.fixture
def central(site: Site) -> Iterator[AnsweringRows]:
    make_known(site.hall.hub.store)
    answering = AnsweringRows(site.hall.hub.store, APPOINTMENTS)
    yield answering
    answering.close()


@pytest.fixture
def counter(site: Site, browser: Browser, central: AnsweringRows) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.goto(f"{site.url}/counter?lang=ar")
    log_in(page)
    yield page
    page.close()


def choose(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        field = page.locator(f"#ask-{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    assert violations(page) == []
    page.click("#ask button.main")


def test_a_clerk_books_for_who_telephones_and_tells_time_and_digits(counter: Page, central: AnsweringRows) -> None:
    counter.click("#appointment")
    choose(counter, what="book")
    choose(counter, service="civil-affairs")
    expect(counter.locator("#ask-at optgroup").first).to_have_attribute("label", "الخميس 26 تشرين الثاني")
    choose(counter, at=AT, who="٤٣٢١", people="3")
    expect(counter.locator("#why")).to_have_text(
        "حُجز الموعد: الخميس 26 تشرين الثاني الساعة \u206611:30\u2069. "
        "أعطِ المراجع هذا الرقم، ويُكتب على جهاز الأرقام عند الحضور: \u20661234 5674\u2069"
    )
    wish = {"service": "civil-affairs", "at": AT, "kind": "booked", "people": 3, "who": "4321"}
    assert central.asked[-1] == ("claim", wish)


def test_what_a_clerk_has_to_tell_stays_over_an_update_of_the_hub(
    counter: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that loads itself again meanwhile takes the digits, or their question, with it: nobody hears them."""
    counter.click("#appointment")
    choose(counter, what="book")
    choose(counter, service="civil-affairs")
    choose(counter, at=AT, who="4321", people="1")
    expect(counter.locator("#why")).to_contain_text("1234 5674")
    counter.evaluate("window.isOld = true")
    monkeypatch.setattr("hub.api.live.views.pages_mark", lambda: "newer")
    site.hall.kiosks[0].give("A")
    expect(counter.locator("#waiting li.own").first.locator("b")).to_have_text("1")
    counter.wait_for_timeout(2_500)  # it looks each second whether it may
    assert counter.evaluate("window.isOld")
    expect(counter.locator("#why")).to_contain_text("1234 5674")


def test_a_clerk_ends_an_appointment_by_its_digits(counter: Page, central: AnsweringRows) -> None:
    counter.click("#appointment")
    choose(counter, what="end")
    choose(counter, digits="1234 5674")
    expect(counter.locator("#why")).to_have_text("أُلغي الموعد.")
    assert central.asked == [("claim-cancel", {"digits": "12345674"})]


def test_an_appointment_asked_for_outlives_a_reload_of_the_page_and_is_booked_once(
    counter: Page, central: AnsweringRows
) -> None:
    def key(request: Request) -> str:
        return str((request.post_data_json or {})["key"])

    counter.route("**/v1/appointments", lambda _: None)  # no answer yet
    counter.click("#appointment")
    choose(counter, what="book")
    choose(counter, service="civil-affairs")
    with counter.expect_request("**/v1/appointments") as first:
        choose(counter, at=AT, who="4321", people="1")
    counter.unroute("**/v1/appointments")
    with counter.expect_request("**/v1/appointments") as asked:
        counter.reload()
    assert key(asked.value) == key(first.value)
    expect(counter.locator("#why")).to_contain_text("1234 5674")
    assert [kind for kind, _ in central.asked] == ["seats", "claim"]
    counter.reload()
    expect(counter.locator("#main")).to_be_visible()
    expect(counter.locator("#why")).to_be_hidden()
    assert [kind for kind, _ in central.asked] == ["seats", "claim"]


def test_an_appointment_whose_answer_is_lost_on_the_line_is_told_once_the_line_is_back(
    counter: Page, central: AnsweringRows
) -> None:
    """Central has booked it: without its digits nobody can use it, or end it."""
    lost: list[str] = []

    def cut(route: Route) -> None:
        if not lost:
            route.fetch()  # the hub heard it, and its answer is lost
        lost.append(str((route.request.post_data_json or {})["key"]))
        if len(lost) > 3:
            route.continue_()
        else:
            route.abort("connectionreset")

    counter.route("**/v1/appointments", cut)
    counter.click("#appointment")
    choose(counter, what="book")
    choose(counter, service="civil-affairs")
    choose(counter, at=AT, who="4321", people="1")
    expect(counter.locator("#why")).to_contain_text("1234 5674", timeout=15_000)
    assert len(set(lost)) == 1
    assert [kind for kind, _ in central.asked] == ["seats", "claim"]


def test_centrals_no_is_said_in_words(counter: Page, central: AnsweringRows) -> None:
    central.answers["seats"] = ("refused", {"reason": "not-offered"}, {})
    counter.click("#appointment")
    choose(counter, what="book")
    choose(counter, service="civil-affairs")
    expect(counter.locator("#why")).to_have_text("لا مواعيد لهذه الخدمة في هذا المركز.")


def test_a_centre_without_seats_offers_no_appointment(site: Site, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/counter?lang=en")
    log_in(page)
    expect(page.locator("#main")).to_be_visible()
    expect(page.locator("#appointment")).to_be_hidden()
    page.close()


@pytest.mark.parametrize(("language", "word"), [("ar", "موعده"), ("en", "Appointment")])
def test_the_counter_shows_the_time_of_who_has_an_appointment_alone(
    site: Site, browser: Browser, language: str, word: str
) -> None:
    claim = Promises(site.hall).claim()
    site.hall.kiosks[0].give(claim=shown(claim))
    page = browser.new_page()
    page.goto(f"{site.url}/counter?lang={language}")
    page.fill("#number", "1")
    page.fill("#pin", CLERK_PIN)
    page.click("#enter")
    expect(page.locator("#main")).to_be_visible()
    press_key(page, "F2", "F2")
    expect(page.locator("#state")).to_have_attribute("data-state", "open")
    press_key(page, "F2", "F2")
    expect(page.locator("#expected-fact")).to_have_text(f"{word}12:00")
    page.close()


def test_the_manager_s_page_counts_them_by_half_hour(site: Site, browser: Browser) -> None:
    promises = Promises(site.hall)
    claim = promises.claim(60)
    open_ = [ClaimOfDay(claim.id, "0" * 16, claim.service, "A", "booked", claim.at, 15, 30, claim.expires)]
    promises.say(ClaimsToday(CENTRE, DAY, "ab" * 16, open_, [SeatsOfDay("A", claim.at, 3)]))
    page = browser.new_page()
    page.goto(f"{site.url}/manager?lang=en")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    expect(page.locator("#expected tr")).to_have_text(["12:003100"])
    assert Axe().run(page).response["violations"] == []
    page.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_manager_gives_no_more_appointments_in_half_an_hour_and_takes_it_back(
    site: Site, browser: Browser, central: AnsweringRows, language: str
) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.goto(f"{site.url}/manager?lang={language}")
    page.fill("#pin", MANAGER_PIN)
    page.click("#login-form .main")
    page.click("#change-capacity")
    choose(page, group="A", day="2026-11-26")
    expect(page.locator("#ask-which option").filter(has_text="\u206610:00\u2069").first).to_contain_text("3")
    choose(page, which="10:30")
    choose(page, seats="٠" if language == "ar" else "0")
    said = {"ar": "صار عدد المواعيد 0 في نصف الساعة", "en": "Now 0 in half an hour"}[language]
    expect(page.locator("#saved-text")).to_contain_text(said)
    assert violations(page) == []
    page.click("#saved-undo")
    expect(page.locator("#saved-undo")).to_be_hidden()
    wishes = [body for kind, body in central.asked if kind == "capacity"]
    assert [(one.get("at"), one.get("seats"), one.get("back")) for one in wishes] == [
        ("10:30", 0, None),
        (None, None, 8),
    ]
    page.click("#change-capacity")
    choose(page, group="A", day="2026-11-26")
    choose(page, which="7")
    expect(page.locator("#saved-text")).to_contain_text({"ar": "تم التراجع", "en": "taken back"}[language])
    central.answers["capacity"] = ("withdrawn", {}, {})
    page.click("#change-capacity")
    choose(page, group="A", day="2026-11-26")
    choose(page, which="whole")
    choose(page, seats="3")
    expect(page.locator("#why")).to_contain_text({"ar": "قد يكون إصداره أقدم", "en": "may be older"}[language])
    page.close()
