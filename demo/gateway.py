"""An operator's gateway and the app's end, as HTTP on this machine, with books of their own; both can lie.

`python -m demo.gateway PORT` prints each text that it takes, for a walk through the demo.
"""

import contextlib
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Self, get_args

Lie = Literal["lost-answer", "error", "error-taken", "busy", "slow", "portal"]
LIES: Final[tuple[Lie, ...]] = get_args(Lie)
"""Taken without an answer; 500 and nothing taken; 500 though it was taken; 503; late; a portal's page that says 200."""
PORTAL: Final = b"<html><title>Welcome to the hotel</title></html>"


@dataclass
class Taken:
    """One text, or one webhook, that was taken: when, and what it said."""

    at: float
    body: dict[str, Any]


@dataclass
class Gateway:
    """The server; `lies` returns what is wrong with the next answer, None for an honest one."""

    lies: Callable[[], Lie | None] = lambda: None
    hears: Callable[[dict[str, Any]], None] = lambda _: None
    slow_s: float = 0.3
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        """Listen until the block ends."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where texts are posted to."""
        return f"http://127.0.0.1:{self.port}/send"

    def answer(self, body: dict[str, Any]) -> tuple[int, bytes] | None:
        """Take what was posted, or lie; None: no answer comes."""
        lie = self.lies()
        if lie == "slow":
            time.sleep(self.slow_s)
        if lie in ("error", "busy", "portal"):
            return (200, PORTAL) if lie == "portal" else (500 if lie == "error" else 503, b"{}")
        self.taken.append(Taken(time.time(), body))
        self.hears(body)
        if lie == "lost-answer":
            return None
        return (500, b"{}") if lie == "error-taken" else (202, json.dumps({"id": f"t{len(self.taken)}"}).encode())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = gateway.answer(body)
                if answer is None:
                    self.close_connection = True
                    return
                with contextlib.suppress(OSError):  # whoever asked was killed
                    self.send_response(answer[0])
                    self.send_header("Content-Length", str(len(answer[1])))
                    self.end_headers()
                    self.wfile.write(answer[1])

            def log_message(self, *_: object) -> None:
                """Say nothing on stderr."""

        return Handler


def liar(seed: int, share: float) -> Callable[[], Lie | None]:
    """Return who lies in a share of answers, each way alike."""
    chance, lock = random.Random(seed), threading.Lock()  # noqa: S311 - a play, no secret

    def lie() -> Lie | None:
        with lock:
            return chance.choice(LIES) if chance.random() < share else None

    return lie


if __name__ == "__main__":
    with Gateway(port=int(sys.argv[1]), hears=lambda body: print(json.dumps(body, ensure_ascii=False), flush=True)):
        threading.Event().wait()
