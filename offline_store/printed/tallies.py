"""What the kiosk has used and done: a total for ever and a trip that a technician sets back (new paper roll)."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled

PAPER_MM = "paper_mm"
PAPERS = "papers"
_new = insert(tables.tallies).values(name=bindparam("name"), total=bindparam("amount"), trip=bindparam("amount"))
_ADD = precompiled(
    _new.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "total": tables.tallies.c.total + _new.excluded.total,
            "trip": tables.tallies.c.trip + _new.excluded.trip,
        },
    )
)


class Tally(NamedTuple):
    """A count: since the kiosk was set up, and since the trip was last set back."""

    total: int
    trip: int


def add(connection: Connection, name: str, amount: int) -> None:
    """Count further, within the transaction of what is counted."""
    connection.exec_driver_sql(_ADD, {"name": name, "amount": amount})


def read_tallies(store: Store) -> dict[str, Tally]:
    """Return every tally by name. Raises StoreUnavailable."""
    with store.read() as connection:
        return {row.name: Tally(row.total, row.trip) for row in connection.execute(select(tables.tallies))}


def reset_trip(store: Store, name: str) -> None:
    """Set a trip back to nothing; the total stays. Raises StoreUnavailable."""
    with store.write() as connection:
        connection.execute(update(tables.tallies).where(tables.tallies.c.name == name).values(trip=0))
