"""The demo's clerk before a hub that is written down: each press with its key, again while the hub is silent."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from demo.people import clerk as played
from demo.people.clerk import Clerk
from demo.processes import DemoFailed


class Hub:
    """Answers each path with what was written down, in order; an exception is a line that broke."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[Any] = []
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self.told: list[str] = []
        self.silences = 0
        self.moment = 0.0
        monkeypatch.setattr(played, "time", self)
        self.clerk = Clerk("http://hub.test", "1234", self.told.append, on_silence=self._silent)
        self.clerk._client = httpx2.Client(base_url="http://hub.test", transport=httpx2.MockTransport(self._answer))

    def monotonic(self) -> float:
        """Return the time, as the play has it."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += seconds

    def says(self, status: int, body: Any = None) -> None:
        """Answer so next."""
        self.answers.append((status, body))

    def ticket(self, number: str | None, version: int = 1) -> None:
        """Answer with the counter's state."""
        ticket = None if number is None else {"id": f"id-{number}", "number": number}
        self.says(200, {"counter": {"ticket": ticket, "version": version}})

    def _silent(self) -> None:
        self.silences += 1

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.asked.append((request.method, request.url.path, body, request.headers.get("Idempotency-Key")))
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        status, told = said
        return httpx2.Response(status, json=told)

    @property
    def pressed(self) -> list[Any]:
        return [body for _, _, body, _ in self.asked]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    return Hub(monkeypatch)


def test_he_logs_in_serves_who_waits_and_goes(hub: Hub) -> None:
    hub.says(201)
    for number, version in ((None, 0), ("A1001", 4), ("A1001", 5), ("A1001", 6), ("A1002", 7), ("A1002", 8)):
        hub.ticket(number, version)
    hub.ticket("A1002", 9)
    hub.ticket(None)
    hub.ticket(None)
    hub.clerk.come()
    hub.clerk.serve_all()
    hub.clerk.go()
    assert hub.asked[0][:3] == ("POST", "/v1/sessions", {"pin": "1234", "counter": 1, "take_over": True})
    assert {(method, path) for method, path, *_ in hub.asked[1:]} == {("POST", "/v1/counters/1/presses")}
    assert hub.pressed[1:] == [
        {"press": "open"},
        {"press": "next"},
        {"press": "came", "ticket": "id-A1001", "version": 4},
        {"press": "done", "ticket": "id-A1001", "version": 5},
        {"press": "next"},
        {"press": "came", "ticket": "id-A1002", "version": 7},
        {"press": "done", "ticket": "id-A1002", "version": 8},
        {"press": "next"},
        {"press": "close"},
    ]
    assert (hub.clerk.called, hub.clerk.served) == (["A1001", "A1002"], ["A1001", "A1002"])
    assert hub.told == ["counter 1 calls A1001", "counter 1 calls A1002"]
    assert len({key for *_, key in hub.asked[1:]}) == 9
    assert hub.clerk._client.is_closed


def test_he_says_that_a_service_stands_still_and_works_again(hub: Hub) -> None:
    hub.says(200)
    hub.says(200)
    hub.clerk.stop_service("card", "power")
    hub.clerk.resume_service("card")
    assert [one[:3] for one in hub.asked] == [
        ("PUT", "/v1/services/card", {"state": "interrupted", "reason": "power"}),
        ("PUT", "/v1/services/card", {"state": "working"}),
    ]
    assert hub.told == ["counter 1 says that card stands still: power", "counter 1 says that card works again"]


def test_a_finger_that_presses_twice_is_one_press_and_has_one_answer(hub: Hub) -> None:
    hub.clerk.presses_each = 2
    hub.ticket(None)
    hub.ticket(None)
    assert hub.clerk.press("next")["counter"] == {"ticket": None, "version": 1}
    assert len({key for *_, key in hub.asked}) == 1
    hub.ticket(None)
    hub.ticket("A1001")
    with pytest.raises(DemoFailed, match=r"^one press at counter 1 was answered in two ways$"):
        hub.clerk.press("next")


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda clerk: clerk.come(), '^the clerk cannot log in: "no"$'),
        (lambda clerk: clerk.press("next"), '^next at counter 1: "no"$'),
        (lambda clerk: clerk.resume_service("card"), '^card at counter 1: "no"$'),
    ],
)
def test_a_no_of_the_hub_s_ends_the_play(hub: Hub, act: Callable[[Clerk], None], why: str) -> None:
    hub.says(403, "no")
    with pytest.raises(DemoFailed, match=why):
        act(hub.clerk)


def test_while_the_hub_is_silent_the_same_press_is_sent_again(hub: Hub) -> None:
    hub.answers = [httpx2.ConnectError("x"), (500, None), (503, None)]
    hub.ticket(None)
    hub.clerk.press("next")
    assert (len(hub.asked), hub.silences, len({key for *_, key in hub.asked})) == (4, 3, 1)


@pytest.mark.parametrize(("answer", "why"), [((502, None), "status 502"), (httpx2.ReadTimeout("x"), "ReadTimeout")])
def test_a_hub_that_stays_silent_ends_the_play(hub: Hub, answer: Any, why: str) -> None:
    hub.answers = [answer] * 200
    with pytest.raises(DemoFailed, match=f"^the hub did not answer counter 1 in time: {why}$"):
        hub.clerk.press("next")
    assert hub.moment == pytest.approx(20.2, abs=0.21)
