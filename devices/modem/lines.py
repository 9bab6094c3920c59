"""Bytes of a modem -> lines and prompts. Pure: no port, no clock.

An answer is lines between CR LF (ITU-T V.250, 5.7.1); the prompt for a message's text is `> ` without an end
(3GPP TS 27.005, 3.5.1). Bounded: what is longer than any answer is dropped up to its end.
"""

from typing import Final

PROMPT: Final = "> "
LONGEST: Final = 1024  # the longest answer is a unit of 175 octets, twice as many digits


class LineAssembler:
    """Puts lines together from reads of any size. `dropped` counts those that were too long."""

    def __init__(self) -> None:
        self.dropped = 0
        self._buffer = bytearray()
        self._is_overlong = False

    def feed(self, data: bytes) -> list[str]:
        """Take what was read; return the lines that it completes, and the prompt where one stands."""
        lines = []
        for byte in data:
            if byte in b"\r\n":
                if self._buffer and not self._is_overlong:
                    lines.append(self._taken())
                self.reset()
            elif len(self._buffer) >= LONGEST:
                self.dropped += not self._is_overlong
                self._is_overlong = True
            else:
                self._buffer.append(byte)
                if self._buffer == PROMPT.encode():
                    lines.append(self._taken())
                    self.reset()
        return lines

    def reset(self) -> None:
        """Forget what has not ended."""
        self._buffer.clear()
        self._is_overlong = False

    def _taken(self) -> str:
        return self._buffer.decode("ascii", "replace")
