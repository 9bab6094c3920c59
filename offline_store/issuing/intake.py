"""Accept: number, business row, audit link and outbox item in one transaction, on disk when the call returns.

One intention (a touch, a scan) makes one record: the same intention gives the same answer again, marked as repeated, in
any process and after any restart.
"""

import contextlib
import hashlib
import secrets
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from common.machine.errors import NoBusinessDay, StoreUnavailable, TicketsClosed
from common.machine.stamp import Stamp
from common.protocol.envelope import OrderBody, Sealed, SealedContent, TicketBody
from common.protocol.field import Priority
from common.protocol.queue.claim import TicketClaim
from offline_store.chain.chain import Head, append, new_id, read_head
from offline_store.chain.epoch import REVOKED
from offline_store.disk.database import Store
from offline_store.issuing import intake_sql as sql
from offline_store.issuing import numbering
from offline_store.issuing.business_day import open_day
from offline_store.issuing.far_day import due_by_clock
from offline_store.issuing.sealing import current_sealing_key, seal
from offline_store.issuing.ticket import recorded_body

UNVERIFIED = "accepted_unverified"
UNVERIFIED_LIMIT = 3
UNVERIFIED_WINDOW_NS = 600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """What a ticket is for. `prefix`: the service group's letter, or empty; `claim`: what an earlier paper showed."""

    service: str
    prefix: str
    priority: Priority = "none"
    claim: TicketClaim | None = None


@dataclass(frozen=True, slots=True)
class MadeHere:
    """What an order made at the kiosk is for. `document`: its code in the service's list, None where it has none."""

    document: str | None
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """An order by its raw code, which is sealed with whose it is.

    Without `order_id` (a code that could not be verified) the record is unique by the code's SHA-256 alone: it does not
    claim the order's id, so the genuine order can still be recorded. An order that is `made_here` takes its number from
    the ticket that is given with it.
    """

    outcome: str
    code: str
    order_id: str | None = None
    service: str | None = None
    number: str | None = None
    expires_at: int | None = None
    person: dict[str, str] | None = None
    made_here: MadeHere | None = None

    @property
    def digest(self) -> str:
        """The code's SHA-256."""
        return hashlib.sha256(self.code.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Item:
    """A ticket's item: its id, the ready order that it is to collect, and what is sealed in it.

    `passed`: the number of that order that is called no more.
    """

    id: str
    order_id: str | None = None
    sealed: Sealed | None = None
    passed: str | None = None


@dataclass(frozen=True, slots=True)
class TicketAccepted:
    """A ticket that is on disk. `repeated`: it was there before, nothing new was recorded.

    `token`: 32 hex digits that lead to its public page and can't be guessed.
    """

    id: str
    number: str
    business_day: str
    repeated: bool
    token: str | None = None


@dataclass(frozen=True, slots=True)
class OrderAccepted:
    """An order that is on disk. Where `repeated`, all of it, the outcome too, is what was recorded first."""

    id: str
    outcome: str
    service: str | None
    order_number: str | None
    repeated: bool
    ticket: TicketAccepted | None = None


def accept_ticket(
    store: Store,
    request: TicketRequest,
    *,
    intention: str,
    stamp: Stamp,
    order_id: str | None = None,
    personal: SealedContent | None = None,
    passed: str | None = None,
) -> TicketAccepted:
    """Return the next number. `order_id`: the ready order to be collected; on one day it has one ticket.

    But for one whose number has passed (`passed`) and is called no more: then it has another.

    Raises TicketsClosed, NoBusinessDay, SealingImpossible, StoreUnavailable; then nothing was recorded.
    """
    item_id = new_id()
    item = _Item(item_id, order_id, _sealed(store, personal, item_id), passed)
    with store.write() as connection:
        return _ticket(store, connection, intention, request, stamp, item)


def accept_order(
    store: Store, order: OrderRequest, *, intention: str, stamp: Stamp, ticket: TicketRequest | None = None
) -> OrderAccepted | None:
    """Record an order; with `ticket` also give that ticket, in the same transaction. Raises as `accept_ticket`.

    None: a fourth unverified code within ten minutes, which belongs to the counter.
    """
    item_id = new_id()
    sealed = _sealed(store, SealedContent(code=order.code, person=order.person), item_id)
    keys = {"intention": intention, "order_id": order.order_id, "code_sha256": order.digest}
    with store.write() as connection:
        head = read_head(connection)
        _same_epoch(store, head)
        known = connection.exec_driver_sql(sql.FIND_ORDER, keys).first()
        if known is not None:
            given = None
            with contextlib.suppress(NoResultFound):
                given = _repeated(connection, sql.TICKET_OF_INTENTION, {"intention": known.intention})
            return OrderAccepted(known.id, known.outcome, known.service, known.order_number, True, given)
        if connection.exec_driver_sql(sql.TICKETS_CLOSED).scalar_one() == REVOKED:
            raise TicketsClosed(REVOKED)
        if order.outcome == UNVERIFIED and _unverified_lately(connection, stamp) >= UNVERIFIED_LIMIT:
            return None
        given = None if ticket is None else _ticket(store, connection, intention, ticket, stamp, _Item(new_id()))
        body = _order_body(order, given, sealed)
        append(connection, read_head(connection), "order", body, stamp, item_id)
        recorded = keys | {
            "id": item_id,
            "service": order.service,
            "outcome": order.outcome,
            "order_number": body.order_number,
            "expires_at": order.expires_at,
            "recorded_us": stamp.unix_us,
            "boot_id": stamp.boot_id,
            "boot_time_ns": stamp.boot_time_ns,
        }
        connection.exec_driver_sql(sql.INSERT_ORDER, recorded)
        return OrderAccepted(item_id, order.outcome, order.service, body.order_number, False, given)


def _order_body(order: OrderRequest, given: TicketAccepted | None, sealed: Sealed | None) -> OrderBody:
    body = OrderBody(order.outcome, order.order_id, order.service, order.number, order.digest, sealed)
    if order.made_here is None:
        return body
    number = None if given is None else numbering.order_number(given.number, given.business_day)
    made = {"document": order.made_here.document, "copies": order.made_here.copies}
    return msgspec.structs.replace(body, order_number=number, **made)


def _ticket(
    store: Store, connection: Connection, intention: str, request: TicketRequest, stamp: Stamp, item: _Item
) -> TicketAccepted:
    before = connection.exec_driver_sql(sql.BEFORE_TICKET, {"intention": intention, "prefix": request.prefix}).one()
    *chain_end, digit, floor_us, closed, day_id, label, base, counter, known_row = before
    head = Head(*chain_end)
    _same_epoch(store, head)
    if known_row is not None:
        return _repeated(connection, sql.TICKET_OF_INTENTION, {"intention": intention})
    if closed is not None:
        raise TicketsClosed(closed)
    due = due_by_clock(connection, stamp, floor_us, label)
    if due is not None:
        day, head = open_day(connection, head, due, "clock", stamp)
        day_id, label, base, counter = day.id, day.date, day.counter_base, None
    if day_id is None:
        raise NoBusinessDay
    if item.order_id is not None:
        of_order = {"order_id": item.order_id, "day_id": day_id}
        given = connection.exec_driver_sql(sql.TICKET_OF_ORDER, of_order).first()
        if given is not None and given.number != item.passed:
            return _given_before(*given)
    n = (base if counter is None else counter) + 1
    number = numbering.ticket_number(request.prefix, digit, n)
    token = secrets.token_hex(16)
    body = TicketBody(
        number, request.service, label, request.priority, item.order_id,
        token=token, sealed=item.sealed, claim=request.claim,
    )  # fmt: skip
    row, item_id, _ = append(connection, head, "ticket", body, stamp, item.id)
    issued = {"day_id": day_id, "prefix": request.prefix, "n": n}
    connection.exec_driver_sql(sql.SET_COUNTER, issued)
    described = {"number": number, "service": request.service, "priority": request.priority, "order_id": item.order_id}
    placed = {"row": row, "intention": intention, "digit": digit}
    connection.exec_driver_sql(sql.INSERT_TICKET, issued | described | placed)
    return TicketAccepted(item_id, number, label, repeated=False, token=token)


def _repeated(connection: Connection, query: str, keys: dict[str, str | int]) -> TicketAccepted:
    return _given_before(*connection.exec_driver_sql(query, keys).one())


def _given_before(item_id: str, number: str, body: str) -> TicketAccepted:
    # The day as it was called then: that is what the citizen's paper says.
    recorded = recorded_body(body)
    return TicketAccepted(item_id, number, recorded.business_day, repeated=True, token=recorded.token)


def _unverified_lately(connection: Connection, stamp: Stamp) -> int:
    # By boot time: the clock may be set meanwhile. Another boot has a count of its own.
    window = {"outcome": UNVERIFIED, "boot_id": stamp.boot_id, "after_ns": stamp.boot_time_ns - UNVERIFIED_WINDOW_NS}
    return int(connection.exec_driver_sql(sql.UNVERIFIED_LATELY, window).scalar_one())


def _same_epoch(store: Store, head: Head) -> None:
    if head.epoch != store.epoch:
        raise StoreUnavailable("the store was replaced meanwhile: open it again")


def _sealed(store: Store, content: SealedContent | None, item_id: str) -> Sealed | None:
    if content is None:
        return None
    with store.read() as connection:
        key = current_sealing_key(connection)
    return seal(content, key, kiosk=store.identity.kiosk, epoch=store.epoch, item_id=item_id)
