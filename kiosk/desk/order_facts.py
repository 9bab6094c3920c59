"""What this kiosk's store knows that an order code is judged by: the app's keys, feed states, earlier orders."""

import base64
import binascii
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, or_, select

from common.machine.stamp import UNTRUSTED, Stamp
from common.protocol.codes.signed_code import ED25519
from common.protocol.envelope import AuditBody, BodyUnreadable, decode_body
from kiosk.desk.answers import Issued
from kiosk.desk.order_code import AppKey
from kiosk.desk.outcome import FeedState
from offline_store.disk import tables
from offline_store.issuing.business_day import ZONE, current_day
from offline_store.issuing.far_day import due_by_clock
from offline_store.issuing.ticket import recorded_body
from offline_store.queue.hall import row_of


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that this kiosk has recorded."""

    id: str
    intention: str
    order_id: str | None
    outcome: str
    service: str | None
    order_number: str | None


@dataclass(frozen=True, slots=True)
class OrderState:
    """What the feed last said of an order."""

    order_id: str
    state: FeedState
    at: datetime | None
    centre: str | None
    service: str | None
    number: str | None


def app_keys(connection: Connection) -> dict[bytes, AppKey]:
    """Return the app's keys by kid, without those that were revoked before this kiosk ever saw them."""
    keys = {}
    for row in connection.execute(select(tables.app_keys).where(tables.app_keys.c.public_key.is_not(None))):
        try:
            kid, public = bytes.fromhex(row.kid), base64.b64decode(row.public_key, validate=True)
        except (ValueError, binascii.Error):
            continue  # the feed refuses such a key before it is stored
        keys[kid] = AppKey(
            kid, public, row.valid_from or 0, row.valid_until or 0, row.alg or ED25519, revoked_at=row.revoked_at
        )
    return keys


def revoked_kids(connection: Connection) -> dict[bytes, int]:
    """Return when kids were revoked whose key this kiosk never saw, Unix seconds by kid."""
    keys = tables.app_keys.c
    rows = connection.execute(
        select(keys.kid, keys.revoked_at).where(keys.public_key.is_(None), keys.revoked_at.is_not(None))
    )
    return {bytes.fromhex(kid): int(at) for kid, at in rows}


def known_order(
    connection: Connection, *, order_id: str | None = None, code_sha256: str | None = None, number: str | None = None
) -> KnownOrder | None:
    """Return what this kiosk recorded under the order's id, else under the code's digest, else under its number."""
    orders = tables.orders.c
    ways: list[ColumnElement[bool]] = []
    if order_id is not None:
        ways.append(orders.order_id == order_id)
    if code_sha256 is not None:
        ways.append(orders.code_sha256 == code_sha256)
    if number is not None:
        ways.append(orders.order_number == number)
    columns = (orders.id, orders.intention, orders.order_id, orders.outcome, orders.service, orders.order_number)
    # A verified record of the order says more than one of the same code that could not be verified.
    query = select(*columns).where(or_(*ways)).order_by(orders.order_id.is_(None), orders.recorded_us).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else KnownOrder(*row)


def order_of_intention(connection: Connection, intention: str) -> KnownOrder | None:
    """Return the order that this very scan or touch has recorded already."""
    orders = tables.orders.c
    columns = (orders.id, orders.intention, orders.order_id, orders.outcome, orders.service, orders.order_number)
    row = connection.execute(select(*columns).where(orders.intention == intention)).one_or_none()
    return None if row is None else KnownOrder(*row)


def ticket_of_intention(connection: Connection, intention: str) -> Issued | None:
    """Return the ticket that this touch or scan has given; when it was given stands on its first paper only."""
    tickets = tables.tickets
    query = (
        select(tables.items.c.id, tickets.c.number, tickets.c.service, tables.items.c.body, tickets.c.order_id)
        .join_from(tickets, tables.items, tables.items.c.row == tickets.c.row)
        .where(tickets.c.intention == intention, tickets.c.voided.is_(None))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    # The day as it was called then: that is what the first paper says.
    day = recorded_body(row.body).business_day
    return Issued(row.id, row.number, row.service, day, None, order_id=row.order_id, is_repeated=True)


def number_now(connection: Connection, intention: str, stamp: Stamp) -> tuple[Issued | None, str | None]:
    """Return the number that was given last with an order, and what names the next: None where it still counts."""
    tickets, day = tables.tickets.c, current_day(connection)
    of_order = select(tickets.intention, tickets.day_id).where(tickets.intention.startswith(intention))
    rows = connection.execute(of_order.order_by(tickets.row)).all()
    if not rows:
        return None, f"{intention}:0"
    floor_us = connection.scalar(select(tables.store.c.floor_us))
    given = ticket_of_intention(connection, rows[-1].intention)
    stands = None if given is None else row_of(connection, [given.id])
    is_over = day is None or rows[-1].day_id != day.id or due_by_clock(connection, stamp, floor_us, day.date)
    is_passed = stands is not None and stands.is_passed
    return given, f"{intention}:{len(rows)}" if is_over or is_passed else None


def passed_of(connection: Connection, order_id: str) -> str | None:
    """Return the number of an order that was given last, where it is called no more."""
    row = row_of(connection, [order_id])
    return row.number if row is not None and row.is_passed else None


def told(connection: Connection, *, order_id: str | None = None, number: str | None = None) -> OrderState | None:
    """Return what the feed last said of an order, by its id or its ten digits."""
    states = tables.order_states
    where = states.c.order_id == order_id if order_id is not None else states.c.number == number
    row = connection.execute(select(states).where(where).limit(1)).one_or_none()
    if row is None:
        return None
    return OrderState(row.order_id, cast("FeedState", row.state), _moment(row.at), row.centre, row.service, row.number)


def _moment(text: str | None) -> datetime | None:
    """Read a time of the feed, RFC 3339 or Unix seconds; one that makes no sense is left out, never guessed."""
    try:
        if text is None:
            return None
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdigit() else datetime.fromisoformat(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=ZONE)).astimezone(ZONE)
    except (ValueError, OverflowError, OSError):
        return None


def salvaged_at(connection: Connection) -> float | None:
    """Return when the last salvage was, Unix seconds: orders from before may be forgotten here.

    None where there was none; infinity where no clock could be trusted since.
    """
    items = tables.items.c
    is_first = (items.epoch == tables.epochs.c.epoch) & (items.seq == 1)
    opened = select(items.epoch, items.body).join_from(tables.epochs, tables.items, is_first).order_by(items.row.desc())
    salvaged = next((epoch for epoch, body in connection.execute(opened) if _is_of_salvage(body)), None)
    if salvaged is None:
        return None
    since = select(items.wall_time).where(items.epoch == salvaged, items.clock != UNTRUSTED)
    moment = connection.execute(since.order_by(items.seq).limit(1)).scalar_one_or_none()
    return math.inf if moment is None else datetime.fromisoformat(moment).timestamp()


def _is_of_salvage(body: str) -> bool:
    try:
        opened = decode_body("audit", body)
    except BodyUnreadable:
        return False
    return isinstance(opened, AuditBody) and opened.detail.get("why") == "salvage"


def issued_today(connection: Connection, service: str, stamp: Stamp) -> int:
    """Count this service's numbers of the business day that the next one will be of.

    Voided ones are left out, and those that were given for a place: of an appointment or carried over.
    """
    tickets, items, day = tables.tickets.c, tables.items.c, current_day(connection)
    floor_us = connection.scalar(select(tables.store.c.floor_us))
    if day is None or due_by_clock(connection, stamp, floor_us, day.date) is not None:
        return 0  # that one opens a day of its own
    of_today = tickets.day_id == day.id, tickets.service == service, tickets.voided.is_(None)
    query = select(items.body).join_from(tables.tickets, tables.items, tickets.row == items.row).where(*of_today)
    return sum(recorded_body(body).claim is None for body in connection.scalars(query))
