"""When a centre is open on a given day: its usual hours, but for the days of the calendar that central publishes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from common.city.catalogue import Hours
from common.protocol.feed_message import Calendar, CalendarDay

_ALWAYS: Final = Hours("00:00", "24:00")
_DAYS_END: Final = time(23, 59)
_FARTHEST: Final = timedelta(days=400)
#: An appointment's code is good until the end of this working day after its own.
GOOD_FOR_DAYS: Final = 2
#: A paper of which nobody was served is good on so many of the next days on which its service works.
CARRIED_FOR_DAYS: Final = 3

type Days = Mapping[str, CalendarDay]
"""Special days by their date, `YYYY-MM-DD`."""


def days_of(calendars: Iterable[Calendar]) -> dict[str, CalendarDay]:
    """Return the special days of a centre by date; what is said of it alone goes before what is said of all."""
    in_order = sorted(calendars, key=lambda one: one.centre is not None)
    return {day.date: day for calendar in in_order for day in calendar.days}


@dataclass(frozen=True, slots=True)
class Opening:
    """The next time that something opens."""

    day: date
    at: str


@dataclass(frozen=True, slots=True)
class CentreHours:
    """A centre's usual hours, None where it is open at any time, and its special days."""

    usual: Hours | None = None
    days: Days = field(default_factory=dict)

    def on(self, day: date) -> Hours | None:
        """Return the hours of a day; None where the centre is closed all day."""
        special = self.special(day)
        if special is None:
            return self.usual or _ALWAYS
        if special.closed or special.opens is None or special.closes is None:
            return None
        return Hours(special.opens, special.closes)

    def special(self, day: date) -> CalendarDay | None:
        """Return what the calendar says of a day."""
        return self.days.get(day.isoformat())

    def is_open(self, now: datetime) -> bool:
        """Return whether it is open at this local moment."""
        hours = self.on(now.date())
        return hours is not None and hours.is_open(now)

    def closes(self, day: date) -> str | None:
        """Return when it closes on a day; None where it never does."""
        hours = self.on(day)
        return None if hours is None or hours is _ALWAYS else hours.closes

    def next_opening(self, now: datetime, service: Hours | None = None) -> Opening | None:
        """Return when it opens next after this local moment; with a service, when both are open.

        None where that is not within a year or so.
        """
        day = now.date()
        while day <= now.date() + _FARTHEST:
            hours = [one for one in (self.on(day), service or _ALWAYS) if one is not None]
            is_served = len(hours) == 2 and all(one.opens_on(day) for one in hours)
            opens, closes = max(one.opens for one in hours), min(one.closes for one in hours)
            if is_served and opens < closes and (day > now.date() or opens > f"{now:%H:%M}"):
                return Opening(day, opens)
            day += timedelta(days=1)
        return None

    def good_until(self, at: datetime, ends: datetime, service: Hours | None, count: int = GOOD_FOR_DAYS) -> datetime:
        """Return when something ends that is good for some days after a local moment; by an earlier calendar `ends`.

        Where days on which it was to be good were closed since, it is good on those that come after them.
        """
        day, last = at.date().isoformat(), (ends - timedelta(seconds=1)).date().isoformat()
        if not any(one.closed and day < date_ <= last for date_, one in self.days.items()):
            return ends
        days = self.days_after(at.date(), service, count)
        return max([ends, *(datetime.combine(one + timedelta(days=1), time(), at.tzinfo) for one in days)])

    def days_after(self, day: date, service: Hours | None, count: int) -> list[date]:
        """Return the next days after one on which it opens, with a service: both; fewer where no more are known."""
        found: list[date] = []
        while len(found) < count:
            opening = self.next_opening(datetime.combine(day, _DAYS_END), service)
            if opening is None:
                break
            day = opening.day
            found.append(day)
        return found
