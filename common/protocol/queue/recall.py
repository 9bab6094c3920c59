"""What central knows of a centre's queue: asked by a hub whose log is lost, or that does not hear every other hub."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import (
    Count,
    CounterNumber,
    DayLabel,
    KioskId,
    Line,
    ServiceCode,
    Sha256,
    Uuid,
    Visible,
    Word,
)
from common.protocol.queue.claim import TicketClaim

MAX_RECALLED: Final = 5000
MAX_STOPS: Final = 500
MAX_LIVES: Final = 64


class RecalledTicket(Struct, frozen=True, kw_only=True):
    """A ticket that was called or has ended, or that a hub gave itself; `end` as in a visit, null where it has none.

    `claim` is that of its item. One that was carried over bears the days on which it counts, and its page's token.
    """

    id: Uuid
    kiosk: KioskId
    number: Line
    service: Line
    priority: Word = "none"
    business_day: DayLabel
    issued_at: Visible
    state: Literal["waiting", "called", "ended"]
    end: Word | None = None
    counter: CounterNumber | None = None
    called_at: Visible | None = None
    claim: TicketClaim | None = None
    first_day: DayLabel | None = None
    last_day: DayLabel | None = None
    token_sha256: Sha256 | None = None


class RecalledStop(Struct, frozen=True):
    """A service that stands still as the centre's hubs have told: why, since when, by whose word (null: central's)."""

    service: ServiceCode
    reason: Word
    since: Visible
    by: Line | None = None


class QueueRecall(Struct, frozen=True):
    """The answer: tickets in the order of issue, and which hub of the centre has told of the greatest term.

    Of earlier days than yesterday it has those that were carried over and still count; none that was claimed by a
    ticket of an earlier day than today.
    `seq` is how long that hub's log was; `hub` is null where none has told of its queue yet. `held` is how far central
    has the facts of each life that was asked for; 0: it has none. `closed_early`: the day that was closed last before
    its time, and has not gone on since.
    """

    tickets: Annotated[list[RecalledTicket], Meta(max_length=MAX_RECALLED)]
    term: Count = 0
    hub: KioskId | None = None
    seq: Count = 0
    stops: Annotated[list[RecalledStop], Meta(max_length=MAX_STOPS)] = []
    held: Annotated[dict[Visible, Count], Meta(max_length=MAX_LIVES)] = {}
    closed_early: DayLabel | None = None
