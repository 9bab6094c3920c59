"""The time of a season, and when it begins."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FIRST_DAY: Final = date(2026, 11, 22)  # a Sunday: the working week begins
BEGINS: Final = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Asia/Damascus"))


class WorldTime:
    """The true time, which all clocks of a fleet show."""

    def __init__(self, begins: datetime) -> None:
        self.now = begins.astimezone(UTC)
        self.elapsed_s = 0.0

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.elapsed_s += seconds

    def go_to(self, moment: datetime) -> None:
        """Let time pass until a moment, if it is not past already."""
        self.go(max(0.0, (moment - self.now).total_seconds()))
