"""What came in a batch, item by item, before the database sees it: read, hash recomputed, body looked at.

Pure. One odd item never costs its batch: what cannot be read is kept raw, what was altered is refused by name.
"""

import hashlib
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from common.protocol.envelope import (
    MAX_BATCH_ITEMS,
    MAX_ORDERS_ASKED,
    Asked,
    AuditBody,
    BodyUnreadable,
    Item,
    OrderBody,
    decode_body,
    item_hash,
)
from common.protocol.field import OrderId
from common.protocol.queue_call import WaitingList

BAD_HASH = "bad-hash"
REVOKED = "kiosk-revoked"
# A key of the app that is revoked at the kiosk: central was set back, and has to revoke it once more.
LAST_WORD = "kiosk-revoked"  # the audit event by which a kiosk says that it has heard of its revocation
REVOCATION_LACKED = "app-key-revocation-lacked"
MAX_TOLD = 200
CLOCKS = ("synced", "restored", "untrusted")


class UnreadableBatch(ValueError):
    """Not a batch at all, or an item whose id cannot be told, so that no answer could name it. The text says where."""


class Arrival(Struct, frozen=True):
    """An item as central will treat it.

    `refused` is the reason not to take it. `item` is None where only the id could be read: then `raw` is kept. `told`
    is what people at central have to hear of it, as a finding's text.
    """

    id: str
    hash: str
    item: Item | None = None
    raw: str = ""
    refused: str | None = None
    quarantine: str | None = None
    order_id: str | None = None
    is_sealed: bool = False
    told: str | None = None
    is_last_word: bool = False

    @property
    def epoch(self) -> str | None:
        """The kiosk's epoch, None for an unreadable item."""
        return self.item.epoch if self.item else None

    @property
    def seq(self) -> int | None:
        """The place in the chain, None for an unreadable item."""
        return self.item.seq if self.item else None

    def row(self, kiosk: str, batch: int, *, is_revoked: bool) -> dict[str, Any]:
        """The inbox's row for this item."""
        item = self.item
        reason = REVOKED if is_revoked else self.quarantine
        is_applied = reason is None
        return {
            "id": self.id,
            "kiosk": kiosk,
            "epoch": item.epoch if item else None,
            "seq": item.seq if item else None,
            "kind": item.kind if item else None,
            "wall_time": item.wall_time if item else None,
            "boot_time_ns": item.boot_time_ns if item else None,
            "boot_id": item.boot_id if item else None,
            "clock": item.clock if item else None,
            "body": item.body if item else self.raw,
            "prev_hash": item.prev_hash if item else None,
            "hash": self.hash,
            "result": "applied" if is_applied else "quarantined",
            "reason": reason,
            "batch": batch,
            "order_id": self.order_id if is_applied else None,
            "seal_state": "waiting" if self.is_sealed and is_applied else None,
        }


class RawBatch(Struct, frozen=True):
    """A batch whose items are not read yet."""

    items: Annotated[list[Raw], Meta(max_length=MAX_BATCH_ITEMS)]
    health: dict[str, Any] | UnsetType = UNSET
    waiting: WaitingList | UnsetType = UNSET
    asked: Annotated[list[Asked], Meta(max_length=MAX_BATCH_ITEMS)] = []
    orders_asked: Annotated[list[OrderId], Meta(max_length=MAX_ORDERS_ASKED)] = []


class Reports(Struct, frozen=True):
    """What a batch says beside the chain, None where it says nothing: a kiosk's health, a hub's waiting list.

    `asked` are items that were sent before and whose answer was lost, `orders_asked` orders of other centres.
    """

    health: dict[str, Any] | None = None
    waiting: WaitingList | None = None
    asked: list[Asked] = []
    orders_asked: list[str] = []


NOTHING_BESIDE: Final = Reports()


class _OnlyId(Struct, frozen=True):
    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]


_batch = msgspec.json.Decoder(RawBatch)
_item = msgspec.json.Decoder(Item)
_only_id = msgspec.json.Decoder(_OnlyId)


def read_batch(kiosk: str, content: bytes) -> tuple[list[Arrival], Reports]:
    """Read a batch of a kiosk or hub: its items, and what it says beside them. Raises UnreadableBatch."""
    try:
        batch = _batch.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBatch(str(error)) from error
    arrivals = [_read(kiosk, index, bytes(raw)) for index, raw in enumerate(batch.items)]
    return arrivals, Reports(batch.health or None, batch.waiting or None, batch.asked, batch.orders_asked)


def examine(kiosk: str, item: Item) -> Arrival:
    """Recompute the hash of a readable item and look at its body."""
    if item_hash(kiosk, item) != item.hash:
        return Arrival(item.id, item.hash, item, refused=BAD_HASH)
    if item.clock not in CLOCKS:
        return Arrival(item.id, item.hash, item, quarantine="unknown-clock")
    try:
        body = decode_body(item.kind, item.body)
    except BodyUnreadable as error:
        # The error's own text may repeat what the body holds, so only its code is kept.
        reason = "unknown-kind" if str(error) == "unknown-kind" else "unreadable-body"
        return Arrival(item.id, item.hash, item, quarantine=reason)
    order_id = body.order_id if isinstance(body, OrderBody) else None
    told = _told(body) if isinstance(body, AuditBody) else None
    is_last = isinstance(body, AuditBody) and body.event == LAST_WORD
    return Arrival(
        item.id, item.hash, item, order_id=order_id, is_sealed=body.sealed is not None, told=told, is_last_word=is_last
    )


def _told(body: AuditBody) -> str | None:
    """What an audit item says that central must act upon: of events that are no such news, None."""
    if body.event != REVOCATION_LACKED:
        return None
    return f"{body.detail.get('kid')} {body.detail.get('revoked_at')}"[:MAX_TOLD]


def _read(kiosk: str, index: int, raw: bytes) -> Arrival:
    try:
        return examine(kiosk, _item.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        item_id = _only_id.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableBatch(f"items[{index}]: {error}") from error
    # Not text that a hash could be computed over: the raw bytes stand for it, so that a resend is still a duplicate.
    text = raw.decode("utf-8", errors="backslashreplace").replace("\\u0000", "\\\\u0000")
    return Arrival(item_id, hashlib.sha256(raw).hexdigest(), raw=text, quarantine="unreadable-item")
