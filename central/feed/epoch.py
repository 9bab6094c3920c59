"""Feed epochs: one numbering of the feed. Central that was set back to a copy begins another, so that no id lies.

Kiosks that come with a place of a former epoch get a whole snapshot; one that comes with a place that central lacks
shows that central was set back, and makes it begin an epoch by itself.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock, database
from central.base.tables import feed, feed_epochs

# A stolen kiosk's key could claim what never was: each epoch costs every kiosk a snapshot.
MOST_AN_HOUR: Final = 6
# More messages than since any copy: a later word then has a greater id than one that central forgot.
LEAP: Final = 1_000_000
BY_COMMAND: Final = "restored"
CURSOR_LACKED: Final = "cursor-lacked"
ITEM_LACKED: Final = "item-lacked"

log = structlog.get_logger()


async def newest(connection: AsyncConnection) -> str:
    """The feed epoch that is on."""
    return str(await connection.scalar(select(feed_epochs.c.epoch).order_by(feed_epochs.c.id.desc()).limit(1)))


async def floor(connection: AsyncConnection) -> int:
    """The number that every message's id of this epoch is above."""
    newest_floor = select(feed_epochs.c.floor).order_by(feed_epochs.c.id.desc()).limit(1)
    return int(await connection.scalar(newest_floor) or 0)


async def is_known(connection: AsyncConnection, epoch: str) -> bool:
    """Whether central remembers that it ever began this epoch."""
    return await connection.scalar(select(feed_epochs.c.id).where(feed_epochs.c.epoch == epoch)) is not None


async def begin(connection: AsyncConnection, why: str) -> str:
    """Begin a feed epoch; every kiosk gets a snapshot when it comes next, and is asked for what central lacks."""
    await database.lock(connection, database.FEED_LOCK)
    epoch, last = str(uuid.uuid4()), await connection.scalar(select(func.max(feed.c.id)))
    values = {"epoch": epoch, "why": why, "began_at": clock.as_text(clock.now()), "floor": (last or 0) + LEAP}
    await connection.execute(insert(feed_epochs).values(values))
    return epoch


async def began_by_restore(connection: AsyncConnection, since: datetime) -> bool:
    """Return whether an epoch has begun since then because central was set back."""
    restores = feed_epochs.c.why.in_((BY_COMMAND, CURSOR_LACKED, ITEM_LACKED))
    query = select(feed_epochs.c.id).where(restores, feed_epochs.c.began_at >= clock.as_text(since)).limit(1)
    return await connection.scalar(query) is not None


async def begin_by_itself(connection: AsyncConnection, why: str, seen: str) -> str:
    """Begin a feed epoch in the place of the one `seen`, unless another process was faster or it comes too often."""
    await database.lock(connection, database.FEED_LOCK)
    present = await newest(connection)
    if present != seen:
        return present
    an_hour_ago = clock.as_text(clock.now() - timedelta(hours=1))
    lately = select(func.count()).where(feed_epochs.c.began_at > an_hour_ago, feed_epochs.c.why != BY_COMMAND)
    if int(await connection.scalar(lately) or 0) > MOST_AN_HOUR:
        log.error("feed-epoch-refused", why=why)
        return present
    epoch = await begin(connection, why)
    log.warning("feed-epoch-begun", epoch=epoch, why=why)
    return epoch
