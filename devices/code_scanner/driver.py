"""A scanner on a serial line: reads frames, takes a held code once, and stays calm when the scanner does not."""

import time
from collections import deque
from collections.abc import Callable

from devices.code_scanner.frames import Frame, FrameAssembler
from devices.code_scanner.profiles import ScannerProfile, profile_named
from devices.flood import FloodWatch
from devices.port import Port
from devices.protocols import DeviceState, Scan, ScannerStatus, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_DEBOUNCE_S = 2.0  # a code held before the scanner is read again and again
_READ_SIZE = 4096
_QUEUE = 8  # codes that one read may hold; more are noise
_SETTLE_S = 0.03  # silence after a code: above a USB adapter's latency (16 ms), so that noise never looks like one
_REST_S = 0.1
_REPLY_S = 0.1  # how long a scanner's answer to a command is waited for


class LineScanner:
    """A scanner that sends each code when it reads it. One thread at a time may use it."""

    def __init__(
        self,
        transport: Transport,
        profile: ScannerProfile | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._port = Port(transport)
        self._profile = profile or ScannerProfile()
        self._clock = clock
        self._sleep = sleep
        self._assembler = FrameAssembler()
        self._frames: deque[Frame] = deque(maxlen=_QUEUE)
        self._last: Frame | None = None
        self._last_seen = 0.0
        self._discarded = 0
        self._is_armed = False
        self._is_lit: bool | None = None
        self._is_quiet = True
        self._flood = FloodWatch()

    def scan(self, timeout_s: float) -> Scan | None:
        """Return the next code, or None when none came within `timeout_s`.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        deadline = self._clock() + timeout_s
        self._light(on=True)
        self._arm()
        while True:
            while self._frames and (self._is_quiet or self._is_repeated()):
                frame = self._frames.popleft()
                if self._is_new(frame):
                    self._is_armed = False  # a triggered scanner stops by itself after a code
                    return Scan(frame.payload, frame.symbology)
            left = deadline - self._clock()
            if left <= 0:
                return None
            self._read_some(left)

    def discard(self) -> None:
        """Drop what was scanned while nobody asked for a code, and put trigger and light to rest."""
        if self._is_armed:
            self._is_armed = False
            self._send(self._profile.trigger_off)
        self._light(on=False)
        # Bounded: a scanner that babbles is never read empty.
        for _ in range(4):
            data = self._port.read(_READ_SIZE, 0.0)
            self._take(data)
            if not data:
                break
        if self._assembler.is_pending or self._frames:
            self._discarded += len(self._frames) + self._assembler.is_pending
        self._frames.clear()
        self._assembler.reset()

    def status(self) -> ScannerStatus:
        """Return how the scanner is. It answers no question, so its port and its manners are all that is known."""
        dropped = self._assembler.dropped + self._discarded
        if self._port.is_lost:
            return ScannerStatus(DeviceState.NO_DEVICE, dropped)
        if self._flood.is_flooded(self._clock()):
            return ScannerStatus(DeviceState.HARDWARE_ERROR, dropped, "flood")
        return ScannerStatus(DeviceState.ONLINE, dropped)

    def close(self) -> None:
        """Release the port."""
        self._port.close()

    def _read_some(self, left_s: float) -> None:
        """Read once and keep the frames. Silence of `gap_s` ends an open one; none counts before the line is silent."""
        is_pending = self._assembler.is_pending
        wait = self._profile.gap_s if is_pending else _SETTLE_S if self._frames else left_s
        data = self._port.read(_READ_SIZE, min(wait, left_s))
        if data or wait <= left_s:
            self._take(data)
        if not data and is_pending and wait <= left_s and (frame := self._assembler.end()):
            self._frames.append(frame)

    def _take(self, data: bytes) -> None:
        """Keep what was read, nothing being silence, unless it is a flood: then drop it all and rest."""
        self._is_quiet = not data
        if not data:
            self._flood.quiet()
            return
        self._frames.extend(self._assembler.feed(data))
        if self._flood.heard(len(data), self._clock()):
            self._frames.clear()
            self._assembler.reset()
            self._sleep(_REST_S)  # what then overflows in the port is noise

    def _is_repeated(self) -> bool:
        """Return whether the next code came twice: a held one is read again at once, and noise is never the same."""
        if len(self._frames) < 2 or self._frames[0] != self._frames[1]:
            return False
        self._flood.quiet()
        return True

    def _is_new(self, frame: Frame) -> bool:
        now = self._clock()
        is_held = frame == self._last and now - self._last_seen < _DEBOUNCE_S
        self._last, self._last_seen = frame, now
        return not is_held and not self._flood.code(frame.payload, now)

    def _light(self, *, on: bool) -> None:
        """Switch the light, where the profile can; what the scanner says to that is no code."""
        command = self._profile.light_on if on else self._profile.light_off
        if command and self._is_lit is not on:
            self._is_lit = on
            self._port.write(command)
            self._port.read(_READ_SIZE, _REPLY_S)

    def _arm(self) -> None:
        if not self._is_armed:
            self._send(self._profile.trigger_on)
            self._is_armed = True

    def _send(self, command: bytes) -> None:
        if command:
            self._port.write(command)


def open_line_scanner(settings: DeviceSettings) -> LineScanner:
    """Open the scanner that the settings name and drop what it had sent before.

    Raises:
        DeviceUnavailable: the port cannot be opened.
        ValueError: the profile or an option is not known.
    """
    profile = profile_named(settings.profile, dict(settings.options))
    # Never XON/XOFF: the kernel would take 11 and 13 out of a binary code.
    line = LineSettings(baudrate=settings.baudrate or profile.baudrate)
    scanner = LineScanner(SerialTransport(settings.port, line), profile)
    scanner.discard()
    return scanner
