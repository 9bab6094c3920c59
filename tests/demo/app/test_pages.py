"""The demo phone's buttons: pressed from its own page alone, each does its deed, and what was refused is said."""

from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from litestar.testing import TestClient

from demo.app.calls import CallRefused
from demo.app.pages import app_of

OWN = "http://testserver.local"


def press(phone: mock.Mock, what: str, form: dict[str, str], *, origin: str = OWN, lang: str = "en") -> str:
    with TestClient(app_of(cast("Any", phone))) as client:
        answer = client.post(f"/do/{what}?lang={lang}", data=form, headers={"Origin": origin}, follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize(
    ("what", "form", "done"),
    [
        ("order", {"service": "s", "centre": "c"}, mock.call.order("s", "c", is_paid=False)),
        ("order", {"service": "s", "centre": "c", "paid": "1"}, mock.call.order("s", "c", is_paid=True)),
        ("book", {"service": "s", "centre": "c", "at": "t", "key": "k"}, mock.call.book("s", "c", "t", "k-t")),
        ("book", {"service": "s", "centre": "c", "key": "k"}, mock.call.book("s", "c", None, "k-afar")),
        ("cancel", {"name": "n"}, mock.call.cancel("n")),
        ("finish", {"name": "n"}, mock.call.finish("n")),
    ],
)
def test_a_button_does_its_deed_and_goes_home(what: str, form: dict[str, str], done: Any) -> None:
    phone = mock.Mock()
    assert press(phone, what, form) == "/?lang=en"
    assert phone.mock_calls == [done]


@pytest.mark.parametrize("origin", ["http://evil.example", "", f"{OWN}.evil.example"])
def test_a_page_of_somebody_else_presses_no_button(origin: str) -> None:
    phone = mock.Mock()
    assert press(phone, "cancel", {"name": "n"}, origin=origin) == "/?lang=en&refused=not-allowed"
    assert phone.mock_calls == []


def test_what_is_refused_or_unknown_is_said_at_home() -> None:
    phone = mock.Mock()
    phone.cancel.side_effect = CallRefused("too-late", "why")
    assert press(phone, "cancel", {"name": "n"}, lang="ar") == "/?lang=ar&refused=too-late"
    assert press(phone, "cancel", {}) == "/?lang=en&refused=not-found"
    assert press(phone, "explode", {}) == "/?lang=en&refused=not-found"


@pytest.mark.parametrize(("name", "status"), [("o1", 200), ("a1", 200), ("none", 404)])
def test_the_code_of_an_order_or_an_appointment_is_drawn(name: str, status: int) -> None:
    phone = SimpleNamespace(
        orders={"o1": SimpleNamespace(code="SY1:O")}, appointments={"a1": SimpleNamespace(code="C")}
    )
    with TestClient(app_of(cast("Any", phone))) as client:
        answer = client.get(f"/codes/{name}")
    assert answer.status_code == status
    assert (b"<svg" in answer.content) is (status == 200)
    assert (answer.headers["content-type"] == "image/svg+xml") is (status == 200)
