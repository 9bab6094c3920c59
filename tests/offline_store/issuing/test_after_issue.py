"""What is said of a ticket after it was given: taken back, of priority; each in the chain, once."""

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from common.machine.errors import NotFound
from common.protocol.envelope import AuditBody, decode_body
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.issuing.ticket import find_ticket, set_priority, void_ticket
from tests.kit.store import stamp


def give(store: Store, intention: str) -> str:
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp()).id


def said(store: Store, kind: str, after: int = 0) -> list[Any]:
    items = tables.items.c
    with store.read() as connection:
        query = select(items.body).where(items.kind == kind, items.row > after).order_by(items.row)
        return [decode_body(kind, body) for body in connection.scalars(query)]


def test_a_number_that_is_taken_back_keeps_its_first_reason_and_a_priority_is_told_to_the_hub(store: Store) -> None:
    first, second = give(store, "a"), give(store, "b")
    last = len(said(store, "audit") + said(store, "ticket"))
    for reason in ("not-printed", "later"):
        void_ticket(store, first, reason, stamp())
    for _ in range(2):
        set_priority(store, second, "elderly", stamp())
    assert [(find_ticket(store, one).voided, find_ticket(store, one).priority) for one in (first, second)] == [
        ("not-printed", "none"), (None, "elderly"),
    ]  # fmt: skip
    day: dict[str, str | int | None] = {"business_day": "2026-11-25"}
    assert said(store, "audit", last) == [
        AuditBody("ticket-voided", day | {"ticket": first, "number": "B2001", "reason": "not-printed"}),
        AuditBody("ticket-priority", day | {"ticket": second, "number": "B2002", "priority": "elderly"}),
    ]
    with store.read() as connection:
        rows = connection.scalars(select(tables.ticket_changes.c.ticket_row)).all()
        own = connection.scalar(select(tables.items.c.row).where(tables.items.c.id == second))
    assert rows[-1] == own
    unknown = str(uuid.uuid4())
    with pytest.raises(NotFound):
        void_ticket(store, unknown, "x", stamp())
    with pytest.raises(NotFound):
        set_priority(store, unknown, "elderly", stamp())
