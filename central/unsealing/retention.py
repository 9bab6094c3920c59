"""How long central keeps in clear text what citizens sealed: as many days as an operator says, and no longer.

The sealed parts themselves stay in the inbox: they are part of what each item's hash proves, and open with the sealing
key alone.
"""

from datetime import timedelta

from msgspec import Struct
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central import clock
from central.tables import opened, orders


class OverTime(Struct, frozen=True):
    """What was opened `before` a moment: items' contents, and orders' personal blocks."""

    before: str
    opened: int
    orders: int


async def purge(connection: AsyncConnection, days: int, *, really: bool) -> OverTime:
    """Count what is older than `days`, and delete it where that is `really` wanted."""
    before = clock.as_text(clock.now() - timedelta(days=days))
    old_items = opened.c.opened_at < before
    old_orders = (orders.c.at < before) & orders.c.personal.is_not(None)
    items = int(await connection.scalar(select(func.count()).select_from(opened).where(old_items)) or 0)
    blocks = int(await connection.scalar(select(func.count()).select_from(orders).where(old_orders)) or 0)
    if really:
        await connection.execute(delete(opened).where(old_items))
        await connection.execute(update(orders).where(old_orders).values(personal=None))
    return OverTime(before, items, blocks)
