"""A claim that was shown, an appointment or a number from afar, where no number comes of it at once."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kiosk.prompts.choosing import Choice, Done, TakeNumber
from kiosk.prompts.ui import Chime, Prompt, Text, Words


@dataclass(frozen=True, slots=True)
class ClaimResult(Prompt[TakeNumber | Choice | Done]):
    """What became of it, what can be done, and beside it an ordinary number.

    `outcome` is one of `kiosk.desk.claims.outcome.ClaimOutcome`. What the code says (service, day, time, centre) is
    named only where central has signed it. `service`: for what an ordinary number is offered; None: at information.
    """

    name: ClassVar[str] = "claim_result"
    takes_code: ClassVar[bool] = True
    has_back: ClassVar[bool] = False
    outcome: str
    names: Words | None = None
    day: date | None = None
    time: str | None = None  # "10:30"
    opens: str | None = None  # "10:00": from when on it is taken
    centre: Words | None = None
    number: str | None = None  # of `used`: which number was given for it
    service: str | None = None
    can_end: bool = False  # `end_claim`: central can be asked to
    is_closed: bool = False  # the centre is closed at its time, by the calendar as it is now

    @property
    def chime(self) -> Chime | None:
        """A code was read, and is good for nothing here and now."""
        return Chime.REFUSED

    @property
    def title(self) -> Text:
        """What is the matter."""
        return Text(f"claim_result.{_word(self.outcome)}")

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """When and where it is good, as far as known, and how to go on."""
        is_closed = self.is_closed and self.outcome in ("early", "other-day")
        return (*self._when, Text(f"claim_result.{'closed' if is_closed else _word(self.outcome)}_do"))

    @property
    def _when(self) -> tuple[Text, ...]:
        if self.outcome == "early" and self.time and self.opens and not self.is_closed:
            return (Text("claim_result.from", {"time": self.time, "opens": self.opens}),)
        if self.outcome in ("early", "other-day", "other-centre") and self.day and self.time:
            return (Text("claim_result.on", {"day": self.day, "time": self.time}),)
        if self.outcome == "expired" and self.day:
            return (Text("claim_result.was", {"day": self.day}),)
        return ()

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, the number that there is already, and that another can be had."""
        number = () if self.number is None else (Text("speech.result_number"),)
        return (self.title, *self.what_to_do, *number, Text("speech.claim_result"))


def _word(outcome: str) -> str:
    return outcome.replace("-", "_")
