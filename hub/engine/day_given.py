"""Which day a kiosk's number is of: the one that stood open when it was given, by its age on this hub's line.

The date on the paper is a label and moves nobody: a kiosk's clock may be behind or ahead.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from hub.engine.act import Act
from hub.engine.days import BY_CLERK, LATELY_US, first_day
from hub.log.reading import find_day, label_of
from hub.place.arrival import Place
from offline_store.disk.sql import run
from offline_store.issuing.business_day import BY_HUB, business_date

_OPENED: Final = (
    "SELECT day, max(line_us), json_extract(body, '$.detail.by'), json_extract(body, '$.detail.since') "
    "FROM hub_events WHERE kind = 'day-opened' GROUP BY day ORDER BY day DESC"
)
_OF_TODAY: Final = ("clock", "kiosk", BY_HUB, BY_CLERK)
_LEARNED: Final = "days-opened"


def day_given(act: Act, place: Place, label: str) -> int:
    """Return the day of a number that was given so long ago; 0 for one from before all days of this hub.

    Before the day that is served was opened this hub was off, or its clock not trusted: who came less than twelve hours
    ago came for that day, unless somebody had closed the one before early.

    Args:
        act: the write transaction.
        place: when it was given; where only its neighbours tell, the latest that it can have been counts.
        label: the date on its paper, which begins the first day of all. Raises ValueError where it is far from true.
    """
    if act.day == 0:
        return first_day(act, label)
    given = next((one.day for one in _opened(act) if one.line_us <= place.latest_us), 0)
    if given == act.day:
        return _closed_for_later(act, place) or given
    if place.latest_us <= act.line_us - LATELY_US:
        return given
    if place.is_certain and any(one.day == act.day and one.since is not None for one in _opened(act)):
        return act.day  # it came after a hole in the line, before somebody said that a day had begun
    return given if _was_closed_early(act, given) else act.day


def _closed_for_later(act: Act, place: Place) -> int | None:
    """Return the day before, where a manager closed it for one that has not begun: late numbers are carried over.

    A clock opens a day that has begun for it, a clerk one that has: where that date is yet to come it is wrong, and the
    day is today.
    """
    label = label_of(act.connection, act.day)
    if label is None or not act.stamp.tells_time or not _was_closed_early(act, act.day - 1):
        return None
    if next((one.by for one in _opened(act) if one.day == act.day), None) in _OF_TODAY:
        return None
    given = act.stamp.wall_time - timedelta(microseconds=act.line_us - place.latest_us)
    return act.day - 1 if business_date(given).isoformat() < label else None


def _was_closed_early(act: Act, day: int) -> bool:
    found = find_day(act.connection, day)
    return found is not None and found.early_line is not None


class _Opened(NamedTuple):
    """A day, when it was opened on this hub's line, by whom or what, and after which event's hole in the line."""

    day: int
    line_us: int
    by: str | None
    since: int | None


def _opened(act: Act) -> list[_Opened]:
    """Return when each day was opened, the newest first; read again with each new day."""
    known = act.learned.get(_LEARNED)
    if known is None or known[0] != act.day:
        rows = run(act.connection, _OPENED).fetchall()
        known = act.learned[_LEARNED] = (act.day, [_Opened(*row) for row in rows])
    opened: list[_Opened] = known[1]
    return opened
