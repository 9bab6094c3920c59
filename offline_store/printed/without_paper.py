"""Numbers whose owners may stand there without a paper: those of the last minutes of which the journal knows none.

A number waits for its paper where it has not been sent to the printer, or once and that did not end as printed. After a
second sheet, whatever became of it, and once it is taken back, it waits no longer. A cut while it was printed is no
exception: the journal says so, and a program that has just begun asks as one that ran on.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, func, select

from common.machine.stamp import Stamp
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import current_day
from offline_store.issuing.far_day import due_by_clock

KEPT_S: Final = 300
_KEPT_NS: Final = KEPT_S * 10**9
_LOOKED_AT: Final = 100
"""More numbers than a kiosk gives in that time."""
_ticket, _item, _job, _order = tables.tickets.c, tables.items.c, tables.print_jobs.c, tables.orders.c


class WithoutPaper(NamedTuple):
    """A number without a paper, as it was recorded; `state` and `reason` of its one print job, None before any."""

    id: str
    body: str
    wall_time: str
    clock: str
    priority: str
    state: str | None
    reason: str | None


def numbers_without_paper(store: Store, stamp: Stamp, began_ns: int) -> list[WithoutPaper]:
    """Return today's numbers that wait for their paper, the newest first.

    One waits five minutes from when it was given. Where the machine went down meanwhile, those that waited then wait
    from when it began to print again.

    Args:
        store: the open store.
        stamp: now.
        began_ns: the boottime, in nanoseconds, from which on this program prints.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    with store.read() as connection:
        day = current_day(connection)
        floor_us = connection.scalar(select(tables.store.c.floor_us))
        if day is None or due_by_clock(connection, stamp, floor_us, day.date) is not None:
            return []
        given = connection.execute(_newest(day.id)).all()
    # By which moment of its boot a number's age is told: now, or the last number before the machine went down.
    until_ns = {stamp.boot_id: stamp.boot_time_ns}
    before = next((row for row in given if row.boot_id != stamp.boot_id), None)
    if before is not None and stamp.boot_time_ns - began_ns <= _KEPT_NS:
        until_ns[before.boot_id] = before.boot_time_ns

    def waits(row: Row[Any]) -> bool:
        return row.boot_id in until_ns and until_ns[row.boot_id] - int(row.boot_time_ns) <= _KEPT_NS

    return [
        WithoutPaper(row.id, row.body, row.wall_time, row.clock, row.priority, row.state, row.reason)
        for row in given
        if row.jobs <= 1 and row.state in (None, "unknown", "not_printed") and row.voided is None and waits(row)
    ]


def _newest(day_id: int) -> Select[Any]:
    """Give the newest tickets of a day with what became of their papers; not those on the paper of an order."""
    newest = select(_ticket.row).where(_ticket.day_id == day_id).order_by(_ticket.row.desc()).limit(_LOOKED_AT)
    jobs = func.count(_job.id).label("jobs"), func.max(_job.state).label("state"), func.max(_job.reason).label("reason")
    return (
        select(
            *(_item.id, _item.body, _item.wall_time, _item.clock, _item.boot_id, _item.boot_time_ns),
            *(_ticket.priority, _ticket.voided, *jobs),
        )
        .join_from(tables.tickets, tables.items, _item.row == _ticket.row)
        .outerjoin(tables.print_jobs, _job.item_id == _item.id)
        .outerjoin(tables.orders, _order.intention == _ticket.intention)
        .where(_ticket.row.in_(newest), _order.id.is_(None))
        .group_by(_ticket.row)
        .order_by(_ticket.row.desc())
    )
