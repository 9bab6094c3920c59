"""A paper of an earlier day, or of today, that is shown once more: what it is, and a number for it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from common.protocol.queue.claim import DIGITS
from common.protocol.queue.rows import Stands
from kiosk.prompts.choosing import Choice, Done, MoreServices, TakeNumber
from kiosk.prompts.ui import Chime, Prompt, Text, Words


@dataclass(frozen=True, slots=True)
class PaperKnown:
    """What this kiosk knows of an earlier paper, and whether its service still gives numbers here."""

    number: str
    day: date
    service: str
    names: Words
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class EarlierPaper(Prompt[TakeNumber | Choice]):
    """A number for today, which the earlier paper is noted with. `known` None: it is of another kiosk, of any day."""

    name: ClassVar[str] = "earlier"
    takes_code: ClassVar[bool] = True
    known: PaperKnown | None = None

    @property
    def chime(self) -> Chime | None:
        """A code was read."""
        return Chime.SCAN

    @property
    def service(self) -> str | None:
        """The service that a number is offered for at once, where there is one."""
        return self.known.service if self.known is not None and self.known.is_offered else None

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """Which paper it is, as far as known, and what becomes of it: that it helps, only the hub can say."""
        noted = Text("earlier.noted")
        if self.known is None:
            return (Text("earlier.if_today"), noted)
        return (Text("earlier.paper", {"number": self.known.number, "day": self.known.day}), noted)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and how to go on."""
        how = Text("speech.earlier" if self.service is not None else "speech.earlier_choose")
        return (Text("earlier.title"), *self.what_holds, how)


@dataclass(frozen=True, slots=True)
class ServiceOfPaper(MoreServices):
    """Which service an earlier paper was for: all of them."""

    name: ClassVar[str] = "paper_service"


@dataclass(frozen=True, slots=True)
class TypeTicketDigits(Prompt[str]):
    """The eight digits at a ticket's foot, for who cannot hold its code to the reader."""

    name: ClassVar[str] = "type_digits"
    length: ClassVar[int] = DIGITS
    takes_code: ClassVar[bool] = True
    wrong: bool = False  # the last ones were no ticket's

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What was wrong, and what to type."""
        return (*((Text("type_digits.wrong"),) if self.wrong else ()), Text("type_digits.title"))


@dataclass(frozen=True, slots=True)
class TicketOfToday(Prompt[TakeNumber | Done | Choice]):
    """A number of today, shown once more: no other one is needed, unless it was taken back or has passed."""

    name: ClassVar[str] = "todays"
    has_back: ClassVar[bool] = False
    takes_code: ClassVar[bool] = True
    number: str
    names: Words
    stands: Stands = "waits"
    counter: int | None = None  # where it was called to, as far as was heard
    service: str | None = None  # of which a new number is offered, where it needs one

    @property
    def chime(self) -> Chime | None:
        """A code was read."""
        return Chime.SCAN

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """What is known of it, and what to do."""
        called = () if self.counter is None else (Text("todays.called", {"counter": self.counter}),)
        match self.stands:
            case "voided":
                return (Text("todays.voided"), Text("voided.again"))
            case "passed":
                return (*called, Text("todays.passed"))
            case "carried":
                return (Text("todays.carried"),)
            case "called":
                return (*called, Text("todays.missed"))
            case "waits":
                return (Text("todays.waits"), Text("todays.missed"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and the number."""
        return (*self.what_holds, Text("speech.result_number"))
