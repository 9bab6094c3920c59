"""Taking in what central says: each page with its cursor in one transaction, so that nothing is heard twice or missed.

A message that cannot be taken is set aside and named, and the rest goes on. A cursor not above the stored one is
ignored. The uplink has verified whose page it is.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled
from offline_store.errors import SealingImpossible
from offline_store.feed.centre import CENTRE_KINDS, forget_centre, take_centre
from offline_store.feed.feed_keys import take_app_key, take_app_key_revoked, take_central_keys
from offline_store.feed.feed_taking import BadMessage, Taking
from offline_store.issuing.business_day import apply_feed_day
from offline_store.stamp import Stamp
from offline_store.wire.envelope import (
    FEED_BODIES,
    BusinessDay,
    Catalogue,
    FeedMessage,
    FeedPage,
    OrderState,
    Settings,
    Technician,
)

SET_ASIDE = "feed-message-set-aside"
WENT_BACK = "feed-went-back"
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


def cursor(store: Store) -> int | None:
    """Return up to where the feed has been taken in, None before the first snapshot."""
    with store.read() as connection:
        found: int | None = connection.execute(select(tables.feed.c.cursor)).scalar_one()
        return found


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
        order_states: list[dict[str, str | None]] = []
        for message in page.messages:
            if not page.snapshot and stored is not None and message.id <= stored:
                continue
            first = page.snapshot and message.kind not in started
            context = Taking(connection, message.id, store.identity.centre, stamp, order_states)
            if _take(context, message, first):
                started.add(message.kind)
        if order_states:
            connection.exec_driver_sql(_PUT_ORDER_STATE, order_states)
        connection.execute(update(tables.feed).values(cursor=page.cursor))
        clear_alarm(connection, WENT_BACK)
    return True


def _begin_snapshot(connection: Connection, named: set[str]) -> None:
    """Drop what the snapshot does not name, and what was set aside: it says all that counts once more."""
    for kind, table in _REPLACED.items():
        if kind not in named:
            connection.execute(delete(table))
    forget_centre(connection, keeping=named)
    connection.execute(delete(tables.feed_set_aside))
    clear_alarm(connection, SET_ASIDE)


def _take(context: Taking, message: FeedMessage, replacing: bool) -> bool:
    """Take one message, or set it aside with all of its traces undone; True when taken.

    `replacing`: the first of its kind in a snapshot, in whose place all of that kind goes.
    """
    connection = context.connection
    # Order states come by the thousand, and are only gathered here: they leave no traces to undo.
    savepoint = None if message.kind == "order-state" else connection.begin_nested()
    try:
        body = msgspec.json.decode(message.body, type=FEED_BODIES[message.kind])
        if replacing and message.kind in _REPLACED:
            connection.execute(delete(_REPLACED[message.kind]))
        _TAKERS[message.kind](context, body)
    except (ValueError, KeyError, RecursionError, SealingImpossible) as error:
        if savepoint is not None:
            savepoint.rollback()
        why = "this kiosk does not know its kind" if message.kind not in FEED_BODIES else str(error)
        _set_aside(connection, message, why, context.stamp)
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


def _catalogue(context: Taking, body: Catalogue) -> None:
    codes = [service.get("code") for service in body.services]
    if any(not isinstance(code, str) or not code for code in codes) or len(set(codes)) != len(codes):
        raise BadMessage("each service needs a code of its own")
    context.connection.execute(delete(tables.catalogue))
    for position, service in enumerate(body.services):
        entry = msgspec.json.encode(service).decode()
        row = {"code": service["code"], "position": position, "entry": entry}
        context.connection.execute(insert(tables.catalogue).values(row))


def _settings(context: Taking, body: Settings) -> None:
    settings = tables.settings
    if any(len(key) > MAX_SETTING_LENGTH or len(str(value)) > MAX_SETTING_LENGTH for key, value in body.items()):
        raise BadMessage(f"a setting is longer than {MAX_SETTING_LENGTH} characters")
    for key, value in body.items():
        if value is None:
            context.connection.execute(delete(settings).where(settings.c.key == key))
            continue
        row = upsert(settings).values(key=key, value=msgspec.json.encode(value).decode())
        context.connection.execute(row.on_conflict_do_update(["key"], set_={"value": row.excluded.value}))


def _order_state(context: Taking, body: OrderState) -> None:
    context.order_states.append(
        {
            "order_id": body.order,
            "number": body.number,
            "state": body.state,
            "at": None if body.at is None else str(body.at),
            "centre": body.centre,
            "service": body.service,
        }
    )


def _business_day(context: Taking, body: BusinessDay) -> None:
    apply_feed_day(context.connection, body.date, body.serial, context.stamp)


def _technician(context: Taking, body: Technician) -> None:
    technicians = tables.technicians
    if not body.pin_hash or body.centre != context.centre:
        context.connection.execute(delete(technicians).where(technicians.c.id == body.id))
        return
    if not body.pin_hash.startswith("$argon2id$"):
        raise BadMessage(f"the PIN of {body.id} is not kept as argon2id")
    row = {name: getattr(body, name) for name in ("name", "centre", "role", "pin_hash")}
    context.connection.execute(upsert(technicians).values(id=body.id, **row).on_conflict_do_update(["id"], set_=row))


_TAKERS: dict[str, Callable[[Taking, Any], None]] = {
    "catalogue": _catalogue,
    "settings": _settings,
    "app-key": take_app_key,
    "app-key-revoked": take_app_key_revoked,
    "order-state": _order_state,
    "business-day": _business_day,
    "technician": _technician,
    "central-keys": take_central_keys,
    **dict.fromkeys(CENTRE_KINDS, take_centre),
}
