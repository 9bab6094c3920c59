"""What a scanned code is: an order code, a ticket's code, an identity card, an order number, or something else. Pure.

It decides by form alone; whether an order code is genuine is judged by `order_code`, and by nobody here.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from common.protocol.codes import receipt_code
from common.protocol.codes.claim_code import ISSUER
from common.protocol.codes.issued import SANDBOX
from common.protocol.codes.signed_code import PREFIX, MalformedCode, issuer_of, take_apart
from common.protocol.queue.claim import TicketClaim
from devices.identity_card import IdentityCard, parse_identity_card
from devices.protocols import Scan
from kiosk.desk.earlier_paper import claim_of_code
from kiosk.desk.order_code import normal_order_number

# `SY1:` as a scanner types it that plays keyboard with another layout or with caps lock: Arabic 101 with and without
# shift, AZERTY, QWERTZ, Turkish. The rest of such a code can't be brought back: layouts put several keys on one letter.
# `SY1P:` and `SY1T:` came as they were printed: what follows is damaged, and no technician has anything to set.
_OTHER_LAYOUT = re.compile("(?:ٍإ|سغ)[1١!]|[Ss][Zz][1!]|[Ss][Yy]&|[Ss]y[1!]|sY[1!]|SY!|SY1(?![PT]:)[^:]")

PAYMENT_PREFIX: Final = "SY1P:"
_PAYMENT = re.compile(PAYMENT_PREFIX.encode() + rb"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_LONGEST_TICKET = 600  # bytes: a page's address is shorter
_SHORTEST = 4  # bytes of a code that somebody prints
# Control characters at the beginning; FS to US part the fields of some codes (ISO/IEC 15434), CR and LF their lines.
_CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1b\x7f]")

# In noise a quarter of all bytes; in text that is Windows-1256 instead of UTF-8 some signs between the letters.
_BETWEEN_LETTERS = re.compile(rb"[\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class OrderCodeScan:
    """It begins as an order code does."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimScan:
    """It begins as an order code does, and says that it is a claim: an appointment, or a number from afar."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptScan:
    """It begins as an order code does, and says that it is the seal of a receipt."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaymentScan:
    """The code of a payment's paper that is no receipt: it leads to what has become of it."""

    payment: str


@dataclass(frozen=True, slots=True)
class TicketScan:
    """The code of a ticket's paper, of whatever day."""

    claim: TicketClaim


@dataclass(frozen=True, slots=True)
class IdentityCardScan:
    """It has the form of an identity card, perhaps with problems."""

    card: IdentityCard


@dataclass(frozen=True, slots=True)
class OrderNumberScan:
    """Ten digits: the bar code of an order number."""

    number: str


@dataclass(frozen=True, slots=True)
class WrongLayoutScan:
    """An order code through a keyboard layout: the scanner must be set to serial mode, by a technician."""


@dataclass(frozen=True, slots=True)
class ForeignScan:
    """A code of somebody else: a shop's, a web address, half a code."""


@dataclass(frozen=True, slots=True)
class NoiseScan:
    """Nothing that anybody would print as a code: a disturbed line, or a scanner that babbles."""


type ScanContent = (
    OrderCodeScan
    | ClaimScan
    | ReceiptScan
    | PaymentScan
    | TicketScan
    | IdentityCardScan
    | OrderNumberScan
    | WrongLayoutScan
    | ForeignScan
    | NoiseScan
)

KINDS: dict[type, str] = {
    OrderCodeScan: "order-code",
    ClaimScan: "claim",
    ReceiptScan: "receipt",
    PaymentScan: "payment",
    TicketScan: "ticket",
    IdentityCardScan: "identity-card",
    OrderNumberScan: "order-number",
    WrongLayoutScan: "wrong-layout",
    ForeignScan: "foreign",
    NoiseScan: "noise",
}


def content_of(scan: Scan) -> ScanContent:
    """Return what was scanned."""
    payload = scan.payload
    if payload.startswith(PREFIX.encode()):
        text = payload.decode("ascii", "replace")
        return ClaimScan(text) if is_claim(text) else ReceiptScan(text) if is_receipt(text) else OrderCodeScan(text)
    if payment := _PAYMENT.fullmatch(payload.strip(b"\r\n")):
        return PaymentScan(payment[1].decode())
    claim = claim_of_code(payload[:_LONGEST_TICKET].decode("ascii", "replace"))
    if claim is not None and len(payload) <= _LONGEST_TICKET:
        return TicketScan(claim)
    card = parse_identity_card(payload)
    if isinstance(card, IdentityCard):
        return IdentityCardScan(card)
    text = _text(payload[:64])
    if _OTHER_LAYOUT.match(text):
        return WrongLayoutScan()
    number = normal_order_number(text) if len(payload) <= 40 else None
    if number:
        return OrderNumberScan(number)
    return NoiseScan() if _is_noise(payload) else ForeignScan()


def is_claim(text: str) -> bool:
    """Return whether a code says that it is a claim; whether that is true is judged elsewhere."""
    return issuer_of(text) in (ISSUER, SANDBOX) and not is_receipt(text)


def is_receipt(text: str) -> bool:
    """Return whether a code says that it is the seal of a receipt; whether that is true is judged elsewhere."""
    try:
        claims = take_apart(text.strip("\r\n")).claims
    except MalformedCode:
        return False
    return claims.get(1) == receipt_code.ISSUER or (claims.get(1) == SANDBOX and -70202 in claims)


def _is_noise(payload: bytes) -> bool:
    beginning = payload[:64]
    if len(payload) < _SHORTEST or _CONTROL.search(beginning):
        return True
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return len(_BETWEEN_LETTERS.findall(beginning)) > len(beginning) / 8
    return False


def _text(payload: bytes) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.decode("cp1256", "replace")
