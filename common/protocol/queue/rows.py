"""The hall's rows: what stands of each number, as a hub that leads tells its kiosks, which keep them and speak by them.

They hold what anybody in the hall may know: no clerk, no session, no free text, no press. By what is shown (a paper, a
claim, an order) its row is found by a digest alone, so that who takes a kiosk away can show none of them.
"""

import hashlib
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import Count, CounterNumber, KioskId, Line, Prefix, ServiceCode, Visible, Word

#: More than a hall gives in two days; what a kiosk keeps, and what one answer holds at most.
MAX_ROWS: Final = 5000
_DIGEST_LENGTH: Final = 16

RowState = Literal["waiting", "called", "serving", "parked", "missed", "ended"]
Stands = Literal["waits", "called", "passed", "carried", "voided"]
"""What its owner has to know: that he waits, was called, waits in vain, has his place on a later day, or has none."""
ShownDigest = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]


class AsOf(Struct, frozen=True):
    """Up to which event rows hold all: its seq, the life in which it was written, and the hub whose life that is."""

    hub: KioskId
    life: Visible
    seq: Count


class HallRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One number as it stands.

    `counter` called it at `called` (RFC 3339), the last time; of one that waits again both are null. `before`: how many
    came before it when the row was told, null where it does not wait. `day` counts the hub's days; `queue` is the
    letter of the group that may call it; `order` the place in which people came. `shown`: of what it is known by.
    """

    kiosk: KioskId
    number: Line
    service: ServiceCode
    state: RowState
    day: Count
    order: int = 0
    queue: Prefix | None = None
    counter: CounterNumber | None = None
    called: Visible | None = None
    before: Count | None = None
    end: Word | None = None
    priority: bool = False
    shown: Annotated[list[ShownDigest], Meta(max_length=4)] = []


class Rows(Struct, frozen=True):
    """What has changed since the kiosk's own `as_of`. `whole`: what it held counts no more, these are all there are."""

    as_of: AsOf
    changed: Annotated[list[HallRow], Meta(max_length=MAX_ROWS)] = []
    whole: bool = False


def shown_digest(what: str) -> str:
    """Return by what a row tells that something belongs to it: a ticket's id, its token's digest, a claim, an order."""
    return hashlib.sha256(f"shown\0{what}".encode()).hexdigest()[:_DIGEST_LENGTH]
