"""Central's time. It is the time the kiosks take theirs from, so the machine below must be synchronised."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CENTRE_TIME = ZoneInfo("Asia/Damascus")
# A business day ends at 04:00, when no centre is open.
DAY_CUT_OFF = timedelta(hours=4)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def as_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def business_date(moment: datetime) -> date:
    """The business day that `moment` belongs to in the centres."""
    return (moment.astimezone(CENTRE_TIME) - DAY_CUT_OFF).date()
