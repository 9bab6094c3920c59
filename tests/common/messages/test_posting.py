"""A post to an address: where it goes, what it says, and what is known of it where it fails."""

import http.client
from typing import Any, ClassVar

import pytest

from common.messages import posting
from common.messages.posting import NotReached, post


class Connection:
    """A connection that writes down what it is asked."""

    made: ClassVar[list[Any]] = []
    fails: ClassVar[dict[str, Exception]] = {}

    def __init__(self, host: str, port: int | None, **how: Any) -> None:
        how["context"] = "context" in how
        self.made.append((host, port, how))
        self.sock = "socket"
        self.status = 202

    def step(self, *what: Any) -> None:
        self.made.append(what)
        if what[0] in self.fails:
            raise self.fails[what[0]]

    def connect(self) -> None:
        self.step("connect")

    def request(self, *given: Any) -> None:
        self.step("request", *given)

    def getresponse(self) -> "Connection":
        self.step("answer")
        return self

    def read(self, most: int) -> bytes:
        return b"x" * most

    def close(self) -> None:
        self.made.append(("close",))


class Timer:
    """A timer that writes down when it would cut the connection."""

    def __init__(self, seconds: float, work: Any, given: tuple[Any, ...]) -> None:
        assert work is posting._cut
        Connection.made.append(("timer", seconds, *given))
        self.daemon = False

    def start(self) -> None:
        assert self.daemon
        Connection.made.append(("start",))

    def cancel(self) -> None:
        Connection.made.append(("cancel",))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    Connection.made, Connection.fails = [], {}
    monkeypatch.setattr("common.messages.posting.http.client.HTTPConnection", Connection)
    monkeypatch.setattr("common.messages.posting.http.client.HTTPSConnection", Connection)
    monkeypatch.setattr("common.messages.posting.threading.Timer", Timer)


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls", "target"),
    [
        ("http://gateway.example", "gateway.example", None, False, "/"),
        ("https://gateway.example:8443/send", "gateway.example", 8443, True, "/send"),
        ("https://gateway.example/send?a=1&b=2", "gateway.example", None, True, "/send?a=1&b=2"),
        ("http://[::1]:80?x", "::1", 80, False, "/?x"),
    ],
)
def test_it_goes_where_the_address_says_and_nowhere_else(
    url: str, host: str, port: int | None, is_tls: bool, target: str
) -> None:
    assert post(url, b"{}", {"Authorization": "Bearer x"}) == (202, b"x" * 64 * 1024)
    assert Connection.made == [
        (host, port, {"timeout": 10.0, "context": is_tls}),
        ("connect",),
        ("timer", 10.0, "socket"),
        ("start",),
        ("request", "POST", target, b"{}", {"Authorization": "Bearer x", "Content-Type": "application/json"}),
        ("answer",),
        ("cancel",),
        ("close",),
    ]


def test_without_a_connection_nothing_was_sent() -> None:
    Connection.fails = {"connect": ConnectionRefusedError("no")}
    with pytest.raises(NotReached, match=r"^ConnectionRefusedError$"):
        post("http://gateway.example", b"{}", {})
    assert Connection.made[1:] == [("connect",), ("close",)]


@pytest.mark.parametrize("step", ["request", "answer"])
def test_what_was_begun_is_let_go_and_nobody_says_that_it_was_not_sent(step: str) -> None:
    Connection.fails = {step: http.client.RemoteDisconnected("gone")}
    with pytest.raises(http.client.RemoteDisconnected):
        post("http://gateway.example", b"{}", {})
    assert Connection.made[-2:] == [("cancel",), ("close",)]
