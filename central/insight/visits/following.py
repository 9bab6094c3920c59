"""Reading visits, and after them what features read of the same inbox."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from central.insight.visits import projection
from central.insight.visits.reading import Reading
from common.feature import brought


async def catch_up(engine: AsyncEngine, stopping: asyncio.Event | None = None) -> None:
    """Read as far as the inbox has got since the last time, or until `stopping`."""
    await projection.catch_up(engine, stopping)
    for reading in brought("central", Reading):
        await reading.catch_up(engine, stopping)
