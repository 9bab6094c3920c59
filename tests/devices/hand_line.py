"""A cable between a driver and a simulator on a clock that only they move; it keeps what was sent, and when."""

from devices.errors import DeviceUnavailable
from devices.simulation import Simulator

_TICK_S = 0.01


class HandLine:
    """A transport to a simulator. A read with nothing there lets the clock go on until it ends or something is said."""

    def __init__(self, simulator: Simulator) -> None:
        self.now = 0.0
        self.simulator = simulator
        self.sent: list[tuple[float, bytes]] = []
        self.is_silent = False
        self.is_gone = False
        self.is_closed = False
        self.said = b""

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def read(self, size: int, timeout_s: float) -> bytes:
        if self.is_gone:
            raise DeviceUnavailable("line", "is gone")
        deadline = self.now + timeout_s
        while not self.said:
            said = self.simulator.tick(self.now)
            self.said += b"" if self.is_silent else said
            if not self.said and self.now >= deadline:
                return b""
            if not self.said:
                self.now = min(deadline, self.now + _TICK_S)
        given, self.said = self.said[:size], self.said[size:]
        return given

    def write(self, data: bytes) -> None:
        if self.is_gone:
            raise DeviceUnavailable("line", "is gone")
        self.sent.append((round(self.now, 3), data))
        answer = self.simulator.receive(data)
        self.said += b"" if self.is_silent else answer

    def close(self) -> None:
        self.is_closed = True
