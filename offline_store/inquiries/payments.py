"""Payments that were opened here: on disk before their code is drawn, until somebody was told how they ended.

Only what is no person's is kept. A process that dies at any point leaves a row of which nobody was told, and the next
start asks central for it by the payment's own id.
"""

from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from common.machine.stamp import Stamp
from common.protocol.payments.answers import PaymentBody, PaymentNow, PaymentState
from common.protocol.payments.setup import Pound
from offline_store.chain.chain import append, read_head
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.inquiries.asking import of_an_hour

_row = tables.payments.c

PaperState = Literal["printed", "not_printed", "unknown", "none"]


class Opened(NamedTuple):
    """A payment that was opened here, as the disk knows it."""

    payment: str
    inquiry: str
    bill_no: str
    biller: str
    payer: str
    amount: int
    currency: str
    pound: Pound
    dies_at: str
    opened_at: int
    state: PaymentState
    told: PaymentState | None


def note(store: Store, inquiry: str, now: PaymentNow, stamp: Stamp) -> None:
    """Keep where a payment stands, durable on return. Raises StoreUnavailable."""
    values = {
        "inquiry": inquiry, "bill_no": now.bill_no, "biller": now.biller, "payer": now.payer, "amount": now.amount,
        "currency": now.currency, "pound": now.pound, "dies_at": now.dies_at, "opened_at": stamp.unix_s,
    }  # fmt: skip
    with store.write() as connection:
        this = _row.payment == now.payment
        known = update(tables.payments).where(this, _row.inquiry == inquiry).values(state=now.state)
        if connection.execute(known).rowcount == 0:  # of one that is opened again nobody has been told
            connection.execute(delete(tables.payments).where(this))
            row = values | {"payment": now.payment, "state": now.state}
            connection.execute(insert(tables.payments).values(row))


def told(store: Store, payment: str, state: PaymentState, paper: PaperState, stamp: Stamp) -> None:
    """Record what somebody was told of a payment and whether on paper: an item, and the row that it ends.

    Nothing is recorded of a payment that was not opened here. Raises StoreUnavailable.
    """
    with store.write() as connection:
        this = _row.payment == payment
        bill_no = connection.execute(
            update(tables.payments).where(this).values(told=state).returning(_row.bill_no)
        ).scalar_one_or_none()
        if bill_no is not None:
            body = PaymentBody(payment, bill_no, state, paper)
            append(connection, read_head(connection), "payment", body, stamp)


def untold(store: Store) -> list[Opened]:
    """Return the payments of which nobody was told how they ended, the newest first. Raises StoreUnavailable."""
    with store.read() as connection:
        rows = connection.execute(select(tables.payments).where(_row.told.is_(None)).order_by(_row.opened_at.desc()))
        return [Opened(*row) for row in rows]


def opened_here(store: Store, payment: str) -> Opened | None:
    """Return a payment that was opened here, None where it was not. Raises StoreUnavailable."""
    with store.read() as connection:
        row = connection.execute(select(tables.payments).where(_row.payment == payment)).one_or_none()
    return None if row is None else Opened(*row)


def is_opened(connection: Connection, inquiry: str) -> bool:
    """Return whether this question's code was shown: then nothing of it is undone any more."""
    return connection.scalar(select(_row.payment).where(_row.inquiry == inquiry)) is not None


def bills_of_an_hour(store: Store, now: Stamp) -> int:
    """Count the bills that were asked for in the last hour. Raises StoreUnavailable."""
    return of_an_hour(store, now, "bill")
