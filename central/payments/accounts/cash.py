"""The cashier: whether a bill is paid, and cash for one that was opened here and not paid by telephone; never both.

One that may still be paid gives way, where the cashier was told of it and has asked.

Cash is a payment of its own whose payer is `cash`. Its id follows from the try that it stands for, and is the key of
its mark: pressed twice it is one mark. What comes by telephone afterwards finds the debt paid, and goes back.
"""

import uuid
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.base.tables.paid.payments import payment_marks, payments, whole
from central.keys.keys import KeyRing
from central.payments.flow import state, unpaid
from central.payments.running import CASH

MOST: Final = 20
_SPACE: Final = uuid.UUID("7f0e6a3c-5c0b-4e51-9e0e-2b6f5d3a9c11")
_HAVE_IT: Final = ("paid", "marked", "told")
_MAY_HAVE_IT: Final = ("inquired", "opened", "unknown")
IS_OVER: Final = ("expired", "withdrawn")
NOT_PAID: Final = (*_MAY_HAVE_IT, *IS_OVER)
_KEPT: Final = ("bill", "order_id", "debt_mark", "biller", "kiosk", "centre", "amount", "currency", "pound")


class CashRefused(ValueError):
    """No cash may be taken for it. `why`: `unknown`, `paid`, `may-be-paid`, `money-goes-back` or `was-given-back`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def find(connection: AsyncConnection, number: str) -> list[Row[Any]]:
    """Return what is known under a bill number, or a reference of the payer's or biller's; the newest first."""
    wanted = number.strip().upper()[:64]
    if not wanted:
        return []
    said = number.strip()[:64], wanted
    named = or_(
        payments.c.bill_no == wanted,
        payments.c.payer_receipt.in_(said),
        payments.c.id.in_(select(payment_marks.c.payment).where(payment_marks.c.receipt.in_(said))),
    )
    return list(await connection.execute(whole().where(named).order_by(payments.c.at.desc()).limit(MOST)))


class Standing(NamedTuple):
    """What lets no cash be taken for a debt, or the try that gives way to it; neither where it may be taken."""

    why: str | None
    begun: Row[Any] | None


def why_no_cash(row: Row[Any]) -> str | None:
    """Return why this try by itself lets no cash be taken, None where it does or may give way."""
    if row.state in _HAVE_IT:
        return "paid"
    if row.state in _MAY_HAVE_IT:
        return None
    return None if row.state in IS_OVER and row.extra == 0 and row.payer != CASH else "money-goes-back"


async def standing(connection: AsyncConnection, row: Row[Any]) -> Standing:
    """Return how the debt of a try stands, as who looks it up is told."""
    same = payments.c.biller == row.biller, payments.c.debt_mark == row.debt_mark
    return _judged(row, await state.rows(connection, *same, by=(payments.c.at, payments.c.id), locked=False))


def _judged(row: Row[Any], tries: Sequence[Row[Any]]) -> Standing:
    """Judge a try by all of its debt's, the oldest first."""
    if (why := why_no_cash(row)) is not None:
        return Standing(why, None)
    if any(one.state in _HAVE_IT for one in tries):
        return Standing("paid", None)
    if any(one.id == _cash_of(row) for one in tries):
        return Standing("was-given-back", None)
    return Standing(None, unpaid.not_named(_unpaid(tries), None))


def _unpaid(tries: Sequence[Row[Any]]) -> list[Row[Any]]:
    return [one for one in tries if one.state in _MAY_HAVE_IT]


def _cash_of(row: Row[Any]) -> str:
    return str(uuid.uuid5(_SPACE, row.id))


async def take(
    connection: AsyncConnection,
    ring: KeyRing,
    payment: str,
    operator: str,
    centres: frozenset[str] | None = None,
    instead_of: str | None = None,
) -> str:
    """Take cash for a try that was not paid; return the id of the payment in cash, which is entered at once.

    Args:
        connection: of the caller's transaction.
        ring: central's keys.
        payment: the try.
        operator: who takes it.
        centres: where this operator may take it, None for everywhere.
        instead_of: the newest try of the debt that may still be paid, as the operator was told of it: it gives way.

    Raises:
        CashRefused: it may not be taken.
    """
    await lock(connection, PAYMENTS_LOCK)  # money from a telephone waits, and then finds this
    row = await state.find(connection, payment)
    if row is None or (centres is not None and row.centre not in centres):
        raise CashRefused("unknown")
    cash = _cash_of(row)
    known = await state.find(connection, cash)
    if known is not None and known.state in _HAVE_IT:
        return cash
    tries = await unpaid.of_debt(connection, row.biller, row.debt_mark)
    stands = _judged(row, tries)
    if stands.why is not None:
        raise CashRefused(stands.why)
    open_tries = _unpaid(tries)
    if unpaid.not_named(open_tries, instead_of) is not None:
        raise CashRefused("may-be-paid")
    await unpaid.give_way(connection, ring, open_tries, f"operator:{operator}", cash)
    now = clock.as_text(clock.now())
    values: dict[str, Any] = dict.fromkeys(column.name for column in payments.columns)
    values |= {name: getattr(row, name) for name in _KEPT}
    values |= {"id": cash, "bill_no": row.bill_no, "extra": 0, "payer": CASH, "state": "paid", "tries": 0}
    values |= {"payer_receipt": f"CASH-{row.bill_no}", "paid_amount": row.amount}
    values |= {"at": now, "dies_at": now, "paid_at": now, "due_at": now}
    await insert_new(connection, payments, [values])
    await state.note(connection, cash, "paid", f"operator:{operator}", {"instead_of": row.id})
    return cash
