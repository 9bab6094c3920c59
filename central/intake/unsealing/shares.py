"""Shares of what waits to be opened: processes open side by side, and two items of one order are in one share."""

import os
from typing import Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import database
from central.base.tables import inbox

SHARES: Final = "0123456789abcdef"
# Far enough to find work for every process, and no reading of a whole backlog.
LOOK_AHEAD_ITEMS: Final = 4000

# An order's id as its item says it in the clear; anyone who lies about that finds the id taken all the same.
_SHARE: Final = func.left(func.md5(func.coalesce(inbox.c.order_id, inbox.c.id)), 1)


async def take_one(connection: AsyncConnection) -> ColumnElement[bool] | None:
    """Lock a share in which something waits, until the transaction ends; returns which items are in it.

    None where nothing waits that somebody else isn't opening already. On SQLite there is one share: all of it.
    """
    if not database.is_postgres(connection):
        return true()
    ahead = select(_SHARE.label("share")).where(inbox.c.seal_state == "waiting").order_by(inbox.c.arrival)
    waiting = ahead.limit(LOOK_AHEAD_ITEMS).subquery()
    found = set(await connection.scalars(select(waiting.c.share).distinct()))
    # Each process begins elsewhere, so that they seldom ask for the same.
    mine = os.getpid() % len(SHARES)
    for share in SHARES[mine:] + SHARES[:mine]:
        if share in found and await database.try_lock(connection, database.SHARE_LOCK + SHARES.index(share)):
            return _SHARE.in_((share,))
    return None
