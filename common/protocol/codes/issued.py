"""The codes that central signs itself: whose key counts when, and what a code of an issuer turns out to be."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from common.protocol.codes.fields import date
from common.protocol.codes.signed_code import MalformedCode, SignedCode, take_apart

SANDBOX: Final = "sandbox"
"""Who issues codes to try things with: a key is of this issuer or of one in service, and is believed there alone."""

ForgedReason = Literal["issuer", "signature", "key-rotated"]
UnverifiedReason = Literal["unknown-key", "key-retired"]


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A key of central's for one issuer, as the feed last told it; `public_key` is 32 raw bytes."""

    kid: bytes
    public_key: bytes
    signs_until: int | None = None
    """Seconds since 1970 from which on a newer key signs in its place."""
    is_retired: bool = False
    """Somebody else may have it: what it signs is only believed by who knows it otherwise."""
    issuer: str = ""
    """For whom it signs; empty: for whom the reader reads."""


@dataclass(frozen=True, slots=True)
class Genuine[Said]:
    """Signed by a key that was its issuer's when the code was issued."""

    said: Said


@dataclass(frozen=True, slots=True)
class Unverified[Said]:
    """Well formed, but it can't be judged here: who knows it otherwise may believe it."""

    reason: UnverifiedReason
    said: Said


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No code of this issuer; `rule` names what is wrong with its form, in words that hold nothing of its content."""

    rule: str


@dataclass(frozen=True, slots=True)
class Forged:
    """It looks like one, and is not central's."""

    reason: ForgedReason


type Issued[Said] = Genuine[Said] | Unverified[Said] | Unreadable | Forged
type Fields[Said] = Callable[[Mapping[Any, Any]], Said]
"""Returns what a code's claims say. Raises MalformedCode."""


def read_issued[Said](
    text: str, issuer: str, fields: Fields[Said], keys: Mapping[bytes, IssuerKey], others: Collection[bytes]
) -> Issued[Said]:
    """Return what a code is.

    Args:
        text: the code as scanned; line ends around it are ignored.
        issuer: whose codes are read.
        fields: reads what such a code says.
        keys: central's keys for the issuer by kid, former ones included.
        others: the kids of keys that sign for other issuers: a code of theirs is forged.
    """
    try:
        code = take_apart(text.strip("\r\n"))
        said = fields_of(code.claims, issuer, fields)
        issued = date(code.claims.get(6), "issued")
    except MalformedCode as error:
        return Unreadable(str(error))
    match "issuer" if code.kid in others else _verdict(code, keys, issuer, issued):
        case None:
            return Genuine(said)
        case "unknown-key" | "key-retired" as reason:
            return Unverified(reason, said)
        case reason:
            return Forged(reason)


def fields_of[Said](claims: Mapping[Any, Any], issuer: str, fields: Fields[Said]) -> Said:
    """Return what the claims of an issuer's code say, or of one to try things with. Raises MalformedCode."""
    if claims.get(1) not in (issuer, SANDBOX):
        raise MalformedCode(f"issuer does not issue {issuer}")
    return fields(claims)


def _verdict(
    code: SignedCode, keys: Mapping[bytes, IssuerKey], issuer: str, issued: int
) -> ForgedReason | UnverifiedReason | None:
    key = keys.get(code.kid)
    if code.issuer != (issuer if key is None else key.issuer or issuer):
        return "issuer"
    if key is None:
        return "unknown-key"
    if not code.is_signed_by(key.public_key):
        return "signature"
    if key.is_retired:
        return "key-retired"
    return "key-rotated" if key.signs_until is not None and issued >= key.signs_until else None
