"""Putting messages into the outbox: one a kind and event, however often it is told."""

import uuid
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.enrolled import centres
from central.base.tables.messages import messages
from central.kiosks.centres import BROUGHT
from central.messages.contacts import Subject
from central.messages.texts import Said, compose
from central.publishing.messages import rules_of
from common.messages import outbox
from common.messages.kind import Kind

A_DAY_A_PERSON: Final = 5
AN_HOUR: Final = 200
_SPACE: Final = uuid.UUID("2d1c1f0a-6f55-4f0e-9d0b-5f0a7f6f6b52")
_PUT_LATER: Final = dict.fromkeys(("channel", "until", "handed_at", "reference", "recipient", "cost", "number"))


class Wish(Struct, frozen=True, kw_only=True):
    """A message that is wanted: `event` tells it from another of the kind on the same order, claim or watch.

    `dies_at` is for kinds that are of use until a moment of their own. `centre` is whose rules bind it.
    """

    kind: Kind
    subject: Subject
    about: str
    event: str = ""
    centre: str | None = None
    said: Said = Said()
    dies_at: datetime | None = None


async def put(connection: AsyncConnection, wish: Wish, *, by_hand: bool = False) -> str | None:
    """Put a message in; return its id, None where it is there already or this kind is not sent for the centre.

    This is the one way in, for claims too: `claim-tomorrow` and `claim-off` with the subject `claim`, its id, the
    claim's time as `dies_at`, and the number by `contacts.keep`. Raises ValueError where `dies_at`, or what each text
    of the kind says, is missing.
    """
    compose(wish.kind, wish.said, "ar")
    if not by_hand and wish.kind not in (await rules_of(connection, wish.centre)).kinds:
        return None
    values = outbox.new(wish.kind, clock.now(), wish.dies_at)
    own = {"subject": wish.subject, "about": wish.about, "event": wish.event, "centre": wish.centre}
    said = msgspec.json.encode(wish.said).decode()
    if wish.subject == "claim" and not by_hand:  # told again after a restore it is the same one to the app
        values["id"] = str(uuid.uuid5(_SPACE, f"{wish.kind} {wish.about} {wish.event}"))
    row = values | own | _PUT_LATER | {"said": said}
    return str(row["id"]) if await insert_new(connection, messages, [row]) else None


async def names_of(connection: AsyncConnection, centre: str | None) -> dict[str, str] | None:
    """Return what a centre is called, None where nobody has said."""
    row = (await connection.execute(select(centres).where(centres.c.code == centre))).one_or_none()
    return BROUGHT.get(centre or "") if row is None else {"ar": row.name_ar, "en": row.name_en}


async def why_not_yet(connection: AsyncConnection, recipient: str, now: datetime) -> datetime | None:
    """Return when to look again, where a number was written to often enough, or all numbers were; else None."""
    mine = outbox.went_out(messages, now - timedelta(days=1), messages.c.recipient == recipient)
    of_all = outbox.went_out(messages, now - timedelta(hours=1))
    for counted, most in ((mine, A_DAY_A_PERSON), (of_all, AN_HOUR)):
        if int(await connection.scalar(counted) or 0) >= most:
            return now + timedelta(minutes=10)
    return None


async def is_first_to(connection: AsyncConnection, recipient: str) -> bool:
    """Return whether a number was not written to since messages are kept."""
    known = select(messages.c.id).where(messages.c.recipient == recipient, messages.c.handed_at.is_not(None))
    return await connection.scalar(known.limit(1)) is None
