"""The demo's operator: what it takes, answers and lies; and the servers of the play over this machine's own line."""

import json
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from demo import gateway as played
from demo.gateway import LIES, PORTAL, Gateway, Lie, Taken, liar
from demo.payments.server import Reply, Request, Server

TEXT = {"to": "+963944000111", "text": "x"}


@pytest.mark.parametrize(
    ("lie", "answer", "is_taken"),
    [
        (None, (202, b'{"id": "t1"}'), True), ("lost-answer", None, True), ("error", (500, b"{}"), False),
        ("error-taken", (500, b"{}"), True), ("busy", (503, b"{}"), False), ("slow", (202, b'{"id": "t1"}'), True),
        ("portal", (200, PORTAL), False),
    ],
)  # fmt: skip
def test_a_text_is_taken_and_answered_as_it_was_told(
    monkeypatch: pytest.MonkeyPatch, lie: Any, answer: Any, is_taken: bool
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(played, "time", SimpleNamespace(sleep=slept.append, time=lambda: 7.0))
    heard: list[Any] = []
    gateway = Gateway(lambda: lie, heard.append, slow_s=3.0)
    assert gateway.answer(TEXT) == answer
    assert gateway.taken == ([Taken(7.0, TEXT)] if is_taken else [])
    assert (heard, slept) == ([TEXT] if is_taken else [], [3.0] if lie == "slow" else [])


def test_it_listens_on_this_machine_until_the_block_ends() -> None:
    lies: Iterator[Lie | None] = iter([None, "lost-answer"])
    with Gateway(lambda: next(lies)) as gateway, httpx2.Client(trust_env=False, timeout=10) as client:
        answer = client.post(gateway.url, json=TEXT)
        assert (answer.status_code, answer.json()) == (202, {"id": "t1"})
        with pytest.raises(httpx2.RemoteProtocolError):
            client.post(gateway.url, json=TEXT)
        assert [one.body for one in gateway.taken] == [TEXT, TEXT]
        url = gateway.url
    assert url == f"http://127.0.0.1:{gateway.port}/send"
    with pytest.raises(httpx2.ConnectError):
        httpx2.post(url, json=TEXT, trust_env=False, timeout=10)


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.5, 400, 600), (1.0, 1000, 1000)])
def test_a_liar_lies_in_a_share_of_answers_each_way_alike(share: float, least: int, most: int) -> None:
    lie, again = liar(7, share), liar(7, share)
    said = [lie() for _ in range(1000)]
    assert said == [again() for _ in range(1000)]
    told = Counter(one for one in said if one is not None)
    assert least <= told.total() <= most
    assert set(told) == (set(LIES) if share else set())


def test_a_server_of_the_play_answers_by_a_function_or_not_at_all() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Reply | None:
        asked.append(request)
        return None if request.path == "/none" else Reply(418, b"tea", "text/plain")

    with Server(answer) as server, httpx2.Client(base_url=server.url, trust_env=False, timeout=10) as client:
        said = client.post("/pot?x=1", content=b"body", headers={"X-Who": "me"})
        assert (said.status_code, said.content, said.headers["Content-Type"]) == (418, b"tea", "text/plain")
        assert client.get("/pot").content == b"tea"
        with pytest.raises(httpx2.RemoteProtocolError):
            client.get("/none")
    first = asked[0]
    assert (first.method, first.path, first.body, first.headers["x-who"]) == ("POST", "/pot?x=1", b"body", "me")
    assert [(one.method, one.body) for one in asked[1:]] == [("GET", b""), ("GET", b"")]
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(server.url, trust_env=False, timeout=10)


def test_a_server_that_is_killed_breaks_an_answer_off_in_its_middle() -> None:
    whole = json.dumps(list(range(100))).encode()
    server = Server(lambda _: Reply(200, whole))
    assert server.kill(0) is False, "it never listened"
    with server:
        assert server.kill(0) is False, "nobody asked"
