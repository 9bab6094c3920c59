"""What a ticket and a receipt say, as values that no printer and no catalogue is needed for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from devices.paper import Sign
from kiosk.prompts.ticket import Expected, Outlook

type Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketContent:
    """What a ticket says. `issued_at` None: the clock is not trusted; `ahead` None: not known; `expected`: of a claim.

    `fee_minor` is in minor units of `currency` (ISO 4217, empty: the brand's), 0 is free, None is not known. `priority`
    is the item's word.
    `page` is the address of its own public page, or empty. `for_whom` is the
    first name of whom an order is for, `sign` that of the number's group; `notices` are the
    municipality's to everybody.
    """

    id: str
    number: str
    centre: Words
    service: Words
    kiosk: str = ""
    issued_at: datetime | None = None
    ahead: Outlook | None = None
    expected: Expected | None = None
    papers: Sequence[Words] = ()
    fee_minor: int | None = None
    currency: str = ""
    priority: str = "none"
    order_number: str | None = None
    copies: int | None = None
    for_whom: str = field(default="", repr=False)
    by_post: bool = False
    page: str = ""
    sign: Sign | None = None
    notices: Sequence[Words] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent:
    """What an order's receipt says. `collect_at` is the centre, `by_post` that it comes to the citizen.

    `is_verified` False: to be verified at the counter. `number` is that of the cashier's ticket, where there is one.
    """

    id: str
    order_number: str | None
    centre: Words
    service: Words | None
    collect_at: Words | None = None
    by_post: bool = False
    is_verified: bool = True
    for_whom: str = field(default="", repr=False)
    kiosk: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentContent:
    """What an appointment's paper says: who holds it may use it, so nothing in it says whose it is."""

    centre: Words
    service: Words
    moment: datetime
    opens: datetime
    code: str = field(repr=False)
    digits: str = field(repr=False)
    people: int = 1
    papers: Sequence[Words] = ()
    kiosk: str = ""
