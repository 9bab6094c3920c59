"""A clock that only the test moves: waiting costs no time, and what happens while one waits is the test's to say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from offline_store.stamp import Stamp, Trust

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
BOOT = "3f2c9d1e-0000-4000-8000-000000000001"


class FakeClock:
    """Starts at noon in Damascus, `boottime_s` after boot. `while_sleeping` is called after each sleep."""

    def __init__(self, boottime_s: float = 1000.0, trust: Trust = "synced") -> None:
        self.boottime_s = boottime_s
        self.wall = NOON
        self.trust: Trust = trust
        self.slept: list[float] = []
        self.while_sleeping: Callable[[], None] = lambda: None

    def now(self) -> Stamp:
        return Stamp(self.wall, int(self.boottime_s * 1e9), BOOT, self.trust)

    def boottime(self) -> float:
        return self.boottime_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.boottime_s += seconds
        self.wall += timedelta(seconds=seconds)
        self.while_sleeping()
