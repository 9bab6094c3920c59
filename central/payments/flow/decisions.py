"""What was decided of a payment, whatever money comes for it: that its biller has entered it, or why it goes back."""

from typing import Any, Final

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payment_decisions

ENTERED: Final = "entered"


async def decide(
    connection: AsyncConnection,
    payment: str,
    decision: str,
    payer_receipt: str | None = None,
    receipt: str | None = None,
) -> None:
    """Write a decision down; it holds until the next one.

    Args:
        connection: of the caller's transaction.
        payment: the try, or the payment in cash.
        decision: ENTERED, or a reason for which money goes back.
        payer_receipt: the payer's number of the sum that was entered.
        receipt: the biller's number of its entry.
    """
    values = {"payment": payment, "decision": decision, "payer_receipt": payer_receipt, "receipt": receipt}
    await connection.execute(insert(payment_decisions).values(**values, at=clock.as_text(clock.now())))


async def newest(connection: AsyncConnection, payment: str) -> Row[Any] | None:
    """Return what holds of a payment, None where nothing was decided."""
    own = select(payment_decisions).where(payment_decisions.c.payment == payment)
    return (await connection.execute(own.order_by(payment_decisions.c.id.desc()).limit(1))).one_or_none()
