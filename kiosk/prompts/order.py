"""Orders: held to the reader, typed, made with the phone or with the identity card, and what became of them."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from kiosk.prompts.choosing import Choice, Done, ShowService, Tile
from kiosk.prompts.ui import OFFERED, Availability, Prompt, Text, Trouble, Words


@dataclass(frozen=True, slots=True)
class HoldCode(Prompt[Choice]):
    """C6. Hold the phone to the reader. After 2 failures the number pad is offered large, after 3 a help ticket."""

    name: ClassVar[str] = "hold_code"
    scanner: Availability = OFFERED
    failures: int = 0
    help_ticket: bool = False
    new_order: Availability = OFFERED


@dataclass(frozen=True, slots=True)
class TypeOrderNumber(Prompt[str]):
    """C7. Ten digits on a number pad, never mirrored; the answer is the digits."""

    name: ClassVar[str] = "type_number"
    wrong: bool = False  # the last one wasn't ten digits


@dataclass(frozen=True, slots=True)
class ChooseDocument(Prompt[ShowService]):
    """Which document to order: those that the app can order here."""

    name: ClassVar[str] = "document"
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class ChooseWay(Prompt[Choice]):
    """How to order it: phone, card or counter."""

    name: ClassVar[str] = "way"
    names: Words
    phone: Availability = OFFERED
    card: Availability = OFFERED
    counter: Availability = OFFERED


@dataclass(frozen=True, slots=True)
class PhoneOrder(Prompt[Done]):
    """A QR that opens the app's order page for this centre and service, and three short lines. Nothing personal."""

    name: ClassVar[str] = "phone"
    names: Words
    url: str


@dataclass(frozen=True, slots=True)
class PresentCard(Prompt[Choice]):
    """Hold the identity card's code to the reader, or put the card in; `counter` is the way without a card."""

    name: ClassVar[str] = "present_card"
    names: Words
    failures: int = 0
    problem: Text | None = None  # what was wrong with the last one


@dataclass(frozen=True, slots=True)
class ConfirmIdentity(Prompt[Choice]):
    """Is this you? First name and last four digits, covered after 15 s. Answers: confirm, not_me, show_again."""

    name: ClassVar[str] = "confirm"
    is_personal: ClassVar[bool] = True
    first_name: str = field(repr=False)
    last_four: str = field(repr=False)
    names: Words
    is_covered: bool = False


@dataclass(frozen=True, slots=True)
class OrderResult(Prompt[Done | Choice]):
    """C8. One of the contract's outcomes in plain words: `outcome.<outcome>`; unknown values are left out."""

    name: ClassVar[str] = "result"
    has_back: ClassVar[bool] = False
    outcome: str
    names: Words | None = None  # the service
    order_number: str | None = None
    centre: Words | None = None  # where to collect, or which other centre; None with by_post
    detail: Text | None = None  # when: "from 2026/11/25", "collected on ...", "expired on ..."
    advice: Text | None = None  # what to do now; None: the outcome's own words, `outcome.<outcome>_do`
    ticket_number: str | None = None  # a queue number came with it (cashier, collection, counter)
    has_paper: bool = False  # a receipt came out
    trouble: Trouble | None = None  # a receipt should have come out
    can_reprint: bool = False
    slot: Literal["below", "left", "right"] = "below"
