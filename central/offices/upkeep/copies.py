"""How old the newest copy of central is, and when one was last tried."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import is_postgres
from central.base.tables.enrolled import kiosks
from central.base.tables.kept import backups

DUE: Final = timedelta(hours=36)  # one is made each night
TRIED_WITHIN: Final = timedelta(days=8)


async def made_at(connection: AsyncConnection) -> datetime | None:
    """Return when the newest copy was made, or PostgreSQL's archive last took something; None for never.

    A copy of a time to come was made by a clock that was ahead: how old it is nobody knows.
    """
    newest = await connection.scalar(select(func.max(backups.c.made_at)).where(backups.c.made_at <= _now()))
    moments = [] if newest is None else [datetime.fromisoformat(newest)]
    if is_postgres(connection) and await connection.scalar(text("SHOW archive_mode")) != "off":
        archived = await connection.scalar(text("SELECT last_archived_time FROM pg_stat_archiver"))
        moments += [] if archived is None else [archived]
    return max(moments, default=None)


async def overdue_since(connection: AsyncConnection) -> str | None:
    """Return since when a copy has been due; None where the newest is young, or no kiosk has been here for long."""
    made = await made_at(connection)
    if made is None:
        first = await connection.scalar(select(func.min(kiosks.c.enrolled_at)))
        made = None if first is None else datetime.fromisoformat(first)
    return None if made is None or clock.now() - made <= DUE else clock.as_text(made)


async def untried_since(connection: AsyncConnection) -> str | None:
    """Return since when no copy has been restored for a trial; None where one was lately, or there is none."""
    tried = await connection.scalar(select(func.max(backups.c.checked_at)).where(backups.c.checked_at <= _now()))
    first = await connection.scalar(select(func.min(backups.c.made_at)))
    since = tried or first
    return None if since is None or clock.now() - datetime.fromisoformat(since) <= TRIED_WITHIN else str(since)


def _now() -> str:
    return clock.as_text(clock.now())
