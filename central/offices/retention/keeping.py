"""Keeping the rules: what is over its time is counted, and goes where that is really wanted."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.offices import operations
from central.offices.retention import rules
from central.offices.retention.kinds import kinds


class Over(Struct, frozen=True):
    """What of a kind was older than `days`, and so came `before` a moment: how many of what."""

    kind: str
    days: int
    before: str
    counts: Mapping[str, int]


async def keep(engine: AsyncEngine, kind: str, days: int, *, really: bool, operator: str) -> Over:
    """Count what of a kind is older than `days`, and delete it where that is `really` wanted."""
    before = clock.as_text(clock.now() - timedelta(days=days))
    counts: dict[str, int] = {}

    async def begin(connection: AsyncConnection) -> None:
        if any(counts.values()):  # another table of the kind was begun with
            return
        await rules.note_gone(connection, kind, before)
        await operations.note(connection, operator, "retention-begun", {"kind": kind, "before": before})

    async for sweep in kinds()[kind].sweeps(engine, before):
        counts[sweep.what] = await sweep.run(engine, begin if really else None)
    if really:
        async with engine.begin() as connection:
            await rules.note_kept(connection, kind)
            if any(counts.values()):
                said = {name: str(count) for name, count in counts.items()}
                await operations.note(connection, operator, "retention-done", {"kind": kind, "before": before, **said})
    return Over(kind, days, before, counts)
