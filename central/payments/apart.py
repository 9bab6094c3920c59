"""What of payments and books cannot be gone on with, by name: money has alarms, and people, of its own."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.intake.receiving import apart
from central.intake.receiving.finding import Finding

PAYMENT: Final = "payment-stuck"
"""A step of one payment fails; it is tried again, at longer and longer pauses."""
LINE: Final = "payment-line-stuck"
"""What one line of a payer's or biller's books says could not be done."""
BOOKS: Final = "payment-books-stuck"
"""One payer's or biller's books cannot be read."""
CODES: Final = (PAYMENT, LINE, BOOKS)


async def set_apart(engine: AsyncEngine, code: str, whose: str, what: str, error: Exception) -> None:
    """Name a payment or a port's books, in a transaction of its own; nothing where the database was away.

    `whose`: a kiosk, payer or biller.
    """
    if apart.is_passing(error):
        return
    async with engine.begin() as connection:
        await apart.set_apart(connection, Finding(code, what), whose, error)


async def set_line_apart(connection: AsyncConnection, whose: str, line: str, error: Exception) -> None:
    """Name a line of books, beside those that were taken. Raises the error where it is the database's alone."""
    await apart.set_apart(connection, Finding(LINE, line), whose, error)
