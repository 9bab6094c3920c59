"""Money that a payer says came or went: taken once by the payer's own number of it, no matter who said it first.

None of it is ever lost: it makes a try paid, or stands beside it as a sum of its own that is due back, or, under a
number that nobody here knows, in the books. What becomes of each sum says the ledger's fold, over all that is known of
its number.
"""

from typing import Any, Final

import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.keys.keys import KeyRing
from central.payments.flow import marks, settling, state, unpaid, words
from central.payments.flow.ledger import Ledger
from central.payments.flow.words import Sum
from central.payments.running import CASH

log: Final = structlog.get_logger()


async def take(connection: AsyncConnection, ring: KeyRing, said: Sum, by: str) -> bool:
    """Take a sum in, within the caller's transaction; said again it changes nothing but what is known of it.

    False where its payer's number of it has been another payment's, or of the other kind: then the word is only kept.
    """
    await lock(connection, PAYMENTS_LOCK)
    rows = await settling.of_number(connection, said.payer, said.bill_no)
    if rows and unpaid.is_new(rows[0]):
        await unpaid.disown(connection, ring, rows[0], by)
        rows = []
    is_ours = bool(rows) and rows[0].reason != unpaid.NOT_OURS
    heard = await words.hear(connection, said, by, is_ours=is_ours)
    if heard != "stands":
        return heard == "known"
    if not is_ours:
        log.warning("payment-of-unknown-number", payer=said.payer, receipt=said.receipt)
        return True
    amount = {} if said.amount is None else {"amount": said.amount}
    ledger = await settling.settle(connection, ring, rows, by, {said.receipt: amount})
    if said.kind == "refunded":
        await _note_unasked(connection, rows[0], ledger, said, by)
    return True


async def give_back(
    connection: AsyncConnection, ring: KeyRing, row: Row[Any], by: str, detail: dict[str, Any], reason: str
) -> None:
    """Decide that a payment is not entered any more, and that what came for it goes back.

    What has gone back already, as its payer's books have said, is refunded: nobody gives it back again.
    """
    await marks.write(connection, row.id, reason)
    if _has_no_books(row):
        await state.change(connection, ring, row, "refund-due", by, detail, reason=reason)
        return
    rows = await settling.of_number(connection, row.payer, row.bill_no)
    await settling.settle(connection, ring, rows, by, {row.payer_receipt: detail})


async def gone(connection: AsyncConnection, ring: KeyRing, row: Row[Any], by: str, receipt: str) -> None:
    """Let a sum be given back by its payer's number of the refund, as the step says that is written down."""
    if _has_no_books(row):
        await state.change(connection, ring, row, "refunded", by, {"refund_receipt": receipt}, refund_receipt=receipt)
        return
    rows = await settling.of_number(connection, row.payer, row.bill_no)
    await settling.settle(connection, ring, rows, by, {})


def _has_no_books(row: Row[Any]) -> bool:
    return row.payer == CASH or row.payer_receipt is None


async def rest_of(connection: AsyncConnection, row: Row[Any]) -> int:
    """Return how much of a sum that came is still to go back, in the smallest unit."""
    if _has_no_books(row):
        return int(row.amount if row.paid_amount is None else row.paid_amount)
    rows = await settling.of_number(connection, row.payer, row.bill_no, locked=False)
    own = (await settling.ledger_of(connection, rows)).of(row.payer_receipt)
    return 0 if own is None else own.rest


async def _note_unasked(connection: AsyncConnection, own: Row[Any], ledger: Ledger, said: Sum, by: str) -> None:
    """Write down that money went which ends nothing."""
    if not any(said.receipt in one.back for one in ledger.sums if one.ends == "refunded"):
        await state.note(connection, own.id, "refund-unasked", by, {"refund_receipt": said.receipt})
