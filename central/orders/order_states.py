"""An order's state goes to its centre: thousands of kiosks have no use for the orders of all others.

A kiosk elsewhere that takes the order's code hears of it by that: whoever showed it may show it again, or type its
number. One whose code belongs to another centre is sent there, and no state is needed for that.
"""

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import database, feed
from central.feed import EVERYONE, Audience
from central.tables import centres, kiosks
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


async def was_told_to_others_alone(connection: AsyncConnection, order: str, kiosk: str) -> bool:
    """Whether an order's state was told, and never to this kiosk."""
    its_centre = select(kiosks.c.centre).where(kiosks.c.id == kiosk).scalar_subquery()
    for_all = and_(feed_table.c.centre.is_(None), feed_table.c.kiosk.is_(None))
    heard = or_(for_all, feed_table.c.centre == its_centre, feed_table.c.kiosk == kiosk)
    told = select(heard).where(feed_table.c.kind == KIND, feed_table.c.key == order)
    answers = [bool(one) for one in await connection.scalars(told)]
    return bool(answers) and not any(answers)
