"""What is paid is entered at its biller under one key until it answers, or else goes back."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import bills, payment_events, payments
from central.keys.keys import KeyRing
from central.payments.flow import books, money, receipts, reversals, state
from central.payments.ports.biller import Debt, Mark, Marked
from central.payments.ports.errors import MarkRefused, PortError
from central.payments.running import Payments

LONGEST: Final = timedelta(hours=24)
"""How long money may be known to be at its payer, and not be at its biller, before it goes back."""
LONGEST_PAUSE: Final = timedelta(minutes=5)
LOOKED_JUST_NOW: Final = timedelta(seconds=5)
"""After an hour without its biller a thousand payments are due at once: the payer is not asked for each of them."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

log: Final = structlog.get_logger()


async def step(engine: AsyncEngine, ring: KeyRing, desk: Payments, row: Row[Any]) -> None:
    """Enter a payment at its biller; the caller has claimed it."""
    biller = desk.billers.get(row.biller)
    if not await _is_booked(engine, ring, desk, row):
        async with engine.begin() as connection:
            fresh = await state.find(connection, row.id)
            if fresh is not None and fresh.state == "paid":
                await _again_or_back(connection, ring, fresh, PortError("not in the payer's books"))
        return
    async with engine.begin() as connection:
        fresh = await state.find(connection, row.id)
        if fresh is None or fresh.state != "paid":
            return  # the books named another sum
        debt = await _debt_of(connection, ring, row)
    found: Marked | PortError
    if biller is None or debt is None:
        found = PortError("the biller is not in the settings")
    else:
        paid_at = datetime.fromisoformat(row.paid_at)
        try:
            found = await biller.mark(Mark(row.id, debt, row.amount, row.currency, row.payer, row.bill_no, paid_at))
        except PortError as error:
            found = error
    async with engine.begin() as connection:
        fresh = await state.find(connection, row.id)
        if fresh is None or fresh.state != "paid":
            return
        if isinstance(found, Marked):
            await receipts.marked(connection, ring, fresh, found, "biller")
        elif isinstance(found, MarkRefused) and found.by != row.id:
            reason = await _reason(connection, found)
            await money.give_back(connection, ring, fresh, "biller", {"by": found.by}, reason)
        else:
            await _again_or_back(connection, ring, fresh, found)


async def _is_booked(engine: AsyncEngine, ring: KeyRing, desk: Payments, row: Row[Any]) -> bool:
    """Return whether the payer's own books name the sum: a word that a number is paid names none.

    They are read once more where its biller was away since: meanwhile the payer may have given the money back.
    """
    payer, now = desk.payers.get(row.payer), clock.now()
    if payer is None:
        return True
    is_known = await _has_sum(engine, row)
    just_now = timedelta() <= now - desk.looked_at.get(row.payer, _NEVER) < LOOKED_JUST_NOW
    if is_known and (row.tries == 0 or just_now):
        return True
    with contextlib.suppress(PortError):  # a silent payer has taken nothing back
        await books.look_up(engine, ring, row.payer, payer)
        desk.looked_at[row.payer] = now
    return is_known or await _has_sum(engine, row)


async def _has_sum(engine: AsyncEngine, row: Row[Any]) -> bool:
    entries = payer_entries.c
    own = entries.payer == row.payer, entries.receipt == row.payer_receipt, entries.amount.is_not(None)
    async with reading(engine) as connection:
        return await connection.scalar(select(entries.receipt).where(*own)) is not None


async def _again_or_back(connection: AsyncConnection, ring: KeyRing, row: Row[Any], error: PortError) -> None:
    now, since = clock.now(), await _known_since(connection, row)
    if now - since < LONGEST:
        pause = min(LONGEST_PAUSE, timedelta(seconds=1) * 2 ** min(row.tries, 10))
        await state.wait(connection, row.id, min(now + pause, since + LONGEST), row.tries + 1)
        return
    known = await _in_its_books(connection, row)
    if known is not None:
        await receipts.marked(connection, ring, row, known, "books")
        return
    log.error("payment-not-marked", payment=row.id, biller=row.biller, why=type(error).__name__)
    await money.give_back(connection, ring, row, "central", {"why": "24-hours"}, "not-taken")


async def _known_since(connection: AsyncConnection, row: Row[Any]) -> datetime:
    """Return since when it is known to be paid: a bank's file says it days later, and so do books after a long cut."""
    said = payment_events.c.payment == row.id, payment_events.c.event == "paid"
    query = select(payment_events.c.at).where(*said).order_by(payment_events.c.id.desc()).limit(1)
    return datetime.fromisoformat((await connection.execute(query)).scalar_one())


async def _in_its_books(connection: AsyncConnection, row: Row[Any]) -> Marked | None:
    entries = await reversals.of_debt(connection, row.biller, row.debt_mark)
    found = next((one for one in reversals.standing(entries) if one.key == row.id), None)
    return None if found is None or found.receipt is None else Marked(found.receipt, found.at)


async def _reason(connection: AsyncConnection, refused: MarkRefused) -> str:
    """Return why money goes back; of a debt that we ourselves entered before, it was paid twice."""
    if refused.reason != "paid-elsewhere" or refused.by is None:
        return refused.reason
    ours = await connection.scalar(select(payments.c.id).where(payments.c.id == refused.by))
    return refused.reason if ours is None else "twice"


async def _debt_of(connection: AsyncConnection, ring: KeyRing, row: Row[Any]) -> str | None:
    if row.bill is None:
        return None if row.order_id is None else str(row.order_id)
    sealed = await connection.scalar(select(bills.c.sealed).where(bills.c.id == row.bill))
    if sealed is None:
        return None
    return msgspec.json.decode(ring.vault().open(state.place_of_bill(row.bill), sealed), type=Debt).debt
