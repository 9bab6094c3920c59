"""A payment's row and its events: every state is written by `write`, and who waits hears what changes by `change`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.paid.payments import payment_events, payment_refunds, payments, whole
from central.inquiries import asking
from central.inquiries.answerers import Found
from central.keys.at_rest import Vault
from central.keys.keys import KeyRing
from central.keys.receipt_keys import open_proof
from common.protocol.payments.answers import ENDED, PERSONAL, PaymentNow, PaymentState

TAKEN: Final[tuple[PaymentState, ...]] = ("marked", "told")
"""The biller has entered it."""
LIVE: Final[tuple[PaymentState, ...]] = ("inquired", "opened", "unknown", "paid")

log: Final = structlog.get_logger()


async def find(connection: AsyncConnection, payment: str) -> Row[Any] | None:
    """Return a payment's row, locked until the end of the transaction."""
    return next(iter(await rows(connection, payments.c.id == payment)), None)


async def rows(
    connection: AsyncConnection, *where: ColumnElement[bool], by: Sequence[Any] = (payments.c.id,), locked: bool = True
) -> list[Row[Any]]:
    """Return payments in an order, locked until the end of the transaction.

    They are locked first: what another transaction has just written of their marks and refunds is read then.
    """
    if locked:
        await connection.execute(select(payments.c.id).where(*where).order_by(*by).with_for_update())
    return list(await connection.execute(whole().where(*where).order_by(*by)))


async def change(
    connection: AsyncConnection,
    ring: KeyRing,
    row: Row[Any],
    state: PaymentState,
    by: str,
    detail: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Move a payment on: row, event and the word to who waits for it, in the caller's transaction."""
    await write(connection, row.id, state, **({"due_at": None, "tries": 0, "claimed_until": None} | values))
    await note(connection, row.id, state, by, detail)
    await tell(connection, ring, row.id)


async def write(connection: AsyncConnection, payment: str, state: str, **values: Any) -> None:
    """Write down how a payment stands, for all who ask: nothing else writes the state of a row that is there."""
    await connection.execute(update(payments).where(payments.c.id == payment).values(state=state, **values))


async def note(
    connection: AsyncConnection, payment: str, event: str, by: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Write an event down. `detail` holds nothing personal."""
    text = msgspec.json.encode({key: value for key, value in (detail or {}).items() if value is not None}).decode()
    row = {"payment": payment, "event": event, "by": by, "detail": text, "at": clock.as_text(clock.now())}
    await connection.execute(insert(payment_events).values(**row))


async def step(connection: AsyncConnection, row: Row[Any], step: str, by: str | None = None, **made: Any) -> None:
    """Write a step of a sum's refund down. `made`: its amount and the payer's number of it."""
    own = {"payment": row.id, "payer": row.payer, "payer_receipt": row.payer_receipt, "at": clock.as_text(clock.now())}
    await connection.execute(insert(payment_refunds).values(**own, step=step, by=by, **made))


async def wait(connection: AsyncConnection, payment: str, due_at: datetime | None, tries: int) -> None:
    """Look at a payment again later; its state stays."""
    due = None if due_at is None else clock.as_text(due_at)
    await connection.execute(
        update(payments).where(payments.c.id == payment).values(due_at=due, tries=tries, claimed_until=None)
    )


async def tell(connection: AsyncConnection, ring: KeyRing, payment: str) -> None:
    """Tell who waits at the kiosk how a payment stands; where that fails the payment stands even so.

    What moves money must not hang on a word to a screen: a key that nothing can be sealed to would keep it where it is.
    """
    row = (await connection.execute(whole().where(payments.c.id == payment))).one()
    if row.inquiry is None:
        return
    try:
        async with connection.begin_nested():
            await asking.tell(connection, ring, row.kiosk, row.inquiry, found_of(ring.vault(), row))
    except Exception as error:  # noqa: BLE001 - whatever one asker's question makes of its answer
        log.warning("payment-not-told", payment=payment, error=type(error).__name__)


def found_of(vault: Vault, row: Row[Any]) -> Found:
    """Return how a payment stands, as an answer."""
    said = msgspec.to_builtins(now_of(vault, row))
    clear = {name: value for name, value in said.items() if name not in PERSONAL}
    personal = {name: value for name, value in said.items() if name in PERSONAL}
    return Found(clear, personal, row.id, is_final=row.state in ENDED)


def now_of(vault: Vault, row: Row[Any]) -> PaymentNow:
    """Return where a payment stands."""
    proof = None if row.proof is None else open_proof(vault, row.id, row.proof)
    return PaymentNow(
        payment=row.id,
        state=row.state,
        bill_no=row.bill_no,
        biller=row.biller,
        payer=row.payer,
        amount=row.amount,
        currency=row.currency,
        pound=row.pound,
        dies_at=row.dies_at,
        at=row.at,
        show=None if row.show is None or row.state != "opened" else vault.open(place(row.id, "show"), row.show),
        receipt=row.receipt,
        payer_receipt=row.payer_receipt,
        seal=None if proof is None else proof.seal,
        page=None if proof is None else proof.page,
        reason=row.reason,
    )


def place(payment: str, what: str) -> str:
    """Name the place of what is sealed of a payment."""
    return f"payments/{payment}/{what}"


def place_of_bill(bill: str) -> str:
    """Name the place of a bill's debt."""
    return f"bills/{bill}"
