"""What visitors said of their visits: what is in items, and which tickets were answered for. The counts stay."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.received import GONE, inbox
from central.base.tables.visited import feedback
from central.offices.retention.contents import came_before, is_in_whole, is_read_by
from central.offices.retention.sweep import Sweep

#: Of the items, and of who reads them; the rule stays in the core, as the tables do.
_KIND: Final = "feedback"


async def sweeps(connection: AsyncConnection, before: str) -> list[Sweep]:
    """Return what came, and the tickets whose day was over, before a moment."""
    is_counted = (inbox.c.result == "applied") & is_in_whole() & is_read_by(_KIND)
    is_answer = (inbox.c.kind == _KIND) & (inbox.c.body != GONE)
    over = is_answer & await came_before(connection, before) & is_counted
    of_ticket = feedback.c.kiosk, feedback.c.ticket
    return [
        Sweep("answers", (inbox.c.arrival,), over, becomes={"body": GONE}),
        Sweep("answered", of_ticket, feedback.c.day_over_at < before),
    ]
