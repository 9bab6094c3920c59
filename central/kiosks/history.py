"""What a kiosk or hub last said of itself, and how it was each time that it changed: since when, and how often."""

from typing import Any, Final

import msgspec
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.rows import upsert
from central.base.tables.received import health, health_history
from central.kiosks.state import KioskState, Symptom, news_of, read_state

KEPT: Final = 300
"""Changes a kiosk: some weeks of a quiet one, two days of one that flickers."""


async def keep(connection: AsyncConnection, kiosk: str, report: str, moment: str) -> None:
    """Keep a report as the last one, and as a change if it says anything new; the oldest changes beyond KEPT go."""
    await upsert(connection, health, [{"kiosk": kiosk, "report": report, "at": moment}])
    state = news_of(read_state(report))
    newest = _newest(kiosk).limit(1)
    last = (await connection.execute(newest)).first()
    if last is not None and (_read(last.state) == state or last.at >= moment):
        return
    written = msgspec.json.encode(state).decode()
    await connection.execute(insert(health_history).values(kiosk=kiosk, at=moment, state=written))
    oldest_kept = await connection.scalar(
        _newest(kiosk).with_only_columns(health_history.c.at).offset(KEPT - 1).limit(1)
    )
    if oldest_kept is not None:
        old = health_history.c.kiosk == kiosk, health_history.c.at < oldest_kept
        await connection.execute(delete(health_history).where(*old))


async def changes(connection: AsyncConnection, kiosk: str, limit: int = 100) -> list[tuple[str, KioskState]]:
    """Return a kiosk's changes, the newest first, each with when it was reported."""
    rows = await connection.execute(_newest(kiosk).limit(limit))
    return [(row.at, _read(row.state)) for row in rows]


async def since(connection: AsyncConnection, kiosk: str, symptom: Symptom) -> str | None:
    """Return since when a symptom has stood, by the changes that are kept; None where they do not tell it."""
    began = None
    for row in await connection.execute(_newest(kiosk)):
        if not symptom.is_so(_read(row.state)):
            break
        began = row.at
    return began


def _newest(kiosk: str) -> Select[Any]:
    return select(health_history).where(health_history.c.kiosk == kiosk).order_by(health_history.c.at.desc())


def _read(state: str) -> KioskState:
    return msgspec.json.decode(state, type=KioskState)
