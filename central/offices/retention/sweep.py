"""Going over a table in small steps: each is a transaction of its own, so that who receives never waits for long.

What goes is told by the rows themselves, so an interrupted sweep can simply be run again.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.transactions import READING_LOCK, lock, reading

STEP_ROWS: Final = 2000

#: Called in the transaction of the first step, before anything goes.
Begin = Callable[[AsyncConnection], Awaitable[None]]
Counted = Callable[[AsyncConnection, Sequence[Row[Any]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Rows of one table that are over their time.

    Attributes:
        what: the name under which they are counted.
        key: the columns that name a row, in whose order the table is gone over.
        over: the condition; asked again in the transaction in which they go.
        becomes: what is left in a row that stays; None: the row goes.
        stays: keys that stay in spite of it.
        counted: is given the rows that went, in the transaction in which they go.
    """

    what: str
    key: tuple[Column[Any], ...]
    over: ColumnElement[bool]
    becomes: dict[str, Any] | None = None
    stays: frozenset[Any] = field(default_factory=frozenset)
    counted: Counted | None = None

    async def run(self, engine: AsyncEngine, begin: Begin | None) -> int:
        """Count the rows, and let them go where it is said how that begins; returns how many those were."""
        count, place = 0, None
        while True:
            async with reading(engine) as connection:
                page = await self._page(connection, place)
            going = [one for one in page if one[0] not in self.stays]
            if begin is not None and going:
                async with engine.begin() as connection:
                    # Not while a reader goes through the inbox again: it needs what it has not read yet.
                    await lock(connection, READING_LOCK)
                    if count == 0:
                        await begin(connection)
                    count += await self._let_go(connection, going)
            else:
                count += len(going)
            if len(page) < STEP_ROWS:
                return count
            place = page[-1]

    async def _page(self, connection: AsyncConnection, place: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
        query = select(*self.key).where(self.over).order_by(*self.key).limit(STEP_ROWS)
        if place is not None:
            query = query.where(tuple_(*self.key) > place if len(place) > 1 else self.key[0] > place[0])
        return [tuple(row) for row in await connection.execute(query)]

    async def _let_go(self, connection: AsyncConnection, page: list[tuple[Any, ...]]) -> int:
        named = tuple_(*self.key).in_(page) if len(self.key) > 1 else self.key[0].in_([key for (key,) in page])
        table = self.key[0].table
        if self.counted is not None:
            gone = (await connection.execute(delete(table).where(named, self.over).returning(*table.c))).all()
            await self.counted(connection, gone)
            return len(gone)
        if self.becomes is None:
            return (await connection.execute(delete(table).where(named, self.over))).rowcount
        return (await connection.execute(update(table).where(named, self.over).values(**self.becomes))).rowcount
