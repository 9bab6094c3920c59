"""Which seats are left, for whom, and taking some of them under their rows' locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import is_postgres
from central.base.tables.claimed import claim_seats, claims, seats
from central.claims.planned import by_hand
from central.claims.planned.by_hand import Changes
from central.claims.planned.plan import Rules, half_hour_of
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Door, time_text

#: Until then of the day before, some seats are for people without the app.
DESK_UNTIL: Final = time(18)


class FreeSeat(Struct, frozen=True):
    """A time at which seats are left."""

    at: str
    minutes: int
    left: int


class SeatLine(Struct, frozen=True, omit_defaults=True):
    """A time of a day: how many are given at most, to how many, who came, who did not, when a freed one comes back.

    `changed`: who changed its capacity by hand; not there where the plan holds.
    """

    group: str
    at: str
    minutes: int
    capacity: int
    booked: int
    arrived: int
    missed: int
    returns_at: str | None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked for where, by which door, by which rules, and when."""

    centre: str
    queue: str
    rules: Rules
    door: Door
    now: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of a seat row's are not free: all, and of these by the desk."""

    all: int
    by_desk: int


_NONE: Final = Taken(0, 0)


async def free(connection: AsyncConnection, offer: Offer, since: datetime) -> list[FreeSeat]:
    """Return the times from a moment on at which this door has seats left, the earliest first."""
    soonest = offer.now if offer.door.is_act else offer.now + timedelta(minutes=offer.rules.earliest_min)
    query = select(seats).where(
        *_in_window(offer), seats.c.at >= clock.as_text(max(since, soonest)), seats.c.capacity > 0
    )
    rows = (await connection.execute(query.order_by(seats.c.at))).all()
    taken = await _taken(connection, [row.id for row in rows], offer.now)
    found = [(row, left(row, taken.get(row.id, _NONE), offer)) for row in rows]
    return [FreeSeat(time_text(_moment(row.at)), row.minutes, count) for row, count in found if count > 0]


async def take(connection: AsyncConnection, offer: Offer, at: datetime, people: int) -> list[Row[Any]]:
    """Return the seats of one errand, locked until the end of the transaction: of so many people one behind the other.

    Raises ClaimRefused where there are not so many left.
    """
    # Times that only an earlier plan had lie between those of the present one, without a seat.
    from_then = seats.c.at >= clock.as_text(at), seats.c.capacity > 0
    named = select(seats.c.id, seats.c.at, seats.c.minutes).where(*_in_window(offer), *from_then)
    rows = (await connection.execute(named.order_by(seats.c.at).limit(people))).all()
    follow = [clock.as_text(at + timedelta(minutes=sum(row.minutes for row in rows[:n]))) for n in range(people)]
    if [row.at for row in rows] != follow:
        raise ClaimRefused("slot-full", "there are no seats at this time")
    locked = select(seats).where(seats.c.id.in_([row.id for row in rows])).order_by(seats.c.id)
    if is_postgres(connection):
        locked = locked.with_for_update()
    found = (await connection.execute(locked)).all()
    taken = await _taken(connection, [row.id for row in found], offer.now)
    if any(left(row, taken.get(row.id, _NONE), offer) < 1 for row in found):
        raise ClaimRefused("slot-full", "this time is taken: ask for the seats that are left")
    return sorted(found, key=lambda row: row.at)


def left(row: Row[Any], taken: Taken, offer: Offer) -> int:
    """Return how many of a row's seats this door can have."""
    day, local = date.fromisoformat(row.day), offer.now.astimezone(clock.CENTRE_TIME)
    opened: int = row.capacity
    if local < datetime.combine(day, time.fromisoformat(offer.rules.same_day_at), clock.CENTRE_TIME):
        opened -= row.same_day
    free_of_all: int = opened - taken.all
    if offer.door.is_desk or local >= datetime.combine(day - timedelta(days=1), DESK_UNTIL, clock.CENTRE_TIME):
        return max(0, free_of_all)
    for_all: int = opened - row.desk - (taken.all - taken.by_desk)
    return max(0, min(free_of_all, for_all))


async def lines(connection: AsyncConnection, centre: str, day: str, now: datetime) -> list[SeatLine]:
    """Return every time of a centre's day, by group and time."""
    until = claim_seats.c.until
    returns = case((claims.c.state == "cancelled", until))
    of_state = [
        func.count(case((claims.c.state == state, 1))).label(state) for state in ("booked", "arrived", "missed")
    ]
    joined = seats.join(claim_seats, claim_seats.c.seat == seats.c.id, isouter=True)
    joined = joined.join(claims, claims.c.id == claim_seats.c.claim, isouter=True)
    query = (
        select(seats, *of_state, func.min(case((returns > clock.as_text(now), returns))).label("returns"))
        .select_from(joined)
        .where(seats.c.centre == centre, seats.c.day == day)
        .group_by(*seats.c)
        .order_by(seats.c.queue, seats.c.at)
    )
    changes = await by_hand.in_force(connection, centre, day)
    return [
        SeatLine(
            row.queue,
            time_text(_moment(row.at)),
            row.minutes,
            row.capacity,
            row.booked + row.arrived + row.missed,
            row.arrived,
            row.missed,
            None if row.returns is None else time_text(_moment(row.returns)),
            _changed(changes, row),
        )
        for row in await connection.execute(query)
    ]


def _changed(changes: Changes, row: Row[Any]) -> str | None:
    local = _moment(row.at).astimezone(clock.CENTRE_TIME)
    change = by_hand.last_of(changes.get((row.queue, row.day), ()), half_hour_of(f"{local:%H:%M}"))
    return None if change is None else change.by


async def _taken(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> dict[int, Taken]:
    if not ids:
        return {}
    counts = claim_seats.c.until.is_(None) | (claim_seats.c.until > clock.as_text(now))
    by_desk = func.sum(case((claim_seats.c.by_desk, 1), else_=0))
    query = select(claim_seats.c.seat, func.count(), by_desk).where(claim_seats.c.seat.in_(ids), counts)
    rows = await connection.execute(query.group_by(claim_seats.c.seat))
    return {seat: Taken(int(n), int(desk)) for seat, n, desk in rows}


def _in_window(offer: Offer) -> tuple[ColumnElement[bool], ...]:
    last = clock.business_date(offer.now) + timedelta(days=offer.rules.window_days)
    return seats.c.centre == offer.centre, seats.c.queue == offer.queue, seats.c.day <= last.isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
