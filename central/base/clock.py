"""Central's time. It is the time the kiosks take theirs from, so the machine below must be synchronised."""

from datetime import UTC, date, datetime, timedelta

from common.city.brand import brand

CENTRE_TIME = brand.CENTRE_TIME

# A business day ends at 04:00, when no centre is open.
DAY_CUT_OFF = timedelta(hours=4)
# No true time is before this program was, nor so long after that another version would not be in service.
BUILT = datetime(2026, 11, 1, tzinfo=UTC)
IN_SERVICE = timedelta(days=10 * 365)
FAR = timedelta(days=2)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
# More than two machines with chrony ever differ by.
APART_S = 2.0


sandbox_ahead: timedelta | None = None
"""How far a sandbox's clock was moved ahead (`central.base.sandbox`); None in service."""


def now() -> datetime:
    """The time, in UTC; in a sandbox, the one that it was moved to."""
    return datetime.now(UTC) + (sandbox_ahead or timedelta())


def as_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_of(text: str) -> date:
    """Return a day that somebody asks for, such as 2026-12-01.

    Raises ValueError where it is none, or one of a year that no centre has seen or will see: the days beside it have
    to be days too.
    """
    day = date.fromisoformat(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError("a day of another century")
    return day


def read(text: str) -> datetime | None:
    """A moment that a machine wrote, None where it is none that a calendar of ours knows."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_usable = moment.tzinfo is not None and 1970 <= moment.year < 9999
    return moment.astimezone(UTC) if is_usable else None


def business_date(moment: datetime) -> date:
    """The business day that `moment` belongs to in the centres."""
    return (moment.astimezone(CENTRE_TIME) - DAY_CUT_OFF).date()


def seconds_outside(moment: datetime, since: datetime, until: datetime) -> float:
    """How far `moment` lies before or after the span from `since` to `until`; 0 within it."""
    return max((since - moment).total_seconds(), (moment - until).total_seconds(), 0.0)


def why_ahead(moment: datetime, last_word: datetime) -> str | None:
    """Why it may not be `moment`, where a time was signed at `last_word`: a clock that jumped is asked about first."""
    if moment <= last_word + FAR:
        return None
    return (
        f"this machine says that it is {moment:%Y-%m-%d %H:%M} UTC, and the last time was signed at "
        f"{last_word:%Y-%m-%d %H:%M}; if it is right: central time --confirm"
    )


def why_not(moment: datetime, last_word: datetime | None, apart_s: float) -> str | None:
    """Why no kiosk may be told that it is `moment`, None where it may be true.

    Args:
        moment: what this machine says.
        last_word: when the database was last told something; no clock may be far behind that.
        apart_s: how far the clock of the database's machine is from this one. Of two that differ one is wrong, nobody
            knows which, and a kiosk never goes back below a time that was signed.
    """
    if not BUILT <= moment <= BUILT + IN_SERVICE:
        return f"this machine says that it is {moment:%Y-%m-%d}"
    if last_word is not None and moment < last_word - FAR:
        return f"this machine says that it is {moment:%Y-%m-%d}, and the database knows of {last_word:%Y-%m-%d}"
    if apart_s > APART_S:
        return f"this machine and that of the database differ by {apart_s:.1f} s"
    return None
