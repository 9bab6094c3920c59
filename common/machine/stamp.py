"""When something happened, as far as the caller knows. The store has no clock of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal, Protocol

Trust = Literal["synced", "restored", "file", "unknown"]
"""synced: NTP or central's signed time in this boot; restored: kept by a battery, so off by its drift; file: what was
written down when the power went, so behind by an unknown time; unknown: anything may be true."""
UNTRUSTED: Final = "untrusted"
"""What items and messages say, as `clock`, of a time that comes from a file or is unknown."""

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
"""No true time is before this program was."""
FARTHEST_AHEAD = timedelta(days=400)
"""So far ahead of what is known for sure a time is believed: a kiosk may stand in a store for a year."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time of one event: wall clock, time since boot, which boot, and how far the wall clock is trusted."""

    wall_time: datetime
    """Aware, any zone; stored as UTC with microseconds."""
    boot_time_ns: int
    """CLOCK_BOOTTIME in nanoseconds: runs through suspend, and no clock setting moves it."""
    boot_id: str
    """The kernel's random id of this boot (/proc/sys/kernel/random/boot_id)."""
    trust: Trust

    @property
    def text(self) -> str:
        """The wall time as items carry it: RFC 3339, UTC, microseconds, `Z`."""
        return rfc3339(self.wall_time)

    @property
    def unix_us(self) -> int:
        """Microseconds since 1970, exact."""
        return unix_us(self.wall_time)

    @property
    def unix_s(self) -> int:
        """Whole seconds since 1970."""
        return self.unix_us // 1_000_000

    @property
    def clock(self) -> Literal["synced", "restored", "untrusted"]:
        """How far the time is trusted, as items and messages carry it."""
        return self.trust if self.trust in ("synced", "restored") else UNTRUSTED

    @property
    def is_sure(self) -> bool:
        """Whether this is the time for certain: nothing is let go or set right by another."""
        return self.trust == "synced"

    @property
    def tells_time(self) -> bool:
        """Whether people may be shown this time, and days and hours be judged by it: never by a file's."""
        return self.trust in ("synced", "restored")

    def local(self, zone: tzinfo) -> datetime | None:
        """Return the wall time in a zone; None where it can't be trusted."""
        return self.wall_time.astimezone(zone) if self.tells_time else None


class Clock(Protocol):
    """The time, its trust, and waiting; a test brings one that it moves itself."""

    def now(self) -> Stamp:
        """Return what time it is, since when the machine runs, and how far the wall clock is trusted."""

    def boottime(self) -> float:
        """Return seconds since boot (CLOCK_BOOTTIME): no clock setting moves it."""

    def sleep(self, seconds: float) -> None:
        """Wait that long."""


@dataclass(frozen=True, slots=True)
class TrustedTime:
    """What was last known for sure about the time, by central's signature or NTP."""

    floor: datetime
    """The greatest trusted time ever: no true time is below it."""
    anchor: datetime
    """The latest trusted time..."""
    boot_id: str
    """...in which boot it was given..."""
    boot_time_ns: int
    """...and at which CLOCK_BOOTTIME of it: within that boot, now = anchor + (boottime now - this)."""


def told_time(clock: str) -> bool:
    """Return whether an item or a message that says this of its clock tells when it was written."""
    return clock != UNTRUSTED


def from_unix_us(microseconds: int) -> datetime:
    """Return the moment, in UTC, of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def unix_us(moment: datetime) -> int:
    """Return microseconds since 1970 of an aware moment, without the rounding of a float."""
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def rfc3339(moment: datetime) -> str:
    """Write an aware moment as RFC 3339 text in UTC, always with six digits of microseconds."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"
