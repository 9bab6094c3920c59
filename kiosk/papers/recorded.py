"""Tickets of the store as the desk issued them, for who has them printed once more."""

from datetime import datetime

from sqlalchemy import select

from common.machine.stamp import told_time
from kiosk.desk.answers import Issued
from kiosk.prompts.ui import Priority
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE
from offline_store.issuing.ticket import recorded_body


def find_issued(store: Store, item_id: str) -> Issued | None:
    """Return a ticket of the store as the desk issued it, or None where there is no such ticket.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    items = tables.items.c
    with store.read() as connection:
        row = connection.execute(
            select(items.body, items.wall_time, items.clock, tables.tickets.c.priority)
            .join_from(tables.items, tables.tickets, tables.tickets.c.row == tables.items.c.row)
            .where(items.id == item_id)
        ).one_or_none()
    return None if row is None else as_issued(item_id, *row)


def as_issued(item_id: str, text: str, wall_time: str, clock: str, priority: str) -> Issued:
    """Return a ticket as the desk issued it, of its item; the priority may have been said after the number."""
    body = recorded_body(text)
    moment = datetime.fromisoformat(wall_time).astimezone(ZONE) if told_time(clock) else None
    return Issued(
        item_id,
        body.number,
        body.service,
        body.business_day,
        moment,
        Priority(priority),
        body.order_id,
        token=body.token,
        claim=body.claim,
    )
