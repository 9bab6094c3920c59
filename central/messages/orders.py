"""An order that becomes ready: its owner is told. Read from the feed, where every word on an order stands once."""

from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.told import feed
from central.base.tables.visited import projections
from central.intake.orders.order_states import KIND
from central.intake.receiving import apart
from central.intake.receiving.finding import Finding
from central.messages import outbox
from central.messages.contacts import DIGITS
from central.messages.texts import Said
from common.protocol.feed_message import OrderState

NAME: Final = "messages"
READY: Final = "ready"
_PAGE: Final = 500


async def follow(connection: AsyncConnection) -> None:
    """Put in a message for each order that was said to be ready since the last time, in one transaction with the place.

    Ready at another centre than before is news: who was sent to the former one would come for nothing.
    What was said before central first asked is told to nobody: it may be weeks old.
    """
    place = await connection.scalar(select(projections.c.arrival).where(projections.c.name == NAME))
    if place is None:
        newest = int(await connection.scalar(select(func.coalesce(func.max(feed.c.id), 0))) or 0)
        await _keep(connection, newest)
        return
    query = select(feed.c.id, feed.c.key, feed.c.body).where(feed.c.kind == KIND, feed.c.id > place)
    rows = (await connection.execute(query.order_by(feed.c.id).limit(_PAGE))).all()
    for row in rows:
        try:
            async with connection.begin_nested():
                await _follow_one(connection, row.id, row.body)
        except Exception as error:  # noqa: BLE001 - one order's word keeps no other's
            await apart.set_apart(connection, Finding(apart.MESSAGE, f"order {row.key}"), "", error)
    if rows:
        await _keep(connection, rows[-1].id)


async def _follow_one(connection: AsyncConnection, message: int, body: str) -> None:
    state = msgspec.json.decode(body, type=OrderState)
    # Told to several centres it stands there several times.
    if state.state == READY and not await _was_ready(connection, state, message):
        await outbox.put(connection, await wish(connection, state, str(message)))


async def wish(connection: AsyncConnection, state: OrderState, event: str) -> outbox.Wish:
    """Return the message that an order is ready: where, and until when where that was said."""
    until = _moment(state.at)
    said = Said(
        ends=None if state.number is None else state.number[-DIGITS:],
        centre=await outbox.names_of(connection, state.centre),
        until=clock.as_text(until) if until is not None and until > clock.now() else None,
    )
    return outbox.Wish(
        kind="order-ready", subject="order", about=state.order, event=event, centre=state.centre, said=said
    )


async def _was_ready(connection: AsyncConnection, now: OrderState, before: int) -> bool:
    own = feed.c.kind == KIND, feed.c.key == now.order, feed.c.id < before
    body = await connection.scalar(select(feed.c.body).where(*own).order_by(feed.c.id.desc()).limit(1))
    former = None if body is None else msgspec.json.decode(body, type=OrderState)
    return former is not None and (former.state, former.centre) == (READY, now.centre)


async def _keep(connection: AsyncConnection, place: int) -> None:
    await upsert(connection, projections, [{"name": NAME, "arrival": place}])


def _moment(said: str | int | None) -> datetime | None:
    """Read a time of the app's side, RFC 3339 or Unix seconds; one that makes no sense is left out."""
    try:
        return datetime.fromtimestamp(said, UTC) if isinstance(said, int) else clock.read(said or "")
    except (ValueError, OverflowError, OSError):
        return None
