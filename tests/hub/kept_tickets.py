"""Tickets of a hub's table put there as they stand, without the day that would make them."""

import uuid
from typing import Any, Final

from sqlalchemy import insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.log import tables
from tests.hub.hall import Hall

PLAIN: Final[dict[str, Any]] = {
    "kiosk": "kiosk-1", "epoch": "e", "kiosk_seq": 1, "revision": 0, "digest": "", "number": "A1001",
    "service": "civil-affairs", "priority": "none", "day": 1, "queue": "A", "state": "ended", "arrived_line": 0,
    "arrived_work": 0, "is_certain": 1, "issued_at": "2026-11-25T09:00:00Z", "is_voided": 0, "absences": 0,
}  # fmt: skip


def us(seconds: float) -> int:
    return round(seconds * 1e6)


def keep(hall: Hall, *tickets: dict[str, Any]) -> list[str]:
    """Put rows into the table of tickets, each with what it has beyond a plain one that has ended; give their ids."""
    ids = [str(uuid.uuid4()) for _ in tickets]
    blank = dict.fromkeys({name for ticket in tickets for name in ticket})
    with hall.hub.store.write() as connection:
        rows = [blank | PLAIN | {"id": ticket_id} | ticket for ticket_id, ticket in zip(ids, tickets, strict=True)]
        connection.execute(insert(tables.tickets), rows)
    return ids


def change(hall: Hall, ticket_id: str, **values: Any) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.tickets).where(tables.tickets.c.id == ticket_id).values(**values))


def label_day(hall: Hall, day: int, label: str) -> None:
    """Name a day of the hub's."""
    with hall.hub.store.write() as connection:
        row = {"label": label, "is_closed": 1}
        connection.execute(upsert(tables.days).values(day=day, **row).on_conflict_do_update(["day"], set_=row))
        named = upsert(tables.day_labels).values(label=label, day=day)
        connection.execute(named.on_conflict_do_update(["label"], set_={"day": day}))
