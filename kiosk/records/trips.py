"""Where the trip counters were set back last: when, and from which ticket and order on they count."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import func, select

from common.machine.records.record import RecordDamaged, keep, recall
from common.machine.stamp import Stamp
from kiosk.records.names import TRIPS
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.printed import tallies

type _Place = Annotated[int, Meta(ge=0, le=2**63 - 1)]  # what SQLite takes
type _Moment = Annotated[int, Meta(ge=0, le=2**37)]  # what a calendar has


@dataclass(frozen=True, slots=True)
class TripStart:
    """`at`: seconds since 1970, None where trips were never set back; the others are places in the store."""

    at: _Moment | None = None
    ticket_row: _Place = 0
    order_us: _Place = 0


def read_trip_start(data_dir: Path) -> TripStart:
    """Read when trips were set back; never, where that was never kept or can't be read."""
    try:
        found = recall(data_dir / TRIPS)
        return TripStart() if found is None else msgspec.convert(found, TripStart)
    except (OSError, RecordDamaged, msgspec.ValidationError):
        return TripStart()


def set_trips_back(store: Store, data_dir: Path, names: list[str], stamp: Stamp) -> None:
    """Begin all trips again; totals stay. Raises StoreUnavailable, OSError."""
    keep(data_dir / TRIPS, asdict(TripStart(stamp.unix_s, *_newest(store))))
    for name in names:
        tallies.reset_trip(store, name)


def follow_store(store: Store, data_dir: Path) -> None:
    """Let trips begin no later than the store ends, also one that took a lost one's place, or came from a copy.

    Raises StoreUnavailable, OSError.
    """
    start, (row, recorded) = read_trip_start(data_dir), _newest(store)
    if start.ticket_row > row or start.order_us > recorded:
        begins = TripStart(start.at, min(start.ticket_row, row), min(start.order_us, recorded))
        keep(data_dir / TRIPS, asdict(begins))


def _newest(store: Store) -> tuple[int, int]:
    with store.read() as connection:
        row = connection.execute(select(func.max(tables.tickets.c.row))).scalar_one() or 0
        recorded = connection.execute(select(func.max(tables.orders.c.recorded_us))).scalar_one() or 0
    return row, recorded
