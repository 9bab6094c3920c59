"""A day by its half hours, in the centre's time: how long those waited who took a number then, and how many waited."""

from datetime import datetime, timedelta
from typing import Final

from central.base import clock
from central.insight.reports.counted import Counted, more
from common.protocol.queue import event as queue_event

_LONG: Final = timedelta(minutes=30)
_APART: Final = timedelta(hours=16)
"""No centre is open for longer: what lies farther off was told by another clock, decades ahead where a battery is dead,
and nobody counts the half hours up to there."""
#: Ends of who waited to no avail.
UNSERVED: Final = frozenset({queue_event.EXPIRED, queue_event.CARRIED})


class HalfHours:
    """Gathers the visits of one day."""

    def __init__(self) -> None:
        """Begin without any."""
        self._moments: list[tuple[datetime, int]] = []

    def add(self, counted: Counted, issued: datetime, until: datetime, end: str | None, *, is_called: bool) -> None:
        """Count one whose wait is over, by being called or by its end."""
        begins = _name(_half_hour(issued))
        self._moments += [(issued, 1), (until, -1)]
        if is_called:
            counted.waits_by_half_hour.setdefault(begins, []).append(round((until - issued).total_seconds()))
        elif end in UNSERVED:
            more(counted.unserved_by_half_hour, begins)

    def count_waiting(self, counted: Counted) -> None:
        """Count who waited in the middle of each half hour, from the first number to the last call."""
        moments = sorted(self._moments)
        at, waiting = 0, 0
        half_hour = _half_hour(moments[0][0]) if moments else None
        while half_hour is not None and half_hour <= moments[-1][0]:
            while at < len(moments) and moments[at][0] <= half_hour + _LONG / 2:
                waiting += moments[at][1]
                at += 1
            counted.waiting_by_half_hour.setdefault(_name(half_hour), []).append(waiting)
            half_hour += _LONG
            if at < len(moments) and not waiting and moments[at][0] - half_hour > _APART:
                half_hour = _half_hour(moments[at][0])


def _half_hour(moment: datetime) -> datetime:
    local = moment.astimezone(clock.CENTRE_TIME)
    return local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)


def _name(half_hour: datetime) -> str:
    return f"{half_hour:%H:%M}"
