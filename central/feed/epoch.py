"""Feed epochs: one numbering of the feed. Central that was set back to a copy begins another, so that no id lies.

Kiosks that come with a place of a former epoch get a whole snapshot; two that come with a place that central lacks show
that central was set back, and make it begin an epoch by itself.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.enrolled import kiosks
from central.base.tables.told import feed, feed_claims, feed_epochs

# A stolen kiosk's key could claim what never was: each epoch costs every kiosk a snapshot.
MOST_AN_HOUR: Final = 6
ENOUGH: Final = 2
CLAIM_LASTS: Final = timedelta(days=1)
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
    await lock(connection, FEED_LOCK)
    epoch, last = str(uuid.uuid4()), await connection.scalar(select(func.max(feed.c.id)))
    values = {"epoch": epoch, "why": why, "began_at": clock.as_text(clock.now()), "floor": (last or 0) + LEAP}
    await connection.execute(insert(feed_epochs).values(values))
    return epoch


async def began_by_restore(connection: AsyncConnection, since: datetime) -> bool:
    """Return whether an epoch has begun since then because central was set back."""
    restored = await restored_at(connection)
    return restored is not None and restored >= clock.as_text(since)


async def restored_at(connection: AsyncConnection) -> str | None:
    """Return when central was last set back, as far as it knows; None: never."""
    restores = feed_epochs.c.why.in_((BY_COMMAND, CURSOR_LACKED, ITEM_LACKED))
    newest_restore: str | None = await connection.scalar(select(func.max(feed_epochs.c.began_at)).where(restores))
    return newest_restore


async def begin_by_itself(connection: AsyncConnection, kiosk: str, why: str, seen: str) -> str:
    """Begin a feed epoch in the place of the one `seen`, where a second kiosk shows that central was set back.

    One alone may have a stolen key: it is given what it lacks, and no other kiosk hears of it. Nothing begins either
    where another process was faster or it comes too often.
    """
    await lock(connection, FEED_LOCK)
    present = await newest(connection)
    if present != seen or not await _is_believed(connection, kiosk):
        return present
    an_hour_ago = clock.as_text(clock.now() - timedelta(hours=1))
    lately = select(func.count()).where(feed_epochs.c.began_at > an_hour_ago, feed_epochs.c.why != BY_COMMAND)
    if int(await connection.scalar(lately) or 0) > MOST_AN_HOUR:
        log.error("feed-epoch-refused", why=why)
        return present
    epoch = await begin(connection, why)
    await connection.execute(delete(feed_claims))
    log.warning("feed-epoch-begun", epoch=epoch, why=why)
    return epoch


async def _is_believed(connection: AsyncConnection, kiosk: str) -> bool:
    """Write down what a kiosk shows; return whether enough have shown it within a day: two, or all that there are."""
    now = clock.now()
    is_old = feed_claims.c.at < clock.as_text(now - CLAIM_LASTS)
    await connection.execute(delete(feed_claims).where(is_old | (feed_claims.c.kiosk == kiosk)))
    await connection.execute(insert(feed_claims).values(kiosk=kiosk, at=clock.as_text(now)))
    claims = int(await connection.scalar(select(func.count()).select_from(feed_claims)) or 0)
    in_service = select(func.count()).select_from(kiosks).where(kiosks.c.revoked_at.is_(None))
    return claims >= min(ENOUGH, int(await connection.scalar(in_service) or 0))
