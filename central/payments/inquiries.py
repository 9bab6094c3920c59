"""The questions `bill`, `payment` and `payment-state`, in the transaction that keeps their answers.

Payers and billers are asked outside it: what is answered here is `pending`, and a row says what there is to do.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import PAYMENTS_LOCK, lock
from central.base.tables.asked import inquiries
from central.base.tables.paid.books import biller_entries
from central.base.tables.paid.payments import bill_inquiries, bills, payments, whole
from central.inquiries.answerers import Answerer, Asker, Found, Question, Refusal
from central.keys.keys import KeyRing
from central.payments import bills as asked_bills
from central.payments.billers import orders
from central.payments.flow import state, tries, unpaid
from central.payments.marks import debt_mark
from central.payments.running import Payments
from common.protocol.payments.answers import (
    Begun,
    BillAsked,
    BillRefusal,
    PaymentAsked,
    PaymentRefusal,
    PaymentStateAsked,
)
from common.protocol.payments.pattern import fits

BILLS_AN_HOUR: Final = 30
BILL_HOLDS: Final = timedelta(hours=1)
"""How long what a biller said is taken for what is owed."""
_GONE: Final = ("marked", "paid-elsewhere")


def answerers(desk: Payments) -> Mapping[str, Answerer]:
    """Return how this process answers questions of money."""
    of = _Answering(desk)
    return {
        "bill": Answerer(of.bill),
        "payment": Answerer(of.payment, of.undo_payment),
        "payment-state": Answerer(of.state),
    }


class _Answering:
    def __init__(self, desk: Payments) -> None:
        self._desk = desk

    async def bill(self, connection: AsyncConnection, ring: KeyRing, question: Question) -> Found:
        """Take a question for a bill; a biller that asks for other things than were said is not asked."""
        asked = _read(question, BillAsked)
        fields = self._desk.fields.get(asked.biller)
        if not self._desk.are_on or asked.biller not in self._desk.billers:
            raise _no_bill("not-set-up")
        if fields is None:  # it has never said what it asks for
            raise _no_bill("biller-silent")
        patterns = {one.name: one.pattern for one in fields.fields}
        is_whole = asked.fields.keys() == patterns.keys()
        if not is_whole or not all(fits(patterns[name], value) for name, value in asked.fields.items()):
            raise _no_bill("unreadable")
        await self._bound(connection, question.asker, asked.biller)
        text = msgspec.json.encode(asked.fields).decode()
        row = {
            "kiosk": question.asker.kiosk,
            "inquiry": question.id,
            "biller": asked.biller,
            "fields": ring.vault().seal(asked_bills.place_of_fields(question.asker.kiosk, question.id), text),
            "at": clock.as_text(clock.now()),
        }
        await connection.execute(insert(bill_inquiries).values(**row))
        return Found({"biller": asked.biller}, is_final=False)

    async def payment(self, connection: AsyncConnection, ring: KeyRing, question: Question) -> Found:
        """Begin a try, under a number of its own."""
        asked = _read(question, PaymentAsked)
        payer = self._desk.payers.get(asked.payer)
        if payer is None or not self._desk.are_on:
            raise _no("not-set-up")
        await lock(connection, PAYMENTS_LOCK)  # of two kiosks that would pay the same, one is told so
        owed = await self._owed(connection, ring, question.asker, asked)
        payment = str(uuid.uuid4())
        begun = await self._begun(connection, owed["biller"], owed["debt_mark"], asked.instead_of)
        await unpaid.give_way(connection, ring, begun, "kiosk", payment)
        now = clock.now()
        own: dict[str, Any] = {
            "id": payment,
            "bill_no": tries.new_number(now),
            "extra": 0,
            "payer": asked.payer,
            "kiosk": question.asker.kiosk,
            "centre": question.asker.centre,
            "inquiry": question.id,
            "state": "inquired",
            "at": clock.as_text(now),
            "dies_at": clock.as_text(now + timedelta(seconds=payer.bill_life_s)),
            "due_at": clock.as_text(now),
            "tries": 0,
        }
        await connection.execute(insert(payments).values(**owed, **own))
        await state.note(connection, own["id"], "inquired", "kiosk", {"kiosk": question.asker.kiosk})
        row = (await connection.execute(whole().where(payments.c.id == own["id"]))).one()
        return state.found_of(ring.vault(), row)

    async def undo_payment(self, connection: AsyncConnection, asker: Asker, reference: str) -> None:
        """Let nobody wait for it any more; money that comes for it is treated as any."""
        row = await state.find(connection, reference)
        if row is not None and row.withdrawn_at is None:
            moment = clock.as_text(clock.now())
            await connection.execute(update(payments).where(payments.c.id == row.id).values(withdrawn_at=moment))
            await state.note(connection, row.id, "withdrawn", "kiosk", {"kiosk": asker.kiosk})

    async def state(self, connection: AsyncConnection, ring: KeyRing, question: Question) -> Found:
        """Say what has become of a payment of this kiosk's."""
        asked = _read(question, PaymentStateAsked)
        query = whole().where(payments.c.id == asked.payment, payments.c.kiosk == question.asker.kiosk)
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise Refusal("unknown-payment")
        found = state.found_of(ring.vault(), row)
        return Found(found.answer, found.personal)

    async def _bound(self, connection: AsyncConnection, asker: Asker, biller: str) -> None:
        since = clock.as_text(clock.now() - timedelta(hours=1))
        own = inquiries.c.kiosk == asker.kiosk, inquiries.c.kind == "bill", inquiries.c.at > since
        asked = int(await connection.scalar(select(func.count()).select_from(inquiries).where(*own)) or 0)
        if asked > BILLS_AN_HOUR or await asked_bills.misses_today(connection, biller) >= asked_bills.MISSES_A_DAY:
            raise _no_bill("too-many")

    async def _owed(
        self, connection: AsyncConnection, ring: KeyRing, asker: Asker, asked: PaymentAsked
    ) -> dict[str, Any]:
        """Return the columns that say what is owed, and to whom. Raises Refusal."""
        if (asked.bill is None) == (asked.order is None):
            raise _no("unreadable")
        if asked.order is not None:
            return await self._fee(connection, ring, asked.order)
        query = select(bills).where(bills.c.id == asked.bill, bills.c.kiosk == asker.kiosk)
        bill = (await connection.execute(query)).one_or_none()
        if bill is None or bill.biller not in self._desk.billers:
            raise _no("unknown-bill")
        # One of a former pound would be asked of the payer as so many of the present one.
        if bill.at < clock.as_text(clock.now() - BILL_HOLDS) or bill.pound != self._desk.pound:
            raise _no("bill-over")
        await _check_books(connection, bill)
        names = ("biller", "debt_mark", "amount", "currency", "pound")
        return {"bill": bill.id} | {name: getattr(bill, name) for name in names}

    async def _fee(self, connection: AsyncConnection, ring: KeyRing, order: str) -> dict[str, Any]:
        biller, pound, vault = self._desk.orders, self._desk.pound, ring.vault()
        if biller is None or pound is None:
            raise _no("not-set-up")
        mark = debt_mark(vault, biller, order)
        debt = await orders.fee_of(connection, vault, biller, order, pound)
        if debt is None:
            await self._begun(connection, biller, mark)
            raise _no("unknown-bill")
        money = {"amount": debt.amount, "currency": debt.currency, "pound": debt.pound}
        return {"order_id": order, "biller": biller, "debt_mark": mark} | money

    async def _begun(
        self, connection: AsyncConnection, biller: str, mark: str, named: str | None = None
    ) -> list[Row[Any]]:
        """Return the unpaid tries that a newer one takes the place of, the oldest first.

        Raises Refusal where the debt is paid, or somebody may be paying it by another try than was named.
        """
        tries = await unpaid.of_debt(connection, biller, mark)
        if any(row.state in state.TAKEN for row in tries):
            raise _no("paid-elsewhere")
        if any(row.state == "paid" for row in tries):
            raise _no("being-paid")
        begun = [row for row in tries if self._may_be_paid(row)]
        if (other := unpaid.not_named(begun, named)) is not None:
            raise Refusal("being-paid", msgspec.to_builtins(Begun(other.id, other.at, other.centre)))
        return begun

    def _may_be_paid(self, row: Row[Any]) -> bool:
        if row.state == "unknown":
            return True
        if row.state not in state.LIVE or row.withdrawn_at is not None:
            return False
        payer = self._desk.payers.get(row.payer)
        is_late = payer is not None and payer.late_days > 0
        return is_late or row.dies_at > clock.as_text(clock.now())


async def _check_books(connection: AsyncConnection, bill: Row[Any]) -> None:
    """Raise Refusal where the biller's books have said something else since the bill was asked for."""
    entries = biller_entries.c
    of_debt = entries.biller == bill.biller, entries.debt_mark == bill.debt_mark, entries.at > bill.at
    query = select(biller_entries).where(*of_debt).order_by(entries.seq.desc()).limit(1)
    last = (await connection.execute(query)).one_or_none()
    if last is not None and last.kind in _GONE:
        raise _no("paid-elsewhere")
    if last is not None and last.kind == "amount" and last.amount != bill.amount:
        raise _no("amount-changed")


def _no_bill(reason: BillRefusal) -> Refusal:
    return Refusal(reason)


def _no(reason: PaymentRefusal) -> Refusal:
    return Refusal(reason)


def _read[T](question: Question, shape: type[T]) -> T:
    try:
        return msgspec.convert(question.body, shape)
    except msgspec.ValidationError as error:
        raise Refusal("unreadable") from error
