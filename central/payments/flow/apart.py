"""What of payments and books cannot be gone on with is set apart by name, and all others go on.

Each is a finding, which `central needs` counts and `central findings` names until somebody has seen to it.
"""

from typing import Final

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.intake.receiving import finding
from central.intake.receiving.finding import Finding

PAYMENT: Final = "payment-stuck"
"""A step of one payment fails; it is tried again, at longer and longer pauses."""
LINE: Final = "payment-line-stuck"
"""What one line of a payer's or biller's books says could not be done."""
BOOKS: Final = "payment-books-stuck"
"""One payer's or biller's books cannot be read."""
CODES: Final = (PAYMENT, LINE, BOOKS)
_MOST_SIGNS: Final = 80

log: Final = structlog.get_logger()


def is_passing(error: Exception) -> bool:
    """Whether it is the database that is away or busy: that says nothing of what was being done."""
    return isinstance(error, (OperationalError, InterfaceError, OSError))


async def set_apart(engine: AsyncEngine, code: str, whose: str, what: str, error: Exception) -> None:
    """Name a payment or a port's books, in a transaction of its own; `whose`: a kiosk, payer or biller."""
    if is_passing(error):
        return
    async with engine.begin() as connection:
        await finding.note(connection, whose, [Finding(code, what[:_MOST_SIGNS])])


async def set_line_apart(connection: AsyncConnection, whose: str, line: str, error: Exception) -> None:
    """Name a line of books, beside those that were taken. Raises the error where it is the database's alone."""
    if is_passing(error):
        raise error
    log.error("payment-line-stuck", whose=whose, line=line[:_MOST_SIGNS], error=type(error).__name__)
    await finding.note(connection, whose, [Finding(LINE, line[:_MOST_SIGNS])])
