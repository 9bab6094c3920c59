"""What the desk asks of others: papers of the printing side, and how long a wait is of who counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.desk.answers import Booked, Issued, OrderRecorded, PaperOutcome, PaymentPaper
from kiosk.prompts.ticket import Outlook
from kiosk.prompts.ui import Trouble


class Papers(Protocol):
    """What the desk asks of the printing side; every call ends by the driver's deadline and none raises."""

    def print_ticket(self, ticket: Issued, *, copy: bool, language: str | None = None) -> PaperOutcome:
        """Print a ticket, or again as a copy; journalled."""

    def print_receipt(self, order: OrderRecorded, *, copy: bool, language: str | None = None) -> PaperOutcome:
        """Print the paper of an order (cashier's ticket or receipt), or again as a copy; journalled."""

    def print_booked(self, booked: Booked, *, language: str | None = None) -> PaperOutcome:
        """Print an appointment's paper; journalled."""

    def print_payment(self, paper: PaymentPaper, *, language: str | None = None) -> PaperOutcome:
        """Print a paper of a payment; journalled, so that a second one of its kind is a copy."""

    def print_void(self, ticket: Issued, *, language: str | None = None) -> PaperOutcome:
        """Print what marks the paper of a number that was taken back."""

    def without_paper(self) -> Sequence[tuple[Issued, Trouble]]:
        """Return the numbers of the last minutes that have no paper, the newest first, and why each has none."""


@dataclass(frozen=True, slots=True)
class NoPapers:
    """Papers where none can come out: there is no printer to ask, or another process has it.

    Args:
        outcome: what became of each.
    """

    outcome: PaperOutcome

    def print_ticket(self, _ticket: Issued, *, copy: bool, language: str | None = None) -> PaperOutcome:
        """Say that no paper came out."""
        del copy, language
        return self.outcome

    def print_receipt(self, _order: OrderRecorded, *, copy: bool, language: str | None = None) -> PaperOutcome:
        """Say that no paper came out."""
        del copy, language
        return self.outcome

    def print_booked(self, _booked: Booked, *, language: str | None = None) -> PaperOutcome:
        """Say that no paper came out."""
        del language
        return self.outcome

    def print_payment(self, _paper: PaymentPaper, *, language: str | None = None) -> PaperOutcome:
        """Say that no paper came out."""
        del language
        return self.outcome

    def print_void(self, _ticket: Issued, *, language: str | None = None) -> PaperOutcome:
        """Say that no paper came out."""
        del language
        return self.outcome

    def without_paper(self) -> tuple[()]:
        """Name no number: its paper could not come from here."""
        return ()


class AheadOf(Protocol):
    """Tells how many come before somebody who takes a number of a service now; see `kiosk.delivery.hub`."""

    def __call__(self, service: str, *, preferred: bool, closes: str | None) -> Outlook | None:
        """Return None where nobody has counted lately."""


def nobody_counts(service: str, *, preferred: bool, closes: str | None) -> Outlook | None:
    """Answer where there is no hub."""
    del service, preferred, closes
    return None
