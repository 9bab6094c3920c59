"""The app's order code: what it says, and whether it may be believed, decided without a network.

`SY1:` + base45 of one tagged COSE_Sign1 (RFC 9052) over CWT claims (RFC 8392). The signature is checked by the cwt
library; shape, key look-up and dates are checked here, because `cwt` takes trailing bytes and outer tags and judges
dates by the wall clock. What becomes of a code that was read is decided in `order_outcome`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cbor2
from cwt import COSE, COSEKey, DecodeError, VerifyError
from cwt.cose_key_interface import COSEKeyInterface

from common.city.brand.brand import brand
from common.protocol.codes.fields import CODE_WORD, date, identifier, whole, word
from common.protocol.codes.signed_code import (
    APP_KID_BYTES,
    COSE_SIGN1,
    ED25519,
    EDDSA,
    MalformedCode,
    SignedCode,
    take_apart,
)

POST = "post"
CLOCK_SKEW_S = 300  # how far the app's server may be ahead of a trusted clock here

_ORDER_NUMBER = re.compile(r"[0-9]{10}")
_MAX_COPIES = 999

Trust = Literal["synced", "restored", "untrusted"]


@dataclass(frozen=True, slots=True)
class AppKey:
    """A signing key of the app, as the feed last told it. Times are Unix seconds; `public_key` is 32 raw bytes."""

    kid: bytes
    public_key: bytes
    valid_from: int
    valid_until: int
    alg: int = ED25519
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """What the app says was paid; the amount is in minor units of the currency."""

    bank: str
    reference: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a code says. Only inside `Genuine` is it more than a stranger's word."""

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


@dataclass(frozen=True, slots=True)
class Genuine(Claims):
    """Signed by a key that was the app's when the code was issued."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """Well formed, but it can't be judged here and now."""

    reason: Literal["unknown-key", "key-not-valid", "clock", "store-salvaged"]
    claimed: Claims


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No order code; `rule` names what is wrong with its form, in words that hold nothing of its content."""

    rule: str


@dataclass(frozen=True, slots=True)
class Forged:
    """Looks like an order code and isn't the app's."""

    reason: Literal["issuer", "signature", "algorithm", "revoked"]


type OrderCode = Genuine | Unverified | Unreadable | Forged


def read_order_code(
    text: str,
    *,
    keys: Mapping[bytes, AppKey],
    now: float,
    trust: Trust,
    not_before: float = 0,
    others: Collection[bytes] = frozenset(),
) -> OrderCode:
    """Return what an order code is.

    Args:
        text: the code as scanned or typed; line ends around it are ignored.
        keys: the app's keys by kid, revoked ones included.
        now: the kiosk's time in Unix seconds.
        trust: how far `now` can be believed.
        not_before: the greatest trusted time ever seen, Unix seconds: it is certainly later than this.
        others: the kids of keys that sign for other issuers: an order of theirs is forged.
    """
    text = text.strip("\r\n")
    try:
        code = take_apart(text)
        claims = _claims(code, others)
    except MalformedCode as error:
        return Unreadable(str(error))
    if code.kid in others:
        return Forged("issuer")
    key = keys.get(code.kid)
    if key is None:
        return Unverified("unknown-key", claims)
    if code.alg not in (key.alg, EDDSA):
        return Forged("algorithm")
    if not _is_signed(code, key):
        return Forged("signature")
    return _judge_dates(claims, key, now, trust, not_before)


def normal_order_number(text: str) -> str | None:
    """Return the ten digits that were typed, in ASCII, or None; spaces, hyphens and Arabic-Indic digits are taken."""
    digits = "".join(text.split()).replace("-", "").translate(_WESTERN_DIGITS)
    return digits if _ORDER_NUMBER.fullmatch(digits) else None


_WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def _judge_dates(
    claims: Claims, key: AppKey, now: float, trust: Trust, not_before: float
) -> Genuine | Unverified | Forged:
    if key.revoked_at is not None and claims.issued >= key.revoked_at:
        return Forged("revoked")
    if not key.valid_from <= claims.issued <= key.valid_until:
        return Unverified("key-not-valid", claims)
    genuine = Genuine(**{name: getattr(claims, name) for name in Claims.__slots__})
    if claims.expires <= not_before:
        return genuine  # it has expired on any clock
    if trust == "untrusted" or claims.issued > now + CLOCK_SKEW_S:
        return Unverified("clock", claims)
    return genuine


def _is_signed(code: SignedCode, key: AppKey) -> bool:
    message = cbor2.CBORTag(COSE_SIGN1, [code.protected, {}, code.payload, code.signature])
    try:
        COSE.new(verify_kid=True).decode(message, [_cose_key(key.kid, key.public_key)])
    except (VerifyError, DecodeError, ValueError):
        return False
    return True


@lru_cache(maxsize=32)
def _cose_key(kid: bytes, public_key: bytes) -> COSEKeyInterface:
    # COSE_Key of RFC 9053 section 7.2: kty OKP, kid, crv Ed25519, x. A feed key of another kind raises ValueError.
    return COSEKey.new({1: 1, 2: kid, 3: EDDSA, -1: 6, -2: public_key})


def _claims(code: SignedCode, others: Collection[bytes]) -> Claims:
    if len(code.kid) != APP_KID_BYTES and code.kid not in others:
        raise MalformedCode("protected header is not alg and kid")
    payload = code.claims
    if payload.get(1) != brand().app.issuer:
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
        amount_minor=whole(paid.get(3), 0, 1 << 53, "amount"),
        currency=word(paid.get(4), _PAYMENT_WORD, "currency"),
    )


_PAYMENT_WORD = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
