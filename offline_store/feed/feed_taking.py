"""What taking in one message of the feed has at hand, and how it says that a message cannot be taken."""

from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert as upsert

from common.machine.stamp import Stamp
from offline_store.disk import tables


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

    def keep(self, kind: str, body: msgspec.Struct) -> None:
        """Keep a word on the centre in the place of its former one."""
        row = {"body": msgspec.json.encode(body).decode(), "message_id": self.message_id, "heard": self.generation}
        self.connection.execute(
            upsert(tables.centre_records).values(kind=kind, **row).on_conflict_do_update(["kind"], set_=row)
        )

    def check_centre(self, centre: str | None) -> None:
        """Raise BadMessage where a word is on another centre; None is on all."""
        if centre not in (None, self.centre):
            raise BadMessage(f"it is on centre {centre}, and this one is {self.centre}")
