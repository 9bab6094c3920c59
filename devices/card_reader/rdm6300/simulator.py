"""An RDM6300 with faults, to stand behind a `PtyPort`."""

import random

from devices.card_reader.rdm6300.frames import TagCheck, checksum

_REPEAT_S = 0.065  # a module repeats a tag that stays near about 15 times a second


class Rdm6300Simulator:
    """Repeats the tag that is near. Fault switches: `half_frame`, `wrong_checksum`, `babble`."""

    def __init__(self, check: TagCheck = "xor", *, sends_crlf: bool = False) -> None:
        self.check: TagCheck = check
        self.sends_crlf = sends_crlf
        self.near: bytes | None = None
        self.half_frame = False
        self.wrong_checksum = False
        self.babble = False
        self._next = 0.0
        self._noise = random.Random(6300)  # noqa: S311 (noise, no secret)

    def receive(self, data: bytes) -> bytes:
        """Ignore what is sent: the module listens to nobody."""
        del data
        return b""

    def tick(self, now: float) -> bytes:
        """Return the frame of the tag that is near, when it is time for it."""
        if self.babble:
            return self._noise.randbytes(256)
        if self.near is None or now < self._next:
            return b""
        self._next = now + _REPEAT_S
        check = checksum(self.near, self.check) ^ (0xFF if self.wrong_checksum else 0)
        text = f"{self.near.hex()}{check:02x}".upper().encode() + (b"\r\n" if self.sends_crlf else b"")
        frame = b"\x02" + text + b"\x03"
        return frame[: len(frame) // 2] if self.half_frame else frame
