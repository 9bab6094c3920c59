"""A swipe reader with faults, to stand behind a `PtyPort`."""

import random

from devices.card_reader.magstripe.frames import longitudinal_check


class MagstripeSimulator:
    """Sends the tracks of what is swiped. Fault switches: `half_frame`, `wrong_checksum` (of the LRC), `babble`."""

    def __init__(self, *, sends_lrc: bool = False) -> None:
        self.sends_lrc = sends_lrc
        self.half_frame = False
        self.wrong_checksum = False
        self.babble = False
        self._pending = b""
        self._noise = random.Random(7813)  # noqa: S311 (noise, no secret)

    def swipe(self, *tracks: bytes) -> None:
        """Swipe a card with these tracks, each with its sentinels."""
        sent = b"".join(track + self._lrc(track) for track in tracks) + b"\r"
        self._pending += sent[: len(sent) // 2] if self.half_frame else sent

    def receive(self, data: bytes) -> bytes:
        """Ignore what is sent: a swipe reader listens to nobody."""
        del data
        return b""

    def tick(self, now: float) -> bytes:
        """Return what was swiped since the last tick."""
        del now
        if self.babble:
            return self._noise.randbytes(256)
        sent, self._pending = self._pending, b""
        return sent

    def _lrc(self, track: bytes) -> bytes:
        if not self.sends_lrc:
            return b""
        return bytes([longitudinal_check(track) ^ self.wrong_checksum])
