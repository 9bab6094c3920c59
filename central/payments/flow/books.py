"""Reading payers' and billers' own books after a cursor, and what of it moves a payment on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Literal

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.base import clock
from central.base.database.rows import insert_new
from central.base.database.transactions import reading
from central.base.tables.paid.books import biller_entries, payer_entries, payment_ports
from central.keys.keys import KeyRing
from central.payments import apart
from central.payments.flow import money, receipts, reversals, state
from central.payments.flow.words import Sum
from central.payments.marks import debt_mark
from central.payments.ports.biller import Biller, Change, Marked
from central.payments.ports.payer import Entries, Entry, Payer

CLAIM: Final = timedelta(minutes=2)
MOST_PAGES: Final = 20
_MOST_NAMED: Final = 20
Side = Literal["payer", "biller"]

log: Final = structlog.get_logger()


async def read_payer(engine: AsyncEngine, ring: KeyRing, name: str, payer: Payer) -> None:
    """Take in what a payer's books have that was not read yet. Raises PortError."""
    for _ in range(MOST_PAGES):
        cursor = await _claim(engine, "payer", name)
        if cursor is None:
            return
        page = await payer.changes(cursor or None)
        async with engine.begin() as connection:
            await _take_page(connection, ring, name, page)
            await _move_on(connection, "payer", name, page.cursor or cursor)
        if page.unread:
            log.error("payment-lines-unread", payer=name, lines=[one[:40] for one in page.unread[:_MOST_NAMED]])
        if not page.more:
            return


async def look_up(engine: AsyncEngine, ring: KeyRing, name: str, payer: Payer) -> None:
    """Take in what is new without moving the cursor, also while another reads: a citizen waits. Raises PortError."""
    own = payment_ports.c.side == "payer", payment_ports.c.name == name
    async with reading(engine) as connection:
        cursor = await connection.scalar(select(payment_ports.c.cursor).where(*own))
    for _ in range(MOST_PAGES):
        page = await payer.changes(cursor)
        async with engine.begin() as connection:
            await _take_page(connection, ring, name, page)
        if not page.more:
            return
        cursor = page.cursor


async def _take_page(connection: AsyncConnection, ring: KeyRing, name: str, page: Entries) -> None:
    for one in await _unread(connection, name, page.entries):
        said = Sum(name, one.receipt, one.bill_no, one.at, one.amount, one.currency, one.kind, is_booked=True)
        try:
            async with connection.begin_nested():
                await money.take(connection, ring, said, "books")
        except Exception as error:  # noqa: BLE001 - one line's trouble must not keep the books from being read
            await apart.set_line_apart(connection, name, f"receipt {one.receipt}", error)


async def _unread(connection: AsyncConnection, name: str, entries: Sequence[Entry]) -> list[Entry]:
    """Leave out what the books have said before: who waits reads a page that others have read, often the same one."""
    own = payer_entries.c
    among = own.receipt.in_([one.receipt for one in entries])
    said = (own.receipt, own.kind, own.bill_no, own.amount, own.currency)
    known = set(await connection.execute(select(*said).where(own.payer == name, own.booked_at.is_not(None), among)))
    return [one for one in entries if (one.receipt, one.kind, one.bill_no, one.amount, one.currency) not in known]


async def read_biller(engine: AsyncEngine, ring: KeyRing, name: str, biller: Biller) -> None:
    """Take in what a biller's books have that was not read yet. Raises PortError."""
    for _ in range(MOST_PAGES):
        cursor = await _claim(engine, "biller", name)
        if cursor is None:
            return
        page = await biller.changes(int(cursor or 0))
        async with engine.begin() as connection:
            for one in page.changes:
                await _take_line(connection, ring, name, one)
            await _move_on(connection, "biller", name, str(page.next))
        if not page.more:
            return


async def _take_line(connection: AsyncConnection, ring: KeyRing, biller: str, change: Change) -> None:
    """Keep a line as its biller has it, and do what it says; where that fails the line stands in the books even so."""
    try:
        async with connection.begin_nested():
            is_new = await _keep(connection, ring, biller, change)
        if is_new:
            async with connection.begin_nested():
                await _follow(connection, ring, biller, change)
    except Exception as error:  # noqa: BLE001 - one line's trouble must not keep the books from being read
        await apart.set_line_apart(connection, biller, f"line {change.seq}", error)


async def _keep(connection: AsyncConnection, ring: KeyRing, biller: str, change: Change) -> bool:
    row: dict[str, Any] = {
        "biller": biller,
        "seq": change.seq,
        "kind": change.kind,
        "debt_mark": debt_mark(ring.vault(), biller, change.debt),
        "amount": change.amount,
        "receipt": change.receipt,
        "key": change.key,
        "by": change.by,
        "at": clock.as_text(clock.now()),
    }
    return bool(await insert_new(connection, biller_entries, [row]))


async def _follow(connection: AsyncConnection, ring: KeyRing, biller: str, change: Change) -> None:
    if change.kind == "marked" and change.key is not None and change.receipt:
        payment = await state.find(connection, change.key)
        if payment is not None and payment.biller == biller and _is_open(payment):
            found = Marked(change.receipt, clock.as_text(clock.now()))
            await receipts.marked(connection, ring, payment, found, "books")
    elif change.kind == reversals.REVERSED:
        await reversals.take(connection, ring, biller, debt_mark(ring.vault(), biller, change.debt))


def _is_open(payment: Any) -> bool:
    """Whether a mark that the books name settles it: late, or once more, while nobody has begun to give money back."""
    is_late = payment.state == "refund-due" and payment.reason in ("not-taken", reversals.REVERSED)
    return payment.state == "paid" or (is_late and payment.extra == 0 and payment.refund_proposed_by is None)


async def _claim(engine: AsyncEngine, side: Side, name: str) -> str | None:
    """Take the reading of one's books; return its cursor, empty before the first, None where another process reads."""
    now = clock.now()
    own = payment_ports.c.side == side, payment_ports.c.name == name
    free = or_(payment_ports.c.claimed_until.is_(None), payment_ports.c.claimed_until < clock.as_text(now))
    async with engine.begin() as connection:
        empty = dict.fromkeys(column.name for column in payment_ports.columns) | {"side": side, "name": name}
        await insert_new(connection, payment_ports, [empty])
        until = clock.as_text(now + CLAIM)
        taken = await connection.execute(update(payment_ports).where(*own, free).values(claimed_until=until))
        if taken.rowcount == 0:
            return None
        return await connection.scalar(select(payment_ports.c.cursor).where(*own)) or ""


async def _move_on(connection: AsyncConnection, side: Side, name: str, cursor: str) -> None:
    own = payment_ports.c.side == side, payment_ports.c.name == name
    values = {"cursor": cursor or None, "read_at": clock.as_text(clock.now()), "claimed_until": None}
    await connection.execute(update(payment_ports).where(*own).values(**values))


async def let_go(engine: AsyncEngine, side: Side, name: str) -> None:
    """Let another process, or this one later, read what could not be read now."""
    own = payment_ports.c.side == side, payment_ports.c.name == name
    async with engine.begin() as connection:
        await connection.execute(update(payment_ports).where(*own).values(claimed_until=None))
