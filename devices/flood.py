"""Tells a line that babbles from a reader: by how much comes, how long, and how many codes. Pure: no port, no clock.

A reader is silent but for a moment after each code or card. A wrong baud rate, a loose wire or a broken reader is not.
"""

from collections import deque
from typing import Final

FLOOD_S: Final = 5.0  # a line is believed again after so long a silence
_BUDGET_BYTES = 16_384  # more than this in a second is no scanner: 115,200 baud carry 11,520, a code holds 2,953
_LONGEST_SENDING_S = 5.0  # the largest frame (4,096 bytes) takes 4.3 s at 9600 baud
_MOST_CODES = 16  # different ones in 5 s: a technician waves through two in a second, no hand more than three
_CODES_S = 5.0


class FloodWatch:
    """Judges what comes in. All times are seconds of one monotonic clock.

    `longest_sending_s` is how long a sound reader may send without any silence that its driver would notice.
    """

    def __init__(self, longest_sending_s: float = _LONGEST_SENDING_S) -> None:
        self._longest_sending_s = longest_sending_s
        self._window_start = 0.0
        self._window_bytes = 0
        self._sending_since: float | None = None
        self._codes: deque[tuple[float, int]] = deque()
        self._flooded_until = 0.0

    def is_flooded(self, now: float) -> bool:
        """Return whether the line babbles, or did a moment ago."""
        return now < self._flooded_until

    def heard(self, count: int, now: float) -> bool:
        """Take note of bytes; say whether the line babbles. While it does, whatever comes keeps it so."""
        if now - self._window_start >= 1.0:
            self._window_start, self._window_bytes = now, 0
        self._window_bytes += count
        if self._sending_since is None:
            self._sending_since = now
        is_endless = now - self._sending_since > self._longest_sending_s
        return self._judge(self._window_bytes > _BUDGET_BYTES or is_endless or self.is_flooded(now), now)

    def quiet(self) -> None:
        """Take note of a silence."""
        self._sending_since = None

    def code(self, content: bytes, now: float) -> bool:
        """Take note of a whole code; say whether the line babbles."""
        self._codes.append((now, hash(content)))  # the content itself is not kept
        while now - self._codes[0][0] > _CODES_S:
            self._codes.popleft()
        return self._judge(len({code for _, code in self._codes}) >= _MOST_CODES, now)

    def _judge(self, is_flood: bool, now: float) -> bool:
        if is_flood:
            self._flooded_until = now + FLOOD_S
        return is_flood
