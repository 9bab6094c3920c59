"""The feed: what central tells its kiosks, in one order that every reader sees alike.

Sequences commit out of order, so a reader that remembers the last id would skip rows. Ids are therefore given under a
lock that is held until commit: whoever sees an id has seen every smaller one.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central import clock, database
from central.tables import feed
from offline_store.wire.envelope import FeedMessage, FeedPage
from offline_store.wire.feed_message import FOR_HUBS, FOR_HUBS_ONLY

PAGE_MESSAGES = 500
# An order that was collected that long ago is of no use to a kiosk any more.
COLLECTED_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a message is for: every kiosk, those of a centre, or one."""

    centre: str | None = None
    kiosk: str | None = None


EVERYONE = Audience()


async def append(
    connection: AsyncConnection, kind: str, body: object, *, key: str = "", audience: Audience = EVERYONE
) -> int:
    """Add a message; returns its id. A later one of the same kind and `key` replaces it in snapshots."""
    await database.lock(connection, database.FEED_LOCK)
    message_id = int(await connection.scalar(select(func.coalesce(func.max(feed.c.id), 0))) or 0) + 1
    await connection.execute(
        insert(feed).values(
            id=message_id,
            kind=kind,
            key=key,
            body=msgspec.json.encode(body).decode(),
            centre=audience.centre,
            kiosk=audience.kiosk,
            at=clock.as_text(clock.now()),
        )
    )
    return message_id


async def read(
    connection: AsyncConnection, kiosk: str, centre: str, after: int | None, *, role: str = "kiosk"
) -> FeedPage:
    """What `kiosk` has not heard since `after`; a whole snapshot where central never gave that cursor out."""
    newest = int(await connection.scalar(select(func.coalesce(func.max(feed.c.id), 0))) or 0)
    audience = _audience(kiosk, centre) & _concerns(role)
    if after is None or not (0 < after <= newest or after == newest == 0):
        return await _snapshot(connection, audience, newest)
    query = select(feed).where(feed.c.id > after, feed.c.id <= newest, audience).order_by(feed.c.id)
    rows = (await connection.execute(query.limit(PAGE_MESSAGES))).all()
    cursor = rows[-1].id if len(rows) == PAGE_MESSAGES else newest
    return FeedPage([_message(row) for row in rows], cursor)


def _audience(kiosk: str, centre: str) -> ColumnElement[bool]:
    everyone = feed.c.kiosk.is_(None) & feed.c.centre.is_(None)
    return or_(everyone, feed.c.kiosk == kiosk, feed.c.kiosk.is_(None) & (feed.c.centre == centre))


def _concerns(role: str) -> ColumnElement[bool]:
    if role == "hub":
        return feed.c.kind.in_(FOR_HUBS | FOR_HUBS_ONLY)
    return feed.c.kind.not_in(FOR_HUBS_ONLY)


async def _snapshot(connection: AsyncConnection, audience: ColumnElement[bool], newest: int) -> FeedPage:
    latest = select(func.max(feed.c.id)).where(audience, feed.c.id <= newest).group_by(feed.c.kind, feed.c.key)
    query = select(feed).where(feed.c.id.in_(latest), feed.c.kind != "settings").order_by(feed.c.id)
    oldest = clock.as_text(clock.now() - COLLECTED_KEPT)
    messages = [_message(row) for row in await connection.execute(query) if not _is_past(row, oldest)]
    settings = await _merged_settings(connection, audience, newest)
    messages += [settings] if settings else []
    return FeedPage(sorted(messages, key=lambda message: message.id), newest, snapshot=True)


def _is_past(row: Row[Any], oldest: str) -> bool:
    return row.kind == "order-state" and row.at < oldest and '"state":"collected"' in row.body


async def _merged_settings(
    connection: AsyncConnection, audience: ColumnElement[bool], newest: int
) -> FeedMessage | None:
    # A settings message changes only the keys it names, so a snapshot has to say all of them.
    query = select(feed).where(feed.c.kind == "settings", audience, feed.c.id <= newest).order_by(feed.c.id)
    rows = (await connection.execute(query)).all()
    merged: dict[str, object] = {}
    for row in rows:
        merged |= msgspec.json.decode(row.body, type=dict[str, object])
    return FeedMessage(rows[-1].id, "settings", msgspec.Raw(msgspec.json.encode(merged))) if rows else None


def _message(row: Row[Any]) -> FeedMessage:
    return FeedMessage(row.id, row.kind, msgspec.Raw(row.body.encode()))
