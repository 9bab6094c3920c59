"""What kiosks tell their centre's hub, what it answers, and what it tells central beside the chain.

Kiosks deliver to central as before: this is a copy, and no word of a hub ends a kiosk's custody.
"""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from common.protocol.field import (
    Count,
    CounterNumber,
    DayLabel,
    Line,
    Moment,
    OrderId,
    Prefix,
    Priority,
    Seconds,
    ServiceCode,
    Sha256,
    TimeOfDay,
    Uuid,
    Visible,
    Word,
)
from common.protocol.queue.claim import ClaimWord, TicketClaim
from common.protocol.queue.hub_statement import HubStatement
from common.protocol.queue.rows import AsOf, Rows
from common.protocol.queue.service_now import CentreNow, ServiceState, TodayWord

MAX_TICKETS: Final = 200
MAX_WAITING: Final = 2000
#: Why a ticket is refused whose day no right clock can have reached; it is told again until it can.
DAY_NOT_BELIEVED: Final = "day-not-believed"
REFUSED_FOR_NOW: Final = frozenset({"unknown-service", "wrong-digit"})
"""What a hub that has not heard of the service, or of the kiosk's new digit, by central yet, may take later."""
#: What a hub said is shown as the present state for so long, in seconds.
FRESH_S: Final = 30.0


class QueuedTicket(Struct, frozen=True, kw_only=True):
    """The clear part of a ticket's item, as far as a queue needs it; `revision` grows with print state and voiding.

    `paper`: printed, not_printed, unknown, or null while nothing is known; times are those of the ticket's item.
    `token_sha256`: of the token of its public page, by which its paper may be known on a later day.
    """

    id: Uuid
    revision: Count
    epoch: Uuid
    seq: Count
    number: Line
    service: ServiceCode
    business_day: DayLabel
    priority: Priority = "none"
    order_id: OrderId | None = None
    voided: bool = False
    boot_id: Visible
    boot_time_ns: Count
    wall_time: Visible
    clock: Word
    paper: Literal["printed", "not_printed", "unknown"] | None = None
    claim: TicketClaim | None = None
    token_sha256: Sha256 | None = None


KioskNeed = Literal["paper-out", "printer-cutter", "on-battery"]
Needs = Annotated[list[Word], Meta(max_length=10)]
"""What a kiosk needs somebody for: of these, and of words that a later one may say."""


class TicketsCall(Struct, frozen=True):
    """What a kiosk posts to its hub at least each 5 s; `boot_time_ns` is its CLOCK_BOOTTIME when it posts.

    `followed` is the greatest statement of a hub that this kiosk has followed, passed on unchanged. `needs`: what it
    needs somebody for now; a kiosk before 1.1.0 says nothing of it. `as_of`: up to where it holds the hall's rows, null
    where it holds none; one that asks for no rows leaves it out.
    """

    boot_id: Visible
    boot_time_ns: Count
    tickets: Annotated[list[QueuedTicket], Meta(max_length=MAX_TICKETS)] = []
    followed: HubStatement | None = None
    needs: Needs = []
    as_of: AsOf | UnsetType | None = UNSET


class Prospect(Struct, frozen=True, omit_defaults=False):
    """How many are called before somebody, and the range of the wait in seconds; null where unknown.

    `before_priority`: before somebody with priority. The rest is what the service is like now, as in `ServiceNow`.
    """

    before: Count
    low_s: Seconds | None = None
    high_s: Seconds | None = None
    before_priority: Count | None = None
    state: ServiceState = "working"
    reason: Word | None = None
    since: Moment | None = None
    until: TimeOfDay | None = None
    today: TodayWord = "unknown"


class TakenTicket(Struct, frozen=True):
    """A ticket that the hub has. `before` is null once it waits no more.

    `claim`: what became of the claim that it bears; null where it bears none, or the hub cannot judge it yet.
    """

    id: Uuid
    before: Count | None = None
    low_s: Seconds | None = None
    high_s: Seconds | None = None
    claim: ClaimWord | None = None


class RefusedTicket(Struct, frozen=True):
    """A ticket that the hub does not take, and why (a short code)."""

    id: Uuid
    reason: Word


class QueueCall(Struct, frozen=True):
    """One call, newest first in lists; `at` is RFC 3339."""

    seq: Count
    number: Line
    counter: CounterNumber
    at: Visible


class HelpState(Struct, frozen=True):
    """What became of a citizen's call for staff: nobody is told `seen` before somebody acknowledged it."""

    id: Uuid
    state: Literal["asked", "seen"]


class Held(Struct, frozen=True):
    """How far a hub holds what a kiosk tells: its log's mark, and the revision of the last change of that kiosk."""

    mark: Visible
    through: Count


class TicketsAnswer(Struct, frozen=True):
    """The hub's answer, signed by it. `queue` says per service what a ticket taken now would meet.

    `statement` is the hub's word that it leads, for the kiosk to pass on. `held`: with another mark than before, the
    kiosk tells again from there. `closed_day`: the last day that is over: nobody of it is called any more. `day`: the
    one that is served, where it is not closed. `now`: its time, null where no clock tells any. `rows`: what
    stands of each number of the hall, as far as the kiosk does not hold it; `calls` alone is what a hub before 1.1 says
    of that. `lacks`: this hub lost part of its log, and says no rows until it has it back.
    """

    term: Count
    taken: list[TakenTicket] = []
    refused: list[RefusedTicket] = []
    queue: dict[ServiceCode, Prospect] = {}
    calls: Annotated[list[QueueCall], Meta(max_length=20)] = []
    help: Annotated[list[HelpState], Meta(max_length=20)] = []
    statement: HubStatement | None = None
    held: Held | None = None
    closed_day: DayLabel | None = None
    day: DayLabel | None = None
    now: Moment | None = None
    rows: Rows | None = None
    lacks: bool = False


class HelpCall(Struct, frozen=True):
    """A citizen at a kiosk asks for somebody."""

    id: Uuid


class WaitingTicket(Struct, frozen=True):
    """One who waits, as the public page of his ticket shows it. `today`: whether he is called before closing."""

    id: Uuid
    before: Count
    low_s: Seconds | None = None
    high_s: Seconds | None = None
    today: TodayWord = "unknown"


class WaitingList(Struct, frozen=True):
    """A hub's queue at one moment, for central: a latest value, no event. `seq` is the end of the hub's log.

    `board_silent_s`: how long ago the hall's board was last heard, by the hub's clock; null where none ever was.
    `now`: what services and groups are like.
    """

    at: Moment
    business_day: DayLabel
    term: Count
    waiting: dict[Prefix, Count]
    tickets: Annotated[list[WaitingTicket], Meta(max_length=MAX_WAITING)] = []
    seq: Count = 0
    board_silent_s: Seconds | None = None
    now: CentreNow | None = None
