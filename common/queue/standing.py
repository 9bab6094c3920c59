"""One ticket and one counter as they stand: what the fold makes of facts, and what the hub's tables are rows of.

Times named `*_line` are microseconds of the hub's own time line, `*_work` microseconds of working time; see hub.place.
"""

from typing import Final, Literal

from msgspec import Struct

from common.protocol.queue.claim import ClaimWord

TicketState = Literal["waiting", "called", "serving", "parked", "missed", "ended"]
CounterState = Literal["closed", "paused", "open", "called", "serving"]
End = Literal["done", "done-unconfirmed", "missed", "left", "expired", "carried", "voided", "by-hand"]
PRIORITY_NONE: Final = "none"
OF_ITS_KIOSK: Final = ("revision", "digest", "paper", "is_voided", "priority", "order_id")
"""What its kiosk says of a ticket, which no press changes."""


class Ticket(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One ticket.

    waiting -> called -> serving -> ended; called -> waiting | missed (not here); called, serving -> parked | waiting
    (another queue); parked, missed -> waiting, in front. `end` says how it ended.

    One that was carried over counts from `first_day` to `last_day`. One that claims the place of such a one bears what
    became of its claim, whose place it has (`claimed`), and where that lies on the line (`place_line`); what was
    shown for it (`shown`, JSON) only as long as nobody could judge it. One that bears an appointment or a number from
    afar has its time (`claim_at`, `HH:MM`; null from afar), when that is on the line (`due_line`), and its credit.
    """

    id: str
    kiosk: str
    epoch: str
    kiosk_seq: int
    revision: int
    digest: str
    number: str
    service: str
    priority: str
    order_id: str | None
    day: int
    queue: str
    state: TicketState
    arrived_line: int
    arrived_work: int
    is_certain: bool
    issued_at: str
    paper: str | None = None
    is_voided: bool = False
    only_counter: int | None = None
    front_line: int | None = None
    absences: int = 0
    absent_line: int | None = None
    absent_seq: int | None = None
    counter: int | None = None
    call_seq: int | None = None
    call_counter: int | None = None
    called_at: str | None = None
    called_line: int | None = None
    called_work: int | None = None
    came_line: int | None = None
    came_work: int | None = None
    ended_line: int | None = None
    ended_work: int | None = None
    end: End | None = None
    parked_at: str | None = None
    estimate_s: int | None = None
    low_s: int | None = None
    high_s: int | None = None
    told_today: Literal["yes", "doubtful"] | None = None
    token_sha256: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    claim: ClaimWord | None = None
    claimed: str | None = None
    place_line: int | None = None
    shown: str | None = None
    claim_at: str | None = None
    due_line: int | None = None
    credit_us: int | None = None

    @property
    def is_preferred(self) -> bool:
        """Whether its wait counts more: priority, or a ready order to collect."""
        return self.priority != PRIORITY_NONE or self.order_id is not None

    @property
    def ahead_us(self) -> int:
        """How long before his time somebody with a claim came, in microseconds of the line; 0 without one."""
        return 0 if self.due_line is None else self.due_line - self.arrived_line

    @property
    def place(self) -> tuple[int, str, str, int]:
        """Its place among others: its arrival or that of the ticket that it claimed, kiosk, epoch, number of issue."""
        line_us = self.arrived_line if self.place_line is None else self.place_line
        return line_us, self.kiosk, self.epoch, self.kiosk_seq

    @property
    def letter(self) -> str:
        """With which its number begins: the queue that it was given for, unless it is a digit."""
        return self.number[:1]

    @property
    def is_open(self) -> bool:
        """Whether a counter has it."""
        return self.state in ("called", "serving")

    @property
    def is_taken_back(self) -> bool:
        """Whether its kiosk took it back while it is called: nobody has the number, so it waits for nobody."""
        return self.is_voided and self.state == "called"


class Counter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One counter.

    `version` grows with every change; `last_press` is the act that `undo` would take back, and `last_seq` its first
    event. `called_carried`: its last call was of one who was carried over.
    """

    number: int
    state: CounterState = "closed"
    version: int = 0
    ticket: str | None = None
    clerk: str | None = None
    reason: str | None = None
    acted_line: int | None = None
    acted_work: int | None = None
    last_press: str | None = None
    last_seq: int | None = None
    must_resume: bool = False
    called_carried: bool = False
