"""What central says of claims by the feed: the keys that sign them, which are withdrawn, and what a day expects."""

import hashlib
import hmac
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import Base64, Count, DayLabel, Line, Minutes, OrderId, Prefix, ServiceCode, UnixTime
from common.protocol.queue.claim import ClaimKind

ClaimId = OrderId
"""16 random bytes in hex."""
ClaimKid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]
ClaimPrefix = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
_DIGITS_BYTES: Final = 8
MOST_CLAIMS: Final = 5000
MOST_WITHDRAWN: Final = 10_000
"""Of a day, and of a centre: beyond these a message would not be taken at all."""


class ClaimKeyRecord(Struct, frozen=True, omit_defaults=True):
    """A key that signs claims; `public_key` = base64 of 32 bytes. `issuer` is another one in a sandbox alone.

    From `signs_until` (seconds since 1970) on a newer one signs in its place; what it signed before stays good. One
    that is `retired` may be somebody else's too: its claims are good where they are known otherwise.
    """

    kid: ClaimKid
    public_key: Base64
    signs_until: Count | None = None
    retired: bool = False
    issuer: Literal["claims", "sandbox"] = "claims"


class ClaimRules(Struct, frozen=True):
    """When a claim may be shown, and what is left of its credit: all in minutes, before and after its time."""

    early_min: Minutes = 30
    late_full_min: Minutes = 10
    late_none_min: Minutes = 60
    afar_most_min: Minutes = 10


class ClaimsWithdrawn(Struct, frozen=True):
    """A centre's claims that are good no more, by the first 8 bytes of their ids, and its rules.

    A newer message takes the place of all of it; a claim that has expired is not named any more.
    """

    centre: Line
    prefixes: Annotated[list[ClaimPrefix], Meta(max_length=MOST_WITHDRAWN)]
    rules: ClaimRules = ClaimRules()


class ClaimOfDay(Struct, frozen=True):
    """A claim that is open, or whose owner has arrived: `digits` is what `digits_mark` makes of its eight digits.

    `at` and `expires` are seconds since 1970.
    """

    id: ClaimId
    digits: ClaimPrefix
    service: ServiceCode
    group: Prefix
    kind: ClaimKind
    at: UnixTime
    minutes: Minutes
    credit_min: Minutes
    expires: UnixTime


class SeatsOfDay(Struct, frozen=True):
    """How many are expected at most at a time (seconds since 1970), and how many are missing already."""

    group: Prefix
    at: UnixTime
    capacity: Count


class ClaimsToday(Struct, frozen=True):
    """What a centre expects on a day. To hubs only; a newer one of that day takes the place of all of it."""

    centre: Line
    date: DayLabel
    key: OrderId
    claims: Annotated[list[ClaimOfDay], Meta(max_length=MOST_CLAIMS)]
    seats: Annotated[list[SeatsOfDay], Meta(max_length=2000)] = []
    rules: ClaimRules = ClaimRules()


def digits_mark(key: str, digits: str) -> str:
    """Return by what eight digits are known without being written down: 16 hex digits of an HMAC under a day's key."""
    return hmac.digest(bytes.fromhex(key), b"claim digits\0" + digits.encode(), hashlib.sha256)[:_DIGITS_BYTES].hex()
