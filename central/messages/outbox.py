"""How often a number, and all numbers, are written to."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.messages import told
from common.messages import outbox

A_DAY_A_PERSON: Final = 5
AN_HOUR: Final = 200


async def why_not_yet(connection: AsyncConnection, recipient: str, now: datetime) -> datetime | None:
    """Return when to look again, where a number was written to often enough, or all numbers were; else None."""
    mine = outbox.went_out(told, now - timedelta(days=1), told.c.recipient == recipient)
    of_all = outbox.went_out(told, now - timedelta(hours=1))
    for counted, most in ((mine, A_DAY_A_PERSON), (of_all, AN_HOUR)):
        if int(await connection.scalar(counted) or 0) >= most:
            return now + timedelta(minutes=10)
    return None


async def is_first_to(connection: AsyncConnection, recipient: str) -> bool:
    """Return whether a number was not written to since messages are kept."""
    known = select(told.c.id).where(told.c.recipient == recipient, told.c.handed_at.is_not(None))
    return await connection.scalar(known.limit(1)) is None
