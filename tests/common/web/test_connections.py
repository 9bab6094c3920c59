"""Callers who open connections and say nothing, or say it drop by drop: central goes on answering, and logs little."""

import asyncio
import contextlib
import errno
import json
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from asyncio import constants
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import override

import pytest
import uvicorn

from common.web import connections, places
from common.web.connections import MOST_FIELD_BYTES, BoundedProtocol

DESCRIPTORS = 160


def limit_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


def is_ready(url: str, within_s: float = 30) -> bool:
    """Ask until it answers: those that were opened before may still be being closed."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            continue
    return False


@pytest.mark.parametrize("descriptors", [DESCRIPTORS, 256, 1024, 4096])
def test_what_is_taken_before_it_can_be_closed_leaves_descriptors_for_others(
    monkeypatch: pytest.MonkeyPatch, descriptors: int
) -> None:
    # Taken, made a transport, found to be one too many, closed: a turn of the loop each, a backlog is taken in each.
    monkeypatch.setattr(resource, "getrlimit", lambda _: (descriptors, descriptors))
    assert places.most_connections() + 4 * places.backlog() <= descriptors - 64


def test_whoever_opens_connections_and_says_nothing_keeps_nobody_out_and_fills_no_log(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "central", "serve", "--port", "0", "--json", "--data", str(tmp_path / "central")]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, preexec_fn=limit_descriptors) as serving,  # noqa: PLW1509
    ):
        try:
            assert serving.stdout is not None
            url = json.loads(serving.stdout.readline())["url"]
            host, port = url.removeprefix("http://").split(":")
            with contextlib.ExitStack() as idle:
                for _ in range(3 * DESCRIPTORS):
                    idle.enter_context(socket.create_connection((host, int(port)), timeout=5))
                # Those above the limit are closed at once; what is left is for others.
                assert (tmp_path / "log").stat().st_size < 50_000
                opened = len(list(Path(f"/proc/{serving.pid}/fd").iterdir()))
                assert opened < DESCRIPTORS
            assert is_ready(url)
        finally:
            serving.terminate()
            serving.wait(20)
    assert (tmp_path / "log").stat().st_size < 50_000
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


@contextlib.asynccontextmanager
async def server() -> AsyncIterator[int]:
    async def app(scope: object, receive: object, send: object) -> None:
        message = await receive()  # type: ignore[operator]
        while message.get("more_body"):
            message = await receive()  # type: ignore[operator]
        await send({"type": "http.response.start", "status": 204, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    listener = socket.create_server(("127.0.0.1", 0))
    settings = uvicorn.Config(app, http=BoundedProtocol, log_config=None, lifespan="off", timeout_keep_alive=60)
    running = uvicorn.Server(settings)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        running.should_exit = True
        await task


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + b"GET / HTTP/1.1\r\nHost: ",
    ],
    ids=["nothing", "half a header", "half a body", "half a second request"],
)
async def test_a_request_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN_S", 0.2)
    monkeypatch.setattr(connections, "SILENCE_S", 0.2)
    async with server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun)
        with contextlib.suppress(ConnectionResetError):
            while await asyncio.wait_for(reader.read(1000), 20):
                pass  # an answer to the first
        writer.close()


async def test_a_body_that_comes_drop_by_drop_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN_S", 3600)
    monkeypatch.setattr(connections, "SILENCE_S", 3600)
    async with server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n")
        for _ in range(20):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0)
        assert (await asyncio.wait_for(reader.readline(), 20)).startswith(b"HTTP/1.1 204")
        writer.close()


FIELD = b"X-Field: " + b"x" * 1000 + b"\r\n"
IN_PARTS = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1"
WITHOUT_END = {
    "an address": (b"GET /", b"x" * 1000),
    "one field": (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", b"x" * 1000),
    "many fields": (b"GET / HTTP/1.1\r\nHost: x\r\n", FIELD),
    "fields behind the body": (IN_PARTS + b"\r\nx\r\n0\r\n", FIELD),
    "what is said of a part": (IN_PARTS + b";", b"x" * 1000),
}


async def say_again_and_again(writer: asyncio.StreamWriter, more: bytes) -> None:
    for _ in range(100 * MOST_FIELD_BYTES // len(more)):
        writer.write(more)
        await writer.drain()
        await asyncio.sleep(0)


@pytest.mark.parametrize(("begun", "more"), WITHOUT_END.values(), ids=WITHOUT_END)
async def test_what_has_no_end_is_ended_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, begun: bytes, more: bytes
) -> None:
    monkeypatch.setattr(connections, "HEADERS_WITHIN_S", 3600)
    monkeypatch.setattr(connections, "SILENCE_S", 3600)
    async with server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun)
        with pytest.raises(ConnectionError):
            await say_again_and_again(writer, more)
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()


async def test_running_out_of_descriptors_is_one_line_and_other_faults_are_told_as_ever(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "default_exception_handler", told.append)
    connections.say_exhaustion_once()
    try:
        for _ in range(500):
            loop.call_exception_handler({"message": "accept", "exception": OSError(24, "Too many open files")})
        loop.call_exception_handler({"message": "other", "exception": ValueError("x")})
    finally:
        loop.set_exception_handler(None)
    assert capsys.readouterr().out.count("no-connection-taken") == 1
    assert len(told) == 1


class NoDescriptorLeft(socket.socket):
    """A listener of a machine whose descriptors have run out, and whose server ends before it listens again."""

    ends: Callable[[], None]

    @override
    def accept(self) -> tuple[socket.socket, object]:
        asyncio.get_running_loop().call_soon(self.ends)  # before any timer
        raise OSError(errno.EMFILE, "Too many open files")


async def test_a_server_that_ends_where_descriptors_ran_out_writes_no_traceback_for_each_place_of_its_backlog(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(constants, "ACCEPT_RETRY_DELAY", 0)
    told: list[object] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "default_exception_handler", told.append)
    connections.say_exhaustion_once()
    try:
        listener = NoDescriptorLeft()
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        ended = asyncio.Event()
        served = await asyncio.start_server(lambda _reader, _writer: None, sock=listener, backlog=20)

        def end() -> None:
            served.close()
            loop.call_later(0, ended.set)  # after those that would listen again

        listener.ends = end
        with socket.create_connection(listener.getsockname()):
            await asyncio.wait_for(ended.wait(), 20)
    finally:
        loop.set_exception_handler(None)
    assert told == []


def of_fields(count: int) -> bytes:
    """Return a request whose fields have so many bytes in all."""
    whole, rest = divmod(count - len("Hostx"), 1000)
    fields = ["X-Field: " + "x" * (1000 - len("X-Field"))] * (whole - 1)
    last = "X-Last: " + "x" * (1000 + rest - len("X-Last"))
    return "\r\n".join(["GET / HTTP/1.1", "Host: x", *fields, last, "", ""]).encode()


async def test_each_request_of_a_connection_may_have_all_the_fields_that_one_may_have_and_no_byte_more() -> None:
    async with server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for more, status in ((0, b"204"), (0, b"204"), (1, b"400")):
            writer.write(of_fields(MOST_FIELD_BYTES + more))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
            assert head.split()[1] == status
        writer.close()


async def test_one_address_holds_no_more_than_its_share_and_this_machine_as_many_as_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "MOST_OF_ONE", 3)
    async with server() as port, contextlib.AsyncExitStack() as held:

        async def is_taken() -> bool:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            held.callback(writer.close)
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                return (await reader.readline()).startswith(b"HTTP/1.1 204")
            return False

        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(places, "is_loopback", lambda _address: False)
            assert [await is_taken() for _ in range(4)] == [True, True, True, False]
        assert [await is_taken() for _ in range(2)] == [True] * 2
        monkeypatch.setattr(places, "most_connections", lambda: 6)
        assert [await is_taken() for _ in range(2)] == [True, False]
