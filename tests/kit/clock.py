"""A clock that only the test moves: waiting costs no time, and what happens while one waits is the test's to say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from common.machine.stamp import Stamp, Trust

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 12:00 in Damascus
BOOT = "3f2c9d1e-0000-4000-8000-000000000001"


@dataclass
class HandClock:
    """Stands still until it is moved. `while_sleeping` is called after each sleep."""

    wall: datetime = NOON
    trust: Trust = "synced"
    boottime_s: float = 1000.0
    boot_id: str = BOOT
    slept: list[float] = field(default_factory=list)
    while_sleeping: Callable[[], None] = lambda: None

    def now(self) -> Stamp:
        """See common.machine.stamp.Clock."""
        return Stamp(self.wall, int(self.boottime_s * 1e9), self.boot_id, self.trust)

    def boottime(self) -> float:
        """See common.machine.stamp.Clock."""
        return self.boottime_s

    def sleep(self, seconds: float) -> None:
        """See common.machine.stamp.Clock; returns at once."""
        self.slept.append(seconds)
        self.wall += timedelta(seconds=seconds)
        self.boottime_s += seconds  # also less than the microsecond that a timedelta knows: somebody waits for it
        self.while_sleeping()

    def pass_time(self, **delta: float) -> None:
        """Let a timedelta go by."""
        self.wall += timedelta(**delta)
        self.boottime_s += timedelta(**delta).total_seconds()

    def restart(self, *, boottime_s: float = 5.0) -> None:
        """Start the machine again: another boot id, time since boot from the beginning, the wall clock as it was."""
        self.boot_id = f"{self.boot_id}+"
        self.boottime_s = boottime_s
