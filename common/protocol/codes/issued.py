"""What all codes that central signs itself have in common: an issuer's key, when it counts, single fields."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from common.protocol.codes.signed_code import MalformedCode, SignedCode

SANDBOX: Final = "sandbox"
"""Who issues codes to try things with: a key is of this issuer or of one in service, and is believed there alone."""
_LATEST: Final = 253_370_764_800  # the year 9999: what no calendar of ours knows is nobody's time

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


def verdict(
    code: SignedCode, keys: Mapping[bytes, IssuerKey], issuer: str, issued: int
) -> ForgedReason | UnverifiedReason | None:
    """Return why a code is not believed, None for one that is: signed by a key that was its issuer's at that time.

    Args:
        code: taken apart, its fields read.
        keys: central's keys for the issuer by kid, former ones included.
        issuer: whose codes are read.
        issued: when it says that it was signed, in seconds since 1970.
    """
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


def whole(value: object, least: int, most: int, name: str) -> int:
    """Return a whole number within its bounds. Raises MalformedCode."""
    # bool is an int in Python and a type of its own in CBOR.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise MalformedCode(f"{name} missing or out of range")
    return value


def date(value: object, name: str) -> int:
    """Return a NumericDate, RFC 8392 section 2: whole or floating seconds since 1970. Raises MalformedCode."""
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    return whole(value, 0, _LATEST, name)
