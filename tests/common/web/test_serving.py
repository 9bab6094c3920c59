"""A server from its first connection to SIGTERM: what systemd hears, what a caller is told, and who he is to it."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.web import connections, runner

WITHIN_S = 20.0


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What systemd listens at, and the process as it was before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "s"))
        found.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "s"))
        monkeypatch.setenv("WATCHDOG_USEC", "30000")
        yield found
    for number, handler in before.items():
        signal.signal(number, handler)
    gc.unfreeze()


async def heard(ear: socket.socket) -> str:
    return (await asyncio.wait_for(asyncio.get_running_loop().sock_recv(ear, 100), WITHIN_S)).decode()


async def test_a_server_says_that_it_listens_beats_answers_and_ends_by_sigterm(
    ear: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                assert (await receive())["type"] == f"lifespan.{step}"
                await send({"type": f"lifespan.{step}.complete"})
            return
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    listener, address = runner.listen("127.0.0.1", 0)
    said, loop = asyncio.Event(), asyncio.get_running_loop()
    configured = runner.settings(app, 3)
    serving = asyncio.create_task(runner.serve(configured, listener, said.set))
    await asyncio.wait_for(said.wait(), WITHIN_S)
    assert [await heard(ear) for _ in range(3)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
    assert isinstance(loop.get_exception_handler(), connections._ExhaustionLog)
    assert gc.get_freeze_count(), "what was loaded is walked through no more"
    reader, writer = await asyncio.open_connection(*address.split(":"))
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n\r\n")
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), WITHIN_S)
    assert [line.partition(b":")[0] for line in answer.split()[:1] + answer.splitlines()[1:]] == [
        b"HTTP/1.1", b"date", b"",
    ]  # fmt: skip
    writer.close()
    assert (scopes[-1]["client"][0], scopes[-1]["scheme"]) == ("127.0.0.1", "http"), "a proxy's word is nobody's"
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, WITHIN_S)
    words = [await heard(ear)]
    while words[-1] == "WATCHDOG=1":
        words.append(await heard(ear))
    assert words[-1] == "STOPPING=1"
    with pytest.raises(BlockingIOError):
        ear.recv(100)
    assert [record for record in caplog.records if record.name == "uvicorn.access"] == []
    assert (listener.fileno(), configured.timeout_graceful_shutdown) == (-1, 3)
    loop.set_exception_handler(None)
