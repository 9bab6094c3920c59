"""What time it is and how far it is trusted, for every clock that a kiosk may wake up with."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.machine import clock
from common.machine.clock import DRIFT, RESTORED_FOR, SystemClock, judge, kernel_time
from common.machine.errors import StoreUnavailable
from common.machine.stamp import TrustedTime
from tests.kit.clock import BOOT, NOON

OTHER_BOOT = "00000000-0000-4000-8000-000000000000"
MINUTE_NS = 60 * 10**9


def trusted(boot: str = BOOT, *, boot_time_ns: int = MINUTE_NS, floor: datetime = NOON) -> TrustedTime:
    return TrustedTime(floor, NOON, boot, boot_time_ns)


def test_ntp_is_believed_where_nothing_else_is_known() -> None:
    assert judge(NOON, 5, BOOT, True, None, NOON).trust == "synced"
    assert judge(NOON, 5, BOOT, False, None, NOON).trust == "unknown"


@pytest.mark.parametrize("wall", [datetime(1970, 1, 1, tzinfo=UTC), NOON, datetime(2099, 1, 1, tzinfo=UTC)])
def test_centrals_time_goes_on_by_the_boot_clock_whatever_the_wall_clock_says(wall: datetime) -> None:
    stamp = judge(wall, 3 * MINUTE_NS, BOOT, False, trusted(), wall)
    assert (stamp.trust, stamp.wall_time) == ("synced", NOON + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("after", "trust"),
    [
        (timedelta(microseconds=-1), "unknown"),
        (timedelta(0), "restored"),
        (timedelta(days=44), "restored"),
        (RESTORED_FOR, "restored"),
        (RESTORED_FOR + timedelta(seconds=1), "unknown"),
        (timedelta(days=26_000), "unknown"),
        (timedelta(days=-20_000), "unknown"),
    ],
)
def test_in_a_later_boot_the_floor_and_45_days_decide(after: timedelta, trust: str) -> None:
    stamp = judge(NOON + after, 5, OTHER_BOOT, False, trusted(), NOON + after)
    assert (stamp.trust, stamp.wall_time) == (trust, NOON + after)


@pytest.mark.parametrize(
    ("hardware", "trust"),
    [
        (NOON + timedelta(hours=10), "restored"),
        (NOON + timedelta(hours=10) - DRIFT, "restored"),
        (NOON + timedelta(hours=10) - DRIFT - timedelta(seconds=1), "file"),  # a weak battery, that lost a night
        (NOON + timedelta(hours=13), "restored"),  # it is kept in local time
        (datetime(2000, 1, 1, tzinfo=UTC), "file"),  # its battery was changed
        (None, "file"),
    ],
)
def test_a_time_that_no_hardware_clock_has_is_a_files(hardware: datetime | None, trust: str) -> None:
    assert judge(NOON + timedelta(hours=10), 5, OTHER_BOOT, False, trusted(), hardware).trust == trust
    assert judge(NOON - timedelta(hours=10), 5, OTHER_BOOT, False, trusted(), hardware).trust == "unknown"


def test_a_hardware_clock_below_the_floor_vouches_for_nothing() -> None:
    before = NOON - timedelta(minutes=5)
    assert judge(NOON, 5, OTHER_BOOT, False, trusted(), before).trust == "file"


def test_the_hardware_clock_is_asked_where_nothing_better_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = datetime.now(UTC)
    known = TrustedTime(wall - timedelta(days=1), NOON, OTHER_BOOT, 0)
    monkeypatch.setattr(clock, "kernel_time", lambda: None)
    for hardware, trust in ((wall, "restored"), (wall - timedelta(hours=9), "file"), (None, "file")):
        monkeypatch.setattr(clock, "hardware_time", lambda hardware=hardware: hardware)
        assert SystemClock(lambda: known).now().trust == trust


def test_a_boot_clock_that_ran_backwards_is_not_that_boot() -> None:
    assert (
        judge(
            datetime(1970, 1, 1, tzinfo=UTC), MINUTE_NS - 1, BOOT, False, trusted(), datetime(1970, 1, 1, tzinfo=UTC)
        ).trust
        == "unknown"
    )


def test_one_boot_in_2099_poisons_nothing() -> None:
    # The wall clock of a boot is never a trusted time, so neither floor nor anchor has moved.
    assert judge(YEAR_2099, 5, OTHER_BOOT, False, trusted(), YEAR_2099).trust == "unknown"
    assert (
        judge(NOON + timedelta(days=1), 5, OTHER_BOOT, False, trusted(), NOON + timedelta(days=1)).trust == "restored"
    )


@given(
    wall=st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    boot_time_ns=st.integers(0, 10**18),
    boot=st.sampled_from([BOOT, OTHER_BOOT]),
)
def test_no_clock_below_the_floor_is_trusted(wall: datetime, boot_time_ns: int, boot: str) -> None:
    stamp = judge(wall, boot_time_ns, boot, False, trusted(), wall)
    assert stamp.trust == "unknown" or stamp.wall_time >= NOON


YEAR_2099 = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("spoofed", [YEAR_2099, NOON + timedelta(minutes=13), NOON - timedelta(minutes=9)])
def test_one_spoofed_ntp_answer_does_not_beat_central_s_signed_time_of_the_same_boot(spoofed: datetime) -> None:
    stamp = judge(spoofed, 3 * MINUTE_NS, BOOT, True, trusted(), spoofed)
    assert (stamp.trust, stamp.wall_time) == ("synced", NOON + timedelta(minutes=2))
    near = judge(NOON + timedelta(minutes=5), 3 * MINUTE_NS, BOOT, True, trusted(), NOON + timedelta(minutes=5))
    assert (near.trust, near.wall_time) == ("synced", NOON + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("after", "trust"),
    [
        (timedelta(days=-2), "unknown"),
        (timedelta(hours=-3), "synced"),
        (timedelta(days=399), "synced"),
        (timedelta(days=401), "unknown"),
    ],
)
def test_before_central_has_answered_ntp_counts_within_bounds_of_the_floor(after: timedelta, trust: str) -> None:
    assert judge(NOON + after, 5, OTHER_BOOT, True, trusted(), NOON + after).trust == trust
    assert judge(YEAR_2099, 5, OTHER_BOOT, True, None, YEAR_2099).trust == "unknown"


def test_what_ntp_says_and_is_not_believed_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = TrustedTime(NOON, NOON, clock.boot_id(), 0)
    monkeypatch.setattr(clock, "boot_time_ns", lambda: MINUTE_NS)
    for wall, refused in ((NOON, False), (YEAR_2099, True), (NOON, False)):
        monkeypatch.setattr(clock, "kernel_time", lambda wall=wall: wall.timestamp())
        monkeypatch.setattr(time, "time_ns", lambda wall=wall: int(wall.timestamp()) * 10**9)
        ours = SystemClock(lambda: known)
        assert ours.now().trust == "synced"
        assert (ours.refused is not None) == refused


def test_a_faked_clock_is_not_believed_though_the_kernel_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    real = 1_795_600_000.0
    faked: Any = SimpleNamespace(
        CLOCK_BOOTTIME=7,
        time_ns=lambda: int((real - 3.0) * 1e9),
        clock_gettime_ns=lambda _: 9,
        clock_gettime=lambda _: 9,
    )
    monkeypatch.setattr(clock, "kernel_time", lambda: real)
    monkeypatch.setattr(clock, "time", faked)
    assert SystemClock().now().trust == "unknown"
    faked.time_ns = lambda: int((real - 1.0) * 1e9)
    assert SystemClock().now().trust == "synced"


def test_the_kernels_time_is_the_systems() -> None:
    before, found, after = time.time(), kernel_time(), time.time()
    assert found is None or before - 0.001 <= found <= after


@pytest.mark.parametrize("state", [(-1, 0), (5, 0), (0, 0x40)])
def test_a_kernel_that_is_not_synchronised_says_nothing(
    monkeypatch: pytest.MonkeyPatch, state: tuple[int, int]
) -> None:
    def adjtimex(pointer: Any) -> int:
        pointer._obj.status = state[1]
        return state[0]

    monkeypatch.setattr(clock, "_libc", lambda: SimpleNamespace(adjtimex=adjtimex))
    assert kernel_time() is None


@pytest.mark.parametrize(("status", "fraction"), [(0, 250_000), (0x2000, 250_000_000)])
def test_the_kernels_fraction_is_read_in_its_unit(monkeypatch: pytest.MonkeyPatch, status: int, fraction: int) -> None:
    def adjtimex(pointer: Any) -> int:
        pointer._obj.status, pointer._obj.time.tv_sec, pointer._obj.time.tv_usec = status, 1_795_600_000, fraction
        return 0

    monkeypatch.setattr(clock, "_libc", lambda: SimpleNamespace(adjtimex=adjtimex))
    assert kernel_time() == 1_795_600_000.25


def test_a_store_that_fails_leaves_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([trusted(clock.boot_id(), boot_time_ns=0)])

    def read() -> TrustedTime:
        try:
            return next(answers)
        except StopIteration:
            raise StoreUnavailable("the disk is full") from None

    ours = SystemClock(read)
    monkeypatch.setattr(clock, "kernel_time", lambda: None)
    monkeypatch.setattr(clock, "REREAD_S", 0.0)
    assert ours.now().trust == ours.now().trust == "synced"


def test_boot_id_and_boottime_are_the_kernels() -> None:
    ours = SystemClock()
    before, first = time.clock_gettime(time.CLOCK_BOOTTIME), ours.now()
    ours.sleep(0)
    assert len(first.boot_id) == 36
    assert ours.now().boot_time_ns >= first.boot_time_ns
    assert before <= first.boot_time_ns / 1e9 <= ours.boottime() <= time.clock_gettime(time.CLOCK_BOOTTIME)


def test_a_library_that_fakes_libcs_clocks_does_not_move_centrals_time(monkeypatch: pytest.MonkeyPatch) -> None:
    anchored = SystemClock().now()
    in_2099 = 4_083_991_200_000_000_000
    for name in ("time_ns", "clock_gettime_ns"):
        monkeypatch.setattr(time, name, lambda *_: in_2099)
    monkeypatch.setattr(time, "clock_gettime", lambda _: in_2099 / 1e9)
    monkeypatch.setattr(clock, "kernel_time", lambda: None)
    stamp = SystemClock(lambda: TrustedTime(NOON, NOON, anchored.boot_id, anchored.boot_time_ns)).now()
    assert stamp.trust == "synced"
    assert timedelta() <= stamp.wall_time - NOON < timedelta(minutes=1)


def test_another_process_of_this_boot_has_the_same_boot_id() -> None:
    script = "from common.machine.clock import boot_id; print(boot_id())"
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=20, env=environment
    )
    assert found.stdout.strip() == clock.boot_id()
