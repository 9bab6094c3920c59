"""Making a claim: held for ten minutes or at once, its code composed, and ending it again before it was used.

Locks are taken in one order, so that nobody waits for each other: the person, the day, the seats by id, the numbering
of changes, claims that stand there already.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import CLAIM_CHANGES_LOCK, is_postgres, lock
from central.base.tables.claimed import claim_seats, claims
from central.claims import codes, limits
from central.claims.centre import ClaimsCentre, centre_of
from central.claims.planned import seats
from central.claims.planned.seats import Offer
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Door, Wanted, time_text, who_mark
from central.keys.keys import KeyRing

HELD_FOR: Final = timedelta(minutes=10)
BACK_AFTER_MIN: Final = (10, 40)
MOST_PEOPLE: Final = 4
_DIGITS_TRIES: Final = 20


class Held(Struct, frozen=True):
    """A seat that is kept for somebody until a moment."""

    hold: str
    until: str


class Claimed(Struct, frozen=True):
    """A claim that is made."""

    claim: str
    code: str
    digits: str
    at: str


async def hold(connection: AsyncConnection, ring: KeyRing, wanted: Wanted, door: Door, now: datetime) -> Held:
    """Keep a seat for ten minutes. Raises ClaimRefused, ValueError."""
    centre = await centre_of(connection, wanted.centre, wanted.service)
    until = now + HELD_FOR
    claim_id = await _make(connection, ring, centre, wanted, door, _When(now, until))
    return Held(claim_id, time_text(until))


async def book(connection: AsyncConnection, ring: KeyRing, wanted: Wanted, door: Door, now: datetime) -> Claimed:
    """Make a claim. Raises ClaimRefused, ValueError."""
    centre = await centre_of(connection, wanted.centre, wanted.service)
    claim_id = await _make(connection, ring, centre, wanted, door, _When(now))
    return await _confirm(connection, ring, centre, claim_id, now)


async def book_held(connection: AsyncConnection, ring: KeyRing, held: str, door: Door, now: datetime) -> Claimed:
    """Make a claim of what this door holds; asked again, return the same. Raises ClaimRefused."""
    await lock(connection, CLAIM_CHANGES_LOCK)
    row = await find(connection, held, door)
    if row is None:
        raise ClaimRefused("hold-over", "nothing is held under this id")
    if row.state == "booked":
        return claimed(row)
    if row.state != "held" or row.held_until <= clock.as_text(now):
        raise ClaimRefused("hold-over", "the ten minutes are over: ask for the seats that are left")
    return await _confirm(connection, ring, await centre_of(connection, row.centre, row.service), held, now)


async def cancel(connection: AsyncConnection, claim_id: str, door: Door | None, now: datetime) -> bool:
    """End an open claim; its seats come back after a while that nobody can foresee. Return False where there is none.

    `door`: whose it must be; None: anybody's.
    """
    minutes = BACK_AFTER_MIN[0] + secrets.randbelow((BACK_AFTER_MIN[1] - BACK_AFTER_MIN[0]) * 60) / 60
    return await _end(connection, claim_id, door, "cancelled", now, now + timedelta(minutes=minutes))


async def withdraw(connection: AsyncConnection, claim_id: str, door: Door, now: datetime) -> bool:
    """Undo a claim that its owner never heard of: it does not count against him, its seats are free at once."""
    return await _end(connection, claim_id, door, "withdrawn", now, now)


async def find(connection: AsyncConnection, claim_id: str, door: Door | None) -> Row[Any] | None:
    """Return a claim, locked until the end of the transaction; None where this door has none of that id."""
    if not claim_id.isprintable():  # PostgreSQL's text knows no NUL
        return None
    query = select(claims).where(claims.c.id == claim_id)
    if door is not None:
        query = query.where(claims.c.made_by == door.name)
    return (await connection.execute(query.with_for_update() if is_postgres(connection) else query)).one_or_none()


def claimed(row: Row[Any]) -> Claimed:
    """Return what is told of a claim that is made."""
    return Claimed(row.id, row.code, row.digits, time_text(datetime.fromisoformat(row.at)))


async def next_change(connection: AsyncConnection) -> int:
    """Return the number of a change, in the order in which changes are seen; before any claim is locked."""
    await lock(connection, CLAIM_CHANGES_LOCK)
    return int(await connection.scalar(select(func.coalesce(func.max(claims.c.change), 0))) or 0) + 1


class _When(Struct, frozen=True):
    now: datetime
    held_until: datetime | None = None


async def _make(
    connection: AsyncConnection, ring: KeyRing, centre: ClaimsCentre, wanted: Wanted, door: Door, when: _When
) -> str:
    """Write a claim as held, with its seats, and return its id."""
    now = when.now
    if not 1 <= wanted.people <= MOST_PEOPLE:
        raise ValueError(f"people: found {wanted.people}, expected 1 to {MOST_PEOPLE}")
    who = who_mark(ring, door, wanted.centre, wanted.who)
    if who is not None:
        await limits.check_person(connection, who, wanted.service, now)
    at = centre.checked_time(wanted, door, now)
    day = clock.business_date(at).isoformat()
    if when.held_until is not None:
        await limits.check_held(connection, wanted.centre, day, now)
    taken: list[Row[Any]] = []
    if wanted.kind == "booked":
        if who is not None and day != clock.business_date(now).isoformat():
            await limits.check_missed(connection, who, now)
        offer = Offer(wanted.centre, centre.queue, centre.rules, door, now)
        taken = await seats.take(connection, offer, at, wanted.people)
    claim_id = secrets.token_hex(16)
    values = {
        "id": claim_id,
        "centre": wanted.centre,
        "service": wanted.service,
        "queue": centre.queue,
        "kind": wanted.kind,
        "day": day,
        "at": clock.as_text(at),
        "minutes": sum(row.minutes for row in taken) or centre.usual_minutes,
        "people": wanted.people,
        "credit_min": taken[0].credit_min if taken else centre.rules.afar_most_min,
        "state": "held",
        "held_until": None if when.held_until is None else clock.as_text(when.held_until),
        "who": who,
        "made_by": door.name,
        "made_on": clock.business_date(now).isoformat(),
        "made_at": clock.as_text(now),
        "change": await next_change(connection),
    }
    await connection.execute(insert(claims).values(values))
    if taken:
        rows = [
            {"claim": claim_id, "seat": row.id, "by_desk": door.is_desk, "until": values["held_until"]} for row in taken
        ]
        await connection.execute(insert(claim_seats), rows)
    return claim_id


async def _confirm(
    connection: AsyncConnection, ring: KeyRing, centre: ClaimsCentre, claim_id: str, now: datetime
) -> Claimed:
    """Give a held claim its digits and its code."""
    row = (await connection.execute(select(claims).where(claims.c.id == claim_id))).one()
    change = await next_change(connection)
    for _ in range(_DIGITS_TRIES):
        digits = codes.new_digits()
        taken = select(claims.c.id).where(
            claims.c.centre == row.centre, claims.c.digits == digits, claims.c.state == "booked"
        )
        if await connection.scalar(taken.limit(1)) is None:  # the lock of changes keeps others from taking them now
            break
    expires = centre.expires(datetime.fromisoformat(row.at))
    code = await codes.code_of(connection, ring, row, codes.Issue(digits, now, expires))
    values = {"state": "booked", "digits": digits, "code": code, "expires_at": clock.as_text(expires), "change": change}
    await connection.execute(update(claims).where(claims.c.id == claim_id).values(**values, held_until=None))
    await connection.execute(update(claim_seats).where(claim_seats.c.claim == claim_id).values(until=None))
    return Claimed(claim_id, code, digits, time_text(datetime.fromisoformat(row.at)))


async def _end(
    connection: AsyncConnection, claim_id: str, door: Door | None, state: str, now: datetime, back_at: datetime
) -> bool:
    await lock(connection, CLAIM_CHANGES_LOCK)
    row = await find(connection, claim_id, door)
    if row is None or row.state not in ("held", "booked"):
        return row is not None and row.state == state
    values = {"state": state, "ended_at": clock.as_text(now), "change": await next_change(connection)}
    await connection.execute(update(claims).where(claims.c.id == claim_id).values(values))
    until = clock.as_text(back_at)
    await connection.execute(update(claim_seats).where(claim_seats.c.claim == claim_id).values(until=until))
    return True
