"""Rows of payments hold what the ledger says of their sums: the state column is what it said last."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.books import payer_entries
from central.base.tables.paid.payments import payments
from central.keys.keys import KeyRing
from central.payments.flow import marks, state
from central.payments.flow.ledger import Came, Entry, Ledger, Order, Owed, fold
from central.payments.flow.pounds import in_pound

#: What of a payment's row is of its sum, and goes with it to another row.
_OF_SUM: Final = ("payer_receipt", "paid_at", "paid_amount", "refund_receipt")
#: What a row of a further sum has of its try's: what it is for, and where it was begun.
_OF_TRY: Final = ("bill_no", "bill", "order_id", "debt_mark", "biller", "payer", "kiosk", "centre", "pound", "dies_at")

log: Final = structlog.get_logger()


async def of_number(connection: AsyncConnection, payer: str, bill_no: str, *, locked: bool = True) -> list[Row[Any]]:
    """Return the rows of a number, its try before each further sum, locked until the end of the transaction."""
    same = payments.c.payer == payer, payments.c.bill_no == bill_no
    return await state.rows(connection, *same, by=(payments.c.extra,), locked=locked)


async def ledger_of(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> Ledger:
    """Return what became of the sums of a number."""
    own = rows[0]
    same = payer_entries.c.payer == own.payer, payer_entries.c.bill_no == own.bill_no
    known = {
        one.receipt: Entry(one.receipt, one.kind, one.amount, one.currency, one.at)
        for one in await connection.execute(select(payer_entries).where(*same))
    }
    for row in rows:  # before there were books, or where they were lost: the row is what is known of its sum
        if row.payer_receipt is not None and row.payer_receipt not in known:
            known[row.payer_receipt] = Entry(
                row.payer_receipt, "paid", row.paid_amount, row.currency, row.paid_at or ""
            )
    said, going = await marks.newest(connection, own.id), _ordered(own)
    if said is not None and said.mark == marks.ENTERED:
        owed = Owed(own.amount, own.currency, entered=said.payer_receipt)
    else:
        owed = Owed(own.amount, own.currency, over=None if said is None else said.mark, going=going)
    ordered = {row.payer_receipt: _order(row) for row in rows if row.payer_receipt and row.refund_made_by is not None}
    return fold(owed, known.values(), ordered)


def _ordered(own: Row[Any]) -> str | None:
    """Return the payer's number of the sum that was ordered back under the try's own key."""
    return None if own.refund_made_by is None else own.payer_receipt


def _order(row: Row[Any]) -> Order:
    amount = int(row.amount if row.paid_amount is None else row.paid_amount)
    return Order(in_pound(amount, row, "new" if row.pound == "old" else "old"), row.refund_answer)


async def _has_other(connection: AsyncConnection, own: Row[Any]) -> bool:
    """Whether another try has paid the debt."""
    same = payments.c.biller == own.biller, payments.c.debt_mark == own.debt_mark, payments.c.id != own.id
    has_it = payments.c.state.in_((*state.TAKEN, "paid"))
    return await connection.scalar(select(payments.c.id).where(*same, has_it).limit(1)) is not None


async def settle(
    connection: AsyncConnection,
    ring: KeyRing,
    rows: Sequence[Row[Any]],
    by: str,
    details: Mapping[str, dict[str, Any]],
) -> Ledger:
    """Bring the rows of a number to what the ledger says of its sums. `details`: what more an event says of a sum."""
    if await marks.newest(connection, rows[0].id) is None and await _has_other(connection, rows[0]):
        await marks.write(connection, rows[0].id, "twice")
    ledger = await ledger_of(connection, rows)
    own_sum = _own_sum(rows, ledger)
    rows = await _arranged(connection, rows, own_sum)
    own, ids = rows[0], {row.payer_receipt: row.id for row in rows}
    for came in ledger.sums:
        if came is own_sum:
            ids[came.receipt] = own.id
            await _follow(connection, ring, own, came, by, details.get(came.receipt, {}))
        elif came.receipt in ids:
            row = next(one for one in rows if one.id == ids[came.receipt])
            await _follow(connection, ring, row, came, by, details.get(came.receipt, {}))
        else:
            ids[came.receipt] = await _put_beside(connection, own, came, by)
    await _name(connection, own, ledger, ids)
    return ledger


def _own_sum(rows: Sequence[Row[Any]], ledger: Ledger) -> Came | None:
    """Return the sum that the try's own row has: the one that pays it, else the first of the same size, or at all.

    One whose refund was ordered keeps its row: under that row's key its payer gives it back, and once.
    """
    if (going := ledger.of(_ordered(rows[0]))) is not None and going.ends != "refunded":
        return going
    ordered = {row.payer_receipt for row in rows[1:] if row.refund_made_by is not None}
    free = [one for one in ledger.sums if one.receipt not in ordered]
    return ledger.standing or min(free, key=lambda one: not one.is_exact, default=ledger.of(rows[0].payer_receipt))


async def _arranged(connection: AsyncConnection, rows: Sequence[Row[Any]], own_sum: Came | None) -> Sequence[Row[Any]]:
    """Let another sum than before have the try's own row: the former one goes to that one's, or to a new one."""
    own = rows[0]
    if own_sum is None or own.payer_receipt in (None, own_sum.receipt):
        return rows
    former = {name: getattr(own, name) for name in (*_OF_SUM, "state", "reason")}
    other = next((one for one in rows[1:] if one.payer_receipt == own_sum.receipt), None)
    amounts = {"amount": own.paid_amount, "currency": await _currency(connection, own)}
    if other is None:
        await _insert_beside(connection, own, former | amounts)
        taken: dict[str, Any] = dict.fromkeys(_OF_SUM) | {"state": own.state}
    else:
        taken = {name: getattr(other, name) for name in former}
        await state.write(connection, other.id, **former, **amounts)
    await state.write(connection, own.id, **taken)
    await state.note(connection, own.id, "another-sum", "central", {"payer_receipt": own_sum.receipt})
    return await of_number(connection, own.payer, own.bill_no)


async def _currency(connection: AsyncConnection, row: Row[Any]) -> str:
    own = payer_entries.c.payer == row.payer, payer_entries.c.receipt == row.payer_receipt
    return await connection.scalar(select(payer_entries.c.currency).where(*own)) or str(row.currency)


async def _put_beside(connection: AsyncConnection, own: Row[Any], came: Came, by: str) -> str:
    """Write a further sum of a number down; return its payment."""
    values = {"payer_receipt": came.receipt, "paid_at": _paid_at(came), "paid_amount": came.amount}
    values |= _beside(came) | {"state": came.ends, "reason": came.reason}
    back = came.back[-1] if came.ends == "refunded" else None
    payment = await _insert_beside(connection, own, values | {"refund_receipt": back})
    await state.note(
        connection,
        payment,
        came.ends,
        by,
        {"payer_receipt": came.receipt, "beside": own.id, "refund_receipt": back},
    )
    return payment


async def _insert_beside(connection: AsyncConnection, own: Row[Any], values: dict[str, Any]) -> str:
    same = payments.c.payer == own.payer, payments.c.bill_no == own.bill_no
    last = int(await connection.scalar(select(func.max(payments.c.extra)).where(*same)) or 0)
    made = {name: getattr(own, name) for name in _OF_TRY} | {"id": str(uuid.uuid4()), "extra": last + 1, "tries": 0}
    await connection.execute(insert(payments).values(**made, **({"at": clock.as_text(clock.now())} | values)))
    return str(made["id"])


async def _follow(
    connection: AsyncConnection, ring: KeyRing, row: Row[Any], came: Came, by: str, detail: dict[str, Any]
) -> None:
    """Bring a row to what the ledger says of its sum."""
    if came.ends == "entered":
        await _correct(connection, row, came, by, {"paid_amount": came.amount})
        return
    back = came.back[-1] if came.ends == "refunded" else None
    values = {"payer_receipt": came.receipt, "paid_at": _paid_at(came), "paid_amount": came.amount}
    values |= {"refund_receipt": back} | _beside(came) if row.extra else {"refund_receipt": back}
    is_ordered = row.refund_made_by is not None  # what is ordered keeps its reason
    is_same = row.state == came.ends and (is_ordered or row.reason == came.reason)
    if is_same and row.payer_receipt == came.receipt:
        await _correct(connection, row, came, by, values)
        return
    if row.payer_receipt != came.receipt:
        late = {"late": row.state} if row.state in ("expired", "withdrawn") or row.withdrawn_at is not None else {}
        detail = {"payer_receipt": came.receipt} | detail | late
    if came.ends == "refunded":
        detail = {"refund_receipt": back} | detail
    elif came.ends == "paid":
        values |= {"due_at": clock.as_text(clock.now())}
        if row.refund_proposed_by is not None:
            await state.step(connection, row, "dropped")
    await state.change(connection, ring, row, came.ends, by, detail, **values, reason=came.reason)


def _beside(came: Came) -> dict[str, Any]:
    """Return what a row of a further sum has to pay: what came."""
    return {"amount": came.amount, "currency": came.currency}


async def _correct(connection: AsyncConnection, row: Row[Any], came: Came, by: str, values: dict[str, Any]) -> None:
    """Write down what else is known of a sum, where that does not change its end."""
    if any(getattr(row, name) != value for name, value in values.items()):
        await connection.execute(update(payments).where(payments.c.id == row.id).values(**values))
    if (row.paid_amount, row.currency) != (came.amount, came.currency):
        await state.note(connection, row.id, "amount-differs", by, {"amount": came.amount})
        log.error("payment-amount-differs", payment=row.id)


def _paid_at(came: Came) -> str:
    return min(came.at, clock.as_text(clock.now()))


async def _name(connection: AsyncConnection, own: Row[Any], ledger: Ledger, ids: Mapping[str, str]) -> None:
    """Write at each entry of a number which payment it belongs to."""
    of_refunds = {receipt: ids[came.receipt] for came in reversed(ledger.sums) for receipt in came.back}
    for receipt, payment in (dict.fromkeys(ledger.strays, own.id) | of_refunds | dict(ids)).items():
        entry = payer_entries.c.payer == own.payer, payer_entries.c.receipt == receipt
        other = payer_entries.c.payment.is_(None) | (payer_entries.c.payment != payment)
        await connection.execute(update(payer_entries).where(*entry, other).values(payment=payment))
