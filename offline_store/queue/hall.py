"""The hall's rows, as the hub that leads last told them: kept on disk, so that what is said without it is what it said.

They are the hub's own word and nothing else: what a hub before 1.1 says of calls alone comes here as rows too.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from common.machine.stamp import Stamp, told_time
from common.protocol.queue.call import QueueCall, TicketsAnswer
from common.protocol.queue.rows import MAX_ROWS, AsOf, HallRow, Rows, RowState, shown_digest
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run
from offline_store.issuing.business_day import LATELY

_row, _as_of = tables.hall_rows.c, tables.hall_as_of.c
_ticket, _item, _day = tables.tickets.c, tables.items.c, tables.business_days.c
_COLUMNS: Final = tuple(column.name for column in tables.hall_rows.c)
_put = upsert(tables.hall_rows).values({name: bindparam(name) for name in _COLUMNS})
_KEY: Final = ("day", "kiosk", "number")
_PUT: Final = precompiled(
    _put.on_conflict_do_update(_KEY, set_={name: _put.excluded[name] for name in _COLUMNS if name not in _KEY})
)
_DROP_OLDEST: Final = (
    "DELETE FROM hall_rows WHERE rowid IN (SELECT rowid FROM hall_rows ORDER BY day DESC, place DESC LIMIT -1 OFFSET ?)"
)


class KeptRow(NamedTuple):
    """A number as it stands, see `HallRow`."""

    day: int
    kiosk: str
    number: str
    service: str
    state: RowState
    place: int
    queue: str | None
    counter: int | None
    called: str | None
    end: str | None
    priority: int
    shown: str

    @property
    def may_be_called(self) -> bool:
        """Whether its owner waits for a call: who was sent on, or not there once, and who fetches something too."""
        return self.state in ("waiting", "parked")

    @property
    def is_passed(self) -> bool:
        """Whether it is called no more, though nobody took it back: its owner needs another one."""
        return self.state == "ended" and self.end not in ("voided", "carried")

    @property
    def called_to(self) -> int | None:
        """To which counter it was called; None of who waits, also for a second time, or was sent on."""
        return None if self.state in ("waiting", "parked") else self.counter


class KeptAsOf(NamedTuple):
    """Up to where rows hold all, and the moment at which that was heard."""

    as_of: AsOf
    wall_time: str
    clock: str
    boot_id: str
    boot_time_ns: int

    def age(self, now: Stamp) -> timedelta | None:
        """Return how old the rows are; None where no clock tells."""
        if self.boot_id == now.boot_id:
            return timedelta(microseconds=(now.boot_time_ns - self.boot_time_ns) // 1000)
        if not (told_time(self.clock) and now.tells_time):
            return None
        return now.wall_time - datetime.fromisoformat(self.wall_time)


class HeardHall:
    """What a listener hears of the hall. `as_of`: up to where it holds the rows, None where it holds none."""

    def __init__(self, store: Store) -> None:
        """Hear nothing yet; `recollect` reads what was heard before."""
        self._store = store
        self.as_of: AsOf | None = None

    def recollect(self) -> None:
        """Read what was heard before this start. Raises StoreUnavailable."""
        with self._store.read() as connection:
            kept = kept_as_of(connection)
        self.as_of = None if kept is None else kept.as_of

    def take(self, answer: TicketsAnswer, stamp: Stamp) -> None:
        """Keep what a hub says; one that lacks something says nothing of the hall. Raises StoreUnavailable."""
        if answer.rows is not None and answer.rows.as_of != self.as_of:
            take_rows(self._store, answer.rows, stamp)
            self.as_of = answer.rows.as_of
        elif answer.rows is None and not answer.lacks:
            take_calls(self._store, answer.calls)


def take_rows(store: Store, rows: Rows, stamp: Stamp) -> None:
    """Keep what a hub has told; of another log it is all there is. Raises StoreUnavailable."""
    with store.write() as connection:
        if rows.whole:
            connection.execute(delete(tables.hall_rows))
        _put_rows(connection, rows.changed)
        connection.execute(delete(tables.hall_as_of))
        values = msgspec.to_builtins(rows.as_of) | {
            "one": 1,
            "wall_time": stamp.text,
            "clock": stamp.clock,
            "boot_id": stamp.boot_id,
            "boot_time_ns": stamp.boot_time_ns,
        }
        connection.execute(insert(tables.hall_as_of).values(**values))


def take_calls(store: Store, calls: Iterable[QueueCall]) -> None:
    """Keep what a hub before 1.1 says: which of this kiosk's numbers of today were called. Raises StoreUnavailable."""
    heard = {call.number: call for call in calls}
    if not heard:
        return
    with store.read() as connection:
        of_today = _ticket.day_id == select(func.max(_day.id)).scalar_subquery()
        own = (
            select(_item.id, _ticket.number, _ticket.service, _ticket.row)
            .join(tables.items, _item.row == _ticket.row)
            .where(of_today, _ticket.number.in_(list(heard)))
        )
        found = [(row, heard[row.number]) for row in connection.execute(own)]
        hub_day = connection.scalar(select(func.coalesce(func.max(_row.day), 0))) or 0
        fresh = [
            HallRow(
                kiosk=store.identity.kiosk, number=row.number, service=row.service, state="called", day=hub_day,
                order=row.row, counter=call.counter, called=call.at, shown=[shown_digest(row.id)],
            )
            for row, call in found
            if (known := row_of(connection, [row.id])) is None or known.called != call.at
        ]  # fmt: skip
    if fresh:
        with store.write() as connection:
            _put_rows(connection, fresh)


def _put_rows(connection: Connection, rows: Iterable[HallRow]) -> None:
    for one in rows:
        values = msgspec.structs.asdict(one) | {"place": one.order, "shown": " ".join(one.shown)}
        run(connection, _PUT, {name: values[name] for name in _COLUMNS})
    yesterday = select(func.max(_row.day) - 1).scalar_subquery()
    connection.execute(delete(tables.hall_rows).where(_row.day < yesterday))
    (count,) = run(connection, "SELECT count(*) FROM hall_rows").fetchone()
    if count > MAX_ROWS:  # no hall has so many, and no disk is filled
        run(connection, _DROP_OLDEST, (MAX_ROWS,))


def kept_as_of(connection: Connection) -> KeptAsOf | None:
    """Return up to where the rows that are kept hold all; None where nothing is known, or only part of it."""
    columns = (_as_of.hub, _as_of.life, _as_of.seq, _as_of.wall_time, _as_of.clock, _as_of.boot_id, _as_of.boot_time_ns)
    row = connection.execute(select(*columns)).first()
    return None if row is None else KeptAsOf(AsOf(*row[:3]), *row[3:])


def row_of(connection: Connection, shown: Iterable[str]) -> KeptRow | None:
    """Return the newest row of which any of these is known: a ticket's id, its token's digest, an order, a claim."""
    known_by = [func.instr(_row.shown, shown_digest(one)) > 0 for one in shown]
    query = select(tables.hall_rows).where(or_(*known_by)).order_by(_row.day.desc(), _row.place.desc())
    return next(_kept(connection.execute(query.limit(1))), None)


def row_of_today(connection: Connection, shown: str, now: Stamp) -> KeptRow | None:
    """Return the row of what is shown where it is of the day that the hub serves, as far as that is known here."""
    known, row = kept_as_of(connection), row_of(connection, [shown])
    age = timedelta() if known is None else known.age(now)
    if row is None or (age is not None and age > LATELY):
        return None
    return row if row.day == connection.scalar(select(func.max(_row.day))) else None


def hall_rows(connection: Connection) -> list[KeptRow]:
    """Return all rows that are kept, in the order in which people came."""
    return list(_kept(connection.execute(select(tables.hall_rows).order_by(_row.place, _row.kiosk, _row.number))))


def _kept(rows: Iterable[Row[Any]]) -> Iterator[KeptRow]:
    return (KeptRow._make(row) for row in rows)
