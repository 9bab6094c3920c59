"""An unpaid try gives way to a newer one of the same debt, or to cash, once its sentence was read.

Anybody with a neighbour's paper bill can begin to pay it and go. So who comes then is told when and where one was
begun, and names it when he goes on all the same: what has begun since is told first. Money that still comes for what
gave way is given back.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.paid.payments import payments
from central.keys.keys import KeyRing
from central.payments.flow import decisions, state
from central.payments.flow.ledger import WITHDRAWN


async def of_debt(connection: AsyncConnection, biller: str, mark: str) -> list[Row[Any]]:
    """Return all tries of a debt, locked until the end of the transaction, the oldest first."""
    same = payments.c.biller == biller, payments.c.debt_mark == mark
    query = select(payments).where(*same).order_by(payments.c.at, payments.c.id).with_for_update()
    return list(await connection.execute(query))


def not_named(tries: Sequence[Row[Any]], named: str | None) -> Row[Any] | None:
    """Return the newest of these tries, unless it is the one that was named; None where all may give way."""
    return None if not tries or tries[-1].id == named else tries[-1]


async def give_way(connection: AsyncConnection, ring: KeyRing, tries: Sequence[Row[Any]], by: str, to: str) -> None:
    """Withdraw tries; who waits for one at another kiosk is told so. `to`: the payment that takes their place."""
    for row in tries:
        await decisions.decide(connection, row.id, WITHDRAWN)
        await state.change(connection, ring, row, "withdrawn", by, {"for": to}, reason=None)
