"""What readers have made of an item is taken back: it is kept apart from now on, and counts for nothing.

Answers of visitors are counts without names and stay; so does what was printed or told.
"""

import contextlib
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import READING_LOCK, lock
from central.base.tables.ordered import opened, orders
from central.base.tables.visited import counted_days, outcomes, queue_events, tickets
from central.insight.visits import changed_days, projection


async def take_back(connection: AsyncConnection, item: Row[Any]) -> None:
    """Remove the rows that were read out of one item of the inbox, and have its days counted again."""
    await lock(connection, READING_LOCK)
    days = await _remove_ticket(connection, item) | await _remove_event(connection, item)
    outcome = delete(outcomes).where(outcomes.c.kiosk == item.kiosk, outcomes.c.item == item.id)
    days |= {(item.kiosk, day) for day in await connection.scalars(outcome.returning(outcomes.c.business_day))}
    await connection.execute(delete(orders).where(orders.c.kiosk == item.kiosk, orders.c.item == item.id))
    await connection.execute(delete(opened).where(opened.c.kiosk == item.kiosk, opened.c.item == item.id))
    await changed_days.note(connection, {one for one in days if _is_day(one[1])})
    # A day that no calendar has was counted for this item alone, if at all.
    odd = {day for _, day in days if not _is_day(day)}
    await connection.execute(delete(counted_days).where(counted_days.c.business_day.in_(odd)))


async def _remove_ticket(connection: AsyncConnection, item: Row[Any]) -> set[changed_days.OfMachine]:
    own = delete(tickets).where(tickets.c.kiosk == item.kiosk, tickets.c.ticket == item.id)
    return {(item.kiosk, day) for day in await connection.scalars(own.returning(tickets.c.business_day))}


async def _remove_event(connection: AsyncConnection, item: Row[Any]) -> set[changed_days.OfMachine]:
    own = queue_events.c.hub == item.kiosk, queue_events.c.epoch == item.epoch, queue_events.c.seq == item.seq
    gone = delete(queue_events).where(*own).returning(queue_events.c.kiosk, queue_events.c.ticket)
    days = set[changed_days.OfMachine]()
    for row in (await connection.execute(gone)).all():
        of_ticket = tickets.c.kiosk == row.kiosk, tickets.c.ticket == row.ticket
        # Whether its own item or another event still says so is read again.
        values = {"is_voided": await projection.was_burnt(connection, row.kiosk, row.ticket)}
        await connection.execute(update(tickets).where(*of_ticket).values(values))
        await projection.mark_voided(connection, [(row.kiosk, row.ticket)])
        days |= {(row.kiosk, day) for day in await connection.scalars(select(tickets.c.business_day).where(*of_ticket))}
    return days


def _is_day(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False
