"""What carries a message, as outbox and channels see each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Outcome = Literal["handed", "delivered", "failed", "unknown"]
"""handed: taken over, and perhaps a report follows; failed: refused for good; unknown: the answer was lost."""


class ChannelUnavailable(Exception):
    """Nothing was begun: no line, no signal, no credit, or the other end asks to wait. Said again later."""


class ChannelBusy(ChannelUnavailable):
    """Refused just now by a channel that itself is well: it stays open, and so hears its reports."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a text. `reference` names it in a later report; None: none will come."""

    outcome: Outcome
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A later word on a text that was handed."""

    reference: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, repr=False)
class Received:
    """A text that came in, for the alarms that it may take."""

    number: str
    text: str


class Channel(Protocol):
    """One way out. Its calls block, each with a deadline below a minute, and come from one thread at a time."""

    def send(self, number: str, text: str, life_s: float) -> Sent:
        """Hand a text of at most 70 UCS-2 letters to a number such as "+963944000111".

        `life_s`: for how long it is of use; the carrier drops it then, where it can.

        Raises ChannelUnavailable where surely nothing was sent; where that is not sure the outcome is `unknown`.
        """

    def reports(self) -> Sequence[Report]:
        """Return the reports that came since the last time. Raises ChannelUnavailable."""

    def received(self) -> Sequence[Received]:
        """Return the texts that came since the last time; they are kept nowhere else. Raises ChannelUnavailable."""

    def close(self) -> None:
        """Let go of the port."""
