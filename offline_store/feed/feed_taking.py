"""What taking in one message of the feed has at hand, and how it says that a message cannot be taken."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from common.machine.stamp import Stamp


class BadMessage(ValueError):
    """A message of the feed that this kiosk cannot take; the text says why, in a line for a technician."""


@dataclass(frozen=True, slots=True)
class Taking:
    """One message being taken, in the page's transaction. `centre` is this kiosk's own; `generation` the snapshot's.

    `order_states` gathers what is put by one statement for the whole page: they come by the thousand.
    """

    connection: Connection
    message_id: int
    centre: str
    stamp: Stamp
    generation: int = 0
    order_states: list[dict[str, str | int | None]] = field(default_factory=list)
