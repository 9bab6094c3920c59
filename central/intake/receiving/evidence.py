"""Evidence of batches, looked at again: who signed what, long after TLS has forgotten it.

A batch's signature covers the digest of its body. The body itself isn't kept; where it held items and nothing beside
them, it is composed again from the inbox and has that digest. Each item bears its own hash in any case.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.transactions import reading
from central.base.tables.enrolled import kiosks
from central.base.tables.kept import retention
from central.base.tables.received import GONE, batches, inbox
from common.protocol.envelope import Batch, Item, item_hash
from common.protocol.message_signature import SignatureRefused, verify_request

MOST_NAMED: Final = 20
EXPORT: Final = "export"


class Verified(Struct):
    """What was found. `whole`: signature and items; `signed`: the signature, its body can't be composed again.

    `exported` came on a stick. Of `gone` items the content was deleted by rule: nothing proves them any more.
    `wrong`: the first 20 faults.
    """

    batches: int = 0
    items: int = 0
    whole: int = 0
    signed: int = 0
    exported: int = 0
    gone: int = 0
    wrong: list[str] = []


async def verify(engine: AsyncEngine, kiosk: str | None = None) -> Verified:
    """Look at every batch, or at those of one kiosk."""
    found = Verified()
    async with reading(engine) as connection:
        rules = await connection.execute(select(retention.c.kind, retention.c.gone_before))
        gone_before = {row.kind: row.gone_before or "" for row in rules}
        known = select(kiosks).order_by(kiosks.c.id)
        for sender in (await connection.execute(known if kiosk is None else known.where(kiosks.c.id == kiosk))).all():
            items = await _items_of(connection, sender.id)
            for item in (item for brought in items.values() for item in brought):
                if item.body == GONE:
                    found.gone += 1
                    continue
                found.items += 1
                if item_hash(sender.id, item) != item.hash:
                    _name(found, f"item {item.id} of {sender.id} does not bear its hash: it was altered")
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(sender.public_key))
            for batch in await connection.execute(select(batches).where(batches.c.kiosk == sender.id)):
                found.batches += 1
                brought = items.get(batch.id, [])
                if any(item.body == GONE and not _may_be_gone(item, batch, gone_before) for item in brought):
                    _name(found, f"batch {batch.id} of {sender.id} lacks items' contents, and no rule deleted them")
                _judge(found, batch, brought, key)
    return found


def _may_be_gone(item: Item, batch: Row[Any], gone_before: Mapping[str, str]) -> bool:
    """Return whether a rule may have deleted an item's content: that of items, or one of its own kind."""
    return any(batch.received_at < gone_before.get(rule, "") for rule in ("items", item.kind))


def _judge(found: Verified, batch: Row[Any], items: Sequence[Item], key: Ed25519PublicKey) -> None:
    if batch.signature_input == EXPORT:
        found.exported += 1
        return
    headers = {
        "content-digest": batch.content_digest,
        "signature-input": batch.signature_input,
        "signature": batch.signature,
    }
    try:
        verify_request("POST", batch.target or "", headers, None, keys=key)
    except SignatureRefused as error:
        _name(found, f"batch {batch.id} of {batch.kiosk} at {batch.received_at} is not signed so: {error}")
        return
    if items and _digest(msgspec.json.encode(Batch(list(items)))) == batch.content_digest:
        found.whole += 1
    else:
        found.signed += 1


def _name(found: Verified, text: str) -> None:
    if len(found.wrong) < MOST_NAMED:
        found.wrong.append(text)


async def _items_of(connection: AsyncConnection, kiosk: str) -> dict[int, list[Item]]:
    """A kiosk's items by the batch that brought each first, in their order: a year of them fits the memory easily."""
    query = select(inbox).where(inbox.c.kiosk == kiosk, inbox.c.epoch.is_not(None))
    brought: dict[int, list[Item]] = {}
    for row in await connection.execute(query.order_by(inbox.c.epoch, inbox.c.seq)):
        brought.setdefault(row.batch, []).append(Item(**{name: getattr(row, name) for name in Item.__struct_fields__}))
    return brought


def _digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
