"""What an order code claims, read alike by the kiosk that takes it and by central that verifies it again.

CWT claims (RFC 8392, section 4) and private ones, as docs/protocol.md has them. One reader at both ends: of two, each
would take what the other refuses.
"""

import re
from dataclasses import dataclass
from typing import Final

from common.protocol.codes.fields import CODE_WORD, date, identifier, whole, word
from common.protocol.codes.signed_code import MalformedCode, SignedCode

POST: Final = "post"
_ORDER_NUMBER: Final = re.compile(r"[0-9]{10}")
_PAYMENT_WORD: Final = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
_MAX_COPIES: Final = 999
_MAX_AMOUNT_MINOR: Final = 1 << 53


@dataclass(frozen=True, slots=True)
class Payment:
    """What the app says was paid; the amount is in minor units of the currency."""

    bank: str
    reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a code says. Until its signature was checked it is no more than a stranger's word."""

    order_id: str  # 32 hex digits
    service: str
    copies: int
    paid: Payment | None
    destination: str  # a centre code, or `post`
    order_number: str  # ten digits, what a citizen can type
    issued: int  # Unix seconds
    expires: int
    personal: bytes | None  # sealed by the app to central; nobody here can open it
    kid: bytes


def order_claims(code: SignedCode, issuer: str) -> Claims:
    """Return the claims of a code that says it is this issuer's; its signature is not looked at.

    Raises:
        MalformedCode: another issuer, or a claim that is missing or out of bounds; the text names it.
    """
    payload = code.claims
    if payload.get(1) != issuer:
        raise MalformedCode("issuer is not the app")
    personal = payload.get(-70006)
    if not isinstance(personal, bytes | None):
        raise MalformedCode("personal block is not bytes")
    return Claims(
        order_id=identifier(payload.get(7), "order"),
        service=word(payload.get(-70001), CODE_WORD, "service"),
        copies=whole(payload.get(-70002), 1, _MAX_COPIES, "copies"),
        paid=_payment(payload.get(-70003)),
        destination=word(payload.get(-70004), CODE_WORD, "destination"),
        order_number=word(payload.get(-70007), _ORDER_NUMBER, "order number"),
        issued=date(payload.get(6), "issued"),
        expires=date(payload.get(4), "expires"),
        personal=personal,
        kid=code.kid,
    )


def _payment(paid: object) -> Payment | None:
    if paid is None:
        return None
    if not isinstance(paid, dict):
        raise MalformedCode("paid is not a map")
    return Payment(
        bank=word(paid.get(1), _PAYMENT_WORD, "bank"),
        reference=word(paid.get(2), _PAYMENT_WORD, "payment reference"),
        amount_minor=whole(paid.get(3), 0, _MAX_AMOUNT_MINOR, "amount"),
        currency=word(paid.get(4), _PAYMENT_WORD, "currency"),
    )
