"""A transport and a clock that a test moves by hand: what comes, when, and what the driver sent."""

from collections import deque

from devices.errors import DeviceUnavailable


class FakeTransport:
    """Gives what was put into `incoming`; a read with nothing there lets the clock go on by its timeout."""

    def __init__(self) -> None:
        self.now = 0.0
        self.incoming: deque[bytes] = deque()
        self.sent: list[bytes] = []
        self.reads = 0
        self.slept = 0.0
        self.is_gone = False
        self.is_closed = False
        self.endless = b""

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds

    def read(self, size: int, timeout_s: float) -> bytes:
        self.reads += 1
        if self.is_gone:
            raise DeviceUnavailable("fake", "is gone")
        if self.endless:
            self.now += 0.0001
            return (self.endless * size)[:size]
        if not self.incoming:
            self.now += timeout_s
            return b""
        data = self.incoming.popleft()
        if len(data) > size:
            self.incoming.appendleft(data[size:])
        return data[:size]

    def write(self, data: bytes) -> None:
        if self.is_gone:
            raise DeviceUnavailable("fake", "is gone")
        self.sent.append(data)

    def close(self) -> None:
        self.is_closed = True
