"""Where orders stand, told by the app's side and read by it."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.paid.books import kept_marks
from central.base.tables.paid.payments import payments
from central.base.tables.told import feed
from central.intake.orders import order_states
from central.keys.keys import KeyRing
from central.offices.integrations import place
from central.publishing import publication
from common.protocol.feed_message import OrderState

KIND: Final = order_states.KIND
MOST: Final = 200


class StatesRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What the app's side tells: states of orders, in the order in which they came about."""

    states: Annotated[list[OrderState], Meta(max_length=MOST)]


class StatesAnswer(Struct, frozen=True):
    """How many were told to kiosks, and how many said what stood there already."""

    published: int
    unchanged: int


class PublishedState(Struct, frozen=True):
    """A state, when central told it to kiosks, and since when the order's fee is paid by telephone (RFC 3339, UTC)."""

    state: OrderState
    published_at: str
    paid_at: str | None = None


class StatesPage(Struct, frozen=True):
    """States after a place, and the next place; `more`: ask again at once."""

    states: list[PublishedState]
    cursor: str
    more: bool


async def take(connection: AsyncConnection, ring: KeyRing, told: StatesRequest) -> StatesAnswer:
    """Tell kiosks what is new, all of it or nothing.

    Raises:
        ValueError: a state that no kiosk would take; the text says which and why.
    """
    await lock(connection, FEED_LOCK)
    stands = {order: await order_states.newest(connection, order) for order in {one.order for one in told.states}}
    # What an order was before what stands is old too: told again, it would go back, and become ready once more.
    known = {one.order: index for index, one in enumerate(told.states) if one == stands[one.order]}
    published = 0
    for index, state in enumerate(told.states):
        if index <= known.get(state.order, -1) or stands[state.order] == state:
            continue
        try:
            await publication.publish(connection, KIND, msgspec.json.encode(state), ring)
        except ValueError as error:
            raise ValueError(f"states[{index}].{error}") from error
        stands[state.order] = state
        published += 1
    return StatesAnswer(published, len(told.states) - published)


async def read(connection: AsyncConnection, cursor: str) -> StatesPage:
    """States that were told to kiosks after a place, by any system; an order's later one stands after its earlier."""
    after = await place.number_of(connection, cursor)
    query = select(feed.c.id, feed.c.at, feed.c.body).where(feed.c.kind == KIND, feed.c.id > after)
    rows = (await connection.execute(query.order_by(feed.c.id).limit(MOST + 1))).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    states = dict[str, tuple[OrderState, str]]()
    for row in rows:
        # Told to several centres it stands there several times; and where an order was ready before and is again, last.
        states.pop(row.body, None)
        states[row.body] = msgspec.json.decode(row.body, type=OrderState), row.at
    paid = await _paid(connection, [state.order for state, _ in states.values()])
    said = {body: PublishedState(state, at, paid.get(state.order)) for body, (state, at) in states.items()}
    return StatesPage(list(said.values()), await place.of_number(connection, rows[-1].id if rows else after), more)


async def newest(connection: AsyncConnection) -> int:
    """The number of the newest state."""
    query = select(feed.c.id).where(feed.c.kind == KIND).order_by(feed.c.id.desc()).limit(1)
    return int(await connection.scalar(query) or 0)


async def _paid(connection: AsyncConnection, orders: Sequence[str]) -> dict[str, str]:
    """Return since when which of some orders are paid."""
    query = select(payments.c.order_id, kept_marks.c.at).join(kept_marks, kept_marks.c.key == payments.c.id)
    return {row.order_id: row.at for row in await connection.execute(query.where(payments.c.order_id.in_(orders)))}
