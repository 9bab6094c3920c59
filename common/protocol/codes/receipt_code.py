"""The code of a receipt: what was paid, to whom and by whom, signed by central; anybody checks it offline."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.fields import date, identifier, whole, word
from common.protocol.codes.issued import Issued, IssuerKey, fields_of, read_issued
from common.protocol.codes.signed_code import compose

ISSUER: Final = "receipts"
MOST_AMOUNT: Final = 10**12

_WORD: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NUMBER: Final = re.compile(r"[!-~]{1,64}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_POUND: Final = re.compile(r"new|old")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a code says. Only inside `Genuine` is it more than a stranger's word. `paid` is seconds since 1970."""

    payment: str  # 32 hex digits
    biller: str
    biller_receipt: str
    payer: str
    payer_receipt: str
    bill_no: str
    amount: int
    currency: str
    pound: str
    paid: int


type ReceiptCode = Issued[Receipt]


def compose_receipt_code(receipt: Receipt, kid: bytes, key: Ed25519PrivateKey, issuer: str = ISSUER) -> str:
    """Return the code of a receipt. Raises ValueError where it says what no reader takes."""
    claims = {
        1: issuer,
        6: receipt.paid,
        7: bytes.fromhex(receipt.payment),
        -70201: receipt.biller,
        -70202: receipt.biller_receipt,
        -70203: receipt.payer,
        -70204: receipt.payer_receipt,
        -70205: receipt.bill_no,
        -70206: receipt.amount,
        -70207: receipt.currency,
        -70208: receipt.pound,
    }
    fields_of(claims, ISSUER, _receipt)
    return compose(claims, kid, key)


def read_receipt_code(
    text: str, *, keys: Mapping[bytes, IssuerKey], others: Collection[bytes] = frozenset()
) -> ReceiptCode:
    """Return what the code of a receipt is, as `read_issued` says."""
    return read_issued(text, ISSUER, _receipt, keys, others)


def _receipt(claims: Mapping[Any, Any]) -> Receipt:
    return Receipt(
        payment=identifier(claims.get(7), "payment"),
        biller=word(claims.get(-70201), _WORD, "biller"),
        biller_receipt=word(claims.get(-70202), _NUMBER, "biller's receipt"),
        payer=word(claims.get(-70203), _WORD, "payer"),
        payer_receipt=word(claims.get(-70204), _NUMBER, "payer's receipt"),
        bill_no=word(claims.get(-70205), _NUMBER, "bill number"),
        amount=whole(claims.get(-70206), 1, MOST_AMOUNT, "amount"),
        currency=word(claims.get(-70207), _CURRENCY, "currency"),
        pound=word(claims.get(-70208), _POUND, "pound"),
        paid=date(claims.get(6), "issued"),
    )
