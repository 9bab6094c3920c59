"""Keeping the rules: what is over its time is counted, and goes where that is really wanted."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import exists
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.received import health_history
from central.offices import operations
from central.offices.retention import answers, contents, messages, paid, personal, promised, rules, written
from central.offices.retention.rules import Kind
from central.offices.retention.sweep import Sweep


class Over(Struct, frozen=True):
    """What of a kind was older than `days`, and so came `before` a moment: how many of what."""

    kind: Kind
    days: int
    before: str
    counts: Mapping[str, int]


async def keep(engine: AsyncEngine, kind: Kind, days: int, *, really: bool, operator: str) -> Over:
    """Count what of a kind is older than `days`, and delete it where that is `really` wanted."""
    before = clock.as_text(clock.now() - timedelta(days=days))
    counts: dict[str, int] = {}

    async def begin(connection: AsyncConnection) -> None:
        if any(counts.values()):  # another table of the kind was begun with
            return
        await rules.note_gone(connection, kind, before)
        await operations.note(connection, operator, "retention-begun", {"kind": kind, "before": before})

    async for sweep in _sweeps(engine, kind, before):
        counts[sweep.what] = await sweep.run(engine, begin if really else None)
    if really and any(counts.values()):
        said = {name: str(count) for name, count in counts.items()}
        async with engine.begin() as connection:
            await operations.note(connection, operator, "retention-done", {"kind": kind, "before": before, **said})
    return Over(kind, days, before, counts)


_PLAIN: Final = {
    "personal": personal.sweeps,
    "claims": promised.sweeps,
    "messages": written.sweeps,
    "payments": paid.sweeps,
}


async def _sweeps(engine: AsyncEngine, kind: Kind, before: str) -> AsyncIterator[Sweep]:
    match kind:
        case "personal" | "claims" | "messages" | "payments":
            for sweep in _PLAIN[kind](before):
                yield sweep
        case "items":
            async for sweep in contents.sweeps(engine, before):
                yield sweep
        case "feed":
            async with reading(engine) as connection:
                sweep = await messages.sweep(connection, before)
            yield sweep
        case "feedback":
            async with reading(engine) as connection:
                of_answers = await answers.sweeps(connection, before)
            for sweep in of_answers:
                yield sweep
        case "health":
            newer = health_history.alias()
            # The last one stays: the next report is compared with it.
            is_old = exists().where(newer.c.kiosk == health_history.c.kiosk, newer.c.at > health_history.c.at)
            key = health_history.c.kiosk, health_history.c.at
            yield Sweep("reports", key, (health_history.c.at < before) & is_old)
