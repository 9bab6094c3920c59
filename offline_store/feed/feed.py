"""Taking in what central says: each page with its cursor in one transaction, so that nothing is heard twice or missed.

A message that cannot be taken is set aside and named, and the rest goes on. Within one feed epoch a page not above what
was heard is ignored. The uplink has verified whose page it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from common.machine import pepper
from common.machine.errors import SealingImpossible
from common.machine.stamp import Stamp
from common.protocol.diagnosis import Diagnose
from common.protocol.feed_message import FEED_BODIES, BusinessDay, Catalogue, OrderState, Settings, Technician
from common.protocol.feed_page import FeedMessage, FeedPage
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run
from offline_store.feed import calendar, catalogue, claims, notices, payments, standstill
from offline_store.feed.centre import CENTRE_KINDS, NAMES, take_centre, take_centre_names
from offline_store.feed.feed_keys import take_app_key, take_app_key_revoked, take_central_keys
from offline_store.feed.feed_taking import BadMessage, Taking
from offline_store.feed.snapshot import SET_ASIDE, WENT_BACK, begin_snapshot, end_snapshot
from offline_store.feed.told import Told, keep_told
from offline_store.issuing.business_day import apply_feed_day

MAX_SET_ASIDE_BYTES = 64 * 1024
MAX_SETTING_LENGTH = 2000
DIAGNOSE = "diagnose"
_PLACE = precompiled(select(tables.feed.c.cursor, tables.feed.c.epoch))
_order_states = upsert(tables.order_states)
_PUT_ORDER_STATE = precompiled(
    _order_states.on_conflict_do_update(
        ["order_id"],
        set_={column.name: column for column in _order_states.excluded if column.name != "order_id"},
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where the feed has been taken in: central's own cursor, None before the first snapshot, and its epoch."""

    cursor: str | None
    epoch: str | None


def place(store: Store) -> Place:
    """Return up to where the feed has been taken in."""
    with store.read() as connection:
        return Place(*run(connection, _PLACE).fetchone())


def apply_page(store: Store, page: FeedPage, stamp: Stamp) -> bool:
    """Take in a page that central signed. Return whether it moved the cursor; one that is no news is ignored.

    Raises StoreUnavailable; then nothing of the page was taken.
    """
    with store.write() as connection:
        is_news = take_page(connection, store.identity.centre, page, stamp)
        if is_news:
            keep_told(connection, store.data_dir, store.identity.centre)
    return is_news


def take_page(connection: Connection, centre: str, page: FeedPage, stamp: Stamp) -> bool:
    """Take a page into the tables of a store of that centre, in its transaction, as `apply_page` does."""
    stood = connection.execute(select(tables.feed)).one()
    if not _is_news(connection, stood, page, stamp):
        return False
    generation = stood.generation
    if page.snapshot and page.part == 0:
        generation += 1
        begin_snapshot(connection, stood, page, generation, stamp)
    order_states: list[dict[str, str | int | None]] = []
    for message in page.messages:
        if page.snapshot or message.id > stood.through:
            _take(Taking(connection, message.id, centre, stamp, generation, order_states), message)
    if order_states:
        connection.exec_driver_sql(_PUT_ORDER_STATE, order_states)
    if not page.snapshot:
        connection.execute(update(tables.feed).values(cursor=page.cursor, through=page.through))
    elif page.more:
        connection.execute(update(tables.feed).values(cursor=page.cursor, part=page.part))
    else:
        end_snapshot(connection, page, generation, stamp)
    return True


def take_told(connection: Connection, centre: str, told: Told, stamp: Stamp) -> None:
    """Take what central has said before into the tables of a store that begins again, as the snapshot that says it.

    The feed's cursor stays behind, so that central says everything once more. How far the feed was heard does not: no
    older word of central's counts.
    """
    if told.is_empty:
        return
    take_page(connection, centre, told.page(), stamp)
    place = {"epoch": told.epoch, "through": told.through, "business_day_serial": told.business_day_serial}
    connection.execute(update(tables.feed).values(cursor=None, **place))


def _is_news(connection: Connection, stood: Row[Any], page: FeedPage, stamp: Stamp) -> bool:
    """Judge a page by its place; where it does not continue what was taken, a snapshot is asked for."""
    if not _continues(stood, page):
        connection.execute(update(tables.feed).values(cursor=None, part=None))
        return False
    if page.epoch != stood.epoch or stood.through is None or page.part > 0:
        return True
    if page.through < stood.through:
        text = f"central's feed ends at {page.through}, this kiosk has heard {stood.through}"
        raise_alarm(connection, WENT_BACK, text, stamp)
        return False
    if not page.missing:
        clear_alarm(connection, WENT_BACK)
    return page.snapshot or page.through > stood.through


def _continues(stood: Row[Any], page: FeedPage) -> bool:
    """Whether a page may follow what was taken: a snapshot may begin at any time, all else is of the same epoch."""
    if page.snapshot and page.part == 0:
        return True
    if page.epoch != stood.epoch:
        return False
    if page.snapshot:
        return stood.part is not None and page.part == stood.part + 1
    return stood.part is None and stood.through is not None


def _take(context: Taking, message: FeedMessage) -> None:
    """Take one message, or set it aside with all of its traces undone."""
    connection = context.connection
    # Order states come by the thousand, and are only gathered here: they leave no traces to undo.
    savepoint = None if message.kind == "order-state" else connection.begin_nested()
    try:
        body = msgspec.json.decode(message.body, type=FEED_BODIES[message.kind])
        _TAKERS[message.kind](context, body)
    except (ValueError, KeyError, RecursionError, SealingImpossible) as error:
        if savepoint is not None:
            savepoint.rollback()
        why = "this kiosk does not know its kind" if message.kind not in FEED_BODIES else str(error)
        _set_aside(connection, message, why, context.stamp)
        return
    if savepoint is not None:
        savepoint.commit()


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
    for position, (code, said) in enumerate(catalogue.entries(body)):
        entry = msgspec.json.encode(said).decode()
        row = {"code": code, "position": position, "entry": entry, "heard": context.generation}
        context.connection.execute(insert(tables.catalogue).values(row))


def _settings(context: Taking, body: Settings) -> None:
    settings = tables.settings
    if any(len(key) > MAX_SETTING_LENGTH or len(str(value)) > MAX_SETTING_LENGTH for key, value in body.items()):
        raise BadMessage(f"a setting is longer than {MAX_SETTING_LENGTH} characters")
    for key, value in body.items():
        if value is None:
            context.connection.execute(delete(settings).where(settings.c.key == key))
            continue
        row = {"value": msgspec.json.encode(value).decode(), "heard": context.generation}
        context.connection.execute(upsert(settings).values(key=key, **row).on_conflict_do_update(["key"], set_=row))


def _order_state(context: Taking, body: OrderState) -> None:
    context.order_states.append(
        {
            "order_id": body.order,
            "number": body.number,
            "state": body.state,
            "at": None if body.at is None else str(body.at),
            "centre": body.centre,
            "service": body.service,
            "heard": context.generation,
        }
    )


def _business_day(context: Taking, body: BusinessDay) -> None:
    apply_feed_day(context.connection, body.date, body.serial, context.stamp)


def _technician(context: Taking, body: Technician) -> None:
    technicians = tables.technicians
    if not body.pin_hash or body.centre != context.centre:
        context.connection.execute(delete(technicians).where(technicians.c.id == body.id))
        return
    if not (body.pin_hash.startswith("$argon2id$") or pepper.is_kept(body.pin_hash)):
        raise BadMessage(f"the PIN of {body.id} is not kept as argon2id")
    row: dict[str, str | int] = {name: getattr(body, name) for name in ("name", "centre", "role")}
    row |= {"pin_hash": pepper.keep(body.pin_hash, pepper.machine_pepper()), "heard": context.generation}
    context.connection.execute(update(tables.store).values(first_pin_ended=1))
    context.connection.execute(upsert(technicians).values(id=body.id, **row).on_conflict_do_update(["id"], set_=row))


def _diagnose(context: Taking, body: Diagnose) -> None:
    context.keep(DIAGNOSE, body)


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
    NAMES: take_centre_names,
    calendar.KIND: calendar.take_calendar,
    standstill.REASONS: standstill.take_reasons,
    notices.KIND: notices.take_notices,
    standstill.ELSEWHERE: standstill.take_elsewhere,
    claims.KEY: claims.take_claim_key,
    claims.WITHDRAWN: claims.take_withdrawn,
    claims.TODAY: claims.take_today,
    payments.SETUP: payments.take_setup,
    payments.KEY: payments.take_receipt_key,
    DIAGNOSE: _diagnose,
}
