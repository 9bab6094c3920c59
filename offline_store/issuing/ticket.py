"""Tickets that were given: finding one again, and taking one back with a reason."""

from typing import NamedTuple, cast

from sqlalchemy import Connection, insert, select, update

from common.machine.errors import NotFound, StoreDamaged
from common.machine.stamp import Stamp
from common.protocol.envelope import AuditBody, BodyUnreadable, TicketBody, decode_body
from common.protocol.field import Priority
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store

_ticket, _item = tables.tickets.c, tables.items.c


class Ticket(NamedTuple):
    """A ticket as it was given. `wall_time`: RFC 3339; `voided`: why it was taken back, None while it is good."""

    id: str
    number: str
    service: str
    priority: str
    order_id: str | None
    voided: str | None
    business_day: str
    wall_time: str
    clock: str


def recorded_body(body: str) -> TicketBody:
    """Read the body that this store gave a ticket's item. Raises StoreDamaged, for it was whole when it was written."""
    try:
        return cast("TicketBody", decode_body("ticket", body))
    except BodyUnreadable as error:
        raise StoreDamaged(f"the record of a ticket does not read ({error}); the store has to be salvaged") from error


def find_ticket(store: Store, ticket_id: str) -> Ticket:
    """Return a ticket by its id. Raises NotFound, StoreUnavailable."""
    with store.read() as connection:
        return _read_ticket(connection, ticket_id)


def void_ticket(store: Store, ticket_id: str, reason: str, stamp: Stamp) -> None:
    """Take a ticket back: its number is burnt, never given again. Voiding twice keeps the first reason.

    `reason`: a short code, such as `not-printed`. Recorded as audit `ticket-voided`. Raises NotFound,
    StoreUnavailable.
    """
    with store.write() as connection:
        found = _read_ticket(connection, ticket_id)
        if found.voided is not None:
            return
        of_item = select(_item.row).where(_item.id == ticket_id).scalar_subquery()
        connection.execute(update(tables.tickets).where(_ticket.row == of_item).values(voided=reason))
        detail: dict[str, str | int | None] = {
            "ticket": ticket_id,
            "number": found.number,
            "business_day": found.business_day,
            "reason": reason,
        }
        append(connection, read_head(connection), "audit", AuditBody("ticket-voided", detail), stamp)


def set_priority(store: Store, ticket_id: str, priority: Priority, stamp: Stamp) -> None:
    """Note a priority that was said after the number was given; recorded as audit `ticket-priority`.

    Raises NotFound, StoreUnavailable.
    """
    with store.write() as connection:
        found = _read_ticket(connection, ticket_id)
        if found.priority == priority:
            return
        of_item = select(_item.row).where(_item.id == ticket_id).scalar_subquery()
        connection.execute(update(tables.tickets).where(_ticket.row == of_item).values(priority=priority))
        connection.execute(insert(tables.ticket_changes).values(ticket_row=of_item))  # the hub hears of it
        detail: dict[str, str | int | None] = {
            "ticket": ticket_id,
            "number": found.number,
            "business_day": found.business_day,
            "priority": priority,
        }
        append(connection, read_head(connection), "audit", AuditBody("ticket-priority", detail), stamp)


def _read_ticket(connection: Connection, ticket_id: str) -> Ticket:
    columns = (_item.id, _ticket.number, _ticket.service, _ticket.priority, _ticket.order_id, _ticket.voided)
    query = (
        select(*columns, _item.body, _item.wall_time, _item.clock)
        .join_from(tables.tickets, tables.items, _item.row == _ticket.row)
        .where(_item.id == ticket_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("ticket", ticket_id)
    described = {name: value for name, value in row._asdict().items() if name != "body"}
    return Ticket(**described, business_day=recorded_body(row.body).business_day)
