"""A machine's clock as it is in service: set at its start, rightly or not, it runs on by its own quartz."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from common.machine.clock import judge
from common.machine.errors import StoreError
from common.machine.stamp import Stamp, TrustedTime
from tests.town.loop import TownLoop, pause

Battery = Literal["right", "slow", "fast", "dead", "file", "ahead", "hours-ahead"]
"""What the clock shows at a start: the time; some minutes less or more; 1970; the last time before the power went, from
a file; a day too much; some hours too much, as one that was set for another zone."""
BATTERIES: tuple[Battery, ...] = ("right", "slow", "fast", "dead", "file", "ahead")

STARTED_AFTER_S = 20.0  # from the machine's start to that of its programs
_READ_AGAIN_S = 15.0
_BY_MINUTES = timedelta(minutes=7)
_DEAD = datetime(1970, 1, 1, 0, 2, tzinfo=UTC)


class MachineClock:
    """See common.machine.stamp.Clock. `hears_ntp` returns whether time servers answer this machine now."""

    def __init__(self, loop: TownLoop, name: str, battery: Battery, hears_ntp: Callable[[], bool]) -> None:
        self._loop, self._name, self.battery, self._hears_ntp = loop, name, battery, hears_ntp
        self._trusted: Callable[[], TrustedTime | None] = lambda: None
        self._kept = loop.now
        self._boots = 0
        self.is_off = True
        self.boot()

    def boot(self) -> None:
        """Start the machine: a new boot, with what the battery clock shows."""
        loop = self._loop
        shown = {
            "right": loop.now,
            "slow": loop.now - _BY_MINUTES,
            "fast": loop.now + _BY_MINUTES,
            "dead": _DEAD,
            "file": self._kept,
            "ahead": loop.now + timedelta(days=1),
            "hours-ahead": loop.now + timedelta(hours=5),
        }
        self._shows, self._booted_s = shown[self.battery], loop.now_s
        self._boots += 1
        self.boot_id = f"{self._name}-boot-{self._boots}"
        self._known: TrustedTime | None = None
        self._known_s = float("-inf")
        self._has_ntp = False
        self.is_off = False

    def goes_off(self) -> None:
        """Lose the power; what a file would keep is the time as it stood."""
        self._kept, self.is_off = self._wall(), True

    def trusts(self, trusted: Callable[[], TrustedTime | None]) -> None:
        """Ask a store for what is known for sure of the time; read again now and then, as in service."""
        self._trusted, self._known_s = trusted, float("-inf")

    def now(self) -> Stamp:
        """See Clock."""
        self._has_ntp = self._has_ntp or self._hears_ntp()
        wall = self._loop.now if self._has_ntp else self._wall()
        if self._loop.now_s - self._known_s >= _READ_AGAIN_S:
            with contextlib.suppress(StoreError):  # the store says itself what ails it, as in service
                self._known = self._trusted()
            self._known_s = self._loop.now_s
        hardware = None if self.battery == "file" else self._wall()
        return judge(wall, int(self.boottime() * 1e9), self.boot_id, self._has_ntp, self._known, hardware)

    def boottime(self) -> float:
        """See Clock."""
        return self._loop.now_s - self._booted_s + STARTED_AFTER_S

    def sleep(self, seconds: float) -> None:
        """See Clock."""
        pause(seconds)

    def _wall(self) -> datetime:
        if self._has_ntp_now():
            return self._loop.now
        return self._shows + timedelta(seconds=self._loop.now_s - self._booted_s)

    def _has_ntp_now(self) -> bool:
        return getattr(self, "_has_ntp", False)
