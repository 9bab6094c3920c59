"""One question, one answer: asked again it is said again, undone it is never done any more.

A question whose time is over is not begun. So a copy that is sent again after its row has gone does nothing either.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from msgspec import UNSET, UnsetType
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.tables.asked import inquiries
from central.inquiries.answerers import Answerer, Answerers, Asker, Found, Question, Refusal
from central.keys import sharing
from central.keys.keys import SEAL_SUITE, KeyMissingError, KeyRing
from common.protocol.inquiry import KEPT_S, KINDS, Inquiry, InquiryAnswer, SealedPart, answer_info, inquiry_info

MOST_A_MINUTE: Final = 300
"""Of one kiosk or hub: more than all desks of a centre ask, and far below what would keep a server busy."""
APART_S: Final = 5.0
"""A kiosk's idea of central's time is an hour old, and was measured over its line."""
_row = inquiries.c


class Conflict(Exception):
    """The same id with another question."""


class TooMany(Exception):
    """More new questions than one machine may ask in a minute."""


async def ask(
    connection: AsyncConnection, ring: KeyRing, answerers: Answerers, asker: Asker, inquiry: Inquiry
) -> InquiryAnswer:
    """Answer a question, or undo it, within the caller's transaction. Raises Conflict or TooMany."""
    digest = hashlib.sha256(msgspec.json.encode([inquiry.kind, inquiry.body, inquiry.reply_key or None])).hexdigest()
    moment = clock.now()
    new = dict.fromkeys((column.name for column in inquiries.columns), None) | {
        "kiosk": asker.kiosk,
        "id": inquiry.id,
        "kind": inquiry.kind,
        "sha256": None if inquiry.undo else digest,
        "state": "pending",
        "revision": 0,
        "reply_key": None if inquiry.reply_key is UNSET else inquiry.reply_key,
        "at": clock.as_text(moment),
    }
    if not await insert_new(connection, inquiries, [new]):  # waits for who answers the same id at this moment
        row = await _known(connection, asker.kiosk, inquiry.id)
        if row.kind != inquiry.kind or not (inquiry.undo or row.sha256 in (digest, None)):
            raise Conflict(inquiry.id)
        return await _undo(connection, answerers, asker, row) if inquiry.undo else answer_of(ring, row)
    await _bound(connection, asker.kiosk, clock.as_text(moment - timedelta(minutes=1)))
    if inquiry.undo or not _is_alive(inquiry):
        values: dict[str, Any] = {"state": "withdrawn"}
    else:
        values = await _answered(connection, ring, answerers.get(inquiry.kind), asker, inquiry)
    await _change(connection, asker.kiosk, inquiry.id, values)
    return answer_of(ring, await _known(connection, asker.kiosk, inquiry.id))


async def tell(connection: AsyncConnection, ring: KeyRing, kiosk: str, inquiry: str, found: Found) -> None:
    """Say what has become of a pending question; who waits for it hears of it. One that is over stays as it is."""
    row = await find(connection, kiosk, inquiry)
    if row is not None and row.state == "pending":
        values = _kept(ring, kiosk, inquiry, row.reply_key, found)
        await _change(connection, kiosk, inquiry, values | {"revision": row.revision + 1})


async def refuse(connection: AsyncConnection, ring: KeyRing, kiosk: str, inquiry: str, reason: str) -> None:
    """Answer a pending question by no; one that is over stays as it is."""
    row = await find(connection, kiosk, inquiry)
    if row is not None and row.state == "pending":
        values = _kept(ring, kiosk, inquiry, None, Found({"reason": reason}, reference=row.reference))
        await _change(connection, kiosk, inquiry, values | {"state": "refused", "revision": row.revision + 1})


async def find(connection: AsyncConnection, kiosk: str, inquiry: str) -> Row[Any] | None:
    """Return what is known of a question, None where there is nothing (any more)."""
    query = select(inquiries).where(_row.kiosk == kiosk, _row.id == inquiry)
    return (await connection.execute(query)).one_or_none()


def answer_of(ring: KeyRing, row: Row[Any]) -> InquiryAnswer:
    """Return the answer that a row holds."""
    said: dict[str, Any] | UnsetType = UNSET
    if row.answer is not None:
        said = msgspec.json.decode(ring.vault().open(_place(row.kiosk, row.id), row.answer))
    return InquiryAnswer(row.id, row.state, said, row.revision if row.state == "pending" else UNSET)


async def forget(connection: AsyncConnection) -> None:
    """Remove what is over its day."""
    before = clock.as_text(clock.now() - timedelta(seconds=KEPT_S))
    await connection.execute(delete(inquiries).where(_row.at < before))


async def _known(connection: AsyncConnection, kiosk: str, inquiry: str) -> Row[Any]:
    query = select(inquiries).where(_row.kiosk == kiosk, _row.id == inquiry).with_for_update()
    return (await connection.execute(query)).one()


async def _undo(connection: AsyncConnection, answerers: Answerers, asker: Asker, row: Row[Any]) -> InquiryAnswer:
    if row.reference is not None:
        await answerers[row.kind].undo(connection, asker, row.reference)
    gone = {"state": "withdrawn", "answer": None, "reference": None}
    await _change(connection, row.kiosk, row.id, gone)
    return InquiryAnswer(row.id, "withdrawn")


def _is_alive(inquiry: Inquiry) -> bool:
    """Whether a question may still be begun: its time is not over, and no later than its kind's life allows.

    Of a kind of a newer hub nobody here knows how long it lives; it is not begun either, but refused by its name.
    """
    dies_at, now = clock.read(inquiry.dies_at), clock.now()
    if inquiry.kind not in KINDS:
        return dies_at is not None and now - timedelta(seconds=APART_S) < dies_at
    lives = timedelta(seconds=KINDS[inquiry.kind].lives_s)
    apart = timedelta(seconds=APART_S)
    return dies_at is not None and now - apart < dies_at <= now + lives + apart


async def _bound(connection: AsyncConnection, kiosk: str, since: str) -> None:
    asked = select(func.count()).select_from(inquiries).where(_row.kiosk == kiosk, _row.at > since)
    if (await connection.scalar(asked) or 0) > MOST_A_MINUTE:
        raise TooMany(kiosk)


async def _answered(
    connection: AsyncConnection, ring: KeyRing, answerer: Answerer | None, asker: Asker, inquiry: Inquiry
) -> dict[str, Any]:
    key = None if inquiry.reply_key is UNSET else inquiry.reply_key
    if answerer is None:
        return _refused(ring, asker, inquiry, Refusal("unknown-kind"))
    if key is not None and not _can_be_sealed_to(key):
        return _refused(ring, asker, inquiry, Refusal("unreadable"))
    try:
        body = await _opened(connection, ring, asker.kiosk, inquiry)
        async with connection.begin_nested():  # who refuses has changed nothing
            found = await answerer.answer(connection, ring, Question(inquiry.id, asker, body))
    except Refusal as refusal:
        return _refused(ring, asker, inquiry, refusal)
    return _kept(ring, asker.kiosk, inquiry.id, key, found)


def _refused(ring: KeyRing, asker: Asker, inquiry: Inquiry, refusal: Refusal) -> dict[str, Any]:
    said = Found({"reason": refusal.reason, **refusal.detail})
    return _kept(ring, asker.kiosk, inquiry.id, None, said) | {"state": "refused"}


async def _opened(connection: AsyncConnection, ring: KeyRing, kiosk: str, inquiry: Inquiry) -> dict[str, Any]:
    """Return the body with its sealed fields opened. Raises Refusal where they do not open."""
    if "sealed" not in inquiry.body:
        return inquiry.body
    try:
        part = msgspec.convert(inquiry.body["sealed"], SealedPart)
        if not ring.has("sealing", part.kid):  # another machine made it
            await sharing.fetch(connection, ring)
        data = base64.b64decode(part.data, validate=True)
        text = SEAL_SUITE.decrypt(data, ring.sealing(part.kid), inquiry_info(kiosk, inquiry.id))
        personal = msgspec.json.decode(text, type=dict[str, Any])
    except (KeyMissingError, InvalidTag, ValueError, RecursionError) as error:
        raise Refusal("unsealable") from error
    return {name: value for name, value in inquiry.body.items() if name != "sealed"} | personal


def _can_be_sealed_to(key: str) -> bool:
    """Try a key as its question comes: with some points every secret is zero, and nothing can be sealed to them.

    RFC 7748, section 6.1. Once something hangs on the question, its answer must not fail.
    """
    try:
        SEAL_SUITE.encrypt(b"", X25519PublicKey.from_public_bytes(base64.b64decode(key)))
    except ValueError:
        return False
    return True


def _kept(ring: KeyRing, kiosk: str, inquiry: str, reply_key: str | None, found: Found) -> dict[str, Any]:
    """Return an answer as its row keeps it; its personal part can be read by its asker alone, who gave a key for it."""
    said = found.answer | found.personal
    if reply_key is not None and found.personal:
        to = X25519PublicKey.from_public_bytes(base64.b64decode(reply_key))
        data = SEAL_SUITE.encrypt(msgspec.json.encode(found.personal), to, info=answer_info(kiosk, inquiry))
        said = found.answer | {"sealed": base64.b64encode(data).decode()}
    text = ring.vault().seal(_place(kiosk, inquiry), msgspec.json.encode(said).decode())
    return {"state": "answered" if found.is_final else "pending", "answer": text, "reference": found.reference}


async def _change(connection: AsyncConnection, kiosk: str, inquiry: str, values: dict[str, Any]) -> None:
    await connection.execute(update(inquiries).where(_row.kiosk == kiosk, _row.id == inquiry).values(**values))


def _place(kiosk: str, inquiry: str) -> str:
    return f"inquiries/{kiosk}/{inquiry}"
