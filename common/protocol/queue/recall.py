"""What central knows of a centre's queue: asked by a hub whose log is lost, or that does not hear every other hub."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol.field import Count, CounterNumber, DayLabel, KioskId, Line, Sha256, Uuid, Visible, Word
from common.protocol.queue.claim import TicketClaim

MAX_RECALLED: Final = 5000


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


class QueueRecall(Struct, frozen=True):
    """The answer: tickets in the order of issue, and which hub of the centre has told of the greatest term.

    Of earlier days than yesterday it has those that were carried over and still count; none that was claimed by a
    ticket of an earlier day than today.
    `seq` is how long that hub's log was; `hub` is null where none has told of its queue yet.
    """

    tickets: Annotated[list[RecalledTicket], Meta(max_length=MAX_RECALLED)]
    term: Count = 0
    hub: KioskId | None = None
    seq: Count = 0
