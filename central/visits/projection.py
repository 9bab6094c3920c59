"""Tickets and queue events, taken out of the inbox into tables of their own, where a day or a token finds them.

Each row stands for one item and is written once, so that reading an item again changes nothing. That matters: items
become visible in another order than their arrivals were given, so the last minutes are read anew each time.
"""

import asyncio
import base64
import time
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central import clock, database
from central.tables import batches, inbox, projections, queue_events, tickets
from offline_store.wire.envelope import QueueBody, TicketBody

NAME: Final = "visits"
PAGE_ITEMS: Final = 5000
#: No transaction that stores a batch lives as long: what arrived before is all there.
SETTLED_AFTER: Final = timedelta(minutes=5)
KINDS: Final = ("ticket", "queue")
EVERY_S: Final = 1.0


async def catch_up(engine: AsyncEngine) -> None:
    """Read what the inbox has got since the last time; several processes may do so at once."""
    after = await _settled_through(engine)
    while True:
        async with engine.begin() as connection:
            rows = await _page(connection, after)
            await _take(connection, rows)
            if rows:
                after = rows[-1].arrival
                await _note_settled(connection)
        if len(rows) < PAGE_ITEMS:
            return


async def rebuild(engine: AsyncEngine) -> None:
    """Forget what was read and read the whole inbox again; the result is the same."""
    async with engine.begin() as connection:
        for table in (tickets, queue_events):
            await connection.execute(delete(table))
        await connection.execute(delete(projections).where(projections.c.name == NAME))
    await catch_up(engine)


async def _settled_through(engine: AsyncEngine) -> int:
    async with database.reading(engine) as connection:
        query = select(projections.c.arrival).where(projections.c.name == NAME)
        return int(await connection.scalar(query) or 0)


async def _page(connection: AsyncConnection, after: int) -> list[Row[Any]]:
    wanted = (inbox.c.arrival > after) & (inbox.c.result == "applied") & inbox.c.kind.in_(KINDS)
    return list(await connection.execute(select(inbox).where(wanted).order_by(inbox.c.arrival).limit(PAGE_ITEMS)))


async def _take(connection: AsyncConnection, rows: list[Row[Any]]) -> None:
    for table, kind, as_row in ((tickets, "ticket", _ticket_row), (queue_events, "queue", _event_row)):
        fresh = [as_row(row) for row in rows if row.kind == kind]
        if fresh:
            await database.insert_new(connection, table, fresh)


def _ticket_row(row: Row[Any]) -> dict[str, Any]:
    body = msgspec.json.decode(base64.b64decode(row.body), type=TicketBody)
    return {
        "kiosk": row.kiosk,
        "ticket": row.id,
        "number": body.number,
        "service": body.service,
        "business_day": body.business_day,
        "priority": "ready-order" if body.order_id is not None else body.priority,
        "is_voided": body.voided,
        "issued_at": row.wall_time,
        "token": body.token,
    }


def _event_row(row: Row[Any]) -> dict[str, Any]:
    raw = base64.b64decode(row.body)
    body = msgspec.json.decode(raw, type=QueueBody)
    return {
        "hub": row.kiosk,
        "epoch": row.epoch,
        "seq": row.seq,
        "kiosk": body.kiosk,
        "ticket": body.ticket,
        "at": row.wall_time,
        "body": raw.decode(),
    }


async def _note_settled(connection: AsyncConnection) -> None:
    """Remember up to which arrival nothing earlier can still appear."""
    oldest = clock.as_text(clock.now() - SETTLED_AFTER)
    unsettled = select(func.min(inbox.c.arrival)).join(batches, batches.c.id == inbox.c.batch)
    recent = await connection.scalar(unsettled.where(batches.c.received_at >= oldest))
    newest = int(await connection.scalar(select(func.coalesce(func.max(inbox.c.arrival), 0))) or 0)
    arrival = newest if recent is None else int(recent) - 1
    await connection.execute(delete(projections).where(projections.c.name == NAME))
    await connection.execute(projections.insert().values(name=NAME, arrival=arrival))


class Reader:
    """Keeps the tables close behind the inbox for pages that many look at: at most one reading a second a process."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._lock = asyncio.Lock()
        self._read_at = -EVERY_S

    async def catch_up(self, engine: AsyncEngine) -> None:
        """Read what is new unless somebody has done so within the last second."""
        async with self._lock:
            now = time.monotonic()
            if now - self._read_at >= EVERY_S:
                await catch_up(engine)
                self._read_at = now
