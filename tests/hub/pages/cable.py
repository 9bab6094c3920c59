"""A cable between a page and its hub that can be pulled out: then no byte passes, and nobody is told of an end."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cable:
    """Passes bytes both ways to a port of this machine, while it is in."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_in = threading.Event()
        self._is_in.set()
        self._is_over = False
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, name="cable", daemon=True).start()

    def pull_out(self) -> None:
        """From now on nothing passes; who connects waits."""
        self._is_in.clear()

    def put_in(self) -> None:
        """What was under way when it was out is lost; who connects from now on gets through."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who reads
            end.close()
        self._is_in.set()

    def close(self) -> None:
        """Cut everything."""
        self._is_over = True
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.put_in()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                page, _ = self._listening.accept()
                self._is_in.wait()
                try:
                    hub = socket.create_connection(("127.0.0.1", self._port))
                except OSError:
                    page.close()  # nobody is at the other end: the hub is not running
                    continue
                self._ends += [page, hub]
                if self._is_over:
                    self.put_in()
                    return
                for source, sink in ((page, hub), (hub, page)):
                    threading.Thread(target=self._pass_on, args=(source, sink), name="cable", daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while came := source.recv(65536):
                self._is_in.wait()
                sink.sendall(came)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def cable(url: str) -> Iterator[Cable]:
    """Lay a cable to a site."""
    laid = Cable(int(url.rsplit(":", 1)[1]))
    try:
        yield laid
    finally:
        laid.close()
