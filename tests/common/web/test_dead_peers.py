"""A PC whose power is cut says no goodbye: the server learns by itself, and soon, that nobody follows its stream."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from common.web import connections
from common.web.connections import BoundedProtocol

FOLLOWS = """
import socket, sys
line = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=20)
line.sendall(b"GET / HTTP/1.1\\r\\nHost: hub\\r\\n\\r\\n")
line.recv(1000)
print("hears", flush=True)
line.settimeout(None)
while line.recv(1000): pass
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


@contextmanager
def another_machine() -> Iterator[tuple[str, str]]:
    """A network of its own for a process, and this machine's address in it. Skips visibly without the right to."""
    name = f"pc{os.getpid()}"
    subnet = f"10.213.{os.getpid() % 256}"
    try:
        ip("netns", "add", name)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("may not make a network: a peer that falls silent is not tried here")
    try:
        ip("link", "add", f"{name}h", "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("address", "add", f"{subnet}.1/24", "dev", f"{name}h")
        ip("link", "set", f"{name}h", "up")
        ip("-n", name, "address", "add", f"{subnet}.2/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        yield name, f"{subnet}.1"
    finally:
        subprocess.run(["ip", "link", "delete", f"{name}h"], check=False, capture_output=True, timeout=20)
        ip("netns", "delete", name)


@pytest.mark.timeout(120)
async def test_a_stream_whose_reader_lost_its_power_ends_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNHEARD_S", 1.0)
    ended = asyncio.Event()

    async def app(_scope: object, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

        async def beats() -> None:
            while True:
                await send({"type": "http.response.body", "body": b"beat", "more_body": True})
                await asyncio.sleep(0.05)

        beating = asyncio.create_task(beats())
        while (await receive())["type"] != "http.disconnect":
            pass
        beating.cancel()
        ended.set()

    with another_machine() as (name, address):
        server = uvicorn.Server(
            uvicorn.Config(app, host=address, port=0, http=BoundedProtocol, log_config=None, lifespan="off")
        )
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn says it in no other way)
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        words = ("ip", "netns", "exec", name, sys.executable, "-c", FOLLOWS, address, str(port))
        pc = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
        try:
            assert pc.stdout is not None
            assert await asyncio.wait_for(pc.stdout.readline(), 30) == b"hears\n"
            await asyncio.to_thread(ip, "-n", name, "link", "set", "eth0", "down")
            await asyncio.wait_for(ended.wait(), 30)
        finally:
            pc.kill()
            await pc.wait()
            server.should_exit = server.force_exit = True
            await serving
