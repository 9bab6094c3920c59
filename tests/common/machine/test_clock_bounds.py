"""Which time is believed, at the edges of each bound; and where a clock asks, when its first way is closed."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from common.machine import clock
from common.machine.clock import SystemClock, is_believable, judge
from common.machine.stamp import TrustedTime
from tests.kit.clock import BOOT, NOON

DAY, US = timedelta(days=1), timedelta(microseconds=1)
KNOWN = TrustedTime(NOON, NOON, BOOT, 0)
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "is_believed"),
    [(NOON - DAY, True), (NOON - DAY - US, False), (NOON + 400 * DAY, True), (NOON + 400 * DAY + US, False)],
)
def test_beside_a_floor_a_time_is_believed_from_a_day_before_to_four_hundred_after(
    wall: datetime, is_believed: bool
) -> None:
    assert is_believable(wall, None, KNOWN) is is_believed


@pytest.mark.parametrize(
    ("wall", "is_believed"),
    [
        (RELEASED - DAY, True),
        (RELEASED - DAY - US, False),
        (RELEASED + 4000 * DAY, True),
        (RELEASED + 4000 * DAY + US, False),
    ],
)
def test_where_nothing_is_known_no_time_is_before_this_program_was(wall: datetime, is_believed: bool) -> None:
    assert is_believable(wall, None, None) is is_believed
    old = TrustedTime(RELEASED - 900 * DAY, NOON, BOOT, 0)
    assert is_believable(RELEASED - DAY, None, old)
    assert not is_believable(RELEASED - DAY - US, None, old)


@pytest.mark.parametrize(("off", "is_believed"), [(timedelta(minutes=10), True), (timedelta(minutes=10) + US, False)])
def test_beside_centrals_time_of_this_boot_ten_minutes_are_near(off: timedelta, is_believed: bool) -> None:
    for wall in (NOON + off, NOON - off):
        assert is_believable(wall, NOON, KNOWN) is is_believed


def test_a_restored_clock_counts_up_to_the_microsecond_of_its_bound() -> None:
    assert judge(NOON + 45 * DAY, 5, "other", False, KNOWN, NOON + 45 * DAY).trust == "restored"
    assert judge(NOON + 45 * DAY + US, 5, "other", False, KNOWN, NOON + 45 * DAY).trust == "unknown"
    assert judge(NOON, 1_999, BOOT, False, KNOWN, None).wall_time == NOON + US


@pytest.mark.parametrize(("off_s", "trust"), [(2.0, "synced"), (2.001, "unknown"), (-2.0, "synced")])
def test_the_systems_clock_agrees_with_the_kernels_within_two_seconds(
    monkeypatch: pytest.MonkeyPatch, off_s: float, trust: str
) -> None:
    seconds = 1_795_600_000
    fake = SimpleNamespace(time_ns=lambda: seconds * 10**9, CLOCK_BOOTTIME=7, clock_gettime_ns=lambda _: 5)
    monkeypatch.setattr(clock, "time", fake)
    monkeypatch.setattr(clock, "kernel_time", lambda: seconds + off_s)
    assert SystemClock().now().trust == trust


@pytest.mark.parametrize(("machine", "fails"), [("riscv64", False), ("x86_64", True)])
def test_where_the_kernel_cannot_be_asked_itself_libc_is(
    monkeypatch: pytest.MonkeyPatch, machine: str, fails: bool
) -> None:
    monkeypatch.setattr("common.machine.clock.os.uname", lambda: SimpleNamespace(machine=machine))
    monkeypatch.setattr(clock, "_libc", lambda: SimpleNamespace(syscall=lambda *_: -1 if fails else 0))
    asked: list[int] = []

    def gettime(which: int) -> int:
        asked.append(which)
        return 77

    libc = SimpleNamespace(CLOCK_BOOTTIME=time.CLOCK_BOOTTIME, clock_gettime_ns=gettime)
    monkeypatch.setattr(clock, "time", libc)
    assert clock.boot_time_ns() == 77
    assert asked == [time.CLOCK_BOOTTIME]


def test_what_the_store_knows_is_read_again_after_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now, read = [100.0], list[float]()

    def trusted() -> TrustedTime | None:
        read.append(now[0])
        return None

    ours = SystemClock(trusted)
    monkeypatch.setattr(clock, "boot_time_ns", lambda: round(now[0] * 1e9))
    for at in (100.0, 104.9, 105.0, 109.9, 110.0):
        now[0] = at
        ours.now()
    assert read == [100.0, 105.0, 110.0]


def test_a_clock_sleeps_as_long_as_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[Any] = []
    monkeypatch.setattr(clock, "time", SimpleNamespace(sleep=slept.append))
    SystemClock().sleep(0.25)
    assert slept == [0.25]
