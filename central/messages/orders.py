"""An order that is ready: its owner should know where. Read from the feed, where every word on an order stands once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby, takewhile
from typing import Any, Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.told import feed
from central.base.tables.visited import projections
from central.intake.orders.order_states import KIND
from central.intake.receiving import apart
from central.kiosks.centres import names_of
from central.levels.level import Level
from central.messages.texts import DIGITS, Said
from common.messages.kind import RULES
from common.protocol.feed_message import OrderState

NAME: Final = "messages"
READY: Final = "ready"
_PAGE: Final = 500
_LIFE: Final = RULES["order-ready"].life or timedelta()


class OrderReady:
    """Ready at another centre than before is another thing to know: at the former one somebody would come for nothing.

    What was said before central first asked is told to nobody: it may be weeks old.
    """

    name: Final = "order-ready"
    subject: Final = "order"
    stuck: Final = apart.MESSAGE
    newest_alone: Final = False

    async def changed(self, connection: AsyncConnection, _now: datetime, _waiting: Collection[str]) -> Collection[str]:
        """Return the orders of which something was said since the last time, and keep how far that is."""
        place = await connection.scalar(select(projections.c.arrival).where(projections.c.name == NAME))
        if place is None:
            newest = int(await connection.scalar(select(func.coalesce(func.max(feed.c.id), 0))) or 0)
            await _keep(connection, newest)
            return ()
        query = select(feed.c.id, feed.c.key).where(feed.c.kind == KIND, feed.c.id > place)
        rows = (await connection.execute(query.order_by(feed.c.id).limit(_PAGE))).all()
        if rows:
            await _keep(connection, rows[-1].id)
        return dict.fromkeys(row.key for row in rows)

    async def levels(
        self, connection: AsyncConnection, _now: datetime, about: Collection[str]
    ) -> Mapping[str, Level | None]:
        """Return of each order that it is ready, if it is; nothing of one of which nothing was ever said."""
        query = select(feed.c.id, feed.c.key, feed.c.at, feed.c.body).where(feed.c.kind == KIND, feed.c.key.in_(about))
        rows = (await connection.execute(query.order_by(feed.c.key, feed.c.id.desc()))).all()
        return {order: await _level(connection, words) for order, words in groupby(rows, lambda row: row.key)}


async def _level(connection: AsyncConnection, words: Iterable[Any]) -> Level | None:
    """Return what the words on an order, the newest first, let its owner know."""
    states = [(row, msgspec.json.decode(row.body, type=OrderState)) for row in words]
    now = states[0][1]
    if now.state != READY:
        return None
    since = list(takewhile(lambda one: (one[1].state, one[1].centre) == (READY, now.centre), states))[-1][0]
    return await level_of(connection, now, str(since.id), datetime.fromisoformat(since.at))


async def level_of(connection: AsyncConnection, state: OrderState, what: str, since: datetime) -> Level:
    """Return that an order is ready: where, and until when where that was said."""
    until = _moment(state.at)
    said = Said(
        ends=None if state.number is None else state.number[-DIGITS:],
        centre=await names_of(connection, state.centre),
        until=clock.as_text(until) if until is not None and until > clock.now() else None,
    )
    return Level(about=state.order, what=what, since=since, ends=since + _LIFE, centre=state.centre, said=said)


async def _keep(connection: AsyncConnection, place: int) -> None:
    await upsert(connection, projections, [{"name": NAME, "arrival": place}])


def _moment(said: str | int | None) -> datetime | None:
    """Read a time of the app's side, RFC 3339 or Unix seconds; one that makes no sense is left out."""
    try:
        return datetime.fromtimestamp(said, UTC) if isinstance(said, int) else clock.read(said or "")
    except (ValueError, OverflowError, OSError):
        return None
