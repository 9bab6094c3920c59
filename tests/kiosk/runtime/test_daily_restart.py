"""The daily rest: by running time and silence alone."""

import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from kiosk.runtime.daily_restart import QUIET_S, RAN_S, rest_daily

HOUR_S = 3600.0


@dataclass
class Lobby:
    """Time that passes while the kiosk sleeps, and people who touch it at given hours."""

    touched_at_h: list[float]
    now_s: float = 5_000.0  # a clock that began with the boot
    ended_at_h: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.now_s

    def hour(self) -> float:
        return (self.now_s - 5_000.0) / HOUR_S

    def idle_s(self) -> float:
        return (self.hour() - max((h for h in self.touched_at_h if h <= self.hour()), default=0.0)) * HOUR_S

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    async def play(self) -> float:
        await rest_daily(self.idle_s, lambda: self.ended_at_h.append(self.hour()), now=self.now, sleep=self.sleep)
        (ended_at_h,) = self.ended_at_h
        return ended_at_h


@pytest.mark.parametrize(
    ("touched_at_h", "rests_at_h"),
    [
        ([1.0, 3.0], 22.0),  # nobody for hours: as soon as it has run long enough
        ([1.0, 21.5], 22.5),  # somebody was there half an hour ago
        ([21.9, 22.5, 23.4, 24.0], 25.0),  # never while people come
    ],
)
async def test_it_rests_after_a_day_when_nobody_has_come_for_an_hour(
    touched_at_h: list[float], rests_at_h: float
) -> None:
    assert await Lobby(touched_at_h).play() == pytest.approx(rests_at_h, abs=0.03)
    assert (RAN_S, QUIET_S) == (22 * HOUR_S, HOUR_S)


def test_the_end_is_an_orderly_one() -> None:
    stops = "import signal; signal.signal(signal.SIGTERM, lambda *_: print('in order'))"
    code = f"{stops}; from kiosk.runtime.daily_restart import end_this_process; end_this_process()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50)
    assert done.stdout == "in order\n"
