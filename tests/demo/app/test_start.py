"""The stand-in's own process: it serves on loopback, and says in one line where, and by which key."""

import json
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn

from common.web import runner
from demo.app import __main__ as own
from demo.app.calls import CentralCalls


def test_it_says_where_it_listens_and_its_key_once_it_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[Any] = []

    class Calls(CentralCalls):
        def __init__(self, url: str, tokens: dict[str, str]) -> None:
            made.append((url, tokens))

    async def serve(settings: uvicorn.Config, listener: socket.socket, announce: Callable[[], None]) -> None:
        with listener:
            made.append((settings.timeout_graceful_shutdown, listener.getsockname()))
            assert capsys.readouterr().out == ""
            announce()

    monkeypatch.setattr(own, "CentralCalls", Calls)
    monkeypatch.setattr(runner, "serve", serve)
    monkeypatch.setattr(sys, "argv", ["app", "--central", "http://c"])
    monkeypatch.setenv(own.TOKENS, '{"claims": "t"}')
    own.main()
    said = json.loads(capsys.readouterr().out)
    host, port = made[1][1]
    assert made == [("http://c", {"claims": "t"}), (2, ("127.0.0.1", port))]
    assert (said["url"], sorted(said["key"])) == (
        f"http://{host}:{port}",
        ["kid", "public_key", "valid_from", "valid_until"],
    )
