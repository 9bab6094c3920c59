"""A network between a page and its hub that cuts, breaks off in mid-answer, falls silent, or says 503."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class LyingNetwork:
    """Passes bytes on to a port of this machine, and does to some connections what bad lines do."""

    def __init__(self, port: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.port = port
        self.lies = {"cut": 0, "reset": 0, "silent": 0, "busy": 0}
        self.most_silent = 2
        self._streams = 0
        self._is_over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, name="network")]
        self._threads[0].start()

    def close(self) -> None:
        self._is_over.set()
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        self._listening.settimeout(0.3)
        while not self._is_over.is_set():
            try:
                page, _ = self._listening.accept()
            except (TimeoutError, OSError):
                continue
            thread = threading.Thread(target=self._connection, args=(page,), name="line")
            self._threads.append(thread)
            thread.start()

    def _connection(self, page: socket.socket) -> None:
        with page:
            page.settimeout(0.2)
            asked = b""
            while b"\r\n\r\n" not in asked and not self._is_over.is_set():
                try:
                    more = page.recv(65536)
                except TimeoutError:
                    continue
                except OSError:
                    return
                if not more:
                    return
                asked += more
            is_stream = b"/v1/stream" in asked.split(b"\r\n", 1)[0]
            self._streams += is_stream
            # Every fourth: a busy machine makes few streams in a short test, and one of them has to meet this.
            if is_stream and self._streams % 4 == 2:
                self.lies["busy"] += 1
                page.sendall(BUSY)
                return
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as hub:
                hub.sendall(
                    asked.replace(b"Connection: keep-alive", b"Connection: close", 1)
                )  # one request a connection
                self._pass_on(page, hub, is_stream)

    def _pass_on(self, page: socket.socket, hub: socket.socket, is_stream: bool) -> None:
        hub.settimeout(0.1)
        ends_at = time.monotonic() + (self.chance.uniform(0.5, 5) if is_stream else 3600)
        while not self._is_over.is_set():
            try:
                came = hub.recv(65536)
            except TimeoutError:
                came = None
            except OSError:
                return
            if came == b"":
                return
            if time.monotonic() > ends_at:
                self._lie(page, came)
                return
            if came:
                try:
                    page.sendall(came)
                except OSError:
                    return

    def _lie(self, page: socket.socket, came: bytes | None) -> None:
        """End a stream in one of three ways, the one that came least; which of two that came alike is chance."""
        ways = ["cut", "reset"] + ["silent"] * (self.lies["silent"] < self.most_silent)
        way = min(ways, key=lambda one: (self.lies[one], self.chance.random()))
        self.lies[way] += 1
        if way == "silent":
            self._is_over.wait(20)  # a cable that is out: no byte, no end
        elif way == "reset":
            page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        elif came:
            page.sendall(came[: len(came) // 2])  # in the middle of a view


@contextmanager
def lying_network(url: str, seed: int) -> Iterator[LyingNetwork]:
    network = LyingNetwork(int(url.rsplit(":", 1)[1]), seed)
    try:
        yield network
    finally:
        network.close()
