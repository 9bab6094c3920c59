"""Bytes of a line scanner -> codes. Pure: no port, no clock.

A scanner sends the content of a code and, by its settings, a terminator (CR, LF, CR LF or ETX) behind it, STX and an
AIM identifier (ISO/IEC 15424, such as `]Q1` for QR and `]L2` for PDF417) before it. Printable ASCII ends at the
terminator. Anything else is binary, and may hold CR or LF itself, so it ends only when the line falls silent: the
driver says so by calling `end`.
"""

import re
from typing import NamedTuple

MAX_FRAME = 4096  # bytes; the largest PDF417 holds 1,108, the largest QR 2,953

# In text these end a frame; STX begins one, which ends what came before it unterminated.
_TEXT_BREAK = re.compile(rb"[\x02\x03\r\n]|[^\x20-\x7e]")
_TERMINATORS = b"\x02\x03\r\n"
_TERMINATOR = re.compile(rb"[\x02\x03\r\n]")
_AIM = re.compile(rb"\]([A-Za-z][0-9A-Fa-f])")
_BINARY_TAIL = re.compile(rb"(?:\r\n|[\r\n\x03])\Z")


class Frame(NamedTuple):
    """One code: its content as bytes, and the AIM identifier without `]`, or empty."""

    payload: bytes
    symbology: str


class FrameAssembler:
    """Puts frames together from reads of any size. `dropped` counts frames that were longer than `limit`."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self.limit = limit
        self.dropped = 0
        self._buffer = bytearray()
        self._searched = 0  # bytes of the buffer known to be plain text
        self._is_binary = False
        self._is_overlong = False

    @property
    def is_pending(self) -> bool:
        """Return whether a frame has begun and not ended."""
        return bool(self._buffer) or self._is_overlong

    def feed(self, data: bytes) -> list[Frame]:
        """Take what was read and return the frames that it completes."""
        frames: list[Frame] = []
        while data:
            if self._is_overlong:
                data = self._skip_overlong(data)
                continue
            # At most one limit's worth at a time, so that the buffer stays bounded whatever comes in one read.
            room = self.limit + 1 - len(self._buffer)
            self._buffer += data[:room]
            data = data[room:]
            self._take_text(frames)
            if len(self._buffer) > self.limit:
                self._buffer.clear()
                self._searched = 0
                self._is_overlong = True
                self.dropped += 1
        return frames

    def end(self) -> Frame | None:
        """Take the silence of the line as the end of a frame; return it, or None when none had begun."""
        payload = bytes(self._buffer)
        if self._is_binary:
            payload = _BINARY_TAIL.sub(b"", payload)
        self.reset()
        return _frame(payload) if payload else None

    def reset(self) -> None:
        """Forget what has not ended."""
        self._buffer.clear()
        self._searched = 0
        self._is_binary = self._is_overlong = False

    def _take_text(self, frames: list[Frame]) -> None:
        while not self._is_binary:
            found = _TEXT_BREAK.search(self._buffer, self._searched)
            if found is None:
                self._searched = len(self._buffer)
                return
            if found[0] not in _TERMINATORS:
                self._is_binary = True
                return
            payload = bytes(self._buffer[: found.start()])
            del self._buffer[: found.end()]
            self._searched = 0
            if payload:
                frames.append(_frame(payload))

    def _skip_overlong(self, data: bytes) -> bytes:
        """Drop the rest of a frame that was too long, up to its terminator."""
        found = _TERMINATOR.search(data)
        if found is None:
            return b""
        self._is_overlong = self._is_binary = False
        return data[found.end() :]


def _frame(payload: bytes) -> Frame:
    aim = _AIM.match(payload)
    return Frame(payload[aim.end() :], aim[1].decode("ascii")) if aim else Frame(payload, "")
