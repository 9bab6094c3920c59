"""A wire to a simulator in virtual time: nothing sleeps, and a power cut at byte N is at byte N."""

from devices.errors import DeviceTimeout, DeviceUnavailable
from devices.simulation import Simulator


class Clock:
    """Monotonic seconds that pass only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Wire:
    """A Transport in memory. `cut_at` is the written byte at which the cable is pulled."""

    def __init__(self, simulator: Simulator, clock: Clock, baudrate: int = 115200) -> None:
        self.simulator = simulator
        self.clock = clock
        self.baudrate = baudrate
        self.incoming = bytearray()
        self.noise = b""  # said unasked at the first write after `noise_after` bytes
        self.noise_after = 0
        self.written = bytearray()
        self.cut_at: int | None = None
        self.stalled = False
        self.is_closed = False

    def read(self, size: int, timeout_s: float) -> bytes:
        self._check()
        self.incoming += self.simulator.tick(self.clock.now)
        if not self.incoming:
            self.clock.now += max(timeout_s, 0.0)
            self.incoming += self.simulator.tick(self.clock.now)
        data = bytes(self.incoming[:size])
        del self.incoming[:size]
        self.clock.now += len(data) * 10 / self.baudrate
        return data

    def write(self, data: bytes) -> None:
        self._check()
        if self.stalled:
            self.clock.now += 2.0
            raise DeviceTimeout("wire", "stalled")
        if self.cut_at is not None and len(self.written) + len(data) > self.cut_at:
            data = data[: self.cut_at - len(self.written)]
        self.written += data
        self.clock.now += len(data) * 10 / self.baudrate
        if len(self.written) > self.noise_after:
            self.incoming += self.noise
            self.noise = b""
        self.incoming += self.simulator.receive(data)
        self._check()

    def close(self) -> None:
        self.is_closed = True

    def _check(self) -> None:
        if self.is_closed or (self.cut_at is not None and len(self.written) >= self.cut_at):
            raise DeviceUnavailable("wire", "is gone")
