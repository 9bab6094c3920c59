"""Money that a payer says came or went: taken once by the payer's own number of it, no matter who said it first.

None of it is ever lost: it makes a try paid, or stands beside it as a sum of its own that is due back, or, under a
number that nobody here knows, in the books.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import structlog
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments
from central.keys.keys import KeyRing
from central.payments.flow import state
from central.payments.flow.pounds import is_same
from common.protocol.payments.answers import PaymentState

log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum. `amount` is None where it was only said that the number is paid; `is_booked`: read in the books."""

    payer: str
    receipt: str
    bill_no: str
    at: datetime
    amount: int | None = None
    currency: str | None = None
    kind: Literal["paid", "refunded"] = "paid"
    is_booked: bool = False


async def take(connection: AsyncConnection, ring: KeyRing, money: Sum, by: str) -> bool:
    """Take a sum in, within the caller's transaction; said again it changes nothing but what is known of it.

    False where its payer's number of it has been another payment's, or of the other kind: then nothing is changed.
    """
    await lock(connection, PAYMENTS_LOCK)
    moment = clock.as_text(clock.now())
    of_sum = payer_entries.c.payer == money.payer, payer_entries.c.receipt == money.receipt
    known = (await connection.execute(select(payer_entries).where(*of_sum))).one_or_none()
    if known is not None and known.payment is None and known.bill_no != money.bill_no and money.is_booked:
        await connection.execute(delete(payer_entries).where(*of_sum))  # a file that corrects the number of another
        known = None
    if known is not None:
        is_its = (known.bill_no, known.kind) == (money.bill_no, money.kind)
        is_other = (known.amount, known.currency) != (money.amount, money.currency)
        if is_its and money.is_booked and (known.booked_at is None or is_other):
            booked = {"amount": money.amount, "currency": money.currency, "booked_at": moment}
            await connection.execute(update(payer_entries).where(*of_sum).values(**booked))
            await _correct(connection, ring, known, money)
        return is_its
    of_try = payments.c.payer == money.payer, payments.c.bill_no == money.bill_no, payments.c.extra == 0
    row = (await connection.execute(select(payments).where(*of_try).with_for_update())).one_or_none()
    payment = None
    if row is None:
        log.warning("payment-of-unknown-number", payer=money.payer, receipt=money.receipt)
    elif money.kind == "refunded":
        payment = await _gave_back(connection, ring, row, money, by)
    else:
        payment = await _came(connection, ring, row, money, by)
    entry = {
        "payer": money.payer,
        "receipt": money.receipt,
        "kind": money.kind,
        "bill_no": money.bill_no,
        "amount": money.amount,
        "currency": money.currency,
        "payment": payment,
        "at": clock.as_text(money.at),
        "booked_at": moment if money.is_booked else None,
    }
    await insert_new(connection, payer_entries, [entry])
    return True


async def _came(connection: AsyncConnection, ring: KeyRing, row: Row[Any], money: Sum, by: str) -> str:
    """Make a try paid, or put the sum beside it; return the payment that it belongs to."""
    if row.payer_receipt is not None:
        return await _beside(connection, row, money, by)
    said: dict[str, Any] = {"payer_receipt": money.receipt, "amount": money.amount}
    paid = {
        "payer_receipt": money.receipt,
        "paid_amount": row.amount if money.amount is None else money.amount,
        "paid_at": clock.as_text(min(money.at, clock.now())),
    }
    late = {"late": row.state} if row.state in ("expired", "withdrawn") or row.withdrawn_at is not None else {}
    reason = await _why_back(connection, row, money)
    if reason is not None:
        await state.change(connection, ring, row, "refund-due", by, said | late, reason=reason, **paid)
    else:
        now = clock.as_text(clock.now())
        await state.change(connection, ring, row, "paid", by, said | late, due_at=now, **paid)
    return str(row.id)


async def _why_back(connection: AsyncConnection, row: Row[Any], money: Sum) -> str | None:
    """Return why a sum cannot be for what its number is for; None where it can."""
    if row.state == "withdrawn":  # who came later was told that it counts no more
        return "withdrawn"
    if money.amount is not None and (money.amount, money.currency) != (row.amount, row.currency):
        return "wrong-amount"
    same = payments.c.biller == row.biller, payments.c.debt_mark == row.debt_mark, payments.c.id != row.id
    has_it = payments.c.state.in_((*state.TAKEN, "paid"))
    return "twice" if await connection.scalar(select(payments.c.id).where(*same, has_it).limit(1)) else None


async def _beside(connection: AsyncConnection, row: Row[Any], money: Sum, by: str) -> str:
    """Write a second sum of one number down as one that is due back."""
    same = payments.c.payer == row.payer, payments.c.bill_no == row.bill_no
    last = int(await connection.scalar(select(func.max(payments.c.extra)).where(*same)) or 0)
    moment = clock.as_text(clock.now())
    extra: PaymentState = "refund-due"
    amount = row.amount if money.amount is None else money.amount
    own = row._asdict() | {
        "id": str(uuid.uuid4()),
        "extra": last + 1,
        "inquiry": None,
        "amount": amount,
        "paid_amount": amount,
        "currency": money.currency or row.currency,
        "state": extra,
        "reason": "twice",
        "payer_receipt": money.receipt,
        "paid_at": clock.as_text(min(money.at, clock.now())),
        "at": moment,
    }
    nothing = dict.fromkeys(
        ("show", "receipt", "proof", "page_sha256", "marked_at", "withdrawn_at", "due_at", "claimed_until",
         "refund_proposed_by", "refund_made_by", "refund_receipt")
    )  # fmt: skip
    if (back := await state.sent_back(connection, row, amount)) is not None:  # the books named it before the sum
        entry = payer_entries.c.payer == row.payer, payer_entries.c.receipt == back
        await connection.execute(update(payer_entries).where(*entry).values(payment=own["id"]))
        own["state"], nothing["refund_receipt"] = "refunded", back
    await connection.execute(insert(payments).values(**(own | nothing | {"tries": 0})))
    detail = {"payer_receipt": money.receipt, "beside": row.id, "refund_receipt": back}
    await state.note(connection, own["id"], own["state"], by, detail)
    return str(own["id"])


async def _correct(connection: AsyncConnection, ring: KeyRing, known: Row[Any], money: Sum) -> None:
    """Take the books' word on a sum that was only said, or that an earlier file had otherwise.

    Another amount than owed is due back, unless it is marked; one that was due back for its amount alone is no more.
    """
    row = None if known.payment is None else await state.find(connection, known.payment)
    if row is None:
        return
    if money.kind == "refunded":
        if row.state == "refund-due" and row.paid_amount == money.amount:
            back = {"refund_receipt": money.receipt}
            await state.change(connection, ring, row, "refunded", "books", back, **back)
        return
    values = {"paid_amount": money.amount}
    detail = {"amount": money.amount}
    is_due = (row.state, row.reason, row.refund_proposed_by) == ("refund-due", "wrong-amount", None)
    if is_due and await _why_back(connection, row, money) is None:
        now = clock.as_text(clock.now())
        await state.change(connection, ring, row, "paid", "books", detail, due_at=now, reason=None, **values)
        return
    if row.paid_amount == money.amount and row.currency == money.currency:
        return
    if row.state == "paid":
        await state.change(connection, ring, row, "refund-due", "books", detail, reason="wrong-amount", **values)
        return
    await connection.execute(update(payments).where(payments.c.id == row.id).values(**values))
    await state.note(connection, row.id, "amount-differs", "books", detail)
    log.error("payment-amount-differs", payment=row.id)


async def _gave_back(connection: AsyncConnection, ring: KeyRing, row: Row[Any], money: Sum, by: str) -> str | None:
    """Find which sum a refund in the books is of, and end it where nobody here has."""
    same = payments.c.payer == row.payer, payments.c.bill_no == row.bill_no
    made = payments.c.refund_receipt == money.receipt
    found = (await connection.execute(select(payments).where(*same, made))).first()
    if found is None:
        due = payments.c.state == "refund-due", payments.c.refund_receipt.is_(None)
        whole = (money.amount or 0) + await state.sent_in_parts(connection, row)
        # One that was ordered goes first: its answer may have been lost, and by its key it is given back once.
        order = payments.c.refund_made_by.is_(None), payments.c.extra.desc()
        rows = (await connection.execute(select(payments).where(*same, *due).order_by(*order))).all()
        found = next((one for one in rows if _is_of(one, money.amount, whole)), None)
        if found is None:
            await state.note(connection, row.id, "refund-unasked", by, {"refund_receipt": money.receipt})
            return str(row.id)
        detail = {"refund_receipt": money.receipt}
        await state.change(connection, ring, found, "refunded", by, detail, refund_receipt=money.receipt)
    return str(found.id)


def _is_of(row: Row[Any], amount: int | None, whole: int) -> bool:
    """Return whether a refund is of a sum; one that was ordered may have gone back in the present pound."""
    if row.paid_amount in (amount, whole):
        return True
    return row.refund_made_by is not None and amount is not None and is_same(row, amount, row.paid_amount)
