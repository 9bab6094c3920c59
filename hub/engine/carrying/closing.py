"""Who is carried over when a day closes, and to which days."""

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from common.city.calendar import CARRIED_FOR_DAYS
from common.protocol.queue.service_now import RESUMED
from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.log.reading import label_of
from offline_store.disk.sql import run
from offline_store.issuing.business_day import ZONE

USUAL_OF_DAYS: Final = 20
ENOUGH_DAYS: Final = 5
_LAST_EVENTS: Final = 20_000
_CALLS: Final = (
    "SELECT count(*) FROM hub_tickets WHERE day <= ? AND called_line IS NOT NULL GROUP BY day ORDER BY day DESC LIMIT ?"
)
_FIRST_DAYS: Final = "SELECT first_day, count(*) FROM hub_tickets WHERE last_day > ? GROUP BY first_day"
_WORKED_AGAIN: Final = (
    "SELECT json_extract(body, '$.detail.service'), max(line_us) FROM hub_events "
    "WHERE seq > ? AND day = ? AND kind = ? GROUP BY 1"
)


class CarriedDays(NamedTuple):
    """The first and the last business day on which a carried ticket counts."""

    first: str
    last: str


def carried_over(
    look: Act | Look, left: Sequence[Ticket], label: str, *, is_early: bool, more_us: int = 0
) -> dict[str, CarriedDays]:
    """Return which of the tickets that are left of a day are carried over: by id, in the order of their places.

    Beyond a share of a day's usual calls a ticket counts from a day later on, so that the next one is not theirs alone.

    Args:
        look: the transaction.
        left: tickets of that day that have not ended.
        label: the day's date.
        is_early: whether a manager closed it before its time: then all who wait are carried.
        more_us: how much working time passes until it closes.
    """
    worked_again = _worked_again(look)
    closes_work = look.work_us + more_us
    waiting = [one for one in left if _still_waits(one) and (is_early or _is_due(look, one, closes_work, worked_again))]
    counted, most = _first_days(look, label), _most_of_a_day(look)
    found: dict[str, CarriedDays] = {}
    for ticket in sorted(waiting, key=lambda one: one.place):
        days = _days_after(look, ticket.service, label)
        if not days:
            continue
        first = days[0] if counted[days[0]] < most or len(days) == 1 else days[1]
        counted[first] += 1
        found[ticket.id] = CarriedDays(first, days[-1])
    return found


def _still_waits(ticket: Ticket) -> bool:
    """Return whether somebody waits who was not called in vain."""
    return ticket.state == "waiting" and ticket.absences == 0


def _days_after(look: Act | Look, service: str, label: str) -> list[str]:
    """Return the next days after a date on which a service works, as far as its ticket counts."""
    known = look.centre.services.get(service)
    hours = None if known is None else known.hours
    found = look.centre.hours.days_after(date.fromisoformat(label), hours, CARRIED_FOR_DAYS)
    return [day.isoformat() for day in found]


def closes_early(look: Act | Look) -> bool:
    """Return whether a day that is closed now is closed before its time; so too where nobody knows that for sure."""
    label = label_of(look.connection, look.day)
    closes = None if label is None else look.centre.hours.closes(date.fromisoformat(label))
    if label is None or closes is None or not look.stamp.is_sure:
        return True
    now = look.stamp.wall_time.astimezone(ZONE)
    return (now.date().isoformat(), f"{now:%H:%M}") < (label, closes)


def _is_due(look: Act | Look, ticket: Ticket, closes_work: int, worked_again: dict[str, int]) -> bool:
    """Return whether somebody has waited long enough, or his service stood still meanwhile."""
    waited_s = round((closes_work - ticket.arrived_work) / 1_000_000)
    stands_still = ticket.service in look.centre.interrupted
    stood_still = worked_again.get(ticket.service, -1) >= ticket.arrived_line
    return stands_still or stood_still or waited_s >= look.centre.rules.carry_after_min * 60


def _worked_again(look: Act | Look) -> dict[str, int]:
    """Return when each service that stood still today worked again last, on the hub's line."""
    values = (look.seq - _LAST_EVENTS, look.day, RESUMED)
    return {service: int(line_us) for service, line_us in run(look.connection, _WORKED_AGAIN, values).fetchall()}


def _first_days(look: Act | Look, label: str) -> Counter[str]:
    """Count the tickets that were carried over already, by the first day on which they count."""
    return Counter(dict(run(look.connection, _FIRST_DAYS, (label,)).fetchall()))


def _most_of_a_day(look: Act | Look) -> float:
    """Return how many carried tickets one day takes; without an end before it is known how many a day calls."""
    calls = [int(row[0]) for row in run(look.connection, _CALLS, (look.day, USUAL_OF_DAYS)).fetchall()]
    if len(calls) < ENOUGH_DAYS:
        return math.inf
    return math.floor(statistics.median(calls) * look.centre.rules.carry_most)
