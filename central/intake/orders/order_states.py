"""An order's state goes to its centre: thousands of kiosks have no use for the orders of all others.

A kiosk elsewhere hears of it once it has taken the order's code, or asks because a code was shown there: who showed
it may show it again, or is still standing there.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Raw
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.enrolled import centres, kiosks
from central.base.tables.told import feed as feed_table
from central.feed import EVERYONE, Audience
from common.protocol.feed_message import OrderState

KIND = "order-state"


async def publish(connection: AsyncConnection, state: OrderState) -> int:
    """Tell the order's centre, all where it is by post, and anyone who heard of it before; returns the last id.

    What a centre or kiosk once heard must not stand there for good when the order goes elsewhere.
    """
    await lock(connection, FEED_LOCK)  # before those who heard are read
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


async def newest(connection: AsyncConnection, order: str) -> OrderState | None:
    """Return what was last said of an order."""
    body = await feed.newest_body(connection, KIND, order)
    return None if body is None else msgspec.json.decode(body, type=OrderState)


async def tell_newest(connection: AsyncConnection, orders: Sequence[str], kiosk: str) -> int | None:
    """Tell one kiosk the newest state of each order that was told, and never to it; returns the last id, if any.

    From then on it has heard, so it is told of later changes too. An order of which nothing was told stays unsaid.
    """
    if not await _untold(connection, orders, kiosk):
        return None  # as nearly always: nobody else has to wait for that
    await lock(connection, FEED_LOCK)  # no newer one is published between reading and telling
    number: int | None = None
    for order, body in (await _untold(connection, orders, kiosk)).items():
        number = await feed.append(connection, KIND, Raw(body.encode()), key=order, audience=Audience(kiosk=kiosk))
    return number


async def _untold(connection: AsyncConnection, orders: Sequence[str], kiosk: str) -> dict[str, str]:
    """The newest state, as it was told, of each order that this kiosk has not heard of; by order."""
    its_centre = select(kiosks.c.centre).where(kiosks.c.id == kiosk).scalar_subquery()
    for_all = and_(feed_table.c.centre.is_(None), feed_table.c.kiosk.is_(None))
    heard = or_(for_all, feed_table.c.centre == its_centre, feed_table.c.kiosk == kiosk)
    query = select(feed_table.c.key, feed_table.c.body, heard.label("heard"))
    told = query.where(feed_table.c.kind == KIND, feed_table.c.key.in_(orders)).order_by(feed_table.c.id)
    newest: dict[str, str] = {}
    known: set[str] = set()
    for row in await connection.execute(told):
        newest[row.key] = row.body
        if row.heard:
            known.add(row.key)
    return {order: body for order, body in newest.items() if order not in known}
