"""The code of a receipt: what was paid, to whom and by whom, signed by central; anybody checks it offline."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.issued import (
    SANDBOX,
    ForgedReason,
    IssuerKey,
    UnverifiedReason,
    date,
    verdict,
    whole,
)
from common.protocol.codes.signed_code import MalformedCode, SignedCode, compose, take_apart

ISSUER: Final = "receipts"
MOST_AMOUNT: Final = 10**12

_WORD: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NUMBER: Final = re.compile(r"[!-~]{1,64}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_POUND: Final = re.compile(r"new|old")
_ID_BYTES: Final = 16


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


@dataclass(frozen=True, slots=True)
class Genuine:
    """Signed by a key that was central's for receipts at that time."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Unverified:
    """Well formed, but it can't be judged here."""

    reason: UnverifiedReason
    claimed: Receipt


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No code of a receipt; `rule` names what is wrong with its form, in words that hold nothing of its content."""

    rule: str


@dataclass(frozen=True, slots=True)
class Forged:
    """It looks like a receipt and is not central's."""

    reason: ForgedReason


type ReceiptCode = Genuine | Unverified | Unreadable | Forged


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
    _receipt(claims)
    return compose(claims, kid, key)


def read_receipt_code(
    text: str, *, keys: Mapping[bytes, IssuerKey], others: Collection[bytes] = frozenset()
) -> ReceiptCode:
    """Return what the code of a receipt is.

    Args:
        text: the code as scanned; line ends around it are ignored.
        keys: central's keys for receipts by kid, former ones included.
        others: the kids of keys that sign for other issuers: a receipt of theirs is forged.
    """
    try:
        code = take_apart(text.strip("\r\n"))
        receipt = _receipt(code.claims)
    except MalformedCode as error:
        return Unreadable(str(error))
    if code.kid in others:
        return Forged("issuer")
    return _judged(code, receipt, keys)


def _judged(code: SignedCode, receipt: Receipt, keys: Mapping[bytes, IssuerKey]) -> ReceiptCode:
    match verdict(code, keys, ISSUER, receipt.paid):
        case None:
            return Genuine(receipt)
        case "unknown-key" | "key-retired" as reason:
            return Unverified(reason, receipt)
        case reason:
            return Forged(reason)


def _receipt(claims: Mapping[Any, Any]) -> Receipt:
    """Return what the map says. Raises MalformedCode."""
    if claims.get(1) not in (ISSUER, SANDBOX):
        raise MalformedCode("issuer does not issue receipts")
    payment = claims.get(7)
    if not isinstance(payment, bytes) or len(payment) != _ID_BYTES:
        raise MalformedCode("payment id is not 16 bytes")
    return Receipt(
        payment=payment.hex(),
        biller=_text(claims.get(-70201), _WORD, "biller"),
        biller_receipt=_text(claims.get(-70202), _NUMBER, "biller's receipt"),
        payer=_text(claims.get(-70203), _WORD, "payer"),
        payer_receipt=_text(claims.get(-70204), _NUMBER, "payer's receipt"),
        bill_no=_text(claims.get(-70205), _NUMBER, "bill number"),
        amount=whole(claims.get(-70206), 1, MOST_AMOUNT, "amount"),
        currency=_text(claims.get(-70207), _CURRENCY, "currency"),
        pound=_text(claims.get(-70208), _POUND, "pound"),
        paid=date(claims.get(6), "issued"),
    )


def _text(value: object, form: re.Pattern[str], name: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise MalformedCode(f"{name} missing or malformed")
    return value
