"""A central to try things with: its time can be moved ahead, and no kiosk in service believes its codes.

A database is a sandbox from its first moment or never: one that ever served others, or knows a machine, is in service.
Whether this process serves one is known once the database was prepared, as its time and brand are.
"""

import math
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.tables.enrolled import kiosks
from central.base.tables.keys import sandbox, serving
from common.machine.errors import CannotBeDone
from common.protocol.codes.claim_code import ISSUER
from common.protocol.codes.issued import SANDBOX

FARTHEST: Final = timedelta(days=400)


class TimeNotMoved(ValueError):
    """The clock of a sandbox goes ahead only, and not beyond a year."""


async def open_here(connection: AsyncConnection) -> None:
    """Take over whether this database is a sandbox, and its time."""
    ahead_s = await connection.scalar(select(sandbox.c.ahead_s))
    clock.sandbox_ahead = None if ahead_s is None else timedelta(seconds=ahead_s)


def is_open() -> bool:
    """Return whether this process works on a sandbox."""
    return clock.sandbox_ahead is not None


def issuer_of_claims() -> str:
    """Return who issues claims here: in a sandbox somebody whom no kiosk in service believes."""
    return SANDBOX if is_open() else ISSUER


async def begin(connection: AsyncConnection) -> None:
    """Make a new database a sandbox; one that is one stays as it is.

    Raises:
        CannotBeDone: it ever served others, or knows a kiosk or hub.
    """
    if await connection.scalar(select(sandbox.c.id)) is not None:
        return
    served = await connection.scalar(select(serving.c.id))
    if served is not None or await connection.scalar(select(func.count()).select_from(kiosks)):
        raise CannotBeDone(
            "this database is one in service: a sandbox needs one of its own, such as --data /tmp/sandbox"
        )
    await upsert(connection, sandbox, [{"id": 1, "ahead_s": 0}])
    await open_here(connection)


async def move_to(connection: AsyncConnection, moment: datetime) -> None:
    """Move the clock ahead to a moment. Raises TimeNotMoved."""
    ahead = moment - (clock.now() - (clock.sandbox_ahead or timedelta()))
    if moment < clock.now():
        raise TimeNotMoved(f"it is {clock.now():%Y-%m-%dT%H:%M}Z already, and no clock here goes back")
    if ahead > FARTHEST:
        raise TimeNotMoved(f"the clock goes at most {FARTHEST.days} days ahead of the true time")
    await upsert(connection, sandbox, [{"id": 1, "ahead_s": math.ceil(ahead.total_seconds())}])
    await open_here(connection)
