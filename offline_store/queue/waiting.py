"""Who of today's waits, as far as this kiosk knows: the list that is printed where no hub is left to call."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from common.protocol.queue.call import QueueCall
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.disk.sql import precompiled, run
from offline_store.issuing.business_day import ZONE

_ticket, _item, _call, _day = tables.tickets.c, tables.items.c, tables.calls_heard.c, tables.business_days.c

_DAY = precompiled(select(func.max(_day.id)))
_told = func.json_each(bindparam("numbers")).table_valued("value")
_is_called = select(_call.number).where(_call.day_id == bindparam("day"), _call.number == _ticket.number).exists()
_UNCALLED = precompiled(
    select(_ticket.number).where(
        _ticket.day_id == bindparam("day"), _ticket.number.in_(select(_told.c.value)), ~_is_called
    )
)


class WaitingNumber(NamedTuple):
    """One number of today; `issued_at` is RFC 3339. `called` is whether it is known to be called."""

    number: str
    service: str
    issued_at: str
    called: bool


def time_of_day(at: str) -> str:
    """Return the time by the clock on the wall, such as `09:05`, of a moment in RFC 3339."""
    return f"{datetime.fromisoformat(at).astimezone(ZONE):%H:%M}"


def note_calls(store: Store, calls: Iterable[QueueCall]) -> None:
    """Remember which of this kiosk's numbers of today were called. Raises StoreUnavailable."""
    heard = {call.number: call for call in calls}
    if not heard:
        return
    with store.read() as connection:
        (day,) = run(connection, _DAY).fetchone()
        numbers = msgspec.json.encode(list(heard)).decode()
        own = run(connection, _UNCALLED, {"day": day, "numbers": numbers}).fetchall()
        fresh = [heard[number] for (number,) in own]
    if not fresh:
        return
    with store.write() as connection:
        connection.execute(delete(tables.calls_heard).where(_call.day_id != day))
        for call in fresh:
            row = {"day_id": day, "number": call.number, "counter": call.counter, "at": call.at}
            connection.execute(insert(tables.calls_heard).values(row).on_conflict_do_nothing())


def waiting_list(store: Store) -> list[WaitingNumber]:
    """Return today's numbers of this kiosk in the order of issue, but for those that are known to be called or voided.

    Raises StoreUnavailable.
    """
    day = select(func.max(_day.id)).scalar_subquery()
    is_called = select(_call.number).where(_call.day_id == _ticket.day_id, _call.number == _ticket.number).exists()
    query = (
        select(_ticket.number, _ticket.service, _item.wall_time)
        .join(tables.items, _item.row == _ticket.row)
        .where(_ticket.day_id == day, _ticket.voided.is_(None), ~is_called)
        .order_by(_ticket.row)
    )
    with store.read() as connection:
        return [WaitingNumber(row.number, row.service, row.wall_time, False) for row in connection.execute(query)]
