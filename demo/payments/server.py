"""HTTP for what is played here: answers of a function, an answer that never comes, and one that comes slowly."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

PORTAL = b"<html><title>Welcome to the hotel</title></html>"


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes
    kind: str = "application/json"


Answer = Callable[[Request], Reply | None]
"""None: the connection ends without a word."""
_LOOKS_S: Final = 0.01  # whether it is to end


class Server:
    """One server on this machine, from entering the block until it ends."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        """Answer by a function, which threads call side by side."""
        self._answer = answer
        self.port = port
        self._server: _Quiet | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Listen."""
        self._server = _Quiet(("127.0.0.1", self.port), _handler(self._answer))
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(_LOOKS_S,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def kill(self, within_s: float) -> bool:
        """End as a lost process does: who waits is answered no more, nor is the rest written of an answer begun.

        The next answer within so many seconds is broken off in its middle; return whether there was one.
        """
        if self._server is None:
            return False
        self._server.is_dying.set()
        is_half = self._server.has_half.wait(within_s)
        self.__exit__()
        self._server.cut()
        return is_half


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.is_dying, self.has_half = threading.Event(), threading.Event()
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, object]:
        """Remember who is to be answered."""
        accepted = super().get_request()
        self._open.add(accepted[0])
        return accepted

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forget who was answered."""
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().close_request(request)

    def cut(self) -> None:
        """Break off all connections."""
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asked was killed."""


def _handler(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server: _Quiet

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(Request(self.command, self.path, headers, body))
            self.close_connection = True
            if reply is None:
                return
            with contextlib.suppress(OSError):
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.kind)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if self.server.is_dying.is_set():
                    self.wfile.write(reply.body[: len(reply.body) // 2])
                    self.server.has_half.set()
                else:
                    self.wfile.write(reply.body)

        do_GET = _any  # noqa: N815 - the library's names
        do_POST = _any  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    return Handler
