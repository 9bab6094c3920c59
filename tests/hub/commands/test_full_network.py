"""A hall's network full of connections that say nothing: who works here loses no press, and waits for none."""

import contextlib
import resource
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.hub.commands.processes import HubPlace, Page, central, enrolled_hub, running

DESCRIPTORS = 2048  # as hub.service allows
OF_EACH = 64
PRESSES = 100
TRIES = 5
"""A page tries for ever. A machine that has other work too lets a connection wait longer than its kernel does."""
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
PROGRAMS = Path(__file__).parent
pytestmark = [pytest.mark.proof, pytest.mark.timeout(240)]


@dataclass
class Line:
    """A counter's page whose every press begins a connection of its own, from an address of its own."""

    hub: HubPlace
    page: Page
    own: str
    took_s: list[float] = field(default_factory=list)
    again: list[bytes] = field(default_factory=list)  # what was answered instead, where it was asked again
    lost: list[bytes] = field(default_factory=list)

    def ask(self, request: bytes) -> bytes:
        """Ask, and ask again as a page does, on a connection of its own each time; return the last answer."""
        began, answer = time.perf_counter(), b""
        for _ in range(TRIES):
            answer = self._ask_once(request)
            if b" 200 " in answer[:20]:
                break
            self.again.append(answer[:300])
        self.took_s.append(time.perf_counter() - began)
        return answer

    def _ask_once(self, request: bytes) -> bytes:
        host, port = self.hub.url.partition("//")[2].split(":")
        try:
            with contextlib.ExitStack() as opened:
                line = opened.enter_context(
                    socket.create_connection((host, int(port)), timeout=10.0, source_address=(self.own, 0))
                )
                if self.hub.url.startswith("https"):
                    context = ssl.create_default_context()
                    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                    line = opened.enter_context(context.wrap_socket(line))
                line.sendall(request)
                return line.recv(65536)
        except OSError as error:
            return type(error).__name__.encode()

    def press(self, kind: str) -> None:
        body = f'{{"press":"{kind}"}}'.encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.page.client.cookies.items())
        head = (
            f"POST /v1/counters/1/presses HTTP/1.1\r\nHost: {self.hub.url.partition('//')[2]}\r\nCookie: {cookies}\r\n"
            f"Idempotency-Key: {uuid.uuid4()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        answer = self.ask(head.encode() + body)
        if b" 200 " not in answer[:20]:
            self.lost.append(answer[:600])


@pytest.fixture(params=["http", "https"])
def hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[HubPlace, str]]:
    with central(tmp_path) as there:
        place = enrolled_hub(tmp_path / "hub", there, scheme=request.param)
        pin = there.pin("رنا")
        place.command("forward", "--once")
        yield place, pin


@contextlib.contextmanager
def crowd(place: HubPlace, addresses: int) -> Iterator[None]:
    """Fill the network for as long as the block lasts."""
    host, port = place.url.partition("//")[2].split(":")
    words = [str(PROGRAMS / "silent_crowd.py"), host, port, str(addresses), str(OF_EACH), "150"]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"opened\n"
            yield
        finally:
            process.terminate()
            process.wait(20)


@pytest.mark.parametrize("addresses", [16, 64, 250])
def test_silent_connections_from_many_addresses_lose_no_press(hub: tuple[HubPlace, str], addresses: int) -> None:
    place, pin = hub
    serving = running("tests.hub.commands.crowded_hub", "serve", "--config", place.config, log=place.folder / "log")
    with serving as process:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        with Page(place.url, 1, pin, verify=False) as page:
            assert page.press("open").status_code == 200  # a hub that has just begun asks first who leads
            line = Line(place, page, "127.0.1.1")
            with crowd(place, addresses):
                for _ in range(PRESSES):
                    line.press("next")
                stranger = Line(place, page, "127.0.1.2")
                for _ in range(20):
                    assert b" 200 " in stranger.ask(HEALTH)[:20]
            took = sorted(line.took_s)
            p99_ms, median_ms = took[int(len(took) * 0.99)] * 1000, took[len(took) // 2] * 1000
            print(
                f"{place.url[:5]} {addresses} addresses: p50 {median_ms:.0f} p99 {p99_ms:.0f} ms; again: {line.again}"
            )
            assert line.lost == []
    assert (place.folder / "log").stat().st_size < 100_000
