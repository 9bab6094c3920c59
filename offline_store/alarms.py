"""What a technician has to see: one row a condition, set when it begins and removed when it has ended."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from common.machine.stamp import Stamp
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run

MAX_DETAIL = 500
_CLEAR = precompiled(delete(tables.alarms).where(tables.alarms.c.code == bindparam("code")))


class Alarm(NamedTuple):
    """A condition that needs a technician. `since_at`: seconds since 1970 by the clock of that moment."""

    code: str
    since_at: int
    detail: str


def raise_alarm(connection: Connection, code: str, detail: str, stamp: Stamp) -> None:
    """Set an alarm; one that stands already keeps its beginning and gets the new detail."""
    row = insert(tables.alarms).values(code=code, since_at=stamp.unix_s, detail=detail[:MAX_DETAIL])
    connection.execute(row.on_conflict_do_update(index_elements=["code"], set_={"detail": row.excluded.detail}))


def clear_alarm(connection: Connection, code: str) -> None:
    """Remove an alarm whose condition has ended."""
    run(connection, _CLEAR, {"code": code})


def list_alarms(store: Store) -> list[Alarm]:
    """Return every alarm, the oldest first. Raises StoreUnavailable."""
    columns = tables.alarms.c
    with store.read() as connection:
        rows = connection.execute(select(columns.code, columns.since_at, columns.detail).order_by(columns.since_at))
        return [Alarm(*row) for row in rows]
