"""Days of centres, counted and kept: a report adds up thirty rows instead of reading each visit of a month.

A day is counted again where something of it has changed since. Central does so by itself for days that are over; today
is counted when somebody asks.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import COUNTING_LOCK, let_others_write, reading, try_lock
from central.base.recurring import RecurringTask
from central.base.tables.kept import retention
from central.base.tables.visited import counted_days
from central.insight.reports import machines
from central.insight.reports.counted import Counted
from central.insight.reports.day import count_day
from central.insight.visits import following, projection
from central.intake.receiving import apart

COUNT_EVERY_S: Final = 600.0

_HAS_CHANGED: Final = counted_days.c.changes > counted_days.c.counted_changes
_decoder = msgspec.json.Decoder(Counted)


async def catch_up(engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
    """Read what the inbox has got since the last time, all that reports are made of, or until `stopping`."""
    await following.catch_up(engine, stopping)
    await machines.catch_up(engine, stopping)


async def rebuild(engine: AsyncEngine) -> int:
    """Make all of it again from the items; the result is the same. Returns how many days were counted.

    What was read of items whose content was deleted by rule stays as it is, so that no day is poorer; so does what
    features have read.
    """
    await projection.rebuild(engine)
    await machines.rebuild(engine)
    async with engine.begin() as connection:
        # Also days of which no item is left.
        await connection.execute(update(counted_days).values(changes=counted_days.c.changes + 1))
    return await _count(engine, _HAS_CHANGED)


async def count_changed(engine: AsyncEngine, centre: str, first: str, last: str) -> int:
    """Count the days of a centre that have changed, from one day to another; returns how many those were."""
    of_centre = (counted_days.c.centre == centre) & counted_days.c.business_day.between(first, last)
    return await _count(engine, _HAS_CHANGED & of_centre)


async def read(connection: AsyncConnection, centre: str, first: str, last: str) -> AsyncIterator[Counted]:
    """Yield what was counted of each day, the earliest first; the connection streams."""
    of_centre = (counted_days.c.centre == centre) & counted_days.c.business_day.between(first, last)
    query = select(counted_days.c.counted).where(of_centre, counted_days.c.counted.is_not(None))
    async for body in await connection.stream_scalars(query.order_by(counted_days.c.business_day)):
        yield _decoder.decode(body)


class Keeper(RecurringTask):
    """The task that counts days which are over, so that no report has to."""

    every_s = COUNT_EVERY_S
    failure = "counting-interrupted"

    async def act(self) -> None:
        """Count what changed of the days before today, unless another process is at it."""
        await catch_up(self._engine, self._stopping)
        today = clock.business_date(clock.now()).isoformat()
        for centre, day in await _days(self._engine, _HAS_CHANGED & (counted_days.c.business_day < today)):
            async with self._engine.connect() as connection:
                if self._stopping.is_set() or not await try_lock(connection, COUNTING_LOCK):
                    return
                await let_others_write(connection)
                await apart.tried(self._engine, _count_again(self._engine, centre, day), apart.DAY, centre, day)


async def _count(engine: AsyncEngine, wanted: ColumnElement[bool]) -> int:
    return sum(
        [
            await apart.tried(engine, _count_again(engine, centre, day), apart.DAY, centre, day)
            for centre, day in await _days(engine, wanted)
        ]
    )


async def _days(engine: AsyncEngine, wanted: ColumnElement[bool]) -> list[tuple[str, str]]:
    query = select(counted_days.c.centre, counted_days.c.business_day).where(wanted)
    ordered = query.order_by(counted_days.c.business_day, counted_days.c.centre)
    async with reading(engine) as connection:
        return [(row.centre, row.business_day) for row in await connection.execute(ordered)]


async def _count_again(engine: AsyncEngine, centre: str, day: str) -> None:
    one = counted_days.c.centre == centre, counted_days.c.business_day == day
    async with reading(engine, streams=True) as connection:
        # Before the day itself is read: what changes from here on adds to `changes`, and the day is counted once more.
        changes = await connection.scalar(select(counted_days.c.changes).where(*one, _HAS_CHANGED))
        if changes is None:  # another process was faster
            return
        counted = await count_day(connection, centre, day)
        await _keep_claims(connection, counted, centre, day)
        found = msgspec.json.encode(counted).decode()
    async with engine.begin() as connection:
        newer = counted_days.c.counted_changes < changes
        await connection.execute(update(counted_days).where(*one, newer).values(counted=found, counted_changes=changes))


async def _keep_claims(connection: AsyncConnection, counted: Counted, centre: str, day: str) -> None:
    """Let what was counted of a day's claims before stand where these may be gone by rule."""
    gone_before = await connection.scalar(select(retention.c.gone_before).where(retention.c.kind == "claims"))
    of_day = counted_days.c.centre == centre, counted_days.c.business_day == day
    former = await connection.scalar(select(counted_days.c.counted).where(*of_day))
    if former is not None and day <= (gone_before or ""):
        before = _decoder.decode(former)
        counted.claims, counted.waits_by_claim = before.claims, before.waits_by_claim
