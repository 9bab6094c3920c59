"""What centres are told of claims by the feed: what a day expects, to their hubs, and what is withdrawn, to all."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.claimed import claims, seats
from central.claims.planned.plan import SeatPlan
from central.claims.wanted import day_key
from central.feed import Audience
from central.keys.keys import KeyRing
from common.protocol.claim_feed import (
    MOST_CLAIMS,
    MOST_WITHDRAWN,
    ClaimOfDay,
    ClaimsToday,
    ClaimsWithdrawn,
    SeatsOfDay,
    digits_mark,
)

#: A hub without a line overnight knows its day, and the next.
DAYS_TOLD: Final = 3
#: So long its last word stays in the feed: a hub that hears all again knows who comes within two working days.
DAYS_KEPT: Final = 6
_PREFIX: Final = 16


async def tell(connection: AsyncConnection, ring: KeyRing, plan: SeatPlan, now: datetime) -> None:
    """Tell a centre what has changed since it was told last."""
    today = clock.business_date(now)
    for ahead in range(DAYS_TOLD):
        day = today + timedelta(days=ahead)
        # Days take turns at few keys: a later one replaces one that is over, so no snapshot tells of all days.
        key = f"{plan.centre}/{day.toordinal() % (DAYS_TOLD + DAYS_KEPT)}"
        await _tell(connection, "claims-today", key, await _day(connection, ring, plan, day.isoformat()))
    await _tell(connection, "claims-withdrawn", plan.centre, await _withdrawn(connection, plan, now))


async def _day(connection: AsyncConnection, ring: KeyRing, plan: SeatPlan, date: str) -> ClaimsToday:
    # Who has arrived is told too: a hub that comes back judges his ticket only then.
    of_day = claims.c.centre == plan.centre, claims.c.day == date, claims.c.state.in_(("booked", "arrived"))
    query = select(claims).where(*of_day).order_by(claims.c.at, claims.c.id).limit(MOST_CLAIMS)
    rows = (await connection.execute(query)).all()
    planned = select(seats).where(seats.c.centre == plan.centre, seats.c.day == date, seats.c.capacity > 0)
    expected = await connection.execute(planned.order_by(seats.c.at, seats.c.queue))
    key = day_key(ring, plan.centre, date)
    return ClaimsToday(
        plan.centre,
        date,
        key,
        [_of_day(row, key) for row in rows],
        [SeatsOfDay(row.queue, _unix(row.at), row.capacity) for row in expected],
        plan.rules.of_showing,
    )


async def _withdrawn(connection: AsyncConnection, plan: SeatPlan, now: datetime) -> ClaimsWithdrawn:
    is_gone = claims.c.state.in_(("cancelled", "withdrawn")) & (claims.c.expires_at > clock.as_text(now))
    query = select(claims.c.id).where(claims.c.centre == plan.centre, is_gone).order_by(claims.c.id)
    query = query.limit(MOST_WITHDRAWN)
    prefixes = [claim[:_PREFIX] for claim in await connection.scalars(query)]
    return ClaimsWithdrawn(plan.centre, prefixes, plan.rules.of_showing)


async def _tell(connection: AsyncConnection, kind: str, key: str, body: Struct) -> None:
    if await feed.newest_body(connection, kind, key) == _text(body):
        return
    await lock(connection, FEED_LOCK)  # another central may be telling it at this moment
    last = await feed.newest_body(connection, kind, key)
    if last != _text(body) and _says_something(body, last):
        await feed.append(connection, kind, body, key=key, audience=Audience(key.split("/", maxsplit=1)[0]))


def _says_something(body: Struct, before: str | None) -> bool:
    """Return whether a first word is worth a message: a day without seats is told only to take something back."""
    return before is not None or not isinstance(body, ClaimsToday) or bool(body.claims or body.seats)


def _text(body: Struct) -> str:
    return msgspec.json.encode(body).decode()


def _of_day(row: Row[Any], key: str) -> ClaimOfDay:
    mark = digits_mark(key, row.digits)
    times = _unix(row.at), row.minutes, row.credit_min, _unix(row.expires_at)
    return ClaimOfDay(row.id, mark, row.service, row.queue, row.kind, *times)


def _unix(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
