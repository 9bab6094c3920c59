"""A mark, and what a citizen gets of a payment: a page that its token opens, and once it is marked a signed code."""

import secrets
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.tables.paid.payments import payment_events
from central.keys import receipt_keys
from central.keys.keys import KeyRing
from central.keys.receipt_keys import Proof, keep_proof, open_proof, page_digest
from central.payments.flow import marks, state
from central.payments.ports.biller import Marked
from common.protocol.codes.receipt_code import Receipt

log: Final = structlog.get_logger()


async def _proof_of(connection: AsyncConnection, ring: KeyRing, row: Row[Any], marked: Marked) -> dict[str, Any]:
    """Return the columns of a payment that hold its proof; none where it cannot be signed, for it is marked even so."""
    receipt = Receipt(
        payment=row.id.replace("-", ""),
        biller=row.biller,
        biller_receipt=marked.receipt,
        payer=row.payer,
        payer_receipt=row.payer_receipt or "",
        bill_no=row.bill_no,
        amount=row.amount,
        currency=row.currency,
        pound=row.pound,
        paid=int(datetime.fromisoformat(row.paid_at).timestamp()),
    )
    try:
        seal = await receipt_keys.seal(connection, ring, receipt)
    except (receipt_keys.NoReceiptKeyError, ValueError) as error:
        log.warning("receipt-not-sealed", payment=row.id, why=type(error).__name__)
        return {}
    page = secrets.token_hex(16) if row.proof is None else open_proof(ring.vault(), row.id, row.proof).page
    return _kept(ring, row.id, Proof(page, seal))


def page_of(ring: KeyRing, payment: str) -> dict[str, Any]:
    """Return the columns by which a payment has a page from the moment that it can be paid."""
    return _kept(ring, payment, Proof(secrets.token_hex(16)))


def _kept(ring: KeyRing, payment: str, proof: Proof) -> dict[str, Any]:
    return {"proof": keep_proof(ring.vault(), payment, proof), "page_sha256": page_digest(proof.page)}


async def marked(connection: AsyncConnection, ring: KeyRing, row: Row[Any], found: Marked, by: str) -> None:
    """Take a biller's word that it has entered a payment: from now on there is a receipt."""
    await marks.write(connection, row.id, marks.ENTERED, row.payer_receipt, found.receipt)
    proof = await _proof_of(connection, ring, row, found)
    await state.change(connection, ring, row, "marked", by, {"receipt": found.receipt}, reason=None, **proof)
    if await _is_handed_out(connection, row.id):
        await state.write(connection, row.id, "told")


async def _is_handed_out(connection: AsyncConnection, payment: str) -> bool:
    """Return whether a kiosk has told that its receipt was handed out: central was set back to before the mark."""
    events = payment_events.c
    query = select(events.event, events.detail).where(
        events.payment == payment, events.event.in_(("told", "refund-due"))
    )
    rows = (await connection.execute(query)).all()
    if any(row.event == "refund-due" for row in rows):  # another receipt than the one that stands now
        return False
    return any(msgspec.json.decode(row.detail).get("told") in state.TAKEN for row in rows)
