"""What cannot be gone on with is set apart by name, and everything else goes on.

What goes over items, days, centres or messages takes each by itself. One that fails is a finding, which
`central needs` counts and `central findings` names until somebody has seen to it; it is tried again in its turn.
"""

from collections.abc import Awaitable
from typing import Final

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

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

log = structlog.get_logger()


def is_passing(error: Exception) -> bool:
    """Whether it is the database that is away or busy: that says nothing of what was being done."""
    return isinstance(error, (OperationalError, InterfaceError, OSError))


async def set_apart(connection: AsyncConnection, one: Finding, whose: str, error: Exception) -> None:
    """Name one thing of a machine, centre or system. Raises the error where it is the database's alone."""
    if is_passing(error):
        raise error
    # The kind of the error alone: its text may repeat what a database was given.
    log.error(one.code, whose=whose, what=one.item[:_MOST_SIGNS], error=type(error).__name__)
    await finding.note(connection, whose, [one._replace(item=one.item[:_MOST_SIGNS])])


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
