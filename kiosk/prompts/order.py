"""Orders: held to the reader, typed, made with the phone or with the identity card, and what became of them."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from kiosk.prompts.choosing import Choice, Done, ShowService, Tile
from kiosk.prompts.paper import CameOut, MayBeOut, NotOut, Tried
from kiosk.prompts.ui import OFFERED, Availability, Chime, Prompt, Text, Words

_NOTHING_TO_COLLECT = frozenset({"collected", "expired", "unknown_service"})
_ASKS = _NOTHING_TO_COLLECT | {"unreadable", "forged", "ask_counter", "other_centre"}
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
class OrderResult(Prompt[Done | Choice]):
    """C8. An order's outcome in plain words: `outcome.<outcome>`; unknown values are left out."""

    name: ClassVar[str] = "result"
    has_back: ClassVar[bool] = False
    outcome: str
    names: Words | None = None  # the service
    order_number: str | None = None
    centre: Words | None = None  # where to collect, or which other centre; None with by_post
    detail: Text | None = None  # when: "from 2026/11/25", "collected on ...", "expired on ..."
    advice: Text | None = None  # what to do now; None: the outcome's own words, `outcome.<outcome>_do`
    ticket_number: str | None = None  # a queue number came with it (cashier, collection, counter)
    paper: Tried | None = None  # its receipt; None: there is none of this outcome
    copies: int | None = None
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
    def where_and_when(self) -> tuple[Text, ...]:
        """Where the document is to be had, and when, as far as there is one."""
        when = () if self.detail is None else (self.detail,)
        if self.outcome == "by_post":
            return (Text("result.by_post"), *when)
        if self.centre is None or (self.there or self.outcome) in _NOTHING_TO_COLLECT:
            return when
        return (Text("result.collect_at", {"centre": self.centre}), *when)

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """What the citizen does now, and what holds where no receipt came out."""
        usual = f"outcome.{self.there or self.outcome}_do"
        is_out = isinstance(self.paper, CameOut)
        if self.outcome == "accepted" and not is_out:  # no receipt to keep
            usual = "outcome.accepted_no_paper_do"
        elif self.outcome == "accepted" and self.centre is None:
            usual = "outcome.accepted_post_do"
        elif self.outcome == "repeated" and is_out:
            usual = "outcome.repeated_printed_do"
        return (self.advice or Text(usual), *self._without_paper)

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
