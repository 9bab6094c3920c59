"""A swipe reader on a serial line: it pushes what it reads, and knows no question and no answer."""

import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import cast

from devices.card_reader.magstripe.frames import BadSwipe, Swipe, SwipeAssembler, SwipeCheck
from devices.port import PushedPort
from devices.protocols import Card, CardReaderStatus, DeviceState, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_GAP_S = 0.12  # silence that ends a swipe without terminator
_QUEUE = 4


class MagstripeReader:
    """Reads swiped cards. One thread at a time may use it."""

    can_eject = False

    def __init__(
        self,
        transport: Transport,
        check: SwipeCheck = "none",
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._port = PushedPort(transport, clock, sleep)
        self._clock = clock
        self._assembler = SwipeAssembler(secrets.token_bytes(16), check)
        self._swipes: deque[Swipe | BadSwipe] = deque(maxlen=_QUEUE)
        self._detail = ""

    def read(self, timeout_s: float) -> Card | None:
        """Return the next card, or None when none came within `timeout_s`. A bad swipe shows in `status`.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        deadline = self._clock() + timeout_s
        while True:
            while self._swipes:
                swipe = self._swipes.popleft()
                if isinstance(swipe, Swipe):
                    self._detail = ""
                    return Card("magstripe", swipe.key, swipe.masked)
                self._detail = swipe.reason
            left = deadline - self._clock()
            if left <= 0:
                return None
            self._read_some(left)

    def discard(self) -> None:
        """Drop what was swiped while nobody asked for a card. Raises DeviceUnavailable where the port is gone."""
        self._port.drain()
        self._assembler.reset()
        self._swipes.clear()

    def eject(self) -> None:
        """Do nothing: the citizen never lets go of the card."""

    def status(self) -> CardReaderStatus:
        """Return how the reader is; `detail` names what was wrong with the last swipe."""
        if self._port.is_flooded and not self._port.is_lost:
            return CardReaderStatus(DeviceState.HARDWARE_ERROR, detail="flood")
        device = DeviceState.NO_DEVICE if self._port.is_lost else DeviceState.ONLINE
        return CardReaderStatus(device, detail=self._detail)

    def close(self) -> None:
        """Release the port and forget what was half read."""
        self._assembler.reset()
        self._swipes.clear()
        self._port.close()

    def _read_some(self, left_s: float) -> None:
        is_pending = self._assembler.is_pending
        wait = _GAP_S if is_pending else left_s
        data = self._port.read(1024, min(wait, left_s))
        if self._port.is_flooded:
            self._assembler.reset()
            self._swipes.clear()
        elif data:
            self._swipes.extend(self._assembler.feed(data))
        elif is_pending and wait <= left_s and (swipe := self._assembler.end()):
            self._swipes.append(swipe)


def open_magstripe(settings: DeviceSettings) -> MagstripeReader:
    """Open the swipe reader that the settings name; option `check` is `none` (as delivered) or `lrc`.

    Raises:
        DeviceUnavailable: the port cannot be opened.
        ValueError: the check is not known.
    """
    check = dict(settings.options).get("check", "none")
    if check not in ("none", "lrc"):
        raise ValueError(f'check "{check}" is not one of a swipe reader; right would be "none" or "lrc"')
    line = LineSettings(baudrate=settings.baudrate or 9600)
    return MagstripeReader(SerialTransport(settings.port, line), cast("SwipeCheck", check))
