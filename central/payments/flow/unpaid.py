"""How a try ends that nobody paid: its life is over, its number was somebody else's, or it gives way to a newer one.

Money that comes under a number before anybody was shown a code of it is somebody else's, however it is heard of.

Anybody with a neighbour's paper bill can begin to pay it and go. So who comes then is told when and where one was
begun, and names it when he goes on all the same: what has begun since is told first. Money that still comes for what
gave way is given back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payments
from central.inquiries import asking
from central.keys.keys import KeyRing
from central.payments.flow import marks, state
from central.payments.flow.ledger import WITHDRAWN
from central.payments.ports.payer import PAID_BEFORE

OPEN_FOR: Final = timedelta(seconds=20)
"""How long a payer is asked for a code while somebody stands there."""
NOT_OURS: Final = "not-ours"
"""Of a try whose number was paid before anybody was shown it: whatever comes under it is somebody else's."""


def is_new(row: Row[Any]) -> bool:
    """Whether a try has just begun and has no code; an older one may have had it before central was put back."""
    return row.state == "inquired" and clock.now() - datetime.fromisoformat(row.at) < OPEN_FOR


async def disown(connection: AsyncConnection, ring: KeyRing, row: Row[Any], by: str) -> None:
    """End a new try whose number is paid already."""
    await end(connection, ring, row, by, {"why": PAID_BEFORE}, NOT_OURS)


async def end(
    connection: AsyncConnection,
    ring: KeyRing,
    row: Row[Any],
    by: str,
    detail: dict[str, Any],
    reason: str | None = None,
) -> None:
    """Let a try expire; one that was never opened is refused to who waits for it."""
    if row.show is None and row.inquiry is not None:
        await asking.refuse(connection, ring, row.kiosk, row.inquiry, "payer-silent")
    await state.change(connection, ring, row, "expired", by, detail, reason=reason)


async def of_debt(connection: AsyncConnection, biller: str, mark: str) -> list[Row[Any]]:
    """Return all tries of a debt, locked until the end of the transaction, the oldest first."""
    same = payments.c.biller == biller, payments.c.debt_mark == mark
    return await state.rows(connection, *same, by=(payments.c.at, payments.c.id))


def not_named(tries: Sequence[Row[Any]], named: str | None) -> Row[Any] | None:
    """Return the newest of these tries, unless it is the one that was named; None where all may give way."""
    return None if not tries or tries[-1].id == named else tries[-1]


async def give_way(connection: AsyncConnection, ring: KeyRing, tries: Sequence[Row[Any]], by: str, to: str) -> None:
    """Withdraw tries; who waits for one at another kiosk is told so. `to`: the payment that takes their place."""
    for row in tries:
        await marks.write(connection, row.id, WITHDRAWN)
        await state.change(connection, ring, row, "withdrawn", by, {"for": to}, reason=None)
