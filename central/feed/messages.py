"""Messages of the feed, added one at a time.

Sequences commit out of order, so a reader that remembers the last id would skip rows. Ids are therefore given under a
lock that is held until commit: anyone who sees an id has seen every smaller one.
"""

import secrets
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.told import feed
from central.feed import epoch


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a message is for: every kiosk, those of a centre, or one."""

    centre: str | None = None
    kiosk: str | None = None


EVERYONE = Audience()


async def newest_body(connection: AsyncConnection, kind: str, key: str | None = None) -> str | None:
    """Return what was last said of a kind, or of what has this key; None where nothing was."""
    own = feed.c.kind == kind if key is None else (feed.c.kind == kind) & (feed.c.key == key)
    body: str | None = await connection.scalar(select(feed.c.body).where(own).order_by(feed.c.id.desc()).limit(1))
    return body


async def append(
    connection: AsyncConnection, kind: str, body: object, *, key: str = "", audience: Audience = EVERYONE
) -> int:
    """Add a message; returns its id. A later one of the same kind and `key` replaces it in snapshots."""
    await lock(connection, FEED_LOCK)
    last = int(await connection.scalar(select(func.coalesce(func.max(feed.c.id), 0))) or 0)
    message_id = max(last, await epoch.floor(connection)) + 1
    await connection.execute(
        insert(feed).values(
            id=message_id,
            kind=kind,
            key=key,
            body=msgspec.json.encode(body).decode(),
            centre=audience.centre,
            kiosk=audience.kiosk,
            at=clock.as_text(clock.now()),
            mark=secrets.token_hex(8),
        )
    )
    return message_id
