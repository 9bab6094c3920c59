"""What taking in one message of the feed has at hand, and how it says that a message cannot be taken."""

from dataclasses import dataclass

from sqlalchemy import Connection

from offline_store.stamp import Stamp


class BadMessage(ValueError):
    """A message of the feed that this kiosk cannot take; the text says why, in a line for a technician."""


@dataclass(frozen=True, slots=True)
class Taking:
    """One message being taken, in the page's transaction. `centre` is this kiosk's own."""

    connection: Connection
    message_id: int
    centre: str
    stamp: Stamp
