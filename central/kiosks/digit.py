"""The digit of a kiosk's numbers: unique in its centre, given back only when no number of the day can bear it twice."""

from datetime import date, timedelta
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Text, and_, cast, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import digits, kiosks
from central.base.tables.told import feed
from central.base.tables.visited import tickets
from common.protocol.feed_message import BusinessDay

ALL: Final = range(1, 10)
# A revoked kiosk that has not heard of it goes on with its numbers: nobody else may have its digit meanwhile.
RESTS: Final = timedelta(days=7)
NEAR: Final = timedelta(days=14)
"""A kiosk whose clock is ahead opens no day beyond this (its `far_day`): a later one is nobody's."""


async def take(connection: AsyncConnection, centre: str, kiosk: str, wanted: int | None) -> int | None:
    """Give a kiosk a digit of its centre: the one wanted where it is free, else the lowest; None where none is left."""
    today = await _business_date(connection)
    taken = await _given(connection, centre, today) | await _borne(connection, centre, kiosk, today)
    free = [digit for digit in ALL if digit not in taken]
    if not free:
        return None
    digit = wanted if wanted in free else free[0]
    await connection.execute(insert(digits).values(centre=centre, digit=digit, kiosk=kiosk))
    return digit


async def free(connection: AsyncConnection, kiosk: str, rests: timedelta | None = None) -> None:
    """Take a kiosk's digit back; nobody gets it before the next business day, nor while it `rests`."""
    today = await _business_date(connection)
    until = None if rests is None else (date.fromisoformat(today) + rests).isoformat()
    in_use = digits.c.kiosk == kiosk, digits.c.freed_on.is_(None)
    await connection.execute(update(digits).where(*in_use).values(freed_on=today, rests_until=until))


def centre_on(
    kiosk: ColumnElement[str], day: ColumnElement[str], number: ColumnElement[str] | None = None
) -> ColumnElement[str]:
    """Return in which centre a machine stood on a business day, in a query of `kiosks`: its past stays where it was.

    On the day of a move a number tells by its digit; where the digit is the same, or there is no number, that day is
    the former centre's.
    """
    is_of_day = digits.c.freed_on >= day
    if number is not None:
        is_digit = cast(digits.c.digit, Text) == func.substr(number, 2, 1)
        is_of_day = or_(digits.c.freed_on > day, and_(digits.c.freed_on == day, is_digit))
    former = select(digits.c.centre).where(digits.c.kiosk == kiosk, is_of_day).order_by(digits.c.freed_on, digits.c.id)
    return func.coalesce(former.limit(1).scalar_subquery(), kiosks.c.centre)


async def _given(connection: AsyncConnection, centre: str, today: str) -> set[int]:
    """Return the digits that a kiosk of this centre has, or had until today."""
    still = or_(digits.c.freed_on.is_(None), digits.c.freed_on >= today, digits.c.rests_until >= today)
    return set(await connection.scalars(select(digits.c.digit).where(digits.c.centre == centre, still)))


async def _borne(connection: AsyncConnection, centre: str, kiosk: str, today: str) -> set[int]:
    """Return the digits that other kiosks' numbers of days near now bear: a restored central may not know whose.

    What a revoked one has sent takes no digit: its own rests by its row.
    """
    digit = func.substr(tickets.c.number, 2, 1)
    last = (date.fromisoformat(today) + NEAR).isoformat()
    others = kiosks.c.centre == centre, kiosks.c.role == "kiosk", kiosks.c.id != kiosk, kiosks.c.revoked_at.is_(None)
    query = select(digit).distinct().join_from(tickets, kiosks, tickets.c.kiosk == kiosks.c.id)
    found = await connection.scalars(query.where(tickets.c.business_day.between(today, last), *others))
    return {int(one) for one in found if one.isdecimal()}


async def _business_date(connection: AsyncConnection) -> str:
    """Return the latest of the clock's date and those published: the feed may have opened a day ahead of the clock."""
    published = await connection.scalars(select(feed.c.body).where(feed.c.kind == "business-day"))
    today = clock.business_date(clock.now()).isoformat()
    return max([today, *(msgspec.json.decode(body, type=BusinessDay).date for body in published)])
