"""A UPS as Network UPS Tools tells of it: the part of its network protocol that clients read, on loopback.

Network UPS Tools Developer Guide, "Network protocol information": `LIST VAR <ups>`.
"""

import contextlib
import socketserver
import threading
from types import TracebackType
from typing import Self

NAME = "ups"
MAINS = {"ups.status": "OL CHRG", "battery.charge": "100", "battery.runtime": "2400"}
BATTERY = {"ups.status": "OB DISCHRG", "battery.charge": "75", "battery.runtime": "1500"}
ORDERS_CLOSED = {"ups.status": "OB DISCHRG", "battery.charge": "35", "battery.runtime": "720"}
NEARLY_EMPTY = {"ups.status": "OB DISCHRG LB", "battery.charge": "12", "battery.runtime": "180"}
_LONGEST_LINE = 512


class UpsServer:
    """Answers for one UPS until the block is left; `variables` is what it says now."""

    def __init__(self) -> None:
        self.variables = MAINS
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler(), bind_and_activate=True)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="ups", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The TCP port on loopback."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):  # a kiosk that was killed says no goodbye
                    while line := self.rfile.readline(_LONGEST_LINE):
                        self.wfile.write(server.answer(line.decode("ascii", "replace").split()).encode("ascii"))

        return Handler

    def answer(self, words: list[str]) -> str:
        """Answer one line of a client."""
        if words != ["LIST", "VAR", NAME]:
            return "ERR UNKNOWN-COMMAND\n"
        rows = "".join(f'VAR {NAME} {name} "{value}"\n' for name, value in self.variables.items())
        return f"BEGIN LIST VAR {NAME}\n{rows}END LIST VAR {NAME}\n"
