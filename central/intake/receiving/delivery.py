"""What a kiosk or hub delivered, before the database sees it: read, hashes recomputed, bodies looked at.

Pure. One odd item never costs its batch: what cannot be read is kept raw, what was altered is refused by name. What is
applied here every reader meets for as long as it is kept, so a time that cannot be is noticed now and no later.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from central.base import clock
from common.machine.stamp import told_time
from common.protocol.envelope import (
    MAX_BATCH_ITEMS,
    MAX_ORDERS_ASKED,
    Asked,
    AuditBody,
    Body,
    BodyUnreadable,
    Item,
    OrderBody,
    QueueBody,
    TicketBody,
    decode_body,
    item_hash,
)
from common.protocol.field import OrderId
from common.protocol.queue.call import WaitingList

BAD_HASH: Final = "bad-hash"
LAST_WORD: Final = "kiosk-revoked"
"""The audit event by which a kiosk says that it has heard of its revocation."""
REVOCATION_LACKED: Final = "app-key-revocation-lacked"
"""A key of the app that is revoked at the kiosk: central was set back, and has to revoke it once more."""
MAX_TOLD: Final = 200
_DIGIT_OF_NUMBER: Final = re.compile(r"[A-Z]?([0-9])[0-9]{3,}")
CLOCKS: Final = ("synced", "restored", "untrusted")
AHEAD: Final = timedelta(days=45)
"""Farther ahead no clock that is believed has been seen, nor a business day; a clock from a battery drifts less."""
PLACE_AHEAD: Final = timedelta(days=90)
"""Until when a carried place may count: three days of a service that works once a week, over holidays."""
SINCE: Final = 2020
"""No centre was open before that year."""
UNREADABLE_TIME: Final = "unreadable-time"
UNLIKELY_TIME: Final = "unlikely-time"
UNLIKELY_DAY: Final = "unlikely-day"
ODD: Final = (UNREADABLE_TIME, UNLIKELY_TIME, UNLIKELY_DAY)
"""Why an item is kept apart that can be read and cannot be so: people hold its number, so somebody has to look."""
ODD_LIST: Final = "waiting-list-odd"
"""A hub's word on now that cannot be of now: its clock is far off, or it cannot be read."""
HUB_APART: Final = timedelta(days=1)
"""How far a hub's clock may be from central's for what it says of now."""


class UnreadableBatch(ValueError):
    """Not a batch at all, or an item whose id cannot be told, so that no answer could name it. The text says where."""


class Arrival(Struct, frozen=True):
    """An item as central will treat it.

    `refused` is the reason not to take it. `item` is None where only the id could be read: then `raw` is kept. `told`
    is what people at central have to hear of it, as a finding's text; `digit` the one that a ticket's number bears.
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
    digit: int | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Its epoch and seq; ("", 0) of an unreadable item, which has no place in a chain."""
        return (self.item.epoch, self.item.seq) if self.item else ("", 0)


class Reports(Struct, frozen=True, kw_only=True):
    """What a batch says beside the chain, where it says anything: a kiosk's health, a hub's waiting list.

    `asked` are items that were sent before and whose answer was lost, `orders_asked` orders of other centres.
    `is_odd`: the waiting list cannot be of now, and only its term and length are left; or it can't be read at all.
    """

    health: dict[str, Any] | UnsetType = UNSET
    waiting: WaitingList | UnsetType = UNSET
    asked: Annotated[list[Asked], Meta(max_length=MAX_BATCH_ITEMS)] = []
    orders_asked: Annotated[list[OrderId], Meta(max_length=MAX_ORDERS_ASKED)] = []
    is_odd: bool = False


class RawBatch(Struct, frozen=True, kw_only=True):
    """A batch whose items, and whose waiting list, are not read yet."""

    items: Annotated[list[Raw], Meta(max_length=MAX_BATCH_ITEMS)]
    health: dict[str, Any] | UnsetType = UNSET
    waiting: Raw | UnsetType = UNSET
    asked: Annotated[list[Asked], Meta(max_length=MAX_BATCH_ITEMS)] = []
    orders_asked: Annotated[list[OrderId], Meta(max_length=MAX_ORDERS_ASKED)] = []


class Evidence(Struct, frozen=True):
    """What proves later that the kiosk sent a batch; `signature_input` holds the kiosk's own time, never judged.

    `target` is the address that was signed, None for what came on a stick.
    """

    content_digest: str
    signature_input: str
    signature: str
    target: str | None = None


class Delivery(Struct, frozen=True):
    """A verified batch of `kiosk`; `is_revoked` keeps it in quarantine. `reports`: what it says beside the chain."""

    kiosk: str
    arrivals: Sequence[Arrival]
    evidence: Evidence
    is_revoked: bool = False
    reports: Reports = Reports()


class _OnlyId(Struct, frozen=True):
    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]


_batch = msgspec.json.Decoder(RawBatch)
_item = msgspec.json.Decoder(Item)
_waiting = msgspec.json.Decoder(WaitingList)
_only_id = msgspec.json.Decoder(_OnlyId)


def read_batch(kiosk: str, content: bytes, now: datetime) -> tuple[list[Arrival], Reports]:
    """Read a batch of a kiosk or hub: its items, and what it says beside them. Raises UnreadableBatch.

    `now`: central's time, by which it is judged which times and days can be.
    """
    try:
        batch = _batch.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableBatch(str(error)) from error
    arrivals = [_read(kiosk, index, bytes(raw), now) for index, raw in enumerate(batch.items)]
    said, is_odd = (UNSET, False) if batch.waiting is UNSET else _list_of_now(bytes(batch.waiting), now)
    reports = Reports(
        health=batch.health, waiting=said, asked=batch.asked, orders_asked=batch.orders_asked, is_odd=is_odd
    )
    return arrivals, reports


def _list_of_now(raw: bytes, now: datetime) -> tuple[WaitingList | UnsetType, bool]:
    """Return a hub's waiting list, and whether it is odd: unreadable, or of another time than about now.

    The term and the length of the log belong to no time: a hub that begins has to hear of them, whatever a clock says.
    """
    try:
        found = _waiting.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return UNSET, True
    services = () if found.now is None else found.now.services
    began = [datetime.fromisoformat(one.since) for one in services if one.since is not None]
    is_of_now = abs(datetime.fromisoformat(found.at) - now) <= HUB_APART and all(
        one <= now + HUB_APART for one in began
    )
    if is_of_now and not _is_far(found.business_day, now):
        return found, False
    today, silent_s = clock.business_date(now).isoformat(), found.board_silent_s
    return WaitingList(clock.as_text(now), today, found.term, {}, seq=found.seq, board_silent_s=silent_s), True


def examine(kiosk: str, item: Item, now: datetime | None) -> Arrival:
    """Recompute the hash of a readable item, and look at its body and its times.

    `now`: central's time; None where a person has judged how likely the item's time and day are.
    """
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
    if odd := _odd_time(item, now) or (None if now is None else _odd_day(body, now)):
        return Arrival(item.id, item.hash, item, quarantine=odd)
    arrival = Arrival(item.id, item.hash, item, is_sealed=body.sealed is not None)
    if isinstance(body, OrderBody):
        return msgspec.structs.replace(arrival, order_id=body.order_id)
    if isinstance(body, TicketBody) and (parts := _DIGIT_OF_NUMBER.fullmatch(body.number)):
        return msgspec.structs.replace(arrival, digit=int(parts[1]))
    if isinstance(body, AuditBody):
        return msgspec.structs.replace(arrival, told=_told(body), is_last_word=body.event == LAST_WORD)
    return arrival


def _odd_time(item: Item, now: datetime | None) -> str | None:
    """Return why an item cannot be of its time; a clock that its machine itself does not trust may say any moment."""
    moment = clock.read(item.wall_time)
    if moment is None:
        return UNREADABLE_TIME
    if now is None or not told_time(item.clock):
        return None
    return UNLIKELY_TIME if not (moment.year >= SINCE and moment <= now + AHEAD) else None


def _odd_day(body: Body, now: datetime) -> str | None:
    is_odd = False
    if isinstance(body, TicketBody):
        is_odd = _is_far(body.business_day, now)
    elif isinstance(body, QueueBody):
        is_odd = any(_is_far(day, now, PLACE_AHEAD) for day in (body.first_day, body.last_day) if day is not None)
    return UNLIKELY_DAY if is_odd else None


def _is_far(day: str, now: datetime, ahead: timedelta = AHEAD) -> bool:
    return date.fromisoformat(day) > clock.business_date(now) + ahead


def _told(body: AuditBody) -> str | None:
    """Return what an audit item says that central must act upon, None where that is nothing."""
    if body.event != REVOCATION_LACKED:
        return None
    return f"{body.detail.get('kid')} {body.detail.get('revoked_at')}"[:MAX_TOLD]


def _read(kiosk: str, index: int, raw: bytes, now: datetime) -> Arrival:
    try:
        return examine(kiosk, _item.decode(raw), now)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        item_id = _only_id.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableBatch(f"items[{index}]: {error}") from error
    # Not text that a hash could be computed over: the raw bytes stand for it, so that a resend is still a duplicate.
    text = raw.decode("utf-8", errors="backslashreplace").replace("\\u0000", "\\\\u0000")
    return Arrival(item_id, hashlib.sha256(raw).hexdigest(), raw=text, quarantine="unreadable-item")
