"""What the code of a receipt is, read without a network, and whether central's `marked` may become a receipt."""

from typing import Final

import structlog
from sqlalchemy import select

from common.protocol.codes.issued import Forged, Unreadable
from common.protocol.codes.receipt_code import ReceiptCode, read_receipt_code
from common.protocol.payments.answers import PaymentNow
from kiosk.desk.order_facts import app_keys
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.claims import claim_keys
from offline_store.feed.payments import receipt_keys

_MARKED: Final = frozenset({"marked", "told"})
_log = structlog.get_logger(__name__)


def judge(store: Store, text: str) -> ReceiptCode:
    """Return what the code of a receipt is by the keys that the feed has told. Raises StoreUnavailable."""
    with store.read() as connection:
        keys = receipt_keys(connection)
        revoked = connection.scalars(select(tables.app_keys.c.kid))
        others = {*app_keys(connection), *claim_keys(connection), *(bytes.fromhex(kid) for kid in revoked)}
    return read_receipt_code(text, keys=keys, others=others - {*keys})


def may_print(store: Store, now: PaymentNow) -> bool:
    """Return whether a payment's receipt may print: marked by central, with both sides' numbers and its own seal.

    A seal whose key the feed has not told yet is good: the answer that brought it is signed by central itself.
    Raises StoreUnavailable.
    """
    if now.state not in _MARKED or not now.receipt or not now.payer_receipt or not now.seal:
        return False
    found = judge(store, now.seal)
    if isinstance(found, Forged | Unreadable):
        _log.error("receipt-seal-bad", payment=now.payment, verdict=type(found).__name__)
        return False
    said = found.said
    sealed = said.payment, said.bill_no, said.amount, said.currency, said.pound, said.biller_receipt, said.payer_receipt
    same = (
        now.payment.replace("-", ""),
        now.bill_no,
        now.amount,
        now.currency,
        now.pound,
        now.receipt,
        now.payer_receipt,
    )
    if sealed != same:
        _log.error("receipt-seal-bad", payment=now.payment, verdict="of another payment")
    return sealed == same
