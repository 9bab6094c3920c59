"""Visits that changed, for who keeps them elsewhere: each as a whole, again whenever something of it came."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.received import inbox
from central.base.tables.visited import projections, queue_events
from central.insight.visits import projection
from central.insight.visits.visit import Visit, read_named
from central.offices.integrations import place

PAGE_ITEMS: Final = 300


class ChangedVisit(Struct, frozen=True, kw_only=True):
    """A visit as it stands now. `kiosk` and `ticket` together name it: a later word on it takes this one's place."""

    centre: str
    business_day: str
    priority: str
    visit: Visit


class VisitsPage(Struct, frozen=True):
    """Visits of which something came after a place, and the next place; `more`: ask again at once."""

    visits: list[ChangedVisit]
    cursor: str
    more: bool


async def read(connection: AsyncConnection, cursor: str) -> VisitsPage:
    """Visits of which something came after a place.

    What came in the last minutes is left for later: items become visible in another order than they arrived.
    """
    after, settled = await place.number_of(connection, cursor), await newest(connection)
    query = (
        select(inbox.c.arrival, inbox.c.kind, inbox.c.kiosk, inbox.c.id)
        # What an event is about was read out of its item, whose own content may be gone.
        .add_columns(queue_events.c.kiosk.label("whose"), queue_events.c.ticket)
        .outerjoin(queue_events, projection.ITEM_OF_EVENT)
        .where(inbox.c.arrival > after, inbox.c.arrival <= settled, inbox.c.result == "applied")
        .where(inbox.c.kind.in_(projection.KINDS))
        .order_by(inbox.c.arrival)
        .limit(PAGE_ITEMS)
    )
    rows: list[Row[Any]] = list(await connection.execute(query))
    more = len(rows) == PAGE_ITEMS
    reached = rows[-1].arrival if more else max(after, settled)
    named = {one for row in rows if (one := _named(row)) is not None}
    visits = [
        ChangedVisit(centre=row.centre, business_day=row.business_day, priority=row.priority, visit=visit)
        async for row, visit in read_named(connection, sorted(named))
    ]
    return VisitsPage(visits, await place.of_number(connection, reached), more)


async def newest(connection: AsyncConnection) -> int:
    """Up to which arrival nothing earlier can still appear, and all is read into visits."""
    query = select(projections.c.arrival).where(projections.c.name == projection.NAME)
    return int(await connection.scalar(query) or 0)


def _named(row: Row[Any]) -> tuple[str, str] | None:
    """The ticket that an item is about; None for what concerns a counter or a day."""
    if row.kind == "ticket":
        return row.kiosk, row.id
    return None if row.whose is None or row.ticket is None else (row.whose, row.ticket)
