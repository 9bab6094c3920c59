"""An RDM6300 on a serial line: it repeats the tag while it is near, and knows no question."""

import time
from collections import deque
from collections.abc import Callable
from typing import cast

from devices.card_reader.rdm6300.frames import Tag, TagAssembler, TagCheck
from devices.port import PushedPort
from devices.protocols import Card, CardReaderStatus, DeviceState, Transport
from devices.settings import DeviceSettings
from devices.transport import LineSettings, SerialTransport

_AWAY_S = 1.0  # silence after which the same tag counts as presented again; the module repeats within 0.1 s
_QUEUE = 4


class Rdm6300Reader:
    """Reads EM4100 tags. One thread at a time may use it."""

    can_eject = False

    def __init__(
        self,
        transport: Transport,
        check: TagCheck = "xor",
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._port = PushedPort(transport, clock, sleep)
        self._clock = clock
        self._assembler = TagAssembler(check)
        self._tags: deque[Tag] = deque(maxlen=_QUEUE)
        self._near: Tag | None = None
        self._last_seen = 0.0

    def read(self, timeout_s: float) -> Card | None:
        """Return the next tag that comes near, or None when none came within `timeout_s`.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        deadline = self._clock() + timeout_s
        while True:
            while self._tags:
                tag = self._tags.popleft()
                if self._has_come(tag):
                    return Card("em4100", tag.identifier, "•••" + tag.identifier.hex().upper()[-4:])
            left = deadline - self._clock()
            if left <= 0:
                return None
            self._tags.extend(self._assembler.feed(self._port.read(1024, left)))

    def discard(self) -> None:
        """Drop what was read while nobody asked for a card; a tag that is still near is read again.

        Raises:
            DeviceUnavailable: the port is gone.
        """
        self._port.drain()
        self._assembler.reset()
        self._tags.clear()
        self._near = None

    def eject(self) -> None:
        """Do nothing: the tag stays in the citizen's hand."""

    def status(self) -> CardReaderStatus:
        """Return how the reader is; many wrong checksums mean the other kind of module, or a bad cable."""
        if self._port.is_flooded and not self._port.is_lost:
            return CardReaderStatus(DeviceState.HARDWARE_ERROR, detail="flood")
        bad = self._assembler.bad_checksums
        device = DeviceState.NO_DEVICE if self._port.is_lost else DeviceState.ONLINE
        return CardReaderStatus(device, detail=f"checksum x{bad}" if bad else "")

    def close(self) -> None:
        """Release the port."""
        self._port.close()

    def _has_come(self, tag: Tag) -> bool:
        now = self._clock()
        stays = tag == self._near and now - self._last_seen < _AWAY_S
        self._near, self._last_seen = tag, now
        return not stays


def open_rdm6300(settings: DeviceSettings) -> Rdm6300Reader:
    """Open the reader that the settings name; option `check` is `xor` (as on most modules) or `sum`.

    Raises:
        DeviceUnavailable: the port cannot be opened.
        ValueError: the check is not known.
    """
    check = dict(settings.options).get("check", "xor")
    if check not in ("xor", "sum"):
        raise ValueError(f'check "{check}" is not one of an RDM6300; right would be "xor" or "sum"')
    line = LineSettings(baudrate=settings.baudrate or 9600)
    return Rdm6300Reader(SerialTransport(settings.port, line), cast("TagCheck", check))
