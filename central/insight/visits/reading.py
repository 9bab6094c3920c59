"""Reading the inbox into tables of one's own: each item once, however often it is read.

Items become visible in another order than their arrivals were given, so the last minutes are read again each time. What
takes items in must therefore change nothing by a second reading. An item that cannot be taken is set apart by name, and
the others are taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Exists, Row, Select, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import READING_LOCK, lock
from central.base.tables.received import GONE, batches, inbox
from central.base.tables.visited import projections
from central.intake.receiving import apart
from central.intake.receiving.finding import Finding

PAGE_ITEMS: Final = 5000
#: No transaction that stores a batch lives as long: what had arrived by then is all there.
SETTLED_AFTER: Final = timedelta(minutes=5)


def is_gone(*same: ColumnElement[bool]) -> Exists:
    """Whether the content of the item that is the `same` as a row was deleted by rule: that row can't be read again."""
    return exists().where(*same, inbox.c.body == GONE)


Take = Callable[[AsyncConnection, Sequence[Row[Any]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader of applied items, with a place of its own in the inbox.

    Attributes:
        name: under which its place is kept.
        wanted: the statement that gives its items, `arrival` among the columns.
        take: what it does with some of them, in the transaction that also moves its place.
    """

    name: str
    wanted: Select[Any]
    take: Take

    async def catch_up(self, engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
        """Read what the inbox has got since the last time, or until `stopping`; several processes may do so at once."""
        async with engine.begin() as connection:
            after, settled = await self._place(connection)
        while True:
            async with engine.begin() as connection:
                # One after the other: who takes an event in must see the ticket that somebody else takes in.
                await lock(connection, READING_LOCK)
                # Where another process has read on meanwhile, this one goes on behind it.
                after = max(after, int(await connection.scalar(select(projections.c.arrival).where(self._own())) or 0))
                rows = await self._page(connection, after)
                await self._take(connection, rows)
                is_last = len(rows) < PAGE_ITEMS
                after = rows[-1].arrival if rows else after
                await self._move_on(connection, settled if is_last else min(after, settled))
            if is_last or (stopping is not None and stopping.is_set()):
                return

    async def forget(self, connection: AsyncConnection) -> None:
        """Begin again at the first item, the next time."""
        await connection.execute(delete(projections).where(projections.c.name == self.name))

    async def _place(self, connection: AsyncConnection) -> tuple[int, int]:
        """After which item to read, and up to which nothing earlier can still appear.

        That is where the inbox ended some minutes ago. So where it ends is written down, and believed later.
        """
        place = (await connection.execute(select(projections).where(self._own()).with_for_update())).one_or_none()
        moment = clock.now()
        noted = {"ended": await self._end(connection), "ended_at": clock.as_text(moment)}
        if place is None:
            await insert_new(connection, projections, [{"name": self.name, "arrival": 0, **noted}])
            return 0, await self._settled_by_batches(connection, moment)
        if place.ended_at is not None and place.ended_at > clock.as_text(moment - SETTLED_AFTER):
            return place.arrival, place.arrival
        await connection.execute(projections.update().where(self._own()).values(**noted))
        return place.arrival, place.arrival if place.ended_at is None else max(place.arrival, place.ended)

    async def _page(self, connection: AsyncConnection, after: int) -> list[Row[Any]]:
        here = (inbox.c.arrival > after) & (inbox.c.result == "applied")
        return list(await connection.execute(self.wanted.where(here).order_by(inbox.c.arrival).limit(PAGE_ITEMS)))

    async def _take(self, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> None:
        """Take all, or where that fails each half, down to the one that it fails at."""
        if not rows:
            return
        try:
            async with connection.begin_nested():
                await self.take(connection, rows)
        except Exception as error:  # noqa: BLE001 - whatever one item makes of its reader
            if len(rows) == 1 or apart.is_passing(error):
                one = rows[0]
                await apart.set_apart(connection, Finding(apart.ITEM, f"{one.id} {self.name}"), one.kiosk, error)
                return
            half = len(rows) // 2
            await self._take(connection, rows[:half])
            await self._take(connection, rows[half:])

    async def _move_on(self, connection: AsyncConnection, arrival: int) -> None:
        further = self._own(), projections.c.arrival < arrival
        await connection.execute(projections.update().where(*further).values(arrival=arrival))

    async def _end(self, connection: AsyncConnection) -> int:
        return int(await connection.scalar(select(func.max(inbox.c.arrival))) or 0)

    async def _settled_by_batches(self, connection: AsyncConnection, moment: datetime) -> int:
        """The same for who has never read, and would read all of it twice; it takes a look at every row."""
        oldest = clock.as_text(moment - SETTLED_AFTER)
        unsettled = select(func.min(inbox.c.arrival)).join(batches, batches.c.id == inbox.c.batch)
        recent = await connection.scalar(unsettled.where(batches.c.received_at >= oldest))
        return await self._end(connection) if recent is None else int(recent) - 1

    def _own(self) -> ColumnElement[bool]:
        return projections.c.name == self.name
