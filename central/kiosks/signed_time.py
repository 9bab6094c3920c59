"""The last word on the time: kept to the hour, so that a clock that jumped is asked about before any kiosk hears it.

What is signed reaches every kiosk, and opens business days there.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.database.transactions import reading
from central.base.recurring import RecurringTask
from central.base.tables.told import feed, signed_time

KEPT_TO: Final = timedelta(hours=1)


async def why_not(connection: AsyncConnection, apart_s: float = 0.0) -> str | None:
    """Return why no kiosk may be told what this machine's clock says now, None where it may be true.

    `apart_s`: how far the clock of the database's machine is from this one.
    """
    last = await _last(connection)
    if last is None:  # nothing was ever signed here: the feed is no word to be ahead of
        told = await connection.scalar(select(feed.c.at).order_by(feed.c.id.desc()).limit(1))
        return clock.why_not(clock.now(), told and datetime.fromisoformat(told), apart_s)
    return clock.why_not(clock.now(), last, apart_s) or clock.why_ahead(clock.now(), last)


async def is_old(connection: AsyncConnection) -> bool:
    """Return whether the last word is an hour old, or there is none."""
    last = await _last(connection)
    return last is None or clock.now() - last >= KEPT_TO


async def keep(connection: AsyncConnection) -> None:
    """Keep what this machine's clock says as the last word: `why_not` is silent, or an operator has looked."""
    await upsert(connection, signed_time, [{"id": 1, "at": clock.as_text(clock.now())}])


class Keeper(RecurringTask):
    """The task that keeps the word while nobody asks: over feasts kiosks are off for days, and central runs."""

    every_s = KEPT_TO.total_seconds()
    failure = "time-not-kept"

    async def act(self) -> None:
        """Keep the time as the last word, unless it may be wrong or none was ever signed."""
        async with reading(self._engine) as connection:
            is_kept = await _last(connection) is not None and await why_not(connection) is None
        if is_kept:
            async with self._engine.begin() as connection:
                await keep(connection)


async def _last(connection: AsyncConnection) -> datetime | None:
    at = await connection.scalar(select(signed_time.c.at))
    return None if at is None else datetime.fromisoformat(at)
