"""A machine's first console: a pseudo-terminal that stands in for /dev/tty1, with somebody before it."""

import contextlib
import os
import pty
import threading
from pathlib import Path


class Console:
    """What a machine shows on /dev/tty1 and what is typed there. `path` is the terminal to bind into the machine."""

    def __init__(self) -> None:
        self._screen, self._line = pty.openpty()
        self.path = Path(os.ttyname(self._line))
        self._shown = bytearray()
        self._watching = threading.Thread(target=self._watch, name="console", daemon=True)
        self._watching.start()

    @property
    def text(self) -> str:
        """All that was shown so far."""
        return bytes(self._shown).decode(errors="replace").replace("\r\n", "\n")

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._screen, f"{line}\n".encode())

    def close(self) -> None:
        """Take the screen away."""
        os.close(self._line)
        self._watching.join(10)
        os.close(self._screen)

    def _watch(self) -> None:
        with contextlib.suppress(OSError):  # the last one who held the line has let go of it
            while shown := os.read(self._screen, 65536):
                self._shown += shown
