"""What cannot be gone on with is set apart by name, and everything else goes on.

What goes over items, days, centres or messages takes each by itself. One that fails is a finding, which
`central needs` counts and `central findings` names until somebody has seen to it; it is tried again in its turn, and
open again where it fails once more.
"""

from collections.abc import Awaitable
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.replication import NotReplicatedError
from central.intake.receiving import finding
from central.intake.receiving.delivery import ODD, ODD_LIST
from central.intake.receiving.finding import Finding

ITEM: Final = "item-unread"
"""An applied item that a reader cannot take."""
DAY: Final = "day-uncounted"
"""A day of a centre that cannot be counted: reports lack it."""
CENTRE: Final = "centre-passed-over"
"""What is known or done of one centre fails."""
MESSAGE: Final = "message-stuck"
"""A message, or a wish to be told, that cannot be judged or handed over."""
SYSTEM: Final = "system-untold"
"""A system that is to be told of news, and cannot be."""
CODES: Final = (ITEM, DAY, CENTRE, MESSAGE, SYSTEM, *ODD, ODD_LIST)
_MOST_SIGNS: Final = 80
# Classes of SQLSTATE (PostgreSQL, appendix A): connection, a transaction that cannot be, one that was rolled back for
# another's sake, resources, not in a state for it, an operator's act, the system.
_OF_THE_DATABASE: Final = frozenset({"08", "25", "40", "53", "55", "57", "58"})

log = structlog.get_logger()


def is_passing(error: Exception) -> bool:
    """Whether it is the database that is away, busy or full: that says nothing of what was being done.

    Of asyncpg's most errors are of no kind but DBAPIError; what they mean is said by their SQLSTATE.
    """
    if isinstance(error, DBAPIError) and (error.connection_invalidated or _class_of(error) in _OF_THE_DATABASE):
        return True
    kinds = OperationalError, InterfaceError, PoolTimeout, NotReplicatedError, OSError
    return isinstance(error, kinds)


def _class_of(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")[:2]


async def set_apart(connection: AsyncConnection, one: Finding, whose: str, error: Exception) -> None:
    """Name one thing of a machine, centre or system. Raises the error where it is the database's alone."""
    if is_passing(error):
        raise error
    # The kind of the error alone: its text may repeat what a database was given.
    log.error(one.code, whose=whose, what=one.item[:_MOST_SIGNS], error=type(error).__name__)
    await finding.note_again(connection, whose, one._replace(item=one.item[:_MOST_SIGNS]))


async def tried(engine: AsyncEngine, part: Awaitable[object], code: str, whose: str, what: str = "") -> bool:
    """Do a part of what is due, in transactions of its own; False where it failed, and was named.

    Raises what the database alone is to blame for: then nothing else would succeed either.
    """
    try:
        await part
    except Exception as error:
        if is_passing(error):
            raise
        async with engine.begin() as connection:
            await set_apart(connection, Finding(code, what), whose, error)
        return False
    return True
