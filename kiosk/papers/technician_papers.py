"""What a technician has printed, as their screens ask for it; the citizens' papers are in `kiosk.papers.printing`."""

from datetime import datetime

from sqlalchemy import select

from kiosk.desk.answers import Issued, PaperOutcome
from kiosk.papers.printing import Printing
from kiosk.prompts.ui import Priority, Trouble
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE
from offline_store.issuing.ticket import recorded_body


class PapersForTechnician:
    """Prints test pages, counters and copies. Its calls never raise.

    Args:
        printing: what prints; None where there is no printer.
        store: the open store.
    """

    def __init__(self, printing: Printing | None, store: Store) -> None:
        self._printing = printing
        self._store = store

    def print_test_page(self) -> PaperOutcome:
        """Print Arabic, density bars and a QR."""
        return self._printing.print_test_page() if self._printing else PaperOutcome("failed", Trouble.PRINTER_LOST)

    def print_counters(self, counts: list[tuple[str, str]], language: str) -> PaperOutcome:
        """Print the counters, names and values already in this language."""
        if self._printing is None:
            return PaperOutcome("failed", Trouble.PRINTER_LOST)
        return self._printing.print_counters(counts, language)

    def print_waiting_list(self, numbers: list[tuple[str, str]], language: str) -> PaperOutcome:
        """Print who waits: each number with the time at which it was given."""
        if self._printing is None:
            return PaperOutcome("failed", Trouble.PRINTER_LOST)
        return self._printing.print_waiting_list(numbers, language)

    def reprint(self, item_id: str) -> PaperOutcome:
        """Print a ticket again: the same number, marked as a copy."""
        ticket = find_issued(self._store, item_id)
        if self._printing is None or ticket is None:
            return PaperOutcome("failed", Trouble.PRINTER_LOST)
        return self._printing.print_ticket(ticket, copy=True)


def find_issued(store: Store, item_id: str) -> Issued | None:
    """Return a ticket of the store as the desk issued it, or None where there is no such ticket.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    items = tables.items.c
    with store.read() as connection:
        row = connection.execute(
            select(items.body, items.wall_time, items.clock, tables.tickets.c.priority)
            .join_from(tables.items, tables.tickets, tables.tickets.c.row == items.row)
            .where(items.id == item_id)
        ).one_or_none()
        if row is None:
            return None
        body = recorded_body(row.body)
    moment = None if row.clock == "untrusted" else datetime.fromisoformat(row.wall_time).astimezone(ZONE)
    return Issued(
        item_id,
        body.number,
        body.service,
        body.business_day,
        moment,
        Priority(row.priority),  # it may have been said after the number
        body.order_id,
        token=body.token,
    )
