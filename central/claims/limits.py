"""Against trading and bots: how many claims a person has, and how much of a day may be held.

Each is asked under a lock of the person or the day, so that two requests at a time are not both within the limit.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import lock
from central.base.tables.claimed import claim_seats, claims, seats
from central.claims.refusal import ClaimRefused

A_DAY: Final = 2
HELD_SHARE: Final = 0.03
HELD_LEAST: Final = 2
MISSED: Final = 2
MISSED_WITHIN: Final = timedelta(days=60)
SAME_DAY_ONLY_FOR: Final = timedelta(days=30)


async def check_person(connection: AsyncConnection, who: str, service: str, now: datetime) -> None:
    """Raise ClaimRefused where the person has an open claim for the service, or had two of today."""
    await lock(connection, _key(f"who {who}"))
    own = claims.c.who == who
    is_held = (claims.c.state == "held") & (claims.c.held_until > clock.as_text(now))
    is_open = is_held | ((claims.c.state == "booked") & (claims.c.day >= clock.business_date(now).isoformat()))
    if await connection.scalar(select(claims.c.id).where(own, claims.c.service == service, is_open).limit(1)):
        raise ClaimRefused("open-claim", "this person has an open claim for this service: use or cancel it first")
    counts = is_held | claims.c.state.in_(("booked", "arrived", "missed", "cancelled"))
    today = claims.c.made_on == clock.business_date(now).isoformat()
    if await _count(connection, own, today, counts) >= A_DAY:
        raise ClaimRefused("too-many", f"this person has made {A_DAY} claims today; cancelled ones count: try tomorrow")


async def check_missed(connection: AsyncConnection, who: str, now: datetime) -> None:
    """Raise ClaimRefused where the person may have a seat of the same day alone."""
    missed = claims.c.who == who, claims.c.state == "missed", claims.c.kind == "booked", claims.c.off.is_(None)
    query = select(func.count(), func.max(claims.c.at)).where(
        *missed, claims.c.at >= clock.as_text(now - MISSED_WITHIN)
    )
    count, last = (await connection.execute(query)).one()
    if count >= MISSED and last > clock.as_text(now - SAME_DAY_ONLY_FOR):
        raise ClaimRefused("same-day-only", "two appointments were missed: for 30 days only seats of the same day")


async def check_held(connection: AsyncConnection, centre: str, day: str, now: datetime) -> None:
    """Raise ClaimRefused where as much of a day is held as may be."""
    await lock(connection, _key(f"held {centre} {day}"))
    of_day = seats.c.centre == centre, seats.c.day == day
    capacity = int(await connection.scalar(select(func.coalesce(func.sum(seats.c.capacity), 0)).where(*of_day)) or 0)
    query = select(func.count()).select_from(claim_seats.join(seats, seats.c.id == claim_seats.c.seat))
    query = query.join(claims, claims.c.id == claim_seats.c.claim)
    held = await connection.scalar(
        query.where(*of_day, claims.c.state == "held", claims.c.held_until > clock.as_text(now))
    )
    if int(held or 0) >= max(HELD_LEAST, int(capacity * HELD_SHARE)):
        raise ClaimRefused("too-many", "as many seats of that day are held as may be: book, or try in ten minutes")


async def _count(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> int:
    return int(await connection.scalar(select(func.count()).select_from(claims).where(*conditions)) or 0)


def _key(name: str) -> int:
    """Return an advisory lock of the name: PostgreSQL's are signed 64-bit numbers."""
    return int.from_bytes(hashlib.sha256(f"claims {name}".encode()).digest()[:8], signed=True)
