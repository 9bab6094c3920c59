"""What was said to the marking of a payment, whatever money comes for it: it is entered, or why it goes back."""

from typing import Any, Final

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payment_marks

ENTERED: Final = "entered"


async def write(
    connection: AsyncConnection,
    payment: str,
    mark: str,
    payer_receipt: str | None = None,
    receipt: str | None = None,
) -> None:
    """Write a mark down; it holds until the next one.

    Args:
        connection: of the caller's transaction.
        payment: the try, or the payment in cash.
        mark: ENTERED, or a reason for which money goes back.
        payer_receipt: the payer's number of the sum that was entered.
        receipt: the biller's number of its entry.
    """
    values = {"payment": payment, "mark": mark, "payer_receipt": payer_receipt, "receipt": receipt}
    await connection.execute(insert(payment_marks).values(**values, at=clock.as_text(clock.now())))


async def newest(connection: AsyncConnection, payment: str) -> Row[Any] | None:
    """Return what holds of a payment, None where nothing was said."""
    own = select(payment_marks).where(payment_marks.c.payment == payment)
    return (await connection.execute(own.order_by(payment_marks.c.id.desc()).limit(1))).one_or_none()
