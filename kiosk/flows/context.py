"""What a flow has at hand: the screen, the desk, the readers, the time; and what the visit remembers until its end."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Never, Protocol

from common.city.catalogue import Catalogue
from common.protocol.queue.claim import ClaimFound
from devices.protocols import Card, Scan
from kiosk.desk.claims.booking import Booking
from kiosk.desk.desk import Desk, Issued
from kiosk.desk.payments.paying import Paying
from kiosk.flows.situation import Situation
from kiosk.prompts.choosing import LastCall
from kiosk.prompts.ticket import Ahead, Stopped
from kiosk.prompts.ui import Look, Priority, Prompt, Text, Ui


class Readers(Protocol):
    """What flows ask of scanner and card reader. Both calls can be cancelled; a card is given back when they end."""

    async def next_scan(self) -> Scan:
        """Wait for the next code."""

    async def next_card(self) -> Card:
        """Wait for the next card."""


class StaffCalls(Protocol):
    """Who takes a call for staff: without somebody who can acknowledge it, none is offered."""

    @property
    def is_there(self) -> bool:
        """Whether calls are taken at this moment."""

    async def call(self, call_id: str) -> bool:
        """Pass a call on; return whether it was taken. Ends by a deadline of its own."""

    async def seen(self, call_id: str) -> None:
        """Wait until a member of staff has acknowledged this call."""


@dataclass(frozen=True, slots=True)
class Hall:
    """What goes on in the hall by the hub's word: who comes before, by service, the last calls, and what stands still.

    `waiting_priority` are those who come before somebody with priority, as far as the hub says so; `doubtful` are the
    services for which a number that is taken now may not be called today. `is_heard`: the hub is there; else this is
    its last word on what stands still, and nothing more is known.
    """

    waiting: Mapping[str, int]
    calls: tuple[LastCall, ...] = ()
    stopped: Mapping[str, Stopped] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    waiting_priority: Mapping[str, int] = field(default_factory=dict)
    is_heard: bool = True

    def seen_by(self, priority: Priority) -> "Hall":
        """Return the same for who has this priority: his tiles say how many are called first, as his ticket will."""
        return self if priority is Priority.NONE else replace(self, waiting=self.waiting_priority)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the hub made of a ticket's earlier paper, and who comes before it; None: not known."""

    word: Literal["good", "used", "unknown"]
    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Centre:
    """What the settings say of this place."""

    code: str
    tiles: tuple[str, ...] = ()
    paperless: bool = True
    order_page: str | None = None  # the app's page, with {centre} and {service} in it
    ticket_page: str | None = None  # a number's own public page, with {id} in it
    help_call: bool = True
    has_card_orders: bool = True  # may identity cards be read for an order
    has_others: bool = False  # another kiosk stands here
    slot: Literal["below", "left", "right"] = "below"
    scanner: Literal["below", "left", "right"] | None = None  # where it is, as far as the settings say


@dataclass(slots=True)
class Memory:
    """What one visit remembers; nothing of it outlives the visit."""

    look: Look = field(default_factory=Look)
    priority: Priority = Priority.NONE
    digit_tries: int = 0
    has_booked: bool = False  # an appointment: one a visit
    bills_asked: int = 0  # five a visit
    ticket: Issued | None = None  # shown to this citizen: it must not vanish in a fault


type ByDigits = Callable[[str], Awaitable[ClaimFound | None]]
"""What the hub knows of eight digits that were typed; None: nothing, or it has not said so in time."""


async def nobody_knows(_: str) -> ClaimFound | None:
    """Answer where there is no hub."""
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """All that a flow may use."""

    ui: Ui
    desk: Desk
    readers: Readers
    situation: Situation
    catalogue: Callable[[], Catalogue]
    centre_now: Callable[[], Centre]
    resting: Callable[[], Prompt[Never] | None]  # what stands instead of the start screen now: closed, out of service
    sleep: Callable[[float], Awaitable[None]]  # seconds; a test moves it by hand
    memory: Memory
    staff: StaffCalls | None = None  # None: nobody takes calls
    hall: Callable[[], Hall | None] = lambda: None  # None: nothing was heard lately; read in a worker thread
    judged: Callable[[str], Judged | None] = lambda _: None  # of a ticket by its id; read in a worker thread
    claim_by_digits: ByDigits = nobody_knows
    booking: Booking | None = None  # asks central for appointments
    paying: Paying | None = None  # asks central for bills and payments
    notice: Callable[[], Text | None] = lambda: None  # of the next day, or what the municipality says to everybody

    @property
    def centre(self) -> Centre:
        """What the settings say now: they may change while a start screen stands for hours."""
        return self.centre_now()

    def books(self) -> bool:
        """Return whether appointments are given here; read in a worker thread."""
        return self.booking is not None and self.booking.is_offered()
