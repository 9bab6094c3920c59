"""Order codes: minting them as the citizen's app would, and verifying them again once central has opened an item.

Read by the reader that kiosks have, which bounds a code in its length and in the work that it makes: what a kiosk
accepts central can verify, and what a kiosk refuses is no more here.
"""

from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.city.brand.brand import brand
from common.protocol.codes import signed_code
from common.protocol.codes.order_claims import Payment, order_claims
from common.protocol.codes.signed_code import APP_KID_BYTES, MalformedCode, SignedCode

ORDER_ID_BYTES: Final = 16
UNREADABLE: Final = "unreadable-code"
FORGED: Final = "bad-signature"

CLAIM_ISS, CLAIM_EXP, CLAIM_IAT, CLAIM_CTI = 1, 4, 6, 7  # RFC 8392, section 4
CLAIM_SERVICE, CLAIM_COPIES, CLAIM_PAID, CLAIM_DESTINATION = -70001, -70002, -70003, -70004
CLAIM_PERSONAL, CLAIM_NUMBER = -70006, -70007


class OrderCodeError(Exception):
    """A code that is not genuine. `reason` is short and free of the code's content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


def seal_info(order_id: bytes) -> bytes:
    """The HPKE info that binds an order's personal block to the order."""
    return f"muamalati-seal-1\n{order_id.hex()}".encode()


def mint(order: Order, kid: bytes, key: Ed25519PrivateKey) -> str:
    """Sign `order` as a code. Raises OrderCodeError where it would be longer than a reader takes."""
    try:
        return signed_code.compose(_claims(order), kid, key)
    except ValueError as error:
        raise OrderCodeError(str(error)) from error


def take_apart(code: str) -> SignedCode:
    """Read the outer layers of `code`. Raises OrderCodeError for any other form than docs/protocol.md has."""
    try:
        found = signed_code.take_apart(code)
    except MalformedCode as error:
        raise OrderCodeError(UNREADABLE) from error
    if len(found.kid) != APP_KID_BYTES:
        raise OrderCodeError(UNREADABLE)
    return found


def verify(code: SignedCode, public_key: bytes) -> Order:
    """Check the signature by the 32 raw bytes of a key, and read the claims. Raises OrderCodeError."""
    if not code.is_signed_by(public_key):
        raise OrderCodeError(FORGED)
    return claimed(code)


def claimed(code: SignedCode) -> Order:
    """Read the claims of a code whose signature was checked before. Raises OrderCodeError."""
    try:
        said = order_claims(code, brand().app.issuer)
    except MalformedCode as error:
        raise OrderCodeError(UNREADABLE) from error
    return Order(
        order_id=bytes.fromhex(said.order_id),
        number=said.order_number,
        service=said.service,
        copies=said.copies,
        destination=said.destination,
        issued_at=said.issued,
        expires_at=said.expires,
        personal=said.personal,
    )


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
