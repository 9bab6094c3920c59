"""A claim that was shown, an appointment or a number from afar, where no number comes of it at once.

One type for each way, with its own words. What the code says (service, day, time, centre) is named only where central
has signed it.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from kiosk.prompts.choosing import Choice, Done, TakeNumber
from kiosk.prompts.ui import Chime, Prompt, Text, Words


@dataclass(frozen=True, slots=True)
class Unsigned:
    """No code of a claim, one that central never signed, or by a key that is not known here."""

    outcome: Literal["unreadable", "forged", "unverified"]

    @property
    def words(self) -> tuple[Text, ...]:
        """How to go on."""
        return (Text(f"claim_result.{self.outcome}_do"),)


@dataclass(frozen=True, slots=True)
class ToCome:
    """Its time is still to come: `opens`, "10:00", is from when on it is taken on its day.

    `is_closed`: the centre is closed at its time, by the calendar as it is now; `can_end`: central can be asked to end
    it: `end_claim`.
    """

    outcome: Literal["early", "other-day"]
    names: Words
    day: date
    time: str
    opens: str
    is_closed: bool
    can_end: bool

    @property
    def words(self) -> tuple[Text, ...]:
        """When it is good, and to come then; or to ask, where it can't be."""
        if self.is_closed:
            return (_on(self.day, self.time), Text("claim_result.closed_do"))
        if self.outcome == "early":
            return (
                Text("claim_result.from", {"time": self.time, "opens": self.opens}),
                Text("claim_result.early_do"),
            )
        return (_on(self.day, self.time), Text("claim_result.other_day_do"))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """It is for another centre."""

    names: Words
    day: date
    time: str
    centre: Words
    outcome: ClassVar[str] = "other-centre"

    @property
    def words(self) -> tuple[Text, ...]:
        """When, and to go there."""
        return (_on(self.day, self.time), Text("claim_result.other_centre_do"))


@dataclass(frozen=True, slots=True)
class Expired:
    """It is too old."""

    names: Words
    day: date
    outcome: ClassVar[str] = "expired"

    @property
    def words(self) -> tuple[Text, ...]:
        """Of which day it was, and how to go on."""
        return (Text("claim_result.was", {"day": self.day}), Text("claim_result.expired_do"))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was cancelled."""

    names: Words
    outcome: ClassVar[str] = "withdrawn"

    @property
    def words(self) -> tuple[Text, ...]:
        """How to go on."""
        return (Text("claim_result.withdrawn_do"),)


@dataclass(frozen=True, slots=True)
class Used:
    """A number was given for it: which, where it is known."""

    names: Words
    number: str | None
    outcome: ClassVar[str] = "used"

    @property
    def words(self) -> tuple[Text, ...]:
        """To wait with that number."""
        return (Text("claim_result.used_do"),)


Became = Unsigned | ToCome | Elsewhere | Expired | Withdrawn | Used


def _on(day: date, time: str) -> Text:
    return Text("claim_result.on", {"day": day, "time": time})


@dataclass(frozen=True, slots=True)
class ClaimResult(Prompt[TakeNumber | Choice | Done]):
    """What became of it, what can be done, and beside it an ordinary number.

    `service`: for what an ordinary number is offered; None: at information.
    """

    name: ClassVar[str] = "claim_result"
    takes_code: ClassVar[bool] = True
    has_back: ClassVar[bool] = False
    became: Became
    service: str | None = None

    @property
    def outcome(self) -> str:
        """Which of `kiosk.desk.claims.outcome.ClaimOutcome` it is."""
        return self.became.outcome

    @property
    def names(self) -> Words | None:
        """The service that it is for."""
        return None if isinstance(self.became, Unsigned) else self.became.names

    @property
    def chime(self) -> Chime | None:
        """A code was read, and is good for nothing here and now."""
        return Chime.REFUSED

    @property
    def number(self) -> str | None:
        """The number that was given for it, to be spelled."""
        return self.became.number if isinstance(self.became, Used) else None

    @property
    def title(self) -> Text:
        """What is the matter."""
        return Text(f"claim_result.{self.outcome.replace('-', '_')}")

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """When and where it is good, as far as known, and how to go on."""
        return self.became.words

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, the number that there is already, and that another can be had."""
        number = () if self.number is None else (Text("speech.result_number"),)
        return (self.title, *self.what_to_do, *number, Text("speech.claim_result"))
