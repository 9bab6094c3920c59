"""Central's time. It is the time the kiosks take theirs from, so the machine below must be synchronised."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CENTRE_TIME = ZoneInfo("Asia/Damascus")
# A business day ends at 04:00, when no centre is open.
DAY_CUT_OFF = timedelta(hours=4)
# No true time is before this program was, nor so long after that another version would not be in service.
BUILT = datetime(2026, 11, 1, tzinfo=UTC)
IN_SERVICE = timedelta(days=10 * 365)
FAR = timedelta(days=2)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def as_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def business_date(moment: datetime) -> date:
    """The business day that `moment` belongs to in the centres."""
    return (moment.astimezone(CENTRE_TIME) - DAY_CUT_OFF).date()


def why_not(moment: datetime, others: list[datetime]) -> str | None:
    """Why no kiosk may be told that it is `moment`, None where it may be true.

    `others` are the database's own time and that of the last thing it was told: no clock may be far behind either, nor
    far from the first.
    """
    if not BUILT <= moment <= BUILT + IN_SERVICE:
        return f"this machine says that it is {moment:%Y-%m-%d}"
    for other in others:
        if moment < other - FAR:
            return f"this machine says that it is {moment:%Y-%m-%d}, and the database knows of {other:%Y-%m-%d}"
    return None
