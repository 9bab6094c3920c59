"""What visitors said of their visits: what is in items, and which tickets were answered for. The counts stay."""

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.received import GONE, inbox
from central.base.tables.visited import feedback
from central.insight.feedback import items
from central.offices.retention.contents import came_before, is_in_whole, is_read_by
from central.offices.retention.sweep import Sweep


async def sweeps(connection: AsyncConnection, before: str) -> list[Sweep]:
    """Return what came, and the tickets whose day was over, before a moment."""
    is_counted = (inbox.c.result == "applied") & is_in_whole() & is_read_by(items.NAME)
    is_answer = (inbox.c.kind == items.NAME) & (inbox.c.body != GONE)
    over = is_answer & await came_before(connection, before) & is_counted
    of_ticket = feedback.c.kiosk, feedback.c.ticket
    return [
        Sweep("answers", (inbox.c.arrival,), over, becomes={"body": GONE}),
        Sweep("answered", of_ticket, feedback.c.day_over_at < before),
    ]
