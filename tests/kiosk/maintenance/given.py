"""What a technician's visit finds: tickets that were given, and whose PIN it is."""

import os

from sqlalchemy import insert

from kiosk.prompts.ui import Back
from offline_store.disk import tables
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.printed import print_journal
from tests.kiosk.maintenance.scripted import CHEAP, PIN, Workshop

OVER = ("overview", Back())


def give(workshop: Workshop, prefix: str, paper: str | None = None) -> tuple[str, str]:
    """Return a ticket whose paper ended so; return id and number."""
    stamp = workshop.clock.now()
    ticket = accept_ticket(
        workshop.store, TicketRequest("clearance", prefix), intention=os.urandom(8).hex(), stamp=stamp
    )
    if paper is not None:
        job = print_journal.open_job(workshop.store, item_id=ticket.id, paper="ticket", stamp=stamp)
        millimetres = 100 if paper == "printed" else None
        print_journal.close_job(workshop.store, job, paper, stamp, millimetres=millimetres)  # type: ignore[arg-type]
    return ticket.id, ticket.number


def technician(workshop: Workshop) -> None:
    """From now on the PIN is a technician's, not a manager's."""
    row = {"id": "samer", "name": "Samer", "centre": "homs-main", "role": "technician", "pin_hash": CHEAP.hash(PIN)}
    with workshop.store.write() as connection:
        connection.execute(insert(tables.technicians).values(row))
