"""Items' contents and batches' evidence.

An item's row stays: what comes again, or another content under its id or place, is told by it. What goes is the body,
once nothing needs it any more: it is applied, opened, part of the whole of its chain, and read into visits and reports.
"""

from collections.abc import AsyncIterator

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.transactions import reading
from central.base.tables.received import GONE, batches, chains, inbox
from central.base.tables.visited import projections
from central.insight.reports import machines
from central.insight.visits import projection
from central.intake.orders.orders import KEY_UNKNOWN
from central.offices.retention.sweep import Sweep


async def sweeps(engine: AsyncEngine, before: str) -> AsyncIterator[Sweep]:
    """Yield what came before a moment by central's own clock: contents first, then evidence without any."""
    async with reading(engine) as connection:
        is_old = await came_before(connection, before)
    over = (inbox.c.body != GONE) & is_old & _is_needed_no_more()
    yield Sweep("contents", (inbox.c.arrival,), over, becomes={"body": GONE})
    still_there = (inbox.c.body != GONE) & over.is_not(true())
    needed = select(inbox.c.batch).join(batches, batches.c.id == inbox.c.batch).where(batches.c.received_at < before)
    async with reading(engine) as connection:
        stays = frozenset(await connection.scalars(needed.where(still_there).distinct()))
    yield Sweep("evidence", (batches.c.id,), batches.c.received_at < before, stays=stays)


async def came_before(connection: AsyncConnection, before: str) -> ColumnElement[bool]:
    """Return the condition of an item that came before a moment by central's own clock."""
    # Read once: a batch knows when it came, and no index finds batches by that.
    came_since = select(func.min(inbox.c.arrival)).join(batches, batches.c.id == inbox.c.batch)
    first_kept = await connection.scalar(came_since.where(batches.c.received_at >= before))
    return true() if first_kept is None else inbox.c.arrival < first_kept


def is_in_whole() -> ColumnElement[bool]:
    """Return the condition of an item before which nothing of its chain is missing."""
    own = chains.c.kiosk == inbox.c.kiosk, chains.c.epoch == inbox.c.epoch
    return exists().where(*own, chains.c.head_seq >= inbox.c.seq)


def is_read_by(*readers: str) -> ColumnElement[bool]:
    """Return the condition of an item that readers of these names have read for good."""
    places = [select(projections.c.arrival).where(projections.c.name == name).scalar_subquery() for name in readers]
    return and_(*(inbox.c.arrival <= func.coalesce(place, 0) for place in places))


def _is_needed_no_more() -> ColumnElement[bool]:
    # A code whose key is unknown is opened again once the key is published, and what did not open may do so later.
    is_settled = or_(inbox.c.seal_state.is_(None), inbox.c.seal_state == "opened") & inbox.c.reason.is_distinct_from(
        KEY_UNKNOWN
    )
    return (inbox.c.result == "applied") & is_settled & is_in_whole() & is_read_by(projection.NAME, machines.NAME)
