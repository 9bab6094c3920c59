"""What was opened, as central keeps it: sealed at rest, read by anyone who says who he is, one item at a time."""

from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.tables import opened, orders
from central.keys import at_rest
from central.keys.at_rest import Vault
from central.keys.keys import KeyRing

_TOGETHER: Final = 200


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
    told = None if content is None else msgspec.json.decode(_text(vault, at_rest.place_of_item(kiosk, item), content))
    has_block = order is not None and order.personal is not None
    block = _text(vault, at_rest.place_of_order(order.order_id), order.personal) if order and has_block else None
    return Opened(kiosk, item, told, block)


async def seal_some(engine: AsyncEngine, ring: KeyRing) -> int:
    """Seal some of what a version before this one kept in clear text; returns how many texts. Raises KeyFileError."""
    async with engine.begin() as connection:
        rows = (await connection.execute(select(opened).where(_lies_open(opened.c.content)).limit(_TOGETHER))).all()
        for row in rows:
            sealed = ring.vault().seal(at_rest.place_of_item(row.kiosk, row.item), row.content)
            this = (opened.c.kiosk == row.kiosk) & (opened.c.item == row.item)
            await connection.execute(update(opened).where(this).values(content=sealed))
        blocks = (await connection.execute(select(orders).where(_lies_open(orders.c.personal)).limit(_TOGETHER))).all()
        for row in blocks:
            sealed = ring.vault().seal(at_rest.place_of_order(row.order_id), row.personal)
            await connection.execute(update(orders).where(orders.c.order_id == row.order_id).values(personal=sealed))
    return len(rows) + len(blocks)


def _lies_open(column: ColumnElement[str | None]) -> ColumnElement[bool]:
    return column.is_not(None) & (func.substr(column, 1, len(at_rest.MARK)) != at_rest.MARK)


def _text(vault: Vault, place: str, kept: str) -> str:
    return vault.open(place, kept) if at_rest.is_sealed(kept) else kept
