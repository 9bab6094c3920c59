"""Where the trip counters were set back last: when, and from which ticket and order on they count."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from offline_store import tables, tallies
from offline_store.database import Store
from offline_store.durable_file import replace_file
from offline_store.stamp import Stamp

FILE: Final = "trips.json"


@dataclass(frozen=True, slots=True)
class TripStart:
    """`at`: seconds since 1970, None where trips were never set back; the others are places in the store."""

    at: int | None = None
    ticket_row: int = 0
    order_us: int = 0


def read_trip_start(data_dir: Path) -> TripStart:
    """Read when trips were set back; never, where that was never kept or can't be read."""
    try:
        found = json.loads((data_dir / FILE).read_bytes())
        return TripStart(int(found["at"]), int(found["ticket_row"]), int(found["order_us"]))
    except (OSError, ValueError, KeyError, TypeError):
        return TripStart()


def set_trips_back(store: Store, data_dir: Path, names: list[str], stamp: Stamp) -> None:
    """Begin all trips anew; totals stay. Raises StoreUnavailable, OSError."""
    with store.read() as connection:
        row = connection.execute(select(func.max(tables.tickets.c.row))).scalar_one() or 0
        recorded = connection.execute(select(func.max(tables.orders.c.recorded_us))).scalar_one() or 0
    replace_file(data_dir / FILE, json.dumps(asdict(TripStart(stamp.unix_s, row, recorded))).encode())
    for name in names:
        tallies.reset_trip(store, name)
