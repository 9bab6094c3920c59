"""The code of a claim: the right to a place at a centre at a time, signed by central, believed without a network.

Whether it is good here and now (the centre, the day, the time, used, withdrawn) is for who it is shown to.
"""

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
from common.protocol.queue.claim import ClaimKind, are_digits

ISSUER: Final = "claims"
MOST_MINUTES: Final = 1440

_KINDS: Final[dict[int, ClaimKind]] = {1: "booked", 2: "afar"}
_NUMBERS: Final = {word: number for number, word in _KINDS.items()}
_CODE_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """What a code says. Only inside `Genuine` is it more than a stranger's word. Times are seconds since 1970."""

    id: str  # 32 hex digits
    centre: str
    service: str
    kind: ClaimKind
    at: int
    minutes: int
    digits: str
    credit_min: int
    issued: int
    expires: int


@dataclass(frozen=True, slots=True)
class Genuine:
    """Signed by a key that was central's for claims when the code was issued."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Unverified:
    """Well formed, but it can't be judged here: the hub may know more."""

    reason: UnverifiedReason
    claimed: Claim


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No code of a claim; `rule` names what is wrong with its form, in words that hold nothing of its content."""

    rule: str


@dataclass(frozen=True, slots=True)
class Forged:
    """It looks like a claim and is not central's."""

    reason: ForgedReason


type ClaimCode = Genuine | Unverified | Unreadable | Forged


def compose_claim_code(claim: Claim, kid: bytes, key: Ed25519PrivateKey, issuer: str = ISSUER) -> str:
    """Return the code of a claim. Raises ValueError where it says what no reader takes."""
    claims = {
        1: issuer,
        4: claim.expires,
        6: claim.issued,
        7: bytes.fromhex(claim.id),
        -70001: claim.service,
        -70004: claim.centre,
        -70101: _NUMBERS[claim.kind],
        -70102: claim.at,
        -70103: claim.minutes,
        -70104: claim.digits,
        -70105: claim.credit_min,
    }
    _claim(claims)
    return compose(claims, kid, key)


def read_claim_code(
    text: str, *, keys: Mapping[bytes, IssuerKey], others: Collection[bytes] = frozenset()
) -> ClaimCode:
    """Return what the code of a claim is.

    Args:
        text: the code as scanned; line ends around it are ignored.
        keys: central's keys for claims by kid, former ones included.
        others: the kids of keys that sign for other issuers: a claim of theirs is forged.
    """
    try:
        code = take_apart(text.strip("\r\n"))
        claim = _claim(code.claims)
    except MalformedCode as error:
        return Unreadable(str(error))
    if code.kid in others:
        return Forged("issuer")
    return _judged(code, claim, keys)


def _judged(code: SignedCode, claim: Claim, keys: Mapping[bytes, IssuerKey]) -> ClaimCode:
    match verdict(code, keys, ISSUER, claim.issued):
        case None:
            return Genuine(claim)
        case "unknown-key" | "key-retired" as reason:
            return Unverified(reason, claim)
        case reason:
            return Forged(reason)


def _claim(claims: Mapping[Any, Any]) -> Claim:
    """Return what the map says. Raises MalformedCode."""
    if claims.get(1) not in (ISSUER, SANDBOX):
        raise MalformedCode("issuer does not issue claims")
    claim_id, digits, kind = claims.get(7), claims.get(-70104), claims.get(-70101)
    if not isinstance(claim_id, bytes) or len(claim_id) != _ID_BYTES:
        raise MalformedCode("claim id is not 16 bytes")
    if not isinstance(digits, str) or not are_digits(digits):
        raise MalformedCode("digits missing or malformed")
    return Claim(
        id=claim_id.hex(),
        centre=_word(claims.get(-70004), "centre"),
        service=_word(claims.get(-70001), "service"),
        kind=_KINDS[whole(kind, 1, len(_KINDS), "kind")],
        at=date(claims.get(-70102), "time"),
        minutes=whole(claims.get(-70103), 1, MOST_MINUTES, "length"),
        digits=digits,
        credit_min=whole(claims.get(-70105), 0, MOST_MINUTES, "credit"),
        issued=date(claims.get(6), "issued"),
        expires=date(claims.get(4), "expires"),
    )


def _word(value: object, name: str) -> str:
    if not isinstance(value, str) or not _CODE_WORD.fullmatch(value):
        raise MalformedCode(f"{name} missing or malformed")
    return value
