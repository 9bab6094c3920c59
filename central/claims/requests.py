"""Requests of other systems: one Idempotency-Key makes one claim, however often its answer was lost."""

from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.claimed import claim_requests, claims
from central.claims import booking
from central.claims.booking import Claimed, Held
from central.claims.wanted import Door, Wanted, read_time
from central.keys.keys import KeyRing
from common.protocol.field import Line, OrderId, Phone, ServiceCode, Word
from common.protocol.queue.claim import ClaimKind

KEPT_FOR: Final = timedelta(hours=48)
Who = Annotated[str, Meta(min_length=1, max_length=200)]
Key = Annotated[str, Meta(pattern=r"^[!-~]{1,128}\Z")]


class HoldRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A seat to be kept for ten minutes; `who` is the caller's own name for a person, of which an HMAC is kept."""

    centre: Word
    service: ServiceCode
    at: Line
    who: Who
    people: Annotated[int, Meta(ge=1, le=booking.MOST_PEOPLE)] = 1


class ClaimRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A claim to be made: of a hold, or at once. `at` is null for one from afar; `phone` is kept sealed."""

    hold: OrderId | None = None
    centre: Word | None = None
    service: ServiceCode | None = None
    at: Line | None = None
    kind: ClaimKind = "booked"
    who: Who | None = None
    phone: Phone | None = None
    people: Annotated[int, Meta(ge=1, le=booking.MOST_PEOPLE)] = 1


class Made(NamedTuple):
    """What a request has made; `is_repeat`: its key had made it before, and this time nothing was done."""

    claim: Claimed
    is_repeat: bool = False


class KeyReused(ValueError):
    """The same Idempotency-Key came with another request."""


async def hold(connection: AsyncConnection, ring: KeyRing, asked: HoldRequest, door: Door, now: datetime) -> Held:
    """Keep a seat. Raises ClaimRefused, ValueError."""
    wanted = Wanted(asked.centre, asked.service, read_time(asked.at), who=asked.who, people=asked.people)
    return await booking.hold(connection, ring, wanted, door, now)


async def claim(
    connection: AsyncConnection, ring: KeyRing, asked: ClaimRequest, door: Door, key: str | None, now: datetime
) -> Made:
    """Make a claim, or return the one that this key has made. Raises ClaimRefused, ValueError."""
    if key is not None:
        made = await _made_before(connection, ring, asked, door, key, now)
        if made is not None:
            return Made(made, is_repeat=True)
    made = await _make(connection, ring, asked, door, now)
    if key is not None:
        own = claim_requests.c.system == door.name, claim_requests.c.key == key
        await connection.execute(update(claim_requests).where(*own).values(claim=made.claim))
    return Made(made)


async def forget(connection: AsyncConnection, now: datetime) -> None:
    """Forget the keys of requests that nobody repeats any more."""
    old = claim_requests.c.at < clock.as_text(now - KEPT_FOR)
    await connection.execute(delete(claim_requests).where(old))


async def _make(connection: AsyncConnection, ring: KeyRing, asked: ClaimRequest, door: Door, now: datetime) -> Claimed:
    if asked.hold is not None:
        return await booking.book_held(connection, ring, asked.hold, door, now)
    if asked.centre is None or asked.service is None or asked.who is None:
        raise ValueError("expected either `hold`, or `centre`, `service`, `at` and `who`")
    at = None if asked.at is None else read_time(asked.at)
    wanted = Wanted(asked.centre, asked.service, at, asked.kind, asked.who, asked.people)
    return await booking.book(connection, ring, wanted, door, now)


async def _made_before(
    connection: AsyncConnection, ring: KeyRing, asked: ClaimRequest, door: Door, key: str, now: datetime
) -> Claimed | None:
    """Take a key, or return what it has made: who comes second waits here until the first is done."""
    digest = ring.vault().mark(msgspec.json.encode(asked).decode())  # it holds what names a person
    own = claim_requests.c.system == door.name, claim_requests.c.key == key
    await connection.execute(delete(claim_requests).where(*own, claim_requests.c.at < clock.as_text(now - KEPT_FOR)))
    row = {"system": door.name, "key": key, "request_sha256": digest, "claim": None, "at": clock.as_text(now)}
    if await insert_new(connection, claim_requests, [row]):
        return None
    known = (await connection.execute(select(claim_requests).where(*own))).one()
    if known.request_sha256 != digest:
        raise KeyReused("Idempotency-Key: this key was sent with another request before")
    return booking.claimed((await connection.execute(select(claims).where(claims.c.id == known.claim))).one())
