"""The time of a season, when it begins, and what is known of central where a machine is set up."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from central.kiosks.enrolment import Role

FIRST_DAY: Final = date(2026, 11, 22)  # a Sunday: the working week begins
BEGINS: Final = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Asia/Damascus"))
LONG_AGO, FAR_AHEAD = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2099, 1, 1, tzinfo=UTC),
)  # what a battery clock may show


class WorldTime:
    """The true time; central's clock shows it, those of kiosks and hubs may not."""

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


class FleetTime(WorldTime):
    """The one clock of a fleet, as a process has been told it: nobody in that process lets time pass."""

    def go(self, seconds: float) -> None:
        """Refuse: who waited here would be ahead of all the others."""
        assert seconds == 0, "only the season's own clock goes on"

    def is_now(self, moment: datetime) -> None:
        """Take what the season says."""
        super().go((moment - self.now).total_seconds())


@dataclass
class Known:
    """What is known of central in a centre: its address, and the codes that somebody was told for it."""

    centre: str
    url: str
    codes: list[str] = field(default_factory=list)

    def code(self, role: Role = "kiosk") -> str:
        """Return the next code."""
        return self.codes.pop(0)
