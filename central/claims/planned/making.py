"""Seats as rows, made ahead for each day of a centre's window; what was promised outlives the plan it came from.

What somebody changed of a day by hand is laid over the plan each time, so that a newer plan keeps it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import SEATS_LOCK, is_postgres, lock
from central.base.tables.claimed import claims, seats
from central.claims.planned import by_hand, past
from central.claims.planned.by_hand import Change
from central.claims.planned.plan import PlanLine, SeatPlan, half_hour_of
from central.feed import Audience
from central.insight.centres.usual import Usual
from central.publishing import in_force
from common.city.calendar import CentreHours

_LOOKED_BACK: Final = timedelta(days=60)
#: How many claims must have ended before it is known how many do not come.
_ENOUGH: Final = 50
_ENDED: Final = ("arrived", "missed")
_COLUMNS: Final = ("minutes", "capacity", "desk", "same_day", "credit_min")


class _Key(NamedTuple):
    """A time at which a group takes claims, in UTC."""

    queue: str
    at: str


async def make_ahead(connection: AsyncConnection, plan: SeatPlan, now: datetime) -> None:
    """Make and correct the seats of today and each day of the window; a day that is closed has none any more."""
    await lock(connection, SEATS_LOCK)
    today = clock.business_date(now)
    last = today + timedelta(days=plan.rules.window_days)
    hours = await hours_of(connection, plan.centre)
    usual = await past.usual(connection, plan.centre, today)
    factor = min(plan.rules.overbook_most, await _booked_for_one_who_comes(connection, plan.centre, now))
    changes = await by_hand.in_force(connection, plan.centre, today.isoformat())
    wanted: dict[_Key, dict[str, Any]] = {}
    for ahead in range(plan.rules.window_days + 2):  # the last night is of the day before
        day = today + timedelta(days=ahead)
        of_day = {queue: made for (queue, on), made in changes.items() if on == day.isoformat()}
        found = _of_day(plan, day, times_of(plan, day, hours), usual, factor, of_day)
        wanted |= {key: one for key, one in found.items() if today.isoformat() <= one["day"] <= last.isoformat()}
    known = await _known(connection, plan.centre, today)
    new = [key._asdict() | values for key, values in wanted.items() if key not in known]
    if new:
        await connection.execute(insert(seats), [{"centre": plan.centre, **one} for one in new])
    for key, row in sorted(known.items(), key=lambda one: one[1].id):
        values = wanted.get(key, {"capacity": 0, "desk": 0, "same_day": 0})
        if any(getattr(row, name) != value for name, value in values.items() if name in _COLUMNS):
            await connection.execute(update(seats).where(seats.c.id == row.id).values(values))


async def hours_of(connection: AsyncConnection, centre: str) -> CentreHours:
    """Return when a centre is open, by its settings and the calendar."""
    settings = await in_force.settings(connection, Audience(centre))
    return CentreHours(in_force.usual_hours(settings), await in_force.special_days(connection, centre))


def starts(day: date, minute_of_day: str) -> datetime | None:
    """Return the moment of a day's `HH:MM` in the centres' time; None where the clocks leave it out that day."""
    local = datetime.combine(day, time.fromisoformat(minute_of_day), clock.CENTRE_TIME)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(clock.CENTRE_TIME).time() == local.time() else None


class Time(NamedTuple):
    """When a group takes claims on a day by its plan: the moment, the same as `HH:MM`, and its line."""

    moment: datetime
    at: str
    line: PlanLine


def times_of(plan: SeatPlan, day: date, hours: CentreHours) -> dict[str, list[Time]]:
    """Return when each group takes claims on a day; of a day that is closed nothing."""
    open_hours = hours.on(day)
    if open_hours is None or not open_hours.opens_on(day):
        return {}
    found: dict[str, list[Time]] = defaultdict(list)
    for line in plan.plan:
        if line.weekday != day.isoweekday():
            continue
        for at in line.times():
            moment = starts(day, at)
            if moment is not None and open_hours.opens <= at < open_hours.closes:
                found[line.group].append(Time(moment, at, line))
    return {queue: sorted(times, key=lambda one: one.moment) for queue, times in found.items()}


def _of_day(
    plan: SeatPlan,
    day: date,
    by_group: Mapping[str, Sequence[Time]],
    usual: Usual,
    factor: float,
    changes: Mapping[str, Sequence[Change]],
) -> dict[_Key, dict[str, Any]]:
    found: dict[_Key, dict[str, Any]] = {}
    for queue, times in by_group.items():
        planned = rounded([line.seats for _, _, line in times], factor)
        capacity = by_hand.laid_over(planned, [at for _, at, _ in times], changes.get(queue, ()))
        desk = rounded(capacity, plan.rules.desk_share)
        same_day = _beside(rounded(capacity, plan.rules.same_day_share), capacity, desk)
        for index, (moment, at, line) in enumerate(times):
            found[_Key(queue, clock.as_text(moment))] = {
                "day": clock.business_date(moment).isoformat(),  # as the numbers that are given for it bear it
                "minutes": line.minutes,
                "capacity": capacity[index],
                "desk": desk[index],
                "same_day": same_day[index],
                "credit_min": credit_of(usual, day, at, plan.rules.credit_min),
            }
    return found


def rounded(counts: Sequence[int], factor: float) -> list[int]:
    """Return whole shares of some counts whose sum is that of the share of all, each where its part falls due."""
    sums = [int(total * factor + 0.5) for total in accumulate(counts)]
    return [after - before for before, after in zip([0, *sums], sums, strict=False)]


def _beside(counts: Sequence[int], capacity: Sequence[int], taken: Sequence[int]) -> list[int]:
    """Return the counts moved on to where there is room beside what is taken."""
    found, rest = [], 0
    for wanted, most, gone in zip(counts, capacity, taken, strict=True):
        given = min(wanted + rest, most - gone)
        rest += wanted - given
        found.append(given)
    return found


def credit_of(usual: Usual, day: date, at: str, within: tuple[int, int]) -> int:
    """Return the usual wait of that weekday and half hour, within bounds; without a past the least."""
    slot = day.isoweekday(), half_hour_of(at)
    found = next((one for one in usual.slots if (one.weekday, one.from_) == slot), None)
    least, most = within
    if found is None:
        return least
    # So many were never called that nobody can say: it is a long wait.
    return most if found.wait_p50_min is None else max(least, min(most, found.wait_p50_min))


async def _booked_for_one_who_comes(connection: AsyncConnection, centre: str, now: datetime) -> float:
    since = clock.as_text(now - _LOOKED_BACK)
    was_kept = claims.c.off.is_(None)  # of who was told that it is off nobody knows whether he would have come
    query = select(claims.c.state, func.count()).where(
        claims.c.centre == centre, claims.c.kind == "booked", claims.c.state.in_(_ENDED), claims.c.at >= since, was_kept
    )
    rows = (await connection.execute(query.group_by(claims.c.state))).all()
    counts = Counter({state: int(n) for state, n in rows})
    if counts.total() < _ENOUGH or not counts["arrived"]:
        return 1.0
    return counts.total() / counts["arrived"]


async def _known(connection: AsyncConnection, centre: str, today: date) -> dict[_Key, Row[Any]]:
    query = select(seats).where(seats.c.centre == centre, seats.c.day >= today.isoformat()).order_by(seats.c.id)
    if is_postgres(connection):
        query = query.with_for_update()
    return {_Key(row.queue, row.at): row for row in await connection.execute(query)}
