"""What the offices publish for some days: days of the calendar and notices. Checks are those of `central publish`."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.offices import operations
from central.offices.operators import Operator
from central.offices.people import NotAllowed
from central.offices.publishing import may_publish
from central.publishing import calendar, in_force, notices
from common.protocol.feed_message import CalendarDay
from common.protocol.notice import Notice


@dataclass(frozen=True, slots=True)
class Announced:
    """What is published for a centre, or for all: days from today on, notices that are not over."""

    days: Sequence[CalendarDay]
    notices: Sequence[Notice]


async def read(connection: AsyncConnection, centre: str) -> Announced:
    """Return what a centre's own calendar and notices say, or for an empty code those of all."""
    today, now = _today(), clock.now()
    days = sorted(await _days(connection, centre), key=lambda one: one.date)
    mine = [one for one in await _notices(connection, centre) if not one.is_over(now)]
    return Announced([day for day in days if day.date >= today], mine)


async def set_day(connection: AsyncConnection, operator: Operator, centre: str, day: CalendarDay) -> None:
    """Publish a day; it takes the place of what was said of its date.

    Raises:
        NotAllowed: it is not this operator's to do.
        ValueError: a day that no kiosk could go by, or one that is over.
    """
    if day.date < (today := _today()):
        raise ValueError(f"date: found {day.date[:10]!r}, expected a day from {today} on")
    await _replace_day(connection, operator, centre, day.date, [day])
    await operations.note(connection, operator.name, "day-published", {"centre": centre or "*", "day": day.date})


async def take_day_back(connection: AsyncConnection, operator: Operator, centre: str, date: str) -> None:
    """Have a day be as usual again. Raises as `set_day`."""
    await _replace_day(connection, operator, centre, date, [])
    await operations.note(connection, operator.name, "day-taken-back", {"centre": centre or "*", "day": date})


async def add_notice(connection: AsyncConnection, operator: Operator, centre: str, told: dict[str, Any]) -> None:
    """Publish a notice beside those that stand. Raises as `set_day`."""
    name = f"notice-{clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"  # two may be posted in one second
    await _replace_notice(connection, operator, centre, name, [{"id": name, **told}])
    await operations.note(connection, operator.name, "notice-published", {"centre": centre or "*", "notice": name})


async def take_notice_back(connection: AsyncConnection, operator: Operator, centre: str, name: str) -> None:
    """Take a notice back. Raises as `set_day`."""
    await _replace_notice(connection, operator, centre, name, [])
    await operations.note(connection, operator.name, "notice-taken-back", {"centre": centre or "*", "notice": name})


def _today() -> str:
    return clock.now().astimezone(clock.CENTRE_TIME).date().isoformat()


async def _replace_day(
    connection: AsyncConnection, operator: Operator, centre: str, date: str, days: list[CalendarDay]
) -> None:
    await _begin(connection, operator, centre)
    year = date[:4]
    others = [day for day in await _days(connection, centre) if day.date[:4] == year and day.date != date]
    told: dict[str, Any] = {"centre": centre or None, "days": [*others, *days]}
    if not days:
        told["year"] = int(year) if year.isdecimal() else year
    await calendar.publish(connection, msgspec.json.encode(told))


async def _replace_notice(
    connection: AsyncConnection, operator: Operator, centre: str, name: str, told: list[dict[str, Any]]
) -> None:
    await _begin(connection, operator, centre)
    now = clock.now()
    others = [one for one in await _notices(connection, centre) if one.id != name and not one.is_over(now)]
    content = {"centre": centre or None, "notices": [*told, *others]}
    await notices.publish(connection, msgspec.json.encode(content))


async def _begin(connection: AsyncConnection, operator: Operator, centre: str) -> None:
    """Have nobody else publish between what is read here and what is written."""
    if not may_publish(operator, centre):
        raise NotAllowed
    await lock(connection, FEED_LOCK)


async def _days(connection: AsyncConnection, centre: str) -> list[CalendarDay]:
    own = await in_force.calendars(connection, centre or None)
    return [day for one in own if one.centre == (centre or None) for day in one.days]


async def _notices(connection: AsyncConnection, centre: str) -> list[Notice]:
    own = await in_force.notices(connection, centre or None)
    return [notice for one in own if one.centre == (centre or None) for notice in one.notices]
