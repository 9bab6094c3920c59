"""Orders: held to the reader, typed, made with the phone or with the identity card, and what became of them."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from kiosk.prompts.choosing import Choice, Done, ShowService, Tile
from kiosk.prompts.paper import CameOut, MayBeOut, NotOut, Tried
from kiosk.prompts.ui import OFFERED, Availability, Chime, Prompt, Text, Words

_ASKS = frozenset({"unreadable", "forged", "ask_counter", "collected", "other_centre", "unknown_service", "expired"})
"""Outcomes with which nobody can go on here but by asking."""


@dataclass(frozen=True, slots=True)
class HoldCode(Prompt[Choice]):
    """C6. Hold the phone to the reader. After 2 failures the number pad is offered large, after 3 a help ticket."""

    name: ClassVar[str] = "hold_code"
    scanner: Availability = OFFERED
    failures: int = 0
    help_ticket: bool = False
    new_order: Availability = OFFERED
    place: Literal["below", "left", "right"] | None = None  # where the scanner is

    @property
    def chime(self) -> Chime | None:
        """What was held to the reader was no order's code."""
        return Chime.REFUSED if self.failures else None

    @property
    def spoken(self) -> tuple[Text, ...]:
        """How to hold it, or what to do where no reader works."""
        if self.scanner.why_not is not None:
            return (self.scanner.why_not, Text("hold_code.no_reader_do"))
        again = (Text("hold_code.try_again"),) if self.failures else ()
        where = (Text(f"hold_code.scanner_{self.place}"),) if self.place else ()
        return (*again, Text(f"speech.{self.name}"), *where)


@dataclass(frozen=True, slots=True)
class TypeOrderNumber(Prompt[str]):
    """C7. Ten digits on a number pad, never mirrored; the answer is the digits."""

    name: ClassVar[str] = "type_number"
    takes_code: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ChooseDocument(Prompt[ShowService]):
    """Which document to order: those that the app can order here."""

    name: ClassVar[str] = "document"
    takes_code: ClassVar[bool] = True
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class ChooseKind(ChooseDocument):
    """Which of a service's documents: extract, family statement, birth, ..."""

    name: ClassVar[str] = "kind"


@dataclass(frozen=True, slots=True)
class ChooseCopies(Prompt[int]):
    """How many of it."""

    name: ClassVar[str] = "copies"
    takes_code: ClassVar[bool] = True
    names: Words
    most: int = 4


@dataclass(frozen=True, slots=True)
class ChooseWay(Prompt[Choice]):
    """How to order it: phone, card or counter; no card where the centre takes no orders with it."""

    name: ClassVar[str] = "way"
    takes_code: ClassVar[bool] = True
    names: Words
    phone: Availability = OFFERED
    card: Availability | None = OFFERED
    counter: Availability = OFFERED

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The ways, and why one of them can't be gone now."""
        ways = [way for way in (self.phone, self.card, self.counter) if way is not None]
        why = [way.why_not for way in ways if way.why_not and not way.is_offered]
        return (Text(f"speech.{self.name}" if self.card else f"speech.{self.name}_without_card"), *why)


@dataclass(frozen=True, slots=True)
class PhoneOrder(Prompt[Done]):
    """A QR that opens the app's order page for this centre and service, and three short lines. Nothing personal."""

    name: ClassVar[str] = "phone"
    takes_code: ClassVar[bool] = True
    names: Words
    url: str


@dataclass(frozen=True, slots=True)
class PresentCard(Prompt[Choice]):
    """Hold the identity card's code to the reader, or put the card in; `counter` is the way without a card."""

    name: ClassVar[str] = "present_card"
    names: Words
    failures: int = 0
    problem: Text | None = None  # what was wrong with the last one
    place: Literal["below", "left", "right"] | None = None  # where the scanner is

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What was wrong, how to hold it, and where."""
        where = (Text(f"hold_code.scanner_{self.place}"),) if self.place else ()
        return (*((self.problem,) if self.problem else ()), Text(f"speech.{self.name}"), *where)


@dataclass(frozen=True, slots=True)
class ConfirmIdentity(Prompt[Choice]):
    """Is this you? First name and last four digits, covered after 15 s. Answers: confirm, not_me, show_again."""

    name: ClassVar[str] = "confirm"
    first_name: str = field(repr=False)
    last_four: str = field(repr=False)
    names: Words
    is_covered: bool = False
    copies: int = 1
    fee: Text | None = None  # of all copies; None: not known

    @property
    def is_personal(self) -> bool:
        """It is about one person."""
        return True

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What it will cost, before it is confirmed; nothing of whom it is about."""
        return (*(() if self.fee is None else (self.fee,)), Text(f"speech.{self.name}"))


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was ordered, as far as it is known."""

    names: Words | None = None  # of a service that is known here
    order_number: str | None = None
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class OrderResult(Prompt[Done | Choice]):
    """C8. An order's outcome in plain words: `outcome.<outcome>`."""

    name: ClassVar[str] = "result"
    has_back: ClassVar[bool] = False
    outcome: str
    of: Ordered
    where_and_when: tuple[Text, ...]  # the document is to be had, or was, as far as there is one
    advice: Text  # what to do now
    ticket_number: str | None = None  # a queue number came with it (cashier, collection, counter)
    paper: Tried | None = None  # its receipt; None: there is none of this outcome
    for_whom: str = field(default="", repr=False)  # the first name on the card that ordered
    fee: Text | None = None  # of all copies, where it is still to be paid
    can_pay: bool = False  # the fee of an unpaid one can be paid by telephone: `pay`
    there: str | None = None  # of `other_centre`: the outcome that central has told meanwhile of it there

    @property
    def is_personal(self) -> bool:
        """Whether it says for whom."""
        return bool(self.for_whom)

    @property
    def offers_number(self) -> bool:
        """A number at the information desk is the way on: `help_ticket`."""
        return self.outcome in _ASKS

    @property
    def can_reprint(self) -> bool:
        """A receipt that should have come out can be had now: `reprint`."""
        return isinstance(self.paper, NotOut | MayBeOut) and self.paper.can_print

    @property
    def chime(self) -> Chime | None:
        """A code was read: an order's, or none. What is told meanwhile is not another one."""
        if self.there is not None:
            return None
        return Chime.REFUSED if self.outcome in ("unreadable", "forged") else Chime.SCAN

    @property
    def number(self) -> str | None:
        """The queue number, to be spelled."""
        return self.ticket_number

    @property
    def told_meanwhile(self) -> tuple[Text, ...]:
        """How it stands at the other centre, as far as central has told."""
        return () if self.there is None else (Text(f"outcome.{self.there}"),)

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """What the citizen does now, and what holds where no receipt came out."""
        return (self.advice, *self._without_paper)

    @property
    def _without_paper(self) -> tuple[Text, ...]:
        """What holds where its receipt did not come out, or perhaps did not."""
        has_number = self.ticket_number is not None
        match self.paper:
            case NotOut(can_print=True):
                return (Text("fault.mended"),)
            case NotOut():
                return (Text("result.no_paper_write" if has_number else "result.no_receipt"),)
            case MayBeOut():
                return (Text("screen_ticket.maybe_printed" if has_number else "fault.unknown"),)
            case _:
                return ()

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What became of it, where and when, what it costs, what to do now, where the paper is, and the number."""
        fee = () if self.fee is None else (self.fee,)
        paper = (Text(f"ticket.take_{self.paper.slot}"),) if isinstance(self.paper, CameOut) else ()
        number = (Text("speech.result_number"),) if self.ticket_number else ()
        outcome = (Text(f"outcome.{self.outcome}"), *self.told_meanwhile)
        return (*outcome, *self.where_and_when, *fee, *self.what_to_do, *paper, *number)
