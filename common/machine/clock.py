"""What time it is, and how far that can be trusted.

synced: the kernel's NTP state says so, or central signed the time in this boot; restored: a hardware clock's, not below
the time floor and within 45 days of the last trusted time; file: in the same bounds, and no hardware clock has it, as
after a start from what systemd-timesyncd wrote down when the power went; unknown: anything may be true. The order of
things is never taken from here: items are ordered by their sequence.
"""

import contextlib
import ctypes
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from common.machine.errors import StoreError
from common.machine.stamp import BUILT, FARTHEST_AHEAD, Stamp, Trust, TrustedTime

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
HARDWARE_CLOCKS: Final = Path("/sys/class/rtc")
RESTORED_FOR: Final = timedelta(days=45)
# A faked clock moves time.time() but not what the kernel tells adjtimex.
AGREE_WITHIN_S: Final = 2.0
# NTP answers are not signed: beside central's signed time of the same boot one counts only so near to it.
NEAR_SIGNED: Final = timedelta(minutes=10)
REREAD_S: Final = 5.0
# Two clocks drift apart by so much in a boot of weeks; a start from a file leaves them apart by a whole power cut.
DRIFT: Final = timedelta(minutes=10)
HARDWARE_REREAD_S: Final = 60.0

# The system call's number (asm/unistd_64.h; asm-generic/unistd.h).
_CLOCK_GETTIME: Final = {"x86_64": 228, "aarch64": 113}
_STA_UNSYNC: Final = 0x0040
_STA_NANO: Final = 0x2000
_TIME_ERROR: Final = 5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Timeval(ctypes.Structure):
    _fields_ = (("tv_sec", ctypes.c_long), ("tv_usec", ctypes.c_long))


class _Timex(ctypes.Structure):
    # struct timex of linux/timex.h; what follows `time` is only room.
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", _Timeval),
        ("room", ctypes.c_char * 256),
    )


class _Timespec(ctypes.Structure):
    _fields_ = (("tv_sec", ctypes.c_long), ("tv_nsec", ctypes.c_long))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def kernel_time() -> float | None:
    """Return the kernel's own time in seconds since 1970 where it is synchronised (adjtimex(2)), else None."""
    state = _Timex(modes=0)
    result = _libc().adjtimex(ctypes.byref(state))
    if result < 0 or result == _TIME_ERROR or state.status & _STA_UNSYNC:
        return None
    fraction = state.time.tv_usec / (1e9 if state.status & _STA_NANO else 1e6)
    return float(state.time.tv_sec + fraction)


def boot_time_ns() -> int:
    """Return CLOCK_BOOTTIME in nanoseconds as the kernel has it.

    Asked for without libc: what fakes the wall clock of a process there (libfaketime does) moves libc's boot clock too,
    and central's time within this boot is told by it.
    """
    number = _CLOCK_GETTIME.get(os.uname().machine)
    moment = _Timespec()
    if number is None or _libc().syscall(
        ctypes.c_long(number), ctypes.c_int(time.CLOCK_BOOTTIME), ctypes.byref(moment)
    ):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return int(moment.tv_sec) * 1_000_000_000 + int(moment.tv_nsec)


def hardware_time() -> datetime | None:
    """Return the latest time that a hardware clock shows, as its battery keeps it; None where none can be read.

    See the kernel's Documentation/ABI/testing/sysfs-class-rtc: `since_epoch` is in seconds. A clock that is kept in
    local time is ahead of the system's east of Greenwich, which changes nothing: a file's time is never behind it.
    """
    shown = [_hardware_time(path) for path in sorted(HARDWARE_CLOCKS.glob("rtc*/since_epoch"))]
    return max((one for one in shown if one is not None), default=None)


def _hardware_time(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(path.read_text(encoding="ascii")), UTC)
    except (OSError, ValueError, OverflowError):  # EINVAL: its battery is empty, and it shows no time
        return None


@cache
def boot_id() -> str:
    """Return the kernel's random id of this boot."""
    return BOOT_ID.read_text(encoding="ascii").strip()


def judge(
    wall: datetime, boot_time_ns: int, boot: str, ntp: bool, trusted: TrustedTime | None, hardware: datetime | None
) -> Stamp:
    """Decide what time it is from what the machine says and what was last known for sure.

    Args:
        wall: the system's clock, aware.
        boot_time_ns: CLOCK_BOOTTIME now.
        boot: this boot's id.
        ntp: whether the kernel says, believably, that it is synchronised.
        trusted: the floor and the last trusted time; None where there never was one.
        hardware: what the hardware clock shows; None where there is none.
    """
    trust: Trust = "unknown"
    reckoned = _reckoned(boot_time_ns, boot, trusted)
    if ntp and is_believable(wall, reckoned, trusted):
        trust = "synced"
    elif reckoned is not None:
        wall, trust = reckoned, "synced"
    elif trusted is not None and trusted.floor <= wall <= trusted.floor + RESTORED_FOR:
        is_kept = hardware is not None and hardware >= max(trusted.floor, wall - DRIFT)
        trust = "restored" if is_kept else "file"
    return Stamp(wall, boot_time_ns, boot, trust)


def is_believable(wall: datetime, reckoned: datetime | None, trusted: TrustedTime | None) -> bool:
    """Whether a time that NTP gave may be true: near the known time of this boot, else within bounds of the floor."""
    if reckoned is not None:
        return abs(wall - reckoned) <= NEAR_SIGNED
    floor = max(BUILT, trusted.floor) if trusted is not None else BUILT
    ahead = FARTHEST_AHEAD if trusted is not None else 10 * FARTHEST_AHEAD
    return floor - timedelta(days=1) <= wall <= floor + ahead


def _reckoned(boot_time_ns: int, boot: str, trusted: TrustedTime | None) -> datetime | None:
    """The time by the last trusted one of this boot: on by the boot clock, whatever the wall clock is set to."""
    if trusted is None or trusted.boot_id != boot or boot_time_ns < trusted.boot_time_ns:
        return None
    return trusted.anchor + timedelta(microseconds=(boot_time_ns - trusted.boot_time_ns) // 1000)


class SystemClock:
    """This machine's clock. `trusted` gives what the store knows for sure, read again every few seconds."""

    def __init__(self, trusted: Callable[[], TrustedTime | None] | None = None) -> None:
        """Make a clock; without `trusted` only NTP makes it more than unknown."""
        self.trusted = trusted
        self.refused: datetime | None = None
        """What NTP says now and is not believed."""
        self._known: TrustedTime | None = None
        self._read_at = float("-inf")
        self._hardware: datetime | None = None
        self._hardware_read_at = float("-inf")
        self._lock = threading.Lock()

    def now(self) -> Stamp:
        """Return what time it is, see Clock."""
        seconds = time.time_ns()
        since_boot_ns = boot_time_ns()
        kernel = kernel_time()
        ntp = kernel is not None and abs(kernel - seconds / 1e9) <= AGREE_WITHIN_S
        wall = _EPOCH + timedelta(microseconds=seconds // 1000)
        known = self._trusted_time()
        reckoned = _reckoned(since_boot_ns, boot_id(), known)
        self.refused = wall if ntp and not is_believable(wall, reckoned, known) else None
        hardware = None if ntp or reckoned is not None else self._hardware_time()
        return judge(wall, since_boot_ns, boot_id(), ntp, known, hardware)

    def boottime(self) -> float:
        """Return seconds since boot, see Clock."""
        return boot_time_ns() / 1e9

    def sleep(self, seconds: float) -> None:
        """Wait that long, see Clock."""
        time.sleep(seconds)

    def _hardware_time(self) -> datetime | None:
        """Return what the hardware clock shows, read again now and then: a read may take as long as a tick."""
        with self._lock:
            now_s = self.boottime()
            if now_s - self._hardware_read_at >= HARDWARE_REREAD_S:
                self._hardware, self._hardware_read_at = hardware_time(), now_s
            if self._hardware is None:
                return None
            return self._hardware + timedelta(seconds=now_s - self._hardware_read_at)

    def _trusted_time(self) -> TrustedTime | None:
        if self.trusted is None:
            return None
        with self._lock:
            if self.boottime() - self._read_at >= REREAD_S:
                # The store says itself what ails it; what was known for sure stays so.
                with contextlib.suppress(StoreError):
                    self._known = self.trusted()
                self._read_at = self.boottime()
            return self._known
