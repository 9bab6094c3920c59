"""An order's state goes to its centre: thousands of kiosks have no use for the orders of all others."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import database, feed
from central.feed import EVERYONE, Audience
from central.tables import centres
from central.tables import feed as feed_table
from offline_store.wire.feed_message import OrderState

KIND = "order-state"


async def publish(connection: AsyncConnection, state: OrderState) -> int:
    """Tell the order's centre, all where it is by post, and whoever heard of it before; returns the last id.

    What a centre or kiosk once heard must not stand there for good when the order goes elsewhere.
    """
    await database.lock(connection, database.FEED_LOCK)  # before those who heard are read
    told = select(feed_table.c.centre, feed_table.c.kiosk).where(
        feed_table.c.kind == KIND, feed_table.c.key == state.order
    )
    before = {Audience(row.centre, row.kiosk) for row in await connection.execute(told.distinct())}
    is_centre = await connection.scalar(select(centres.c.code).where(centres.c.code == state.centre)) is not None
    its_own = Audience(centre=state.centre) if is_centre else EVERYONE
    audiences = {EVERYONE} if EVERYONE in before | {its_own} else before | {its_own}
    number = 0
    for audience in sorted(audiences, key=lambda one: (one.centre or "", one.kiosk or "")):
        number = await feed.append(connection, KIND, state, key=state.order, audience=audience)
    return number
