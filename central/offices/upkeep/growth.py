"""How long the disk lasts, by what the database has grown to since the first kiosk was enrolled."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.transactions import is_postgres
from central.base.tables.enrolled import kiosks

WITHIN_DAYS: Final = 365
_LEAST_DAYS: Final = 28  # of fewer nothing can be said


async def days_left(connection: AsyncConnection, config: CentralConfig, free_bytes: int) -> int | None:
    """Return for how many days `free_bytes` last; None while that can't be told, as of a database elsewhere."""
    if (make_url(config.database_url).host or "localhost") not in ("localhost", "127.0.0.1", "::1"):
        return None
    first = await connection.scalar(select(func.min(kiosks.c.enrolled_at)))
    days = 0 if first is None else (clock.now() - datetime.fromisoformat(first)).days
    if days < _LEAST_DAYS:
        return None
    return int(free_bytes / (await _size(connection) / days))


async def _size(connection: AsyncConnection) -> int:
    if is_postgres(connection):
        asked = "SELECT pg_database_size(current_database())"
    else:
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return max(1, int(await connection.scalar(text(asked)) or 0))
