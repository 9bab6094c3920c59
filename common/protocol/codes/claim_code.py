"""The code of a claim: the right to a place at a centre at a time, signed by central, believed without a network.

Whether it is good here and now (the centre, the day, the time, used, withdrawn) is for who it is shown to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.fields import CODE_WORD, date, identifier, whole, word
from common.protocol.codes.issued import Issued, IssuerKey, fields_of, read_issued
from common.protocol.codes.signed_code import MalformedCode, compose
from common.protocol.queue.claim import ClaimKind, are_digits

ISSUER: Final = "claims"
MOST_MINUTES: Final = 1440

_KINDS: Final[dict[int, ClaimKind]] = {1: "booked", 2: "afar"}
_NUMBERS: Final = {kind: number for number, kind in _KINDS.items()}


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


type ClaimCode = Issued[Claim]


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
    fields_of(claims, ISSUER, _claim)
    return compose(claims, kid, key)


def read_claim_code(
    text: str, *, keys: Mapping[bytes, IssuerKey], others: Collection[bytes] = frozenset()
) -> ClaimCode:
    """Return what the code of a claim is, as `read_issued` says."""
    return read_issued(text, ISSUER, _claim, keys, others)


def _claim(claims: Mapping[Any, Any]) -> Claim:
    digits = claims.get(-70104)
    if not isinstance(digits, str) or not are_digits(digits):
        raise MalformedCode("digits missing or malformed")
    return Claim(
        id=identifier(claims.get(7), "claim"),
        centre=word(claims.get(-70004), CODE_WORD, "centre"),
        service=word(claims.get(-70001), CODE_WORD, "service"),
        kind=_KINDS[whole(claims.get(-70101), 1, len(_KINDS), "kind")],
        at=date(claims.get(-70102), "time"),
        minutes=whole(claims.get(-70103), 1, MOST_MINUTES, "length"),
        digits=digits,
        credit_min=whole(claims.get(-70105), 0, MOST_MINUTES, "credit"),
        issued=date(claims.get(6), "issued"),
        expires=date(claims.get(4), "expires"),
    )
