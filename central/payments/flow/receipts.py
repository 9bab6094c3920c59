"""A mark, and what a citizen gets of it: a signed code, and a page that its token opens."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.keys import receipt_keys
from central.keys.keys import KeyRing
from central.payments.flow import state
from central.payments.flow.state import Proof
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
    page = secrets.token_hex(16)
    text = msgspec.json.encode(Proof(seal, page)).decode()
    return {
        "proof": ring.vault().seal(state.place(row.id, "proof"), text),
        "page_sha256": hashlib.sha256(page.encode()).hexdigest(),
    }


async def marked(connection: AsyncConnection, ring: KeyRing, row: Row[Any], found: Marked, by: str) -> None:
    """Take a biller's word that it has entered a payment: from now on there is a receipt."""
    proof = await _proof_of(connection, ring, row, found)
    values = {"receipt": found.receipt, "marked_at": clock.as_text(clock.now()), "reason": None} | proof
    await state.change(connection, ring, row, "marked", by, {"receipt": found.receipt}, **values)
