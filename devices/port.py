"""A transport in a driver's hands: it remembers that it was lost, and can be emptied of what came unasked."""

import contextlib
import math
from collections.abc import Callable, Iterator

from devices.errors import DeviceUnavailable
from devices.flood import FloodWatch
from devices.protocols import Transport

_READ_SIZE = 1024
_MOST_READS = 4  # bounded: a line that babbles is never read empty
_REST_S = 0.1


class Port:
    """One device's line, itself a `Transport`. `is_lost` says whether the last call found it gone."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.is_lost = False

    def read(self, size: int, timeout_s: float) -> bytes:
        """Return what has come, at most `size` bytes; nothing when nothing came in time. Raises DeviceUnavailable."""
        with self._noting_loss():
            return self._transport.read(size, timeout_s)

    def write(self, data: bytes) -> None:
        """Send bytes. Raises DeviceUnavailable."""
        with self._noting_loss():
            self._transport.write(data)

    def drain(self) -> None:
        """Drop what has come, within bounds. Raises DeviceUnavailable."""
        for _ in range(_MOST_READS):
            if not self.read(_READ_SIZE, 0.0):
                return

    def close(self) -> None:
        """Release it."""
        self._transport.close()

    @contextlib.contextmanager
    def _noting_loss(self) -> Iterator[None]:
        try:
            yield
        except DeviceUnavailable:
            self.is_lost = True
            raise
        self.is_lost = False


class PushedPort(Port):
    """The line of a reader that sends unasked. More than any card says is dropped and rested from: it costs no CPU."""

    def __init__(self, transport: Transport, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        super().__init__(transport)
        self._clock = clock
        self._sleep = sleep
        # A tag that lies on its reader is told again and again, without an end.
        self._flood = FloodWatch(math.inf)

    @property
    def is_flooded(self) -> bool:
        """Return whether the line babbles, or did a moment ago."""
        return self._flood.is_flooded(self._clock())

    def read(self, size: int, timeout_s: float) -> bytes:
        """Return what has come, nothing while the line babbles. Raises DeviceUnavailable."""
        data = super().read(size, timeout_s)
        if not data or not self._flood.heard(len(data), self._clock()):
            return data
        self._sleep(_REST_S)  # what then overflows in the port is noise
        return b""
