"""How many people take a number in each half hour of a usual day: the range that today's curve is seen against."""

import statistics
from collections import Counter
from datetime import datetime
from typing import Final

from msgspec import Struct

from hub.engine.act import Look
from hub.log.moments import moment_of
from offline_store.issuing.business_day import ZONE

HALF_HOUR: Final = 30
DAYS: Final = 20
ENOUGH_DAYS: Final = 5
_LEARNED: Final = "usual"


class UsualSlot(Struct, frozen=True):
    """Arrivals of half an hour on the middle half of the days before."""

    at: str
    low: int
    high: int


def slot_of(moment: datetime) -> int:
    """Return which half hour of the centre's clock a moment lies in, counted from midnight."""
    at = moment.astimezone(ZONE)
    return (at.hour * 60 + at.minute) // HALF_HOUR


def time_of(slot: int) -> str:
    """Return when a half hour begins."""
    return f"{slot // 2:02}:{slot % 2 * 30:02}"


def usual_day(look: Look) -> list[UsualSlot]:
    """Return the usual range by half hours, from the first to the last with anybody; nothing before five days."""
    known = look.learned.get(_LEARNED)
    if known is None or known[0] != look.day:
        known = look.learned[_LEARNED] = (look.day, _range(_days_before(look)))
    found: list[UsualSlot] = known[1]
    return found


def _days_before(look: Look) -> list[Counter[int]]:
    """Count arrivals by half hour, for each of the last days that had any."""
    query = (
        "SELECT id, day, issued_at FROM hub_tickets WHERE is_voided = 0 AND day IN "
        "(SELECT DISTINCT day FROM hub_tickets WHERE day < ? ORDER BY day DESC LIMIT ?)"
    )
    days: dict[int, Counter[int]] = {}
    for row in look.connection.exec_driver_sql(query, (look.day, DAYS)):
        of_day = days.setdefault(row.day, Counter())
        if (came_at := moment_of(row.id, row.issued_at)) is not None:
            of_day[slot_of(came_at)] += 1
    return list(days.values())


def _range(days: list[Counter[int]]) -> list[UsualSlot]:
    slots = {slot for day in days for slot in day}
    if len(days) < ENOUGH_DAYS or not slots:
        return []
    found = []
    for slot in range(min(slots), max(slots) + 1):
        low, _, high = statistics.quantiles([day[slot] for day in days], n=4, method="inclusive")
        found.append(UsualSlot(time_of(slot), round(low), round(high)))
    return found
