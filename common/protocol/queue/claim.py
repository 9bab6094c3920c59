"""A right to a place that a citizen brings with him: a paper of an earlier day, or a claim that central made.

The first is of a ticket that was carried over; the second of an appointment, or of a number taken from afar.
"""

import hashlib
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import Minutes, Moment, OrderId, ServiceCode, Sha256, UnixTime

DIGITS: Final = 8
ClaimWord = Literal["good", "used", "unknown"]
"""What a hub says of a claim: it gives a place, it gave one already, or nothing is known that counts on this day."""

ClaimKind = Literal["booked", "afar"]
"""An appointment, or a number from afar."""
# A ticket's, or a claim's.
ShownId = Annotated[
    str, Meta(pattern=r"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})\Z")
]
ShownCode = Annotated[str, Meta(pattern=r"^SY1:[0-9A-Z $%*+./:-]{1,696}\Z")]
ClaimDigits = Annotated[str, Meta(pattern=r"^[0-9]{8}\Z")]


class TicketClaim(Struct, frozen=True, omit_defaults=True):
    """What a ticket is claimed by. Kiosk and clerk pass on what was shown; only the hub judges what it is worth.

    `carried`: exactly one of the carried ticket's id, the digest of its page's token, its digits. `booked`, `afar`: the
    claim's id, its time, and how late it was shown by the kiosk's clock (negative: early); `code` is what was scanned,
    which the hub verifies itself. Without one, as where its digits were typed, it counts as far as the hub knows it.
    """

    kind: Literal["carried", "booked", "afar"]
    id: ShownId | None = None
    token_sha256: Sha256 | None = None
    digits: ClaimDigits | None = None
    at: Moment | None = None
    late_s: Annotated[int, Meta(ge=-(2**40), le=2**40)] | None = None
    code: ShownCode | None = None


class ClaimAsked(Struct, frozen=True):
    """Eight digits that somebody typed at a kiosk: is it a claim of this centre?"""

    digits: ClaimDigits


class ClaimFound(Struct, frozen=True):
    """What a centre's hub knows of them; `at`, `expires` are seconds since 1970, `used`: a ticket bears it already."""

    id: OrderId
    kind: ClaimKind
    service: ServiceCode
    at: UnixTime
    minutes: Minutes
    expires: UnixTime
    used: bool


def digits_of(ticket_id: str) -> str:
    """Return the eight digits at a ticket's foot: seven that follow from its id, and a check digit."""
    seven = int.from_bytes(hashlib.sha256(b"ticket digits\0" + ticket_id.encode()).digest()[:8]) % 10_000_000
    return f"{seven:07}{check_digit(f'{seven:07}')}"


def token_digest(token: str) -> str:
    """Return by what the address of a ticket's page is known without opening it: hex SHA-256 of the token's text."""
    return hashlib.sha256(token.encode()).hexdigest()


def are_digits(typed: str) -> bool:
    """Return whether these can be a ticket's digits: eight, of which the last one fits the others."""
    is_long = len(typed) == DIGITS and typed.isascii() and typed.isdigit()
    return is_long and check_digit(typed[:-1]) == typed[-1]


def check_digit(digits: str) -> str:
    """Return what ISO 7064 MOD 11,10 puts behind digits: it finds any one wrong digit and most that change places."""
    rest = 10
    for digit in digits:
        rest = ((int(digit) + rest) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)
