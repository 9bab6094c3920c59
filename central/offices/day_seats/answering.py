"""A centre's day of appointments, seen and changed by its manager at the hub: central decides, and keeps it."""

import contextlib
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.enrolled import clerks
from central.claims.planned import changing
from central.claims.planned.changing import Day, Seats, Wanted
from central.claims.refusal import ClaimRefused
from central.inquiries.answerers import NO_CONTROL, Answerer, Answerers, Asker, Found, Question, Refusal, read
from central.keys.keys import KeyRing
from central.offices.day_seats import acts
from central.offices.operations import HUB
from common.protocol.field import Count, Prefix

_MADE: Final = "made"
_UNDONE: Final = "undone"
MOST_CHANGES: Final = 20
"""Told of a day, the newest: a whole day fits into an answer."""
HalfHourOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[03]0\Z")]


class _Seen(Struct, frozen=True):
    day: date
    group: Prefix


_Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=NO_CONTROL)]


class _Change(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the group's half hours, null for each of the day, gets how many seats; `by`: who says so at the hub."""

    day: date
    group: Prefix
    seats: Seats
    by: _Name
    at: HalfHourOfDay | None = None


class _Back(Struct, frozen=True, forbid_unknown_fields=True):
    """Which change is taken back; day and group are those that the answer shows."""

    day: date
    group: Prefix
    back: Count
    by: _Name


async def _seen(connection: AsyncConnection, _ring: KeyRing, question: Question) -> Found:
    _of_hub(question)
    asked = read(question, _Seen)
    return Found(await _day(connection, question, asked.day, asked.group))


async def _change(connection: AsyncConnection, _ring: KeyRing, question: Question) -> Found:
    _of_hub(question)
    asker, now = question.asker, clock.now()
    made: int | None = None
    asked: _Back | _Change = read(question, _Back) if "back" in question.body else read(question, _Change)
    by = f"{HUB}{asker.kiosk}/{await _name_of(connection, asker.centre, asked.by)}"
    try:
        if isinstance(asked, _Back):
            await acts.take_back(connection, asker.centre, asked.back, by, now)
            reference: str | None = f"{_UNDONE}:{asked.back}"
        else:
            wanted = Wanted(asked.group, asked.day, asked.seats, asked.at)
            made = await acts.change(connection, asker.centre, wanted, by, now)
            reference = None if made is None else f"{_MADE}:{made}"
    except ClaimRefused as error:
        raise Refusal(error.reason) from error
    said = await _day(connection, question, asked.day, asked.group)
    return Found(said | {"change": made}, reference=reference)


async def _undo(connection: AsyncConnection, asker: Asker, reference: str) -> None:
    what, _, number = reference.partition(":")
    if what == _UNDONE:
        await acts.hold_again(connection, asker.centre, int(number), f"{HUB}{asker.kiosk}", clock.now())
        return
    with contextlib.suppress(ClaimRefused):  # somebody took it back before, or its day is over
        await acts.take_back(connection, asker.centre, int(number), f"{HUB}{asker.kiosk}", clock.now())


async def _day(connection: AsyncConnection, question: Question, day: date, group: str) -> dict[str, object]:
    seen = await changing.seen(connection, question.asker.centre, day, group, clock.now())
    told: dict[str, object] = msgspec.to_builtins(Day(seen.day, seen.half_hours, seen.changes[:MOST_CHANGES]))
    return told


async def _name_of(connection: AsyncConnection, centre: str, clerk: str) -> str:
    """Return the name of whom the hub knows by an id: it outlives the PIN, in the log and beside the change."""
    own = clerks.c.centre == centre, clerks.c.id == clerk
    return await connection.scalar(select(clerks.c.name).where(*own)) or clerk


def _of_hub(question: Question) -> None:
    """Raise Refusal where it is no hub that asks: at a kiosk anybody stands."""
    if question.asker.role != "hub":
        raise Refusal("hubs-only")


ANSWERERS: Final[Answerers] = {"day-seats": Answerer(_seen), "capacity": Answerer(_change, _undo)}
