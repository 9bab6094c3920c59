"""Money that a payer says came or went: taken once by the payer's own number of it, no matter who said it first.

None of it is ever lost: it makes a try paid, or stands beside it as a sum of its own that is due back, or, under a
number that nobody here knows, in the books. What becomes of each sum says the ledger's fold, over all that is known of
its number.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import structlog
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.rows import upsert
from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.base.tables.paid.books import payer_entries, payer_words
from central.keys.keys import KeyRing
from central.payments.flow import settling, state
from central.payments.flow.ledger import Ledger
from central.payments.running import CASH

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
    of_sum = payer_entries.c.payer == money.payer, payer_entries.c.receipt == money.receipt
    known = (await connection.execute(select(payer_entries).where(*of_sum))).one_or_none()
    if known is not None and not _says_more(known, money):
        return (known.bill_no, known.kind) == (money.bill_no, money.kind)
    if known is not None and (known.payment is not None or known.kind != money.kind) and not _is_of(known, money):
        return False
    await _write(connection, money, by)
    rows = await settling.of_number(connection, money.payer, money.bill_no)
    if not rows or rows[0].reason == settling.NOT_OURS:
        log.warning("payment-of-unknown-number", payer=money.payer, receipt=money.receipt)
        return True
    said = {} if money.amount is None else {"amount": money.amount}
    ledger = await settling.settle(connection, ring, rows, by, {money.receipt: said})
    if money.kind == "refunded":
        await _note_unasked(connection, rows[0], ledger, money, by)
    return True


async def _write(connection: AsyncConnection, money: Sum, by: str) -> None:
    """Keep a word as it came, and as the newest one on its sum."""
    moment = clock.as_text(clock.now())
    word = {
        "payer": money.payer,
        "receipt": money.receipt,
        "kind": money.kind,
        "bill_no": money.bill_no,
        "amount": money.amount,
        "currency": money.currency,
        "at": clock.as_text(money.at),
    }
    await connection.execute(insert(payer_words).values(**word, source=by, heard_at=moment))
    stands = {"payment": None, "booked_at": moment if money.is_booked else None}
    await upsert(connection, payer_entries, [word | stands])


def _is_of(known: Row[Any], money: Sum) -> bool:
    return (known.bill_no, known.kind) == (money.bill_no, money.kind)


def _says_more(known: Row[Any], money: Sum) -> bool:
    """Return whether the books say what was only said before, or otherwise than an earlier file."""
    is_other = (known.amount, known.currency, known.bill_no) != (money.amount, money.currency, money.bill_no)
    return money.is_booked and (known.booked_at is None or is_other or known.kind != money.kind)


async def give_back(
    connection: AsyncConnection, ring: KeyRing, row: Row[Any], by: str, detail: dict[str, Any], reason: str
) -> None:
    """Decide that a payment is not entered any more, and that what came for it goes back.

    What has gone back already, as its payer's books have said, is refunded: nobody gives it back again.
    """
    if row.payer == CASH or row.payer_receipt is None:  # no payer has books of it
        await state.change(connection, ring, row, "refund-due", by, detail, reason=reason)
        return
    rows = await settling.of_number(connection, row.payer, row.bill_no)
    await settling.settle(connection, ring, rows, by, {row.payer_receipt: detail}, over=reason)


async def rest_of(connection: AsyncConnection, row: Row[Any]) -> int:
    """Return how much of a sum that came is still to go back, in the smallest unit."""
    if row.payer == CASH or row.payer_receipt is None:
        return int(row.amount if row.paid_amount is None else row.paid_amount)
    rows = await settling.of_number(connection, row.payer, row.bill_no, locked=False)
    own = (await settling.ledger_of(connection, rows)).of(row.payer_receipt)
    return 0 if own is None else own.rest


async def _note_unasked(connection: AsyncConnection, own: Row[Any], ledger: Ledger, money: Sum, by: str) -> None:
    """Write down that money went which ends nothing."""
    if not any(money.receipt in one.back for one in ledger.sums if one.ends == "refunded"):
        await state.note(connection, own.id, "refund-unasked", by, {"refund_receipt": money.receipt})
