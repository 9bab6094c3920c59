"""Who waits, as far as this kiosk knows: the list that is printed where no hub is left to call.

What became of each number is read in the hall's rows; one of which they say nothing is not known to the hub yet, and
waits.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from common.machine.stamp import Stamp, told_time
from common.protocol.queue.rows import shown_digest
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import LATELY, ZONE
from offline_store.queue.hall import KeptAsOf, KeptRow, hall_rows, kept_as_of

_ticket, _item, _day = tables.tickets.c, tables.items.c, tables.business_days.c


class WaitingNumber(NamedTuple):
    """One number; `issued_at` is RFC 3339, None by a clock that told no time and of another kiosk's.

    `called`: whether a counter called it and had it fetch something; `queue`: the letter of the group that may call it.
    """

    number: str
    service: str
    issued_at: str | None
    called: bool
    queue: str | None

    @property
    def line(self) -> tuple[str, str]:
        """What stands on paper: the number, and when it was given and where it was sent on to, as far as is known."""
        sent_on = self.queue if self.queue is not None and self.queue != self.number[:1] else None
        beside = (time_of_day(self.issued_at), "" if sent_on is None else f"({sent_on})")
        return self.number, " ".join(filter(None, beside))


class HallList(NamedTuple):
    """Everybody of the hall who waits, as far as this kiosk knows; `known`: as of when, None where nothing is known."""

    known: KeptAsOf | None
    numbers: list[WaitingNumber]

    @property
    def as_of(self) -> dict[str, Any] | None:
        """What it is as of: the hub's log, and the time at which that was heard, null by a clock that told none."""
        return None if self.known is None else msgspec.to_builtins(self.known.as_of) | {"at": self._at}

    @property
    def as_of_time(self) -> str:
        """The time of that by the clock on the wall; nothing where it is not known."""
        return time_of_day(self._at)

    @property
    def _at(self) -> str | None:
        return self.known.wall_time if self.known is not None and told_time(self.known.clock) else None


def time_of_day(at: str | None) -> str:
    """Return the time by the clock on the wall, such as `09:05`, of a moment in RFC 3339; nothing of none."""
    return "" if at is None else f"{datetime.fromisoformat(at).astimezone(ZONE):%H:%M}"


def waiting_list(store: Store) -> list[WaitingNumber]:
    """Return today's numbers of this kiosk that wait, in the order of issue. Raises StoreUnavailable."""
    with store.read() as connection:
        rows = {digest: row for row in hall_rows(connection) for digest in row.shown.split()}
        return [one for _, one in _own(connection, rows)]


def hall_list(store: Store, now: Stamp) -> HallList:
    """Return who waits of the whole hall in the order in which people came, those last whom no hub knows yet.

    Rows that are older than a day's work are of no use. Raises StoreUnavailable.
    """
    with store.read() as connection:
        known = kept_as_of(connection)
        age = timedelta() if known is None else known.age(now)
        rows = [] if age is not None and age > LATELY else hall_rows(connection)
        by_digest = {digest: row for row in rows for digest in row.shown.split()}
        own = {row: one for row, one in _own(connection, by_digest) if row is not None}
        unknown = [one for row, one in _own(connection, by_digest) if row is None]
    today = max((row.day for row in rows), default=0)
    listed = [own.get(row) or _of_neighbour(row) for row in rows if row.day == today and row.may_be_called]
    return HallList(known, listed + unknown)


def _of_neighbour(row: KeptRow) -> WaitingNumber:
    return WaitingNumber(row.number, row.service, None, row.called is not None, row.queue)


def _own(connection: Connection, rows: dict[str, KeptRow]) -> list[tuple[KeptRow | None, WaitingNumber]]:
    """Return this kiosk's numbers of today that wait, each with its row; None where no hub has told one."""
    day = select(func.max(_day.id)).scalar_subquery()
    query = (
        select(_item.id, _ticket.number, _ticket.service, _ticket.prefix, _item.wall_time, _item.clock)
        .join(tables.items, _item.row == _ticket.row)
        .where(_ticket.day_id == day, _ticket.voided.is_(None))
        .order_by(_ticket.row)
    )
    found = []
    for one in connection.execute(query):
        row = rows.get(shown_digest(one.id))
        if row is None or row.may_be_called:
            issued_at = one.wall_time if told_time(one.clock) else None
            is_called, queue = (False, one.prefix or None) if row is None else (row.called is not None, row.queue)
            found.append((row, WaitingNumber(one.number, one.service, issued_at, is_called, queue)))
    return found
