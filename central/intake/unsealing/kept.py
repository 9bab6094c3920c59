"""What was opened, as central keeps it: sealed at rest, read by anyone who says who he is, one item at a time."""

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.ordered import opened, orders
from central.keys import at_rest
from central.keys.at_rest import Vault


class Opened(Struct, frozen=True):
    """What a citizen's item held: the `content` of its sealed part, and the `personal` block of its order's code."""

    kiosk: str
    item: str
    content: Any = None
    personal: str | None = None


async def read(connection: AsyncConnection, vault: Vault, kiosk: str, item: str) -> Opened | None:
    """Open one item; None where there is nothing (any more). Raises NotOurText."""
    of_item = select(opened.c.content).where(opened.c.kiosk == kiosk, opened.c.item == item)
    of_order = select(orders.c.order_id, orders.c.personal).where(orders.c.kiosk == kiosk, orders.c.item == item)
    content = await connection.scalar(of_item)
    order = (await connection.execute(of_order)).one_or_none()
    if content is None and (order is None or order.personal is None):
        return None
    told = None if content is None else msgspec.json.decode(vault.open(at_rest.place_of_item(kiosk, item), content))
    has_block = order is not None and order.personal is not None
    block = vault.open(at_rest.place_of_order(order.order_id), order.personal) if order and has_block else None
    return Opened(kiosk, item, told, block)
