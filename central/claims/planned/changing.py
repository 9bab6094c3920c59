"""A day's seats changed by hand, by a centre's manager or an operator: fewer, more or none; and taken back again.

Nothing that was promised is touched: who has a seat keeps it, also where none is given any more.
"""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import SEATS_LOCK, lock
from central.base.tables.claimed import seat_changes, seats
from central.claims.planned import by_hand, making, past, plan
from central.claims.planned import seats as seat_rows
from central.claims.planned.by_hand import Change
from central.claims.planned.plan import SeatPlan, half_hour_of
from central.claims.refusal import ClaimRefused
from common.protocol.field import Prefix, TimeOfDay

Seats = Annotated[int, Meta(ge=0, le=99)]
"""Of half an hour: no more than a plan may have at one time."""
type _Seats = Counter[tuple[str, str]]
_TIME: Final = slice(11, 16)  # of 2026-12-01T10:30:00+03:00


class Wanted(Struct, frozen=True):
    """So many seats in half an hour of a group's day, `HH:00` or `HH:30`; without `at` in each that the plan has."""

    group: Prefix
    day: date
    seats: Seats
    at: TimeOfDay | None = None


class HalfHour(Struct, frozen=True):
    """Half an hour of a group's day: seats that are given at most, given to how many, who came, who did not."""

    group: str
    at: str
    planned: int
    booked: int
    arrived: int
    missed: int


class Day(Struct, frozen=True):
    """A centre's day, or that of one of its groups, and what was changed of it by hand, the newest first."""

    day: str
    half_hours: list[HalfHour]
    changes: list[Change]


class Done(Struct, frozen=True):
    """What became of a change: the seats of its half hour, or of the group's day, `before` and since (`after`)."""

    id: int
    group: str
    day: str
    at: str | None
    before: int
    after: int


async def change(connection: AsyncConnection, centre: str, wanted: Wanted, by: str, now: datetime) -> Done | None:
    """Change a day's seats; None where the same was said before. Raises ClaimRefused."""
    await lock(connection, SEATS_LOCK)
    of_centre = await _checked(connection, centre, wanted.day, now)
    times = making.times_of(of_centre, wanted.day, await making.hours_of(connection, centre)).get(wanted.group, [])
    if not any(wanted.at in (None, half_hour_of(one.at)) for one in times):
        raise ClaimRefused("not-planned", "the plan has no appointments of this group then, or the centre is closed")
    day = wanted.day.isoformat()
    known = (await by_hand.in_force(connection, centre, day)).get((wanted.group, day), [])
    if known and (known[-1].at, known[-1].seats) == (wanted.at, wanted.seats):
        return None
    before = await _seats_of(connection, centre, day)
    values = {
        "centre": centre,
        "queue": wanted.group,
        "day": day,
        "half_hour": wanted.at,
        "seats": wanted.seats,
        "made_by": by,
        "made_at": clock.as_text(now),
    }
    made = await connection.scalar(insert(seat_changes).values(values).returning(seat_changes.c.id))
    await making.make_ahead(connection, of_centre, now)
    usual = await past.usual_visitors(connection, centre, clock.business_date(now))
    most = usual.get(wanted.day.isoweekday(), 0) * of_centre.rules.most
    after = await _seats_of(connection, centre, day)
    if wanted.day.isoweekday() in usual and after.total() > max(before.total(), int(most)):
        raise ClaimRefused(
            "beyond-most", f"{after.total()} seats are more than {int(most)}, the most of a usual day's visitors"
        )
    return _done(int(made or 0), wanted.group, day, wanted.at, (before, after))


async def take_back(connection: AsyncConnection, centre: str, change_id: int, by: str, now: datetime) -> Done:
    """Have what held before a change hold again. Raises ClaimRefused where the centre has no such change."""
    await lock(connection, SEATS_LOCK)
    mine = seat_changes.c.centre == centre, seat_changes.c.id == change_id
    known = await connection.execute(select(seat_changes).where(*mine, seat_changes.c.undone_at.is_(None)))
    row = known.one_or_none()
    if row is None:
        raise ClaimRefused("unknown-change", "this change is taken back already, or is another centre's")
    of_centre = await _checked(connection, centre, date.fromisoformat(row.day), now)
    return await _undone(connection, of_centre, row, {"undone_by": by, "undone_at": clock.as_text(now)}, now)


async def hold_again(connection: AsyncConnection, centre: str, change_id: int, now: datetime) -> Done | None:
    """Undo a taking back that nobody heard of; None where the centre has no such change or takes no claims."""
    await lock(connection, SEATS_LOCK)
    mine = seat_changes.c.centre == centre, seat_changes.c.id == change_id
    known = await connection.execute(select(seat_changes).where(*mine, seat_changes.c.undone_at.is_not(None)))
    row, of_centre = known.one_or_none(), await plan.newest(connection, centre)
    if row is None or of_centre is None:
        return None
    return await _undone(connection, of_centre, row, {"undone_by": None, "undone_at": None}, now)


async def seen(connection: AsyncConnection, centre: str, day: date, group: str | None, now: datetime) -> Day:
    """Return a day by half hour, of one group or of all."""
    changes = [
        one
        for (queue, on), made in (await by_hand.in_force(connection, centre, day.isoformat())).items()
        for one in made
        if on == day.isoformat() and group in (None, queue)
    ]
    halves: dict[tuple[str, str], list[seat_rows.SeatLine]] = defaultdict(list)
    for line in await seat_rows.lines(connection, centre, day.isoformat(), now):
        if group in (None, line.group):
            halves[line.group, half_hour_of(line.at[_TIME])].append(line)
    found = [_half_hour(*key, lines) for key, lines in sorted(halves.items()) if any(map(_says_something, lines))]
    return Day(day.isoformat(), found, sorted(changes, key=lambda one: -one.id))


def _half_hour(group: str, at: str, lines: list[seat_rows.SeatLine]) -> HalfHour:
    counts = [[line.capacity, line.booked, line.arrived, line.missed] for line in lines]
    return HalfHour(group, at, *(sum(column) for column in zip(*counts, strict=True)))


def _says_something(line: seat_rows.SeatLine) -> bool:
    """Return whether a time is worth a line: one that only an earlier plan had, and nobody took, is not."""
    return line.capacity > 0 or line.booked > 0 or line.changed is not None


async def _checked(connection: AsyncConnection, centre: str, day: date, now: datetime) -> SeatPlan:
    of_centre = await plan.newest(connection, centre)
    if of_centre is None:
        raise ClaimRefused("not-offered", f"{centre[:40]!r} takes no claims")
    ahead = (day - now.astimezone(clock.CENTRE_TIME).date()).days
    if not 0 <= ahead <= of_centre.rules.window_days:
        raise ClaimRefused("outside-window", f"a day from today to {of_centre.rules.window_days} days ahead can change")
    return of_centre


async def _undone(
    connection: AsyncConnection, of_centre: SeatPlan, row: Row[Any], values: dict[str, str | None], now: datetime
) -> Done:
    """Let a change of a centre hold no more, or again."""
    before = await _seats_of(connection, row.centre, row.day)
    await connection.execute(update(seat_changes).where(seat_changes.c.id == row.id).values(values))
    await making.make_ahead(connection, of_centre, now)
    after = await _seats_of(connection, row.centre, row.day)
    return _done(row.id, row.queue, row.day, row.half_hour, (before, after))


async def _seats_of(connection: AsyncConnection, centre: str, day: str) -> _Seats:
    """Return a day's seats by group and half hour."""
    own = seats.c.centre == centre, seats.c.day == day
    found: _Seats = Counter()
    for row in await connection.execute(select(seats.c.queue, seats.c.at, seats.c.capacity).where(*own)):
        local = datetime.fromisoformat(row.at).astimezone(clock.CENTRE_TIME)
        found[row.queue, half_hour_of(f"{local:%H:%M}")] += row.capacity
    return found


def _done(change_id: int, group: str, day: str, at: str | None, around: tuple[_Seats, _Seats]) -> Done:
    counts = [sum(n for (queue, on), n in seen.items() if queue == group and at in (None, on)) for seen in around]
    return Done(change_id, group, day, at, *counts)
