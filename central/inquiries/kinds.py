"""Which kinds of question are answered, an entry each; a kind that has none is refused by its name."""

from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.asked import inquiries
from central.claims import booking
from central.claims import inquiries as claims
from central.claims.refusal import ClaimRefused
from central.claims.wanted import Door, Wanted, of_machine, read_time
from central.inquiries.answerers import NO_CONTROL, Answerer, Answerers, Asker, Found, Question, Refusal, read
from central.keys.keys import KeyRing
from common.protocol.field import ServiceCode
from common.protocol.queue.claim import ClaimKind

AN_HOUR: Final = 6
"""Bookings of one kiosk, as it counts them itself: a stolen key must not take a week's seats in a minute."""
_Text = Annotated[str, Meta(min_length=1, max_length=700, pattern=NO_CONTROL)]
_People = Annotated[int, Meta(ge=1, le=4)]


class _Seats(Struct, frozen=True, rename={"since": "from"}):
    service: ServiceCode
    since: _Text


class _Claim(Struct, frozen=True):
    service: ServiceCode
    who: _Text
    at: _Text | None = None
    kind: ClaimKind = "booked"
    people: _People = 1


class _Cancel(Struct, frozen=True):
    digits: _Text | None = None
    code: _Text | None = None


async def _seats(connection: AsyncConnection, _ring: KeyRing, question: Question) -> Found:
    asked = read(question, _Seats)
    centre, since = question.asker.centre, _time(asked.since)
    try:
        answer = await claims.free_seats(connection, centre, asked.service, since, _door(question.asker), clock.now())
    except ClaimRefused as error:
        raise Refusal(error.reason) from error
    return Found(msgspec.to_builtins(answer))


async def _claim(connection: AsyncConnection, ring: KeyRing, question: Question) -> Found:
    asked = read(question, _Claim)
    at = None if asked.at is None else _time(asked.at)
    if question.asker.role == "kiosk" and await _booked_lately(connection, question.asker.kiosk) >= AN_HOUR:
        raise Refusal("too-many", {"of": "machine"})
    wanted = Wanted(question.asker.centre, asked.service, at, asked.kind, asked.who, asked.people)
    try:
        made = await booking.book(connection, ring, wanted, _door(question.asker), clock.now())
    except ClaimRefused as error:
        raise Refusal(error.reason) from error
    except ValueError as error:
        raise Refusal("unreadable") from error
    return Found({"claim": made.claim, "at": made.at}, {"code": made.code, "digits": made.digits}, made.claim)


async def _booked_lately(connection: AsyncConnection, kiosk: str) -> int:
    """Count what a kiosk has booked within the hour; what was undone since, unseen, holds no seat and counts for none.

    Each question is answered once and kept for a day, so that nothing is counted that another table has forgotten.
    """
    since = clock.as_text(clock.now() - timedelta(hours=1))
    own = inquiries.c.kiosk == kiosk, inquiries.c.kind == "claim", inquiries.c.at > since
    answered = select(func.count()).select_from(inquiries).where(*own, inquiries.c.state == "answered")
    return int(await connection.scalar(answered) or 0)


async def _undo_claim(connection: AsyncConnection, asker: Asker, reference: str) -> None:
    """Undo a booking whose answer was never shown: nobody holds a seat that he never heard of."""
    await booking.withdraw(connection, reference, _door(asker), clock.now())


async def _cancel(connection: AsyncConnection, _ring: KeyRing, question: Question) -> Found:
    asked = read(question, _Cancel)
    shown = asked.code or asked.digits
    if shown is None:
        raise Refusal("unreadable")
    answer = await claims.cancel(connection, question.asker.centre, shown, clock.now())
    if answer is None:
        raise Refusal("unknown-claim")
    return Found(msgspec.to_builtins(answer))


ANSWERERS: Final[Answerers] = {
    "seats": Answerer(_seats),
    "claim": Answerer(_claim, _undo_claim),
    "claim-cancel": Answerer(_cancel),
}


def _time(text: str) -> datetime:
    try:
        return read_time(text)
    except ValueError as error:
        raise Refusal("unreadable") from error


def _door(asker: Asker) -> Door:
    return of_machine("hub" if asker.role == "hub" else "kiosk", asker.kiosk)
