"""The app's order code: what it says, and whether it may be believed, decided without a network.

Form and claims are read by the one reader that central has too; key look-up and dates are judged here. What becomes of
a code that was read is decided in `order_outcome`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from common.city.brand.brand import brand
from common.protocol.codes.order_claims import Claims, order_claims
from common.protocol.codes.signed_code import APP_KID_BYTES, ED25519, EDDSA, MalformedCode, SignedCode, take_apart

CLOCK_SKEW_S = 300  # how far the app's server may be ahead of a trusted clock here

_ORDER_NUMBER = re.compile(r"[0-9]{10}")


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
    tells_time: bool,
    not_before: float = 0,
    others: Collection[bytes] = frozenset(),
) -> OrderCode:
    """Return what an order code is.

    Args:
        text: the code as scanned or typed; line ends around it are ignored.
        keys: the app's keys by kid, revoked ones included.
        now: the kiosk's time in Unix seconds.
        tells_time: whether `now` can be believed.
        not_before: the greatest trusted time ever seen, Unix seconds: it is certainly later than this.
        others: the kids of keys that sign for other issuers: an order of theirs is forged.
    """
    text = text.strip("\r\n")
    try:
        code = _taken_apart(text, others)
        claims = order_claims(code, brand().app.issuer)
    except MalformedCode as error:
        return Unreadable(str(error))
    if code.kid in others:
        return Forged("issuer")
    key = keys.get(code.kid)
    if key is None:
        return Unverified("unknown-key", claims)
    if code.alg not in (key.alg, EDDSA):
        return Forged("algorithm")
    if not code.is_signed_by(key.public_key):
        return Forged("signature")
    return _judge_dates(claims, key, now, tells_time, not_before)


def normal_order_number(text: str) -> str | None:
    """Return the ten digits that were typed, in ASCII, or None; spaces, hyphens and Arabic-Indic digits are taken."""
    digits = "".join(text.split()).replace("-", "").translate(_WESTERN_DIGITS)
    return digits if _ORDER_NUMBER.fullmatch(digits) else None


_WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def _taken_apart(text: str, others: Collection[bytes]) -> SignedCode:
    code = take_apart(text)
    if len(code.kid) != APP_KID_BYTES and code.kid not in others:
        raise MalformedCode("protected header is not alg and kid")
    return code


def _judge_dates(
    claims: Claims, key: AppKey, now: float, tells_time: bool, not_before: float
) -> Genuine | Unverified | Forged:
    if key.revoked_at is not None and claims.issued >= key.revoked_at:
        return Forged("revoked")
    if not key.valid_from <= claims.issued <= key.valid_until:
        return Unverified("key-not-valid", claims)
    genuine = Genuine(**{name: getattr(claims, name) for name in Claims.__slots__})
    if claims.expires <= not_before:
        return genuine  # it has expired on any clock
    if not tells_time or claims.issued > now + CLOCK_SKEW_S:
        return Unverified("clock", claims)
    return genuine
