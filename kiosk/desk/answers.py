"""What the desk answers: tickets, orders, refusals and papers, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from common.machine.stamp import Stamp
from common.protocol.payments.answers import PaymentNow
from common.protocol.queue.claim import TicketClaim
from kiosk.desk.outcome import Outcome
from kiosk.prompts.ticket import Expected, Outlook
from kiosk.prompts.ui import Priority, Trouble
from offline_store.issuing.business_day import ZONE
from offline_store.issuing.intake import TicketAccepted
from offline_store.queue.shown import ShownTicket


class Refusal(StrEnum):
    """Why nothing was recorded."""

    UNKNOWN_SERVICE = "unknown_service"  # no such service here, or its entry is bad
    CLOSED = "closed"  # outside its hours
    INTERRUPTED = "interrupted"  # it stands still, and gives no numbers meanwhile
    QUOTA_FULL = "quota_full"  # no number left today
    TICKETS_CLOSED = "tickets_closed"  # this store belongs to another machine: enrol again
    NO_BUSINESS_DAY = "no_business_day"  # no day is open and the clock may not open one
    STORE = "store"  # the disk takes nothing now
    NO_SEALING_KEY = "no_sealing_key"  # personal data could not be sealed, so it was not stored


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was recorded; `sentence` is plain English for logs and the command line."""

    reason: Refusal
    sentence: str
    opens_on: date | None = None
    opens_at: str | None = None  # "08:00"
    opens_today: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket that is on disk. `is_repeated`: the same intention had it already."""

    id: str
    number: str
    service: str
    business_day: str
    issued_at: datetime | None  # None where the clock can't be trusted
    priority: Priority = Priority.NONE
    order_id: str | None = None
    is_repeated: bool = False
    ahead: Outlook | None = None  # None: nobody has counted
    token: str | None = None  # leads to its public page
    claim: TicketClaim | None = None  # the earlier paper, or the claim, that was shown for it
    expected: Expected | None = None  # of a claim that is good here: when its owner is expected

    @property
    def has_priority(self) -> bool:
        """Whether its owner said that one of the priorities is his."""
        return self.priority is not Priority.NONE


@dataclass(frozen=True, slots=True)
class OrderRecorded:
    """What became of an order code. `id` is None where nothing was recorded; of `repeated` it is the first one's."""

    outcome: Outcome
    id: str | None = None
    order: str | None = None  # 32 hex digits of the code's order id
    service: str | None = None
    order_number: str | None = None
    destination: str | None = None  # a centre's code, or `post`
    moment: datetime | None = None  # of `collected` and the other feed states: since when; of `expired`: since when
    recorded_at: datetime | None = None  # None where the clock can't be trusted
    ticket: Issued | None = None  # for the cashier, or to collect
    ticket_refused: Refused | None = None  # why there is no such ticket
    elsewhere: ShownTicket | None = None  # the number of today that another kiosk gave for it
    document: str | None = None  # of an order made here: its code in the service's list
    copies: int | None = None
    is_copy: bool = False  # what is printed has been printed before
    # The first name on the identity card that ordered: for screen and paper of this visit, never on the disk.
    for_whom: str = field(default="", repr=False)

    @property
    def has_receipt(self) -> bool:
        """True where the citizen gets a paper: the ticket that came with the order, else its receipt."""
        return self.id is not None


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment that was made. `id` names its paper; nothing in it says whose it is."""

    id: str
    service: str
    moment: datetime
    opens: datetime  # from when on its code is taken
    code: str = field(repr=False)
    digits: str = field(repr=False)
    people: int = 1  # of one errand


@dataclass(frozen=True, slots=True)
class PaymentPaper:
    """A paper of a payment. Names are None where they are not told: then it is an order's fee, or a payer unknown here.

    Kinds: `receipt` of what is marked; `entering`: paid, and being entered; `reference`: what to ask by, as long as
    nobody knows; `bank`: known only from the bank's file, in at most `late_days` bank days; `refund`: it is given back.
    """

    kind: Literal["receipt", "entering", "reference", "bank", "refund"]
    now: PaymentNow = field(repr=False)
    biller: Mapping[str, str] | None = None
    payer: Mapping[str, str] | None = None
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """What became of a paper: `skipped` where none was asked for or there is no printer to ask."""

    state: Literal["printed", "failed", "unknown", "skipped"]
    trouble: Trouble | None = None


def issued(
    accepted: TicketAccepted, service: str, stamp: Stamp, priority: Priority = Priority.NONE, order: str | None = None
) -> Issued:
    """Return what the store accepted in the desk's words."""
    return Issued(
        accepted.id,
        accepted.number,
        service,
        accepted.business_day,
        stamp.local(ZONE),
        priority,
        order,
        accepted.repeated,
        token=accepted.token,
    )
