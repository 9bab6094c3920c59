"""Another day: which day and time, for whom, and what came of it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import Chime, Notice, Prompt, Text, Words

LAST_DIGITS: Final = 4
_WAYS_ON: Final = {
    "slot-full": "not_booked.other_time",
    "none-for-so-many": "not_booked.other_number",
    **dict.fromkeys(("late", "timed-out", "busy"), "not_booked.again"),
}
"""What each reason that a citizen can do something about leads back to."""
_WITH_WORDS: Final = frozenset({
    "late", "timed-out", "busy", "no-network", "slot-full", "open-claim", "too-many", "same-day-only", "none-left",
    "none-for-so-many", "enough-here", "once-a-visit", "not-open", "unknown-claim", "store",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskingCentral(Notice):
    """Central is asked, for some seconds at most."""

    name: ClassVar[str] = "asking"
    is_payment: bool = False

    @property
    def title(self) -> Text:
        """What is asked."""
        return Text("asking.payment" if self.is_payment else "asking.title")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """That it takes a moment."""
        return (self.title,)


@dataclass(frozen=True, slots=True)
class ChooseSeat(Prompt[str]):
    """For how many, a day, an hour of it, or a time of that hour. `choices`: what is answered, and its words."""

    name: ClassVar[str] = "seat"
    takes_code: ClassVar[bool] = True
    step: Literal["people", "day", "hour", "time"]
    names: Words
    choices: tuple[tuple[str, Text], ...]
    day: date | None = None
    has_later: bool = False

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What to choose."""
        return (Text(f"seat.{self.step}"),)


@dataclass(frozen=True, slots=True)
class WhoBooks(Prompt[str]):
    """The last four digits of the national number, or the identity card held to the reader."""

    name: ClassVar[str] = "who_books"
    length: ClassVar[int] = LAST_DIGITS
    has_reader: bool = True

    @property
    def is_personal(self) -> bool:
        """Digits of somebody's own number."""
        return True

    @property
    def title(self) -> Text:
        """What to type, and that the card will do."""
        return Text("who_books.title" if self.has_reader else "who_books.type")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and why."""
        return (self.title, Text("who_books.why"))


@dataclass(frozen=True, slots=True)
class SeatBooked(Prompt[Done | Choice]):
    """An appointment. Without its paper the digits are written down."""

    name: ClassVar[str] = "booked"
    has_back: ClassVar[bool] = False
    names: Words
    day: date
    time: str
    digits: str
    is_printed: bool
    slot: Literal["below", "left", "right"] = "below"
    people: int = 1

    @property
    def chime(self) -> Chime | None:
        """There is one."""
        return Chime.NUMBER

    @property
    def number(self) -> str | None:
        """The digits, to be spelled where there is no paper that has them."""
        return None if self.is_printed else self.digits

    @property
    def for_whom(self) -> tuple[Text, ...]:
        """For how many, where it is more than one."""
        return (Text("seat.one_people", {"n": self.people}),) if self.people > 1 else ()

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """When it is, and what to bring."""
        bring = Text("booked.bring" if self.is_printed else "booked.write")
        return (Text("booked.on", {"day": self.day, "time": self.time}), bring)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and where the paper is, or the digits."""
        last = Text(f"ticket.take_{self.slot}" if self.is_printed else "speech.booked_digits")
        return (Text("booked.title"), *self.what_to_do, *self.for_whom, last)


@dataclass(frozen=True, slots=True)
class NotBooked(Prompt[Done | Choice]):
    """Why nothing was booked, or not cancelled, and who can help; each of the ways has words of its own."""

    name: ClassVar[str] = "not_booked"
    has_back: ClassVar[bool] = False
    why: str
    of_end: bool = False

    @property
    def _may_be_ended(self) -> bool:
        """Whether central may have ended it: it undoes a booking whose answer was lost, and no end."""
        return self.of_end and self.why in ("late", "timed-out", "no-network")

    @property
    def title(self) -> Text:
        """That nothing was done, or that nobody knows it here."""
        if self._may_be_ended:
            return Text("not_booked.end_unknown")
        return Text("not_booked.end_title" if self.of_end else "not_booked.title")

    @property
    def reason(self) -> Text:
        """Why."""
        why = "timed-out" if self._may_be_ended and self.why == "late" else self.why
        return Text(f"not_booked.{why if why in _WITH_WORDS else 'refused'}")

    @property
    def way_on(self) -> Text | None:
        """What `again` leads back to; None where it is not offered."""
        return None if self.of_end or self.why not in _WAYS_ON else Text(_WAYS_ON[self.why])

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """Why, and who can help, where nothing but that is left."""
        return (self.reason, *(() if self.way_on else (Text("not_booked.do"),)))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and what can be done."""
        return (self.title, *self.what_holds)


@dataclass(frozen=True, slots=True)
class EndClaim(Prompt[Choice]):
    """Whether an appointment is really to be ended: `confirm`."""

    name: ClassVar[str] = "end_claim"
    names: Words
    day: date
    time: str

    @property
    def spoken(self) -> tuple[Text, ...]:
        """Which one it is, and what happens."""
        on = Text("claim_result.on", {"day": self.day, "time": self.time})
        return (Text("end_claim.title"), on, Text("end_claim.what"))


@dataclass(frozen=True, slots=True)
class ClaimEnded(Prompt[Done]):
    """An appointment was ended: another may have its time."""

    name: ClassVar[str] = "claim_ended"
    has_back: ClassVar[bool] = False

    @property
    def spoken(self) -> tuple[Text, ...]:
        """Thanks."""
        return (Text("claim_ended.title"), Text("claim_ended.thanks"))
