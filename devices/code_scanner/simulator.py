"""A line scanner with faults, to stand behind a `PtyPort`."""

import random

from devices.code_scanner.profiles import ScannerProfile


class ScannerSimulator:
    """Says what it is shown. Fault switches: `half_frame` loses the second half, `babble` sends noise at each tick."""

    def __init__(
        self, profile: ScannerProfile | None = None, *, terminator: bytes = b"\r", prefix: bytes = b""
    ) -> None:
        self.profile = profile or ScannerProfile()
        self.terminator = terminator
        self.prefix = prefix
        self.half_frame = False
        self.babble = False
        self.is_triggered = False
        self.is_lit = True
        self._shown: list[bytes] = []
        self._noise = random.Random(591)  # noqa: S311 (noise, no secret)

    def show(self, payload: bytes) -> None:
        """Hold a code before the scanner; it is sent at the next tick, when a triggered one is triggered."""
        self._shown.append(payload)

    def receive(self, data: bytes) -> bytes:
        """Obey a command of the profile."""
        profile = self.profile
        for command, attribute, value in (
            (profile.trigger_on, "is_triggered", True),
            (profile.trigger_off, "is_triggered", False),
            (profile.light_on, "is_lit", True),
            (profile.light_off, "is_lit", False),
        ):
            if command and command in data:
                setattr(self, attribute, value)
        return b""

    def tick(self, now: float) -> bytes:
        """Return what the scanner says at `now` unasked."""
        del now  # it has nothing to wait for
        if self.babble:
            return self._noise.randbytes(256)
        if not self._shown or (self.profile.trigger_on and not self.is_triggered):
            return b""
        self.is_triggered = False
        frame = self.prefix + self._shown.pop(0) + self.terminator
        return frame[: len(frame) // 2] if self.half_frame else frame
