"""Order codes: minting them as the citizen's app would, and verifying them again once central has opened an item.

Written from docs/protocol.md alone, so that the kiosk's reader and this module check each other. A code is
`SY1:` + base45 of one COSE_Sign1 (RFC 9052) that carries a CBOR Web Token (RFC 8392).
"""

import io
import math
from dataclasses import dataclass
from typing import Any, Final

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from common.city.brand.brand import brand

PREFIX: Final = "SY1:"
MAX_CHARACTERS: Final = 700
KID_BYTES: Final = 2
ORDER_ID_BYTES: Final = 16

COSE_SIGN1_TAG: Final = 18  # RFC 9052, table 1
HEADER_ALG, HEADER_KID = 1, 4  # RFC 9052, section 3.1
ALG_ED25519: Final = -19  # RFC 9864: fully specified
ALG_EDDSA: Final = -8  # RFC 9053: older signers

CLAIM_ISS, CLAIM_EXP, CLAIM_IAT, CLAIM_CTI = 1, 4, 6, 7  # RFC 8392, section 4
CLAIM_SERVICE, CLAIM_COPIES, CLAIM_PAID, CLAIM_DESTINATION = -70001, -70002, -70003, -70004
CLAIM_PERSONAL, CLAIM_NUMBER = -70006, -70007


class OrderCodeError(Exception):
    """A code that is not genuine. `reason` is short and free of the code's content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Payment:
    """A paid fee. `amount_minor` is in minor units of `currency` (ISO 4217)."""

    bank: str
    reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a code says. Times are seconds since 1970; `destination` is a centre's code or `post`."""

    order_id: bytes
    number: str
    service: str
    copies: int
    destination: str
    issued_at: int
    expires_at: int
    payment: Payment | None = None
    personal: bytes | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A code taken apart and not yet believed: `kid` says which key must have signed `signed`."""

    kid: bytes
    signed: bytes
    signature: bytes
    payload: bytes


def seal_info(order_id: bytes) -> bytes:
    """The HPKE info that binds an order's personal block to the order."""
    return f"muamalati-seal-1\n{order_id.hex()}".encode()


def mint(order: Order, kid: bytes, key: Ed25519PrivateKey) -> str:
    """Sign `order` as a code. Raises OrderCodeError where it would not fit in `MAX_CHARACTERS`."""
    protected = cbor2.dumps({HEADER_ALG: ALG_ED25519, HEADER_KID: kid}, canonical=True)
    payload = cbor2.dumps(_claims(order), canonical=True)
    signature = key.sign(_to_be_signed(protected, payload))
    message = cbor2.dumps(cbor2.CBORTag(COSE_SIGN1_TAG, [protected, {}, payload, signature]))
    code: str = PREFIX + base45.b45encode(message).decode("ascii")
    if len(code) > MAX_CHARACTERS:
        raise OrderCodeError(f"the code would have {len(code)} characters, {MAX_CHARACTERS} is the most")
    return code


def take_apart(code: str) -> Envelope:
    """Read the outer layers of `code`. Raises OrderCodeError for any other form than docs/protocol.md has."""
    if not code.startswith(PREFIX) or len(code) > MAX_CHARACTERS:
        raise OrderCodeError("not-an-order-code")
    try:
        message = base45.b45decode(code.removeprefix(PREFIX))
    except ValueError as error:
        raise OrderCodeError("not-base45") from error
    tag = _decode(message)
    if not isinstance(tag, cbor2.CBORTag) or tag.tag != COSE_SIGN1_TAG:
        raise OrderCodeError("not-a-cose-sign1")
    match tag.value:
        case [bytes(protected), {**unprotected}, bytes(payload), bytes(signature)] if not unprotected:
            pass
        case _:
            raise OrderCodeError("not-a-cose-sign1")
    header = _decode(protected)
    if not isinstance(header, dict) or header.get(HEADER_ALG) not in (ALG_ED25519, ALG_EDDSA):
        raise OrderCodeError("unexpected-algorithm")
    kid = header.get(HEADER_KID)
    if not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise OrderCodeError("unexpected-key-id")
    return Envelope(kid, _to_be_signed(protected, payload), signature, payload)


def verify(envelope: Envelope, key: Ed25519PublicKey) -> Order:
    """Check the signature and read the claims. Raises OrderCodeError when either does not hold."""
    try:
        key.verify(envelope.signature, envelope.signed)
    except InvalidSignature as error:
        raise OrderCodeError("bad-signature") from error
    return claimed(envelope)


def claimed(envelope: Envelope) -> Order:
    """Read the claims of a code whose signature was checked before. Raises OrderCodeError."""
    claims = _decode(envelope.payload)
    match claims:
        case {
            1: str(issuer),
            4: int(expires_at) | float(expires_at),
            6: int(issued_at) | float(issued_at),
            7: bytes(order_id),
            -70001: str(service),
            -70002: int(copies),
            -70004: str(destination),
            -70007: str(number),
            **others,
        } if (
            issuer == brand().app.issuer
            and len(order_id) == ORDER_ID_BYTES
            and (service + destination + number).isprintable()
        ):
            personal = others.get(CLAIM_PERSONAL)
            if personal is None or isinstance(personal, bytes):
                issued, expires = _seconds(issued_at), _seconds(expires_at)
                return Order(order_id, number, service, copies, destination, issued, expires, personal=personal)
    raise OrderCodeError("unexpected-claims")


def _seconds(moment: float) -> int:
    if not math.isfinite(moment):  # CBOR has infinities, and what is no number
        raise OrderCodeError("unexpected-claims")
    return int(moment)


def _claims(order: Order) -> dict[int, Any]:
    claims: dict[int, Any] = {
        CLAIM_ISS: brand().app.issuer,
        CLAIM_EXP: order.expires_at,
        CLAIM_IAT: order.issued_at,
        CLAIM_CTI: order.order_id,
        CLAIM_SERVICE: order.service,
        CLAIM_COPIES: order.copies,
        CLAIM_DESTINATION: order.destination,
        CLAIM_NUMBER: order.number,
    }
    if order.payment is not None:
        paid = order.payment
        claims[CLAIM_PAID] = {1: paid.bank, 2: paid.reference, 3: paid.amount_minor, 4: paid.currency}
    if order.personal is not None:
        claims[CLAIM_PERSONAL] = order.personal
    return claims


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    # Sig_structure, RFC 9052 section 4.4; no external data.
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _decode(data: bytes) -> object:
    """Decode one CBOR item that fills `data`: shortest or longer heads, in any order, as the kiosk takes them too."""
    stream = io.BytesIO(data)
    try:
        value: object = cbor2.CBORDecoder(stream).decode()  # reads no byte ahead of the item
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, ArithmeticError) as error:
        raise OrderCodeError("not-cbor") from error
    if stream.tell() != len(data):
        raise OrderCodeError("not-one-cbor-item")
    return value
