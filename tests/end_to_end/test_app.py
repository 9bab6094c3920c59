"""The stand-in for the app against the real central: what its makers would build is built of the calls they have."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from babel.messages.pofile import read_po
from litestar.testing import TestClient

from common.web.page_texts import LANGUAGES
from demo.app.calls import CallRefused, CentralCalls
from demo.app.order_code import AppKey
from demo.app.pages import FOLDER, app_of
from demo.app.phone import Phone
from demo.centre import CENTRE, SEATS
from demo.processes import wait_until
from kiosk.desk.order_code import AppKey as KnownKey
from kiosk.desk.order_code import Genuine, read_order_code
from tests.hub.commands.processes import Central, central

SERVICE = "civil-affairs"
ORIGIN = {"Origin": "http://testserver.local"}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Central]:
    with central(tmp_path_factory.mktemp("app")) as found:
        rules = {"centre": None, "kinds": ["order-ready"], "hours": {"from": "00:00", "to": "23:59"}}
        found.command("publish", "messages", "-", stdin=json.dumps(rules))  # whenever this runs
        found.command("publish", "seats", "-", stdin=json.dumps({"centre": CENTRE, "rules": {}, "plan": SEATS}))
        yield found


@pytest.fixture
def phone(there: Central, request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone of its own: what one test books is nobody else's."""
    name = f"app-{abs(hash(request.node.name)) % 10_000}"

    def token(may: str) -> str:
        return str(json.loads(there.command("system", "give", f"{name}-{may}", "--may", may))["token"])

    calls = CentralCalls(there.url, {may: token(may) for may in ("order-states", "claims")})
    with closing(calls):
        yield Phone(calls, AppKey())


@pytest.fixture
def browser(phone: Phone) -> Iterator[TestClient[Any]]:
    with TestClient(app_of(phone), base_url="http://testserver.local") as client:
        yield client


def test_an_order_of_the_phone_is_genuine_at_a_kiosk_that_knows_its_key(phone: Phone, there: Central) -> None:
    ordered = phone.order("state-employees", CENTRE, is_paid=True)
    published = phone.key.published(datetime.now(UTC))
    there.command("publish", "app-key", "-", stdin=json.dumps(published))
    raw = phone.key.key.public_key().public_bytes_raw()
    known = KnownKey(phone.key.kid, raw, published["valid_from"], published["valid_until"])
    now = datetime.now(UTC).timestamp()
    read = read_order_code(ordered.code, keys={phone.key.kid: known}, now=now, tells_time=True)
    assert isinstance(read, Genuine)
    assert (read.order_id, read.service, read.order_number) == (ordered.order, "state-employees", ordered.number)


def test_a_time_is_booked_once_however_often_the_button_is_pressed_and_cancelled(phone: Phone) -> None:
    at = phone.calls.seats(CENTRE, SERVICE)[0]["at"]
    booked = phone.book(SERVICE, CENTRE, at, "one-press")
    assert phone.book(SERVICE, CENTRE, at, "one-press") is booked
    assert (booked.at, len(booked.digits), booked.code[:4]) == (at, 8, "SY1:")
    with pytest.raises(CallRefused) as refused:
        phone.book(SERVICE, CENTRE, at, "another-press")
    assert refused.value.reason == "open-claim"
    phone.cancel(booked.claim)
    booked.state = ""
    phone.hear()
    assert booked.state == "cancelled", "central says so too"


def test_what_the_offices_finish_is_ready_for_the_kiosks(phone: Phone) -> None:
    ordered = phone.order(SERVICE, CENTRE, is_paid=True)
    phone.finish(ordered.order)
    told = phone.calls._json("GET", "/v1/order-states", may="order-states")["states"]
    assert [one["state"]["state"] for one in told if one["state"]["order"] == ordered.order] == ["ready"]


def test_the_phone_is_told_that_its_document_is_ready(browser: TestClient[Any], phone: Phone) -> None:
    ordered = phone.order(SERVICE, CENTRE, is_paid=True)
    phone.finish(ordered.order)

    def is_told() -> bool:
        phone.hear()
        return ordered.order in {one.get("order") for one in phone.messages}

    assert wait_until(is_told, 60)
    (told,) = [one for one in phone.messages if one.get("order") == ordered.order]
    assert told["kind"] == "order-ready"
    assert told["texts"]["ar"] in browser.get("/").text


def test_the_pages_do_it_all_without_a_script(browser: TestClient[Any], phone: Phone) -> None:
    assert 'dir="rtl"' in browser.get("/").text
    browser.post("/do/order", data={"service": SERVICE, "centre": CENTRE}, headers=ORIGIN, follow_redirects=False)
    (ordered,) = phone.orders.values()
    seats = browser.get("/seats", params={"centre": CENTRE, "service": SERVICE}).text
    key, at = re.search(r'name="key" value="(\w+)"', seats), re.search(r'name="at" value="([^"]+)"', seats)
    assert key
    assert at
    form = {"service": SERVICE, "centre": CENTRE, "at": at[1], "key": key[1]}
    home = browser.post("/do/book", data=form, headers=ORIGIN, follow_redirects=True).text
    (booked,) = phone.appointments.values()
    for name in (ordered.order, booked.claim):
        assert f'src="/codes/{name}"' in home
        assert browser.get(f"/codes/{name}").headers["content-type"].startswith("image/svg+xml")
    again = browser.post("/do/book", data=form | {"key": "other"}, headers=ORIGIN, follow_redirects=True).text
    assert "لديك موعد لهذه الخدمة" in again
    assert "<script" not in home + seats


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example"}])
def test_a_page_of_somebody_else_presses_no_button(
    browser: TestClient[Any], phone: Phone, headers: dict[str, str]
) -> None:
    browser.post("/do/order", data={"service": SERVICE, "centre": CENTRE}, headers=headers, follow_redirects=False)
    assert not phone.orders


def test_forms_of_somebody_elses_making_cost_nothing(browser: TestClient[Any]) -> None:
    for what in ("order", "book", "cancel", "finish", "nothing"):
        assert browser.post(f"/do/{what}", data={}, headers=ORIGIN, follow_redirects=False).status_code == 303
    assert browser.get("/codes/../../etc/passwd").status_code == 404


def test_a_central_that_is_away_is_said() -> None:
    calls = CentralCalls("http://127.0.0.1:9", {"claims": "x", "order-states": "x"})
    with closing(calls), TestClient(app_of(Phone(calls, AppKey()))) as client:
        assert "لا جواب من الخادم المركزي" in client.get("/").text


def test_both_catalogues_hold_the_same_texts() -> None:
    found = []
    for language in LANGUAGES:
        with (FOLDER / f"{language}.po").open("rb") as file:
            found.append({one.id for one in read_po(file, locale=language) if one.id and one.string})
    assert found[0] == found[1]
