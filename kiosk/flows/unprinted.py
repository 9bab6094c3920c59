"""Numbers that have no paper yet, kept for a few minutes: anyone who knows the last digits of theirs finds it again."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from kiosk.desk.desk import Issued
from kiosk.prompts.ui import Trouble

KEPT_S = 300.0
LAST_DIGITS = 3


@dataclass
class Unprinted:
    """What waits for a paper. `now` is a clock in seconds that only goes forward."""

    now: Callable[[], float]
    _waiting: dict[str, tuple[Issued, Trouble, float]] = field(default_factory=dict)

    def keep(self, ticket: Issued, trouble: Trouble) -> None:
        """Keep a number as it stands now, and why it has no paper; one that waits already gets no more time."""
        _, _, ends = self._waiting.get(ticket.id, (ticket, trouble, self.now() + KEPT_S))
        self._waiting[ticket.id] = (ticket, trouble, ends)

    def drop(self, ticket: Issued) -> None:
        """Forget a number: its paper is out, it was offered once, or it was taken back."""
        self._waiting.pop(ticket.id, None)

    def find(self, digits: str, others: Collection[str] = ()) -> tuple[Issued, Trouble] | None:
        """Return the newest number that ends in these digits, and why it has no paper; `others`: ids that are not it.

        Each letter counts for itself, so that several may end alike.
        """
        self._forget_old()
        for ticket, trouble, _ in reversed(self._waiting.values()):
            if len(digits) == LAST_DIGITS and ticket.number.endswith(digits) and ticket.id not in others:
                return ticket, trouble
        return None

    def has(self, ticket: Issued) -> bool:
        """Return whether a number waits for its paper still."""
        return ticket.id in self._waiting

    @property
    def is_empty(self) -> bool:
        """Whether nobody's number waits for its paper."""
        self._forget_old()
        return not self._waiting

    def _forget_old(self) -> None:
        for ticket_id in [one for one, (_, _, ends) in self._waiting.items() if self.now() > ends]:
            del self._waiting[ticket_id]
