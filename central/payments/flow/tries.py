"""A try to pay, from the question to the code, and from the code's end to what became of it."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.base.tables.paid.books import payment_ports
from central.base.tables.paid.payments import payments
from central.keys.keys import KeyRing
from central.payments.flow import money, state, unpaid
from central.payments.flow.receipts import page_of
from central.payments.flow.words import Sum
from central.payments.ports.errors import AnswerLost, PortError, Refused
from central.payments.ports.payer import PAID_BEFORE, Opened, Payer, Standing, Wanted
from central.payments.running import Payments

AGAIN: Final = timedelta(seconds=1)
ASK_AFTER: Final = timedelta(seconds=5)
"""After a code's life, for the payer's clock and ours to agree that it is over."""
LONGEST_PAUSE: Final = timedelta(minutes=30)
BANK_DAYS: Final = frozenset({6, 0, 1, 2, 3})
"""Sunday to Thursday."""
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
_RETURNS_TO: Final = "https://localhost/"
_LOST: Final = "answer-lost"
"""Kept as the reason of a try that may have been opened, while it is asked again."""

log: Final = structlog.get_logger()


def new_number(now: datetime) -> str:
    """Return a number that was never given, not even by a database that was set back: 60 random bits behind the day."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(12))
    return f"{now.astimezone(clock.CENTRE_TIME):%y%m%d}-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


async def step(engine: AsyncEngine, ring: KeyRing, desk: Payments, row: Row[Any]) -> None:
    """Do what is due for a try that is not paid; the caller has claimed it."""
    payer = desk.payers.get(row.payer)
    if payer is None:  # taken out of the settings: its money may come back with it
        async with engine.begin() as connection:
            await state.wait(connection, row.id, clock.now() + LONGEST_PAUSE, row.tries)
    elif row.state == "inquired":
        await _open(engine, ring, desk, payer, row)
    else:
        await _ask(engine, ring, payer, row)


async def _open(engine: AsyncEngine, ring: KeyRing, desk: Payments, payer: Payer, row: Row[Any]) -> None:
    returns_to = desk.public_url or _RETURNS_TO
    dies_at = datetime.fromisoformat(row.dies_at)
    wanted = Wanted(row.bill_no, row.amount, row.currency, dies_at, desk.hears_at(row.payer), returns_to)
    # Of a former pound it would be asked of the payer as so many of the present one.
    why = "withdrawn" if row.withdrawn_at is not None else "another-pound" if row.pound != desk.pound else None
    if why is not None and row.tries == 0:
        async with engine.begin() as connection:
            if (fresh := await state.find(connection, row.id)) is not None and fresh.state == "inquired":
                await unpaid.end(connection, ring, fresh, "payer", {"why": why})
        return
    async with engine.begin() as connection:  # begun: from now on nobody may say that it never was
        await connection.execute(update(payments).where(payments.c.id == row.id).values(tries=row.tries + 1))
    found: Opened | PortError
    try:
        found = await payer.open(wanted)
    except PortError as error:
        found = error
    async with engine.begin() as connection:
        now, fresh = clock.now(), await state.find(connection, row.id)
        if fresh is None or fresh.state != "inquired":
            return  # money was faster
        if isinstance(found, Opened):
            await _opened(connection, ring, payer, fresh, found)
        elif isinstance(found, Refused) and found.reason == PAID_BEFORE:
            await _paid_before(connection, ring, fresh, now)
        elif isinstance(found, Refused):
            await unpaid.end(connection, ring, fresh, "payer", {"why": found.reason})
        elif now - datetime.fromisoformat(row.at) < unpaid.OPEN_FOR:
            detail = {"why": str(found)[:80]}
            await state.note(connection, row.id, "asked", "central", detail)
            is_lost = isinstance(found, AnswerLost) or row.reason == _LOST
            lost = {"reason": _LOST} if is_lost else {}
            await connection.execute(
                update(payments).where(payments.c.id == row.id).values(
                    due_at=clock.as_text(now + AGAIN), claimed_until=None, **lost
                )
            )  # fmt: skip
        elif isinstance(found, AnswerLost) or fresh.reason == _LOST:
            due = clock.as_text(_asked_at(payer, now))
            await state.change(connection, ring, fresh, "unknown", "central", due_at=due, reason=None)
        else:
            await unpaid.end(connection, ring, fresh, "payer", {"why": "not-reached"})


async def _paid_before(connection: AsyncConnection, ring: KeyRing, row: Row[Any], now: datetime) -> None:
    """End a try whose number somebody has paid before it was shown; where central was put back it may have been."""
    if unpaid.is_new(row):
        await unpaid.disown(connection, ring, row, "payer")
    else:
        detail = {"why": PAID_BEFORE}
        await state.change(connection, ring, row, "unknown", "payer", detail, due_at=clock.as_text(now), reason=None)


async def _opened(connection: AsyncConnection, ring: KeyRing, payer: Payer, row: Row[Any], found: Opened) -> None:
    show = ring.vault().seal(state.place(row.id, "show"), found.show)
    due = clock.as_text(_asked_at(payer, clock.now()))
    await state.change(
        connection, ring, row, "opened", "payer", due_at=due, show=show, reason=None, **page_of(ring, row.id)
    )


def _asked_at(payer: Payer, opened_at: datetime) -> datetime:
    """Return when it is asked what became of a number: after its life, or where a bank's file tells, after its days."""
    if not payer.late_days:
        return opened_at + timedelta(seconds=payer.bill_life_s) + ASK_AFTER
    return after_bank_days(opened_at, payer.late_days)


def after_bank_days(since: datetime, days: int) -> datetime:
    """Return the end of so many bank days after a moment's own."""
    at = since.astimezone(clock.CENTRE_TIME).replace(hour=23, minute=59, second=59, microsecond=0)
    while days:
        at += timedelta(days=1)
        days -= at.weekday() in BANK_DAYS
    return at


async def _ask(engine: AsyncEngine, ring: KeyRing, payer: Payer, row: Row[Any]) -> None:
    found: Standing | PortError
    try:
        found = await payer.state(row.bill_no)
    except PortError as error:
        found = error
    async with engine.begin() as connection:
        await lock(connection, PAYMENTS_LOCK)  # before the row, as all who take both
        fresh = await state.find(connection, row.id)
        if fresh is None or fresh.state not in ("opened", "unknown"):
            return
        now = clock.now()
        is_bank = bool(payer.late_days) and isinstance(found, Standing) and found.state == "open"  # its file tells
        if isinstance(found, Standing) and found.state == "paid" and found.receipt is not None:
            paid = Sum(row.payer, found.receipt, row.bill_no, now)  # a bill names what it asked, not what came
            await money.take(connection, ring, paid, "payer")
        elif isinstance(found, Standing) and found.state in ("expired", "none"):
            await unpaid.end(connection, ring, fresh, "payer", {"why": found.state})
        elif is_bank and (fresh.withdrawn_at is not None or await _is_filed(connection, row, payer.late_days)):
            await unpaid.end(connection, ring, fresh, "payer", {"why": "not-in-its-files"})
        else:
            why = found.state if isinstance(found, Standing) else type(found).__name__
            pause = min(LONGEST_PAUSE, timedelta(seconds=10) * 2 ** min(row.tries, 10))
            if fresh.state == "opened" and (is_bank or not isinstance(found, Standing)):
                values = {"due_at": clock.as_text(now + pause), "tries": row.tries + 1}
                await state.change(connection, ring, fresh, "unknown", "central", {"why": why}, **values)
            else:
                await state.wait(connection, row.id, now + pause, row.tries + 1)


async def _is_filed(connection: AsyncConnection, row: Row[Any], late_days: int) -> bool:
    """Whether the bank's files reach to the last day on which a code could be paid: none of them named it."""
    own = payment_ports.c.side == "payer", payment_ports.c.name == row.payer
    through = await connection.scalar(select(payment_ports.c.cursor).where(*own))
    last = after_bank_days(datetime.fromisoformat(row.at), late_days)
    return (through or "") >= str(last.date())


async def expire(connection: AsyncConnection, ring: KeyRing, row: Row[Any], by: str) -> None:
    """Take a payer's own word that a number was not paid in time."""
    if row.state in ("opened", "unknown") and row.payer_receipt is None:
        await state.change(connection, ring, row, "expired", by, reason=None)
