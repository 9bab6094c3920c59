"""What a technician has printed, as their screens ask for it; the citizens' papers are in `kiosk.papers.printing`."""

from kiosk.desk.answers import PaperOutcome
from kiosk.papers.printing import Printing
from kiosk.papers.recorded import find_issued
from kiosk.prompts.ui import Trouble
from offline_store.disk.database import Store


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

    def print_waiting_list(
        self, numbers: list[tuple[str, str]], language: str, hall: str | None = None
    ) -> PaperOutcome:
        """Print who waits: each number with the time at which it was given; `hall`: see `staff_documents`."""
        if self._printing is None:
            return PaperOutcome("failed", Trouble.PRINTER_LOST)
        return self._printing.print_waiting_list(numbers, language, hall)

    def reprint(self, item_id: str) -> PaperOutcome:
        """Print a ticket again: the same number, marked as a copy."""
        ticket = find_issued(self._store, item_id)
        if self._printing is None or ticket is None:
            return PaperOutcome("failed", Trouble.PRINTER_LOST)
        return self._printing.print_ticket(ticket, copy=True)
