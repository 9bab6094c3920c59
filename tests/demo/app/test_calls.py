"""Each call of the demo's app as central gets it, what comes of each answer, and what the phone keeps of it."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest

from demo.app.calls import CallRefused, CentralCalls
from demo.app.phone import Appointment, Order, Phone

CLAIM = "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"


class Central:
    """Answers each call as it was told, and notes what was asked."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.asked: list[tuple[str, str, str | None, Any]] = []
        self.keys: list[str | None] = []
        self.calls = CentralCalls("http://central.test", {"claims": "t-claims", "order-states": "t-states"})
        self.calls._client = httpx2.Client(
            base_url="http://central.test", transport=httpx2.MockTransport(self._answer), trust_env=False
        )

    def says(self, body: Any, status: int = 200) -> None:
        self.answers.append((status, body))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content) if request.content else None
        path = request.url.raw_path.decode()
        self.asked.append((request.method, path, request.headers.get("Authorization"), body))
        self.keys.append(request.headers.get("Idempotency-Key"))
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        status, told = said
        return httpx2.Response(status, content=told) if isinstance(told, bytes) else httpx2.Response(status, json=told)


@pytest.fixture
def central() -> Central:
    return Central()


CLAIMS, STATES = "Bearer t-claims", "Bearer t-states"


def test_each_call_is_made_as_the_protocol_has_it(central: Central) -> None:
    calls: Any = central.calls
    page = {"messages": [], "cursor": "7", "more": False}
    for body in ({"centres": [1]}, {"seats": [2]}, {"claim": "c"}, {}, page, page, page, page):
        central.says(body)
    assert (calls.centres(), calls.seats("c-1", "s"), calls.claim({"at": "x"}, "k1")) == ([1], [2], {"claim": "c"})
    calls.tell_state({"order": "o"})
    assert [calls.messages(""), calls.messages("6"), calls.claims_changed(""), calls.claims_changed("6")] == [page] * 4
    central.says(b"", 204)
    calls.cancel(CLAIM)
    assert central.asked == [
        ("GET", "/v1/centres", None, None),
        ("GET", "/v1/seats?centre=c-1&service=s", CLAIMS, None),
        ("POST", "/v1/claims", CLAIMS, {"at": "x"}),
        ("POST", "/v1/order-states", STATES, {"states": [{"order": "o"}]}),
        ("GET", "/v1/messages", STATES, None),
        ("GET", "/v1/messages?after=6", STATES, None),
        ("GET", "/v1/claims", CLAIMS, None),
        ("GET", "/v1/claims?after=6", CLAIMS, None),
        ("DELETE", f"/v1/claims/{CLAIM.replace('-', '')}", CLAIMS, None),
    ]
    assert central.keys == [None, None, "k1", *[None] * 6]
    calls.close()
    assert calls._client.is_closed


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        ((409, {"type": "https://x/problems/slot-full", "detail": "d" * 301}), "slot-full", "d" * 300),
        ((409, {}), "status-409", ""),
        ((500, b"<html>"), "status-500", ""),
        (httpx2.ConnectError("x"), "no-network", "central does not answer"),
        (httpx2.ReadTimeout("x"), "no-network", "central does not answer"),
    ],
)
def test_a_no_is_told_by_the_last_word_of_its_type(central: Central, answer: Any, reason: str, detail: str) -> None:
    central.answers = [answer]
    with pytest.raises(CallRefused) as refused:
        central.calls.centres()
    assert (refused.value.reason, str(refused.value)) == (reason, detail)


class Calls:
    """Central's answers to one phone."""

    def __init__(self) -> None:
        self.did: list[Any] = []
        self.pages: dict[str, list[Any]] = {"messages": [], "claims": []}
        self.made: dict[str, Any] = {
            "claim": "c1",
            "code": "CODE",
            "digits": "12345678",
            "at": "2026-12-01T10:30:00+03:00",
        }

    def claim(self, wanted: Any, key: str) -> Any:
        self.did.append((wanted, key))
        return self.made

    def cancel(self, claim: str) -> None:
        self.did.append(claim)

    def tell_state(self, state: Any) -> None:
        self.did.append(state)

    def centres(self) -> Any:
        return ["centre"]

    def messages(self, cursor: str) -> Any:
        self.did.append(f"messages {cursor}")
        return self.pages["messages"].pop(0)

    def claims_changed(self, cursor: str) -> Any:
        self.did.append(f"claims {cursor}")
        return self.pages["claims"].pop(0)


class Key:
    """Signs an order, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def order(self, service: str, centre: str, at: datetime, *, is_paid: bool) -> Any:
        self.asked.append((service, centre, at.tzinfo is not None, is_paid))
        return SimpleNamespace(order="o1", number="0123456789", code="SY1:X")


@pytest.fixture
def phone() -> Phone:
    return Phone(cast("Any", Calls()), cast("Any", Key()))


def did(phone: Phone) -> list[Any]:
    return cast("Calls", phone.calls).did


def test_an_order_is_on_the_phone_until_the_offices_have_it_ready(phone: Phone) -> None:
    made = phone.order("clearance", "homs-main", is_paid=True)
    assert made == Order("o1", "0123456789", "SY1:X", "clearance", "homs-main")
    assert (phone.orders, cast("Any", phone.key).asked) == ({"o1": made}, [("clearance", "homs-main", True, True)])
    phone.finish("o1")
    assert did(phone) == [
        {"order": "o1", "number": "0123456789", "state": "ready", "centre": "homs-main", "service": "clearance"}
    ]
    assert made.state == "ready"


@pytest.mark.parametrize(
    ("at", "kind", "kept"),
    [("2026-12-01T10:30", "booked", "2026-12-01T10:30:00+03:00"), (None, "afar", None)],
)
def test_an_appointment_is_booked_once_under_its_key_and_cancelled(
    phone: Phone, at: str | None, kind: str, kept: str | None
) -> None:
    made = phone.book("card", "homs-main", at, "k1")
    assert made == Appointment("c1", "CODE", "12345678", kept, "card", "homs-main")
    assert phone.book("card", "homs-main", at, "k1") is made
    wanted = {"centre": "homs-main", "service": "card", "at": at, "kind": kind, "who": phone.owner}
    assert did(phone) == [(wanted, "k1")] * 2
    assert len(phone.owner) == 16
    phone.cancel("c1")
    assert (did(phone)[-1], made.state, phone.appointments) == ("c1", "cancelled", {"c1": made})


def test_it_hears_all_pages_once_the_newest_first_and_fifty_at_most(phone: Phone) -> None:
    phone.book("card", "homs-main", None, "k1")
    cast("Calls", phone.calls).pages = {
        "messages": [
            {"messages": [{"id": n} for n in range(30)], "cursor": "a", "more": True},
            {"messages": [{"id": n} for n in range(20, 52)], "cursor": "b", "more": False},
            {"messages": [], "cursor": "b", "more": False},
        ],
        "claims": [
            {
                "claims": [{"claim": "c1", "state": "missed"}, {"claim": "x", "state": "y"}],
                "cursor": "1",
                "more": False,
            },
            {"claims": [], "cursor": "1", "more": False},
        ],
    }
    phone.hear()
    assert phone.centres == cast("Any", ["centre"])
    assert [one["id"] for one in phone.messages] == [*range(51, 1, -1)]
    assert phone.appointments["c1"].state == "missed"
    phone.hear()
    assert did(phone)[1:] == ["messages ", "messages a", "claims ", "messages b", "claims 1"]
