"""What a hub says of a number, in a kiosk's store: as its listener keeps it."""

from typing import Any

from common.protocol.queue.rows import AsOf, HallRow, Rows, shown_digest
from offline_store.disk.database import Store
from offline_store.queue.hall import take_rows
from tests.kit.store import stamp


def row(ticket: str, number: str, state: str = "waiting", **stands: Any) -> HallRow:
    """Make the row of a ticket, which is known by its id."""
    values: dict[str, Any] = {
        "kiosk": "kiosk-0001", "service": "clearance", "day": 3, "order": int(number[1:]), "queue": number[0],
        "shown": [shown_digest(ticket)],
    }  # fmt: skip
    if state not in ("waiting", "ended"):
        values |= {"counter": 4, "called": "2026-11-25T09:00:00Z"}
    return HallRow(number=number, state=state, **(values | stands))  # type: ignore[arg-type]


def hears(store: Store, *rows: HallRow, seq: int = 1, whole: bool = False) -> None:
    """Keep what a hub says."""
    take_rows(store, Rows(AsOf("hub-1", "its-life", seq), list(rows), whole), stamp())
