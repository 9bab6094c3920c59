"""Taking in what central says: each page with its cursor in one transaction, so that nothing is heard twice or missed.

A message that cannot be taken is set aside and named, and the rest goes on. What is taken back stays taken back: a
revoked key never lives again, an older cursor is ignored, and a new signing key of central counts only with the word of
an old one.
The uplink has verified whose page it is.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from offline_store import tables
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.business_day import apply_feed_day
from offline_store.database import Store
from offline_store.envelope import (
    FEED_BODIES,
    AppKey,
    AppKeyRevoked,
    BusinessDay,
    Catalogue,
    CentralKeys,
    EndorsedKey,
    FeedMessage,
    FeedPage,
    OrderState,
    Settings,
    Technician,
    endorsement,
    key_id,
)
from offline_store.errors import SealingImpossible
from offline_store.sealing import sealing_key
from offline_store.sql import precompiled
from offline_store.stamp import Stamp

SET_ASIDE = "feed-message-set-aside"
WENT_BACK = "feed-went-back"
ED25519_ALGS = (-19, -8)
MAX_SET_ASIDE_BYTES = 64 * 1024
MAX_SETTING_LENGTH = 2000
# What a snapshot says whole; a kind that it does not name has nothing.
_REPLACED = {
    "catalogue": tables.catalogue,
    "settings": tables.settings,
    "technician": tables.technicians,
    "order-state": tables.order_states,
}

_order_states = upsert(tables.order_states)
_PUT_ORDER_STATE = precompiled(
    _order_states.on_conflict_do_update(
        ["order_id"],
        set_={column.name: column for column in _order_states.excluded if column.name != "order_id"},
    )
)


class BadMessage(ValueError):
    """A message of the feed that this kiosk cannot take; the text says why, in a line for a technician."""


@dataclass(frozen=True, slots=True)
class _Context:
    connection: Connection
    message_id: int
    centre: str
    stamp: Stamp


def cursor(store: Store) -> int | None:
    """Return up to where the feed has been taken in, None before the first snapshot."""
    with store.read() as connection:
        found: int | None = connection.execute(select(tables.feed.c.cursor)).scalar_one()
        return found


def signing_keys(store: Store) -> dict[str, Ed25519PublicKey]:
    """Return central's signing keys by kid: those of enrolment, and those that the feed brought."""
    keys = tables.central_keys.c
    with store.read() as connection:
        rows = connection.execute(select(keys.kid, keys.public_key).where(keys.purpose == "signing")).all()
    known = {key.kid: key.public_key for key in store.identity.central_keys if key.purpose == "signing"}
    known |= {row.kid: row.public_key for row in rows}
    return {kid: Ed25519PublicKey.from_public_bytes(base64.b64decode(public)) for kid, public in known.items()}


def apply_page(store: Store, page: FeedPage, stamp: Stamp) -> bool:
    """Take in a page that central signed. Return whether it moved the cursor; one not above the stored is ignored.

    Raises StoreUnavailable; then nothing of the page was taken.
    """
    with store.write() as connection:
        stored = connection.execute(select(tables.feed.c.cursor)).scalar_one()
        if stored is not None and page.cursor <= stored:
            if page.cursor < stored:
                text = f"central's feed ends at {page.cursor}, this kiosk has heard {stored}: was central restored?"
                raise_alarm(connection, WENT_BACK, text, stamp)
            return False
        if page.snapshot:
            _begin_snapshot(connection, {message.kind for message in page.messages})
        started: set[str] = set()
        for message in page.messages:
            if not page.snapshot and stored is not None and message.id <= stored:
                continue
            first = page.snapshot and message.kind not in started
            if _take(connection, store.identity.centre, message, stamp, first):
                started.add(message.kind)
        connection.execute(update(tables.feed).values(cursor=page.cursor))
        clear_alarm(connection, WENT_BACK)
    return True


def _begin_snapshot(connection: Connection, named: set[str]) -> None:
    """Drop what the snapshot does not name, and what was set aside: it says all that counts once more."""
    for kind, table in _REPLACED.items():
        if kind not in named:
            connection.execute(delete(table))
    connection.execute(delete(tables.feed_set_aside))
    clear_alarm(connection, SET_ASIDE)


def _take(connection: Connection, centre: str, message: FeedMessage, stamp: Stamp, replacing: bool) -> bool:
    """Take one message, or set it aside with all of its traces undone; True when taken.

    `replacing`: the first of its kind in a snapshot, in whose place all of that kind goes.
    """
    # Order states come by the thousand and are one statement each, so they have no traces to undo.
    savepoint = None if message.kind == "order-state" else connection.begin_nested()
    try:
        body = msgspec.json.decode(message.body, type=FEED_BODIES[message.kind])
        if replacing and message.kind in _REPLACED:
            connection.execute(delete(_REPLACED[message.kind]))
        _TAKERS[message.kind](_Context(connection, message.id, centre, stamp), body)
    except (ValueError, KeyError, RecursionError, SealingImpossible) as error:
        if savepoint is not None:
            savepoint.rollback()
        why = "this kiosk does not know its kind" if message.kind not in FEED_BODIES else str(error)
        _set_aside(connection, message, why, stamp)
        return False
    if savepoint is not None:
        savepoint.commit()
    return True


def _set_aside(connection: Connection, message: FeedMessage, why: str, stamp: Stamp) -> None:
    body = bytes(message.body)[:MAX_SET_ASIDE_BYTES].decode("utf-8", "replace")
    row = {"kind": message.kind, "body": body, "reason": why[:500], "received_at": stamp.unix_s}
    connection.execute(
        upsert(tables.feed_set_aside).values(id=message.id, **row).on_conflict_do_update(["id"], set_=row)
    )
    raise_alarm(connection, SET_ASIDE, f"message {message.id} ({message.kind}): {why}", stamp)


def _catalogue(context: _Context, body: Catalogue) -> None:
    codes = [service.get("code") for service in body.services]
    if any(not isinstance(code, str) or not code for code in codes) or len(set(codes)) != len(codes):
        raise BadMessage("each service needs a code of its own")
    context.connection.execute(delete(tables.catalogue))
    for position, service in enumerate(body.services):
        entry = msgspec.json.encode(service).decode()
        row = {"code": service["code"], "position": position, "entry": entry}
        context.connection.execute(insert(tables.catalogue).values(row))


def _settings(context: _Context, body: Settings) -> None:
    settings = tables.settings
    if any(len(key) > MAX_SETTING_LENGTH or len(str(value)) > MAX_SETTING_LENGTH for key, value in body.items()):
        raise BadMessage(f"a setting is longer than {MAX_SETTING_LENGTH} characters")
    for key, value in body.items():
        if value is None:
            context.connection.execute(delete(settings).where(settings.c.key == key))
            continue
        row = upsert(settings).values(key=key, value=msgspec.json.encode(value).decode())
        context.connection.execute(row.on_conflict_do_update(["key"], set_={"value": row.excluded.value}))


def _app_key(context: _Context, body: AppKey) -> None:
    if body.alg not in ED25519_ALGS:
        raise BadMessage(f"app key {body.kid} is for algorithm {body.alg}, which is not Ed25519")
    if body.valid_from >= body.valid_until:
        raise BadMessage(f"app key {body.kid} ends before it begins")
    raw_key(body.public_key)
    keys = tables.app_keys
    known = context.connection.execute(select(keys).where(keys.c.kid == body.kid)).one_or_none()
    if known is not None and known.public_key not in (None, body.public_key):
        raise BadMessage(f"app key id {body.kid} belongs to another key already")
    row = {name: getattr(body, name) for name in ("public_key", "alg", "valid_from", "valid_until")}
    # revoked_at is not named here: what was revoked before, or before it was ever seen, stays revoked.
    context.connection.execute(upsert(keys).values(kid=body.kid, **row).on_conflict_do_update(["kid"], set_=row))


def _app_key_revoked(context: _Context, body: AppKeyRevoked) -> None:
    keys = tables.app_keys
    known = context.connection.execute(select(keys.c.revoked_at).where(keys.c.kid == body.kid)).scalar_one_or_none()
    # A later message may only move the moment back: it never makes good again what was refused.
    revoked_at = body.revoked_at if known is None else min(known, body.revoked_at)
    row = upsert(keys).values(kid=body.kid, revoked_at=revoked_at)
    context.connection.execute(row.on_conflict_do_update(["kid"], set_={"revoked_at": revoked_at}))


def _order_state(context: _Context, body: OrderState) -> None:
    row = {
        "order_id": body.order,
        "number": body.number,
        "state": body.state,
        "at": None if body.at is None else str(body.at),
        "centre": body.centre,
        "service": body.service,
    }
    context.connection.exec_driver_sql(_PUT_ORDER_STATE, row)


def _business_day(context: _Context, body: BusinessDay) -> None:
    apply_feed_day(context.connection, body.date, body.serial, context.stamp)


def _technician(context: _Context, body: Technician) -> None:
    technicians = tables.technicians
    if not body.pin_hash or body.centre != context.centre:
        context.connection.execute(delete(technicians).where(technicians.c.id == body.id))
        return
    if not body.pin_hash.startswith("$argon2id$"):
        raise BadMessage(f"the PIN of {body.id} is not kept as argon2id")
    row = {name: getattr(body, name) for name in ("name", "centre", "role", "pin_hash")}
    context.connection.execute(upsert(technicians).values(id=body.id, **row).on_conflict_do_update(["id"], set_=row))


def _central_keys(context: _Context, body: CentralKeys) -> None:
    keys = tables.central_keys
    rows = context.connection.execute(select(keys.c.kid, keys.c.public_key).where(keys.c.purpose == "signing"))
    trusted = {row.kid: row.public_key for row in rows}
    for key in body.signing:
        if key.kid in trusted:
            if trusted[key.kid] != key.public_key:
                raise BadMessage(f"signing key id {key.kid} belongs to another key already")
            continue
        _check_endorsement(key, trusted)
        trusted[key.kid] = key.public_key
        row = {"kid": key.kid, "purpose": "signing", "public_key": key.public_key, "added": context.message_id}
        context.connection.execute(insert(keys).values(row))
    if body.sealing is None:
        return
    sealing_key(body.sealing.kid, body.sealing.public_key)
    if key_id(raw_key(body.sealing.public_key)) != body.sealing.kid:
        raise BadMessage(f"sealing key id {body.sealing.kid} is not that key's")
    of_sealing = keys.c.purpose == "sealing"
    context.connection.execute(update(keys).where(of_sealing).values(current=0))
    present = {"public_key": body.sealing.public_key, "current": 1, "added": context.message_id}
    row_of_key = upsert(keys).values(kid=body.sealing.kid, purpose="sealing", **present)
    context.connection.execute(row_of_key.on_conflict_do_update(["kid", "purpose"], set_=present))


def _check_endorsement(key: EndorsedKey, trusted: dict[str, str]) -> None:
    if key_id(raw_key(key.public_key)) != key.kid:
        raise BadMessage(f"signing key id {key.kid} is not that key's")
    if key.signed_by not in trusted or key.signature is None:
        raise BadMessage(f"no key that this kiosk trusts vouches for signing key {key.kid}")
    voucher = Ed25519PublicKey.from_public_bytes(base64.b64decode(trusted[key.signed_by]))
    try:
        voucher.verify(base64.b64decode(key.signature), endorsement(key.kid, key.public_key))
    except (InvalidSignature, binascii.Error) as error:
        raise BadMessage(f"the word of {key.signed_by} for signing key {key.kid} is forged") from error


def raw_key(text: str) -> bytes:
    """Read a public key, base64 of 32 bytes. Raises BadMessage."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadMessage("a public key is not base64") from error
    if len(raw) != 32:
        raise BadMessage(f"a public key has {len(raw)} bytes instead of 32")
    return raw


_TAKERS: dict[str, Callable[[_Context, Any], None]] = {
    "catalogue": _catalogue,
    "settings": _settings,
    "app-key": _app_key,
    "app-key-revoked": _app_key_revoked,
    "order-state": _order_state,
    "business-day": _business_day,
    "technician": _technician,
    "central-keys": _central_keys,
}
