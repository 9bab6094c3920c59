"""Prompts in which a citizen chooses a service, and the answers that several prompts share."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from kiosk.prompts.ui import OFFERED, Availability, Priority, Prompt, Text, Words

ANNOUNCED: Final = "start.said"
"""The text that is the municipality's own words."""


@dataclass(frozen=True, slots=True)
class Done:
    """Read, finished, understood."""


@dataclass(frozen=True, slots=True)
class TakeNumber:
    """A ticket for this service, at once."""

    service: str


@dataclass(frozen=True, slots=True)
class ShowService:
    """What this service needs: papers, fee, hours."""

    service: str


type Choice = Literal[
    "more",  # the other services
    "about",  # papers, fee and hours of a service
    "announcement",  # what the municipality says to everybody
    "order",  # I have an order from the app
    "new_order",  # order a document
    "priority",  # elderly, disabled, pregnant
    "type_number",  # type the order number instead
    "help_ticket",  # a ticket for the help desk
    "another_day",  # an appointment
    "end_claim",  # end an appointment
    "counter",  # do it at the counter: a ticket
    "phone",  # order by phone
    "card",  # order with the identity card
    "confirm",
    "not_me",
    "show_again",  # uncover what was covered
    "reprint",
    "undo",  # a wrong touch: void the number
    "find_number",  # a number that got no paper
    "earlier",  # a paper of an earlier day
    "call",  # call a member of staff
    "more_time",
    "end",
    "pay",  # a bill, or an order's fee, by telephone
    "other",  # the next one of several bills
    "i_paid",  # and nothing has happened
    "stop",  # leave a payment as it stands, with a paper
    "again",  # another try to pay, or to book
]


@dataclass(frozen=True, slots=True)
class Tile:
    """A service on a tile; its icon is named as its code."""

    service: str
    names: Words
    availability: Availability = OFFERED
    letter: str = ""  # of its group, which has a colour and a sign
    waiting: int | None = None  # how many wait for it; None: nobody has said so lately
    note: Text | None = None  # what to know before it is touched: that it stands still, or may not be served today
    brief: Text | None = None  # the same, where there is no room for it


@dataclass(frozen=True, slots=True)
class LastCall:
    """A number that was called, and to which counter."""

    number: str
    counter: int


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Services that belong together, under one heading."""

    group: str
    names: Words
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Start(Prompt[TakeNumber | Choice]):
    """C1. At most six tiles; `more`, `about`, `order`, `priority` beside them. A scan here begins the order at once."""

    name: ClassVar[str] = "start"
    has_back: ClassVar[bool] = False
    tiles: tuple[Tile, ...]
    more: Availability = OFFERED
    order: Availability = OFFERED
    scanner: Availability = OFFERED
    priority: Priority = Priority.NONE
    has_about: bool = False  # something is known of some service: `about`
    notice: Text | None = None  # one line: where a number is found again, tickets without paper, ...
    calls: tuple[LastCall, ...] = ()  # the last ones, newest first
    has_booking: bool = False  # appointments are given here: `about` leads to them, too

    @property
    def about(self) -> Text | None:
        """What the way to the services' own pages is called; None where nothing is on them."""
        if self.has_booking:
            return Text("start.about_and_book" if self.has_about else "start.book")
        return Text("start.about") if self.has_about else None

    @property
    def is_announced(self) -> bool:
        """Whether the notice is the municipality's own: a sentence of any length, which can be read by itself."""
        return self.notice is not None and self.notice.msgid == ANNOUNCED

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What to touch, and before it what is otherwise than usual; of orders what can be done about them now."""
        order = Text("speech.start_scan" if self.scanner.is_offered else "speech.start_type")
        if not self.order.is_offered and self.order.why_not is not None:
            order = self.order.why_not
        notice = (self.notice,) if self.notice else ()
        about = (Text("speech.start_about"),) if self.has_about else ()
        book = (Text("speech.start_book"),) if self.has_booking else ()
        return (*notice, Text("speech.start"), order, *about, *book, Text("speech.start_buttons"))


@dataclass(frozen=True, slots=True)
class Announcement(Prompt[Done]):
    """What the municipality says to everybody, by itself: a small start screen has no room for it."""

    name: ClassVar[str] = "announcement"
    takes_code: ClassVar[bool] = True
    text: Text

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The sentence."""
        return (self.text,)


@dataclass(frozen=True, slots=True)
class MoreServices(Prompt[TakeNumber]):
    """C2. Groups in pages of at most 8 tiles; the screen turns the pages."""

    name: ClassVar[str] = "more"
    takes_code: ClassVar[bool] = True
    pages: tuple[tuple[TileGroup, ...], ...]


@dataclass(frozen=True, slots=True)
class AboutServices(Prompt[ShowService]):
    """C2 to read: all services, those of the start screen first; one that is closed now can be read about too."""

    name: ClassVar[str] = "about"
    takes_code: ClassVar[bool] = True
    pages: tuple[tuple[TileGroup, ...], ...]
    has_booking: bool = False  # their pages lead to appointments

    @property
    def title(self) -> Text:
        """What is found there."""
        return Text("about.book" if self.has_booking else "about.title")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and what comes after it."""
        return (Text("speech.about_book" if self.has_booking else "speech.about"),)


@dataclass(frozen=True, slots=True)
class ServiceInfo(Prompt[TakeNumber | Choice]):
    """C3. Unknown fees and papers are None or empty and are left out. Answers: TakeNumber, phone, card."""

    name: ClassVar[str] = "service"
    takes_code: ClassVar[bool] = True
    is_aside: ClassVar[bool] = True
    service: str
    names: Words
    papers: tuple[Words, ...] = ()
    fee: Text | None = None
    hours: Text | None = None
    take: Availability = OFFERED
    phone: Availability | None = None  # None: the app can't order this
    card: Availability | None = None
    has_another_day: bool = False  # appointments are given here: `another_day`

    @property
    def ask(self) -> Text | None:
        """Where to ask, while nobody has said what papers and fee the service needs."""
        return None if self.papers or self.fee is not None else Text("service.ask")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """All that is known of the service, and how to go on."""
        papers = (Text("service.papers"), *(_say(paper) for paper in self.papers)) if self.papers else ()
        facts = [fact for fact in (self.fee, self.hours, self.ask) if fact is not None]
        return (_say(self.names), *papers, *facts, self.take.why_not or Text(f"speech.{self.name}"))


@dataclass(frozen=True, slots=True)
class Interrupted(Prompt[TakeNumber | Done | Choice]):
    """A service that stands still: whether somebody takes a number who knows it; `gives` False: none is given."""

    name: ClassVar[str] = "interrupted"
    service: str
    names: Words
    why: Text
    until: Text | None = None
    gives: bool = True
    also_at: tuple[Text, ...] = ()  # where it works, each with its time
    has_another_day: bool = False  # an appointment can be made: `another_day`

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """Why and since when, until when, where it works instead, and what becomes of a number."""
        until = () if self.until is None else (self.until,)
        return (
            self.why,
            *until,
            *self.also_at,
            Text("interrupted.keeps_place" if self.gives else "interrupted.no_numbers"),
        )

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, with the service's name before it."""
        how = (Text(f"speech.{self.name}"),) if self.gives else ()
        other = (Text("speech.another_day"),) if self.has_another_day else ()
        return (_say(self.names), *self.what_holds, *how, *other)


@dataclass(frozen=True, slots=True)
class NotToday(Prompt[TakeNumber | Choice]):
    """A service whose next number may not be called today, where another day can be had: which of both it shall be."""

    name: ClassVar[str] = "not_today"
    service: str
    names: Words
    before: int | None = None  # who is called first; None: not known

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """How many come first, as far as it is known, and what can be chosen."""
        before = () if self.before is None else (Text("ticket.people_before", {"n": self.before}),)
        return (*before, Text("not_today.choose"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, with the service's name and what it is about."""
        return (_say(self.names), Text("ticket.may_not_be_today"), *self.what_holds)


def _say(words: Words) -> Text:
    return Text("speech.words", {"words": words})


@dataclass(frozen=True, slots=True)
class ChoosePriority(Prompt[Priority]):
    """Four large buttons: none, elderly, disabled, pregnant."""

    name: ClassVar[str] = "priority"
    takes_code: ClassVar[bool] = True
    current: Priority = Priority.NONE
