"""What is seen while a ticket is made: from the touch to the paper, or to the number on the screen."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from common.city.wait_words import wait_words
from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import Chime, Notice, Prompt, Text, Trouble, Words


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many come first, as the hub counted it, and when that was true: without the hub's word there is none."""

    before: int
    as_of: str  # "09:05"
    wait_min: tuple[int, int] | None = None  # from, to; None: not known
    closes: str | None = None  # "13:30", where the wait may end after that
    is_doubtful: bool = False  # by this centre's past fewer than half of such waits end before closing

    @property
    def said(self) -> tuple[Text, ...]:
        """The same in words."""
        return (*self.counted, *self.closing)

    @property
    def counted(self) -> tuple[Text, ...]:
        """How many come first, how long that may be, and when that was true."""
        before = Text("ticket.people_before", {"n": self.before})
        return (before, *self._wait, Text("ticket.as_of", {"time": self.as_of}))

    @property
    def closing(self) -> tuple[Text, ...]:
        """That the turn may not come today, or that the wait may end after closing, where it may."""
        if self.is_doubtful:
            return (Text("ticket.may_not_be_today"),)
        return () if self.closes is None else (Text("ticket.wait_after_closing", {"time": self.closes}),)

    @property
    def _wait(self) -> tuple[Text, ...]:
        found = None if self.wait_min is None else wait_words(*self.wait_min)
        return () if found is None else (Text(f"ticket.wait_{found[0]}", found[1]),)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A service that stands still, as the hub said it: why and since when, until when, and when that was true.

    `is_unsure`: that is its last word, of long ago; whether the service works by now nobody can say.
    """

    why: Text
    as_of: str | None = None  # "09:05"; None where nobody knows what time it is
    until: Text | None = None
    also_at: tuple[Text, ...] = ()  # where else it works, each with its time: for who has no number yet
    is_unsure: bool = False

    @property
    def brief(self) -> Text:
        """The same in two words."""
        return Text("service.maybe_stopped" if self.is_unsure else "service.stopped")

    @property
    def said(self) -> tuple[Text, ...]:
        """The same in words, for somebody with a number; nobody knows how long it will be."""
        return self.counted

    @property
    def counted(self) -> tuple[Text, ...]:
        """The same: nobody can be counted."""
        until = () if self.until is None else (self.until,)
        as_of = () if self.as_of is None else (Text("ticket.as_of", {"time": self.as_of}),)
        return (self.why, *until, Text("ticket.called_if_it_works"), *as_of)

    @property
    def closing(self) -> tuple[Text, ...]:
        """Nothing more."""
        return ()


@dataclass(frozen=True, slots=True)
class Expected:
    """A claim that a number was taken with. `time` None: it is noted, and nothing more can be said of it here."""

    time: str | None = None  # "10:30"
    is_late: bool = False

    @property
    def said(self) -> Text:
        """When its owner is or was expected."""
        if self.time is None:
            return Text("claim.claim_noted")
        return Text("claim.late" if self.is_late else "claim.expected", {"time": self.time})


type ClaimWord = Literal["noted", "good", "used", "unknown"]
"""What is known of the earlier paper that a number was taken with: noted, until the hub has judged it."""

type Outlook = Ahead | Stopped
"""What is known of the time until a number is called."""


@dataclass(frozen=True, slots=True)
class PrintingTicket(Notice):
    """C4. The number is on disk already, and is shown large from the first moment."""

    name: ClassVar[str] = "printing"
    number: str | None  # None: a receipt without a queue number
    names: Words | None = None
    is_copy: bool = False
    is_void: bool = False  # it says that a number is void
    is_appointment: bool = False

    @property
    def chime(self) -> Chime | None:
        """There is a number."""
        return Chime.NUMBER if self.number and not self.is_copy else None

    @property
    def title(self) -> Text:
        """What is safe already, and what comes."""
        if self.is_void or self.is_appointment:
            return Text("printing.void" if self.is_void else "printing.appointment")
        return Text("printing.copy" if self.is_copy else "printing.title" if self.number else "printing.receipt")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (self.title,)


@dataclass(frozen=True, slots=True)
class TakeTicket(Prompt[Done | Choice]):
    """C5. The printer confirmed the paper. The screen draws the arrow to the real slot; it returns after 8 s."""

    name: ClassVar[str] = "ticket"
    has_back: ClassVar[bool] = False
    number: str
    names: Words
    slot: Literal["below", "left", "right"] = "below"
    has_priority: bool = False
    ahead: Outlook | None = None
    is_offline: bool = False
    is_copy: bool = False
    can_undo: bool = False  # a wrong touch can be taken back: `undo`
    claim: Text | None = None  # what became of the earlier paper or the claim, where one was shown

    @property
    def can_say_priority(self) -> bool:
        """Whether `priority` is offered: it was not said before, and the paper is no copy."""
        return not self.has_priority and not self.is_copy

    @property
    def spoken(self) -> tuple[Text, ...]:
        """Where the paper is, what holds, and the number last."""
        priority = (Text("ticket.priority"),) if self.has_priority else ()
        claim = () if self.claim is None else (self.claim,)
        offline = (Text("ticket.valid_offline"),) if self.is_offline else ()
        ahead = () if self.ahead is None else self.ahead.said
        news = (*priority, *claim, *ahead, *offline)
        return (Text(f"ticket.take_{self.slot}"), *news, Text(f"speech.{self.name}"))


@dataclass(frozen=True, slots=True)
class TicketOnScreen(Prompt[Done | Choice]):
    """C14, C15. The number is kept and large: write it down or photograph it. `reprint` where it is offered."""

    name: ClassVar[str] = "screen_ticket"
    has_back: ClassVar[bool] = False
    number: str
    names: Words
    trouble: Trouble
    has_priority: bool = False
    can_reprint: bool = False
    can_undo: bool = False
    claim: Text | None = None
    ahead: Outlook | None = None  # as it was told when the number was taken, with its time
    page: str = ""  # the address at which a phone follows the number; empty where there is none

    @property
    def chime(self) -> Chime | None:
        """There is a number, though no paper."""
        return Chime.NUMBER

    @property
    def is_mended(self) -> bool:
        """Whether what kept the paper back is over."""
        return self.can_reprint and self.trouble is not Trouble.UNKNOWN

    @property
    def code(self) -> str | None:
        """What a phone's camera takes in place of the paper: only where there surely is none."""
        return None if self.is_mended or self.trouble is Trouble.UNKNOWN else self.page or None

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """Why there is no paper and what to do with the number; or that the paper can be had after all."""
        if self.is_mended:
            return (Text("fault.mended"), Text("screen_ticket.same_number"))
        write = "maybe_printed" if self.trouble is Trouble.UNKNOWN else "follow" if self.code else "write"
        return (Text(f"screen_ticket.{write}"), Text(f"fault.{self.trouble.value}"), Text("screen_ticket.next"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and the number."""
        ahead = () if self.ahead is None else self.ahead.said
        if self.is_mended:
            return (*self.what_holds, *ahead, Text("speech.result_number"))
        claim = () if self.claim is None else (self.claim,)
        return (Text(f"fault.{self.trouble.value}"), *claim, *ahead, Text("speech.screen_ticket"))


@dataclass(frozen=True, slots=True)
class Voided(Prompt[Done]):
    """A wrong touch was taken back: the number is void, and so is its paper."""

    name: ClassVar[str] = "voided"
    has_back: ClassVar[bool] = False
    number: str
    has_paper: bool
    is_marked: bool = False  # a slip has come out that says so
    may_have_paper: bool = False  # nobody knows whether its paper has come out, or comes yet

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """What becomes of the paper, and how to go on."""
        paper = "voided.marked" if self.is_marked else "voided.paper" if self.has_paper else "voided.maybe_paper"
        return (*((Text(paper),) if self.has_paper or self.may_have_paper else ()), Text("voided.again"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (Text("voided.title"), *self.what_to_do)


@dataclass(frozen=True, slots=True)
class FindNumber(Prompt[str]):
    """The last digits of a number that got no paper: only who knows them has it printed again."""

    name: ClassVar[str] = "find_number"
    wrong: bool = False

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What was wrong, and what to type."""
        return (*((Text("find_number.wrong"),) if self.wrong else ()), Text("find_number.title"))
