"""How long it is kept what visitors said: what is in items, and which tickets were answered for. The counts stay."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.database.transactions import reading
from central.base.tables.received import GONE, inbox
from central.offices.retention.contents import came_before, is_in_whole, is_read_by
from central.offices.retention.kinds import Retained
from central.offices.retention.sweep import Sweep
from features.feedback.central.items import READING
from features.feedback.central.tables import feedback

_NAME: Final = "feedback"


async def _sweeps(engine: AsyncEngine, before: str) -> AsyncIterator[Sweep]:
    is_counted = (inbox.c.result == "applied") & is_in_whole() & is_read_by(READING.name)
    is_answer = (inbox.c.kind == _NAME) & (inbox.c.body != GONE)
    async with reading(engine) as connection:
        over = is_answer & await came_before(connection, before) & is_counted
    yield Sweep("answers", (inbox.c.arrival,), over, becomes={"body": GONE})
    yield Sweep("answered", (feedback.c.kiosk, feedback.c.ticket), feedback.c.day_over_at < before)


RETAINED: Final = Retained(
    _NAME, 2, _sweeps, {"answers": "answers given at kiosks", "answered": "tickets answered for"}
)
