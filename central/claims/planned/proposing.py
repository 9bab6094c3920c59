"""A plan laid into the valleys of a centre's own past: seats where those who come without one leave room.

Where seats lie matters more than any rule: in the valleys both sides wait less, at the peak everybody waits longer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.claims.planned import past
from central.claims.planned.past import Days, PastDay
from central.claims.planned.plan import PlanLine, Rules, SeatPlan, minute_of, time_of
from central.feed import Audience
from central.publishing import in_force
from common.city.catalogue import load_catalogue

SLOT_MIN: Final = 15
_HALF_HOUR_MIN: Final = 30
#: How far a half hour lies under the busiest one decides on its seats; the busiest itself gets a few too.
_ROOM: Final = 1.15
_LEAST_ROOM: Final = 0.05


async def propose(connection: AsyncConnection, centre: str, rules: Rules, now: datetime) -> SeatPlan:
    """Return a plan by the centre's last eight weeks. Raises ValueError where too few days are known."""
    days = await past.read(connection, centre, clock.business_date(now))
    published = await in_force.catalogue(connection, Audience(centre))
    catalogue = load_catalogue(published.published if published is not None else ())
    queues = {code: service.queue for code, service in catalogue.known.items() if service.queue}
    lines = lay(days, queues, rules)
    if not lines:
        raise ValueError(f"{centre}: {len(days)} days of the last eight weeks are known, too few to tell its valleys")
    return SeatPlan(centre, lines, rules)


def lay(days: Days, queues: Mapping[str, str], rules: Rules) -> list[PlanLine]:
    """Return the lines of a plan: of each weekday `share` of its usual visitors, among groups as these are used."""
    lines: list[PlanLine] = []
    for weekday, of_weekday in past.by_weekday(days).items():
        room = _room(of_weekday)
        for group, visitors in sorted(_visitors_by_group(of_weekday, queues).items()):
            seats = shared_out(int(visitors * rules.share), [room[at] for at in sorted(room)])
            lines += _lines(group, weekday, dict(zip(sorted(room), seats, strict=True)))
    return lines


def _room(days: Sequence[PastDay]) -> dict[int, float]:
    """Return how much room there is at each quarter of an hour, by the minute of the day.

    Neither the first half hour, when people stand at the door, nor the last one, when a cut would be the end of it.
    """
    came = [day.came_by_half_hour for day in days]
    usual = {at: median(day.get(at, 0) for day in came) for at in {at for day in came for at in day}}
    inner = [at for at in sorted(usual) if usual[at] > 0][1:-1]
    most = max((usual[at] for at in inner), default=0)
    room: dict[int, float] = {}
    for at in inner:
        for minute in range(minute_of(at), minute_of(at) + _HALF_HOUR_MIN, SLOT_MIN):
            room[minute] = max(_LEAST_ROOM, _ROOM - usual[at] / most)
    return room


def _visitors_by_group(days: Sequence[PastDay], queues: Mapping[str, str]) -> dict[str, float]:
    groups = {queues[code] for day in days for code in day.services if code in queues}
    return {
        group: median(
            sum(one.visitors for code, one in day.services.items() if queues.get(code) == group) for day in days
        )
        for group in groups
    }


def shared_out(seats: int, weights: Sequence[float]) -> list[int]:
    """Return how many of some seats each place gets, by weight: whole ones, the largest remainders first."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [seats * weight / total for weight in weights]
    given = [int(one) for one in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (given[at] - exact[at], at))
    for at in by_rest[: seats - sum(given)]:
        given[at] += 1
    return given


def _lines(group: str, weekday: int, seats: Mapping[int, int]) -> list[PlanLine]:
    """Join neighbours that have as many seats."""
    lines: list[PlanLine] = []
    for minute, count in seats.items():
        start, end = time_of(minute), time_of(minute + SLOT_MIN)
        if lines and lines[-1].to == start and lines[-1].seats == count:
            lines[-1] = PlanLine(group, weekday, lines[-1].from_, end, SLOT_MIN, count)
        elif count:
            lines.append(PlanLine(group, weekday, start, end, SLOT_MIN, count))
    return lines
