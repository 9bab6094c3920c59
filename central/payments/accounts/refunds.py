"""Giving money back: one operator proposes, another makes it; a port's call bears one key however often it is made."""

from typing import Final

from msgspec import Struct
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base.database.transactions import PAYMENTS_LOCK, lock, reading
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments, whole
from central.keys.keys import KeyRing
from central.payments.accounts.comparing import came
from central.payments.flow import money, state
from central.payments.flow.pounds import in_pound
from central.payments.ports.errors import ByHand, PortError, Refused
from central.payments.running import CASH, Payments

ANOTHER: Final = "another operator"
BANK: Final = "the bank"
PAYER: Final = "the payer"


class RefundRefused(ValueError):
    """It may not be given back so; the text says why and what to do."""


class Refund(Struct, frozen=True, omit_defaults=True):
    """What became of a refund. `waits_for` says who or what comes next, null where it is made."""

    payment: str
    state: str
    waits_for: str | None = None
    refund_receipt: str | None = None
    amount: int | None = None
    currency: str | None = None


def due() -> Select[tuple[str]]:
    """Return the query of what is to be given back, the oldest first: listed until it is made."""
    return whole().where(payments.c.state == "refund-due").order_by(payments.c.at)


async def currency(connection: AsyncConnection, row: Row[tuple[str]]) -> str:
    """Return in which money it came, as the payer's books have it: a sum in another one is due back in that."""
    own = payer_entries.c.payer == row.payer, payer_entries.c.receipt == row.payer_receipt
    return await connection.scalar(select(payer_entries.c.currency).where(*own)) or str(row.currency)


async def refund(engine: AsyncEngine, ring: KeyRing, desk: Payments, payment: str, operator: str) -> Refund:
    """Propose a refund, or make the one that another operator has proposed.

    A payer that has not answered is asked again by the same call: under the payment's id it gives back once.

    Raises:
        RefundRefused: nothing is due, it is made, or this operator has proposed it himself; a payer that refuses.
    """
    async with engine.begin() as connection:
        row = await state.find(connection, payment)
        if row is None:
            raise RefundRefused(f"there is no payment {payment[:40]!r}; `central payments` lists them")
        if row.state == "refunded":
            raise RefundRefused(f"it was given back already, under {row.refund_receipt}")
        if row.state != "refund-due":
            raise RefundRefused(f"nothing is to be given back: its state is {row.state}")
        if row.refund_proposed_by is None:
            await state.step(connection, row, "proposed", operator)
            return _said(row, await money.rest_of(connection, row), await currency(connection, row), waits_for=ANOTHER)
        if row.refund_proposed_by == operator and row.refund_made_by is None:
            raise RefundRefused("you have proposed it: another operator has to make it")
        if row.refund_made_by is None:  # written before anybody is asked: who made it is known whatever happens then
            await state.step(connection, row, "ordered", operator)
    if row.payer == CASH:
        return await _made(engine, ring, row, operator, f"CASH-{row.bill_no}", came(row))
    return await _by_port(engine, ring, desk, row, operator)


async def _by_port(engine: AsyncEngine, ring: KeyRing, desk: Payments, row: Row[tuple[str]], operator: str) -> Refund:
    payer = desk.payers.get(row.payer)
    if payer is None:
        raise RefundRefused(f"payer {row.payer!r} is not in the payments file, or could not be opened: see the log")
    async with reading(engine) as connection:
        rest, money_of = await money.rest_of(connection, row), await currency(connection, row)
    if rest <= 0:
        raise RefundRefused("its payer has sent back as much as came, or more: see the books of its day")
    if money_of != row.currency:  # the payer knows the bill in its own money, and would give back that
        raise RefundRefused(f"{rest} of the smallest unit of {money_of} came: have {row.payer} give it back by hand")
    asked = in_pound(rest, row, desk.pound)
    if asked is None or (asked != rest != row.amount):  # of another sum, or a part, nobody knows in which pound it is
        what = f"{rest} of the smallest unit, of a bill in {row.pound} pounds"
        raise RefundRefused(f"{what}, and central counts in {desk.pound} ones: have {row.payer} give it back by hand")
    try:
        receipt = await payer.refund(row.bill_no, asked, row.currency, row.id)
    except ByHand:
        return _said(row, rest, money_of, waits_for=BANK)
    except Refused as error:
        async with engine.begin() as connection:
            await state.note(connection, row.id, "refund-refused", "payer", {"why": error.reason})
        raise RefundRefused(f"{row.payer} refuses it ({error.reason}); it stays listed") from error
    except PortError as error:
        async with engine.begin() as connection:
            await state.note(connection, row.id, "refund-unanswered", "payer", {"why": type(error).__name__})
        return _said(row, rest, money_of, waits_for=PAYER)
    return await _made(engine, ring, row, operator, receipt, rest)


async def _made(
    engine: AsyncEngine, ring: KeyRing, row: Row[tuple[str]], operator: str, receipt: str, amount: int
) -> Refund:
    async with engine.begin() as connection:
        await lock(connection, PAYMENTS_LOCK)  # before the row, as all who take both
        fresh = await state.find(connection, row.id)
        if fresh is not None and fresh.refund_answer is None:
            await state.step(connection, fresh, "made", operator, amount=amount, receipt=receipt)
            await money.gone(connection, ring, fresh, f"operator:{operator}", receipt)
    return Refund(row.id, "refunded", None, receipt, came(row), row.currency)


def _said(row: Row[tuple[str]], rest: int, money_of: str, waits_for: str) -> Refund:
    return Refund(row.id, "refund-due", waits_for, None, rest, money_of)
