"""How a payment ended: one type for each way, with its own words, and what became of its paper."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, get_args

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.paper import CameOut, MayBeOut, NotAsked, NotOut, Tried
from kiosk.prompts.ui import Chime, Prompt, Text, Words

Ending = Literal[
    "receipt",  # marked, and its receipt may print
    "entered",  # marked, and its receipt can't be had here now
    "entering",  # paid, and being entered
    "reference",  # the citizen says that it was paid, or leaves, and nobody knows more
    "bank",  # known only from the bank's file
    "expired",
    "withdrawn",  # a newer one of the same bill took its place
    "unknown",
    "refund-due",
    "refunded",
]
Because = Literal["paid-elsewhere", "amount-changed", "not-taken", "twice", "reversed", "withdrawn"]
"""Why money goes back, as far as it has words."""
BECAUSE: Final[tuple[Because, ...]] = get_args(Because)
_GOOD: Final = ("receipt", "entered", "entering")


@dataclass(frozen=True, slots=True)
class Receipted:
    """It is marked, and its receipt is the paper."""

    number: str
    paper: Tried | NotAsked
    ending: ClassVar[Ending] = "receipt"

    @property
    def words(self) -> tuple[Text, ...]:
        """To keep it, or that it can be had; nothing where it may be out already."""
        if isinstance(self.paper, CameOut):
            return (Text("payment.receipt_do"),)
        return (Text("payment.receipt_ready"),) if can_print(self.paper) else ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the payer may count on stands on a paper."""

    ending: Literal["entered", "entering", "reference", "unknown"]
    paper: Tried | NotAsked

    @property
    def words(self) -> tuple[Text, ...]:
        """What that means."""
        return (Text(f"payment.{self.ending}_do"),)


@dataclass(frozen=True, slots=True)
class AtBank:
    """It is known only from the bank's file, which comes days later."""

    late_days: int
    paper: Tried | NotAsked
    ending: ClassVar[Ending] = "bank"

    @property
    def words(self) -> tuple[Text, ...]:
        """After how many days."""
        return (Text("payment.bank_do", {"n": self.late_days}),)


@dataclass(frozen=True, slots=True)
class GoesBack:
    """The money goes back to the payer."""

    because: Because | None
    paper: Tried | NotAsked
    ending: ClassVar[Ending] = "refund-due"

    @property
    def words(self) -> tuple[Text, ...]:
        """Why, where it has words, and how."""
        because = () if self.because is None else (Text(f"payment.because_{self.because}"),)
        return (*because, Text("payment.refund-due_do"))


@dataclass(frozen=True, slots=True)
class Over:
    """There is nothing to be had any more."""

    ending: Literal["withdrawn", "refunded"]

    @property
    def words(self) -> tuple[Text, ...]:
        """What that means."""
        return (Text(f"payment.{self.ending}_do"),)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Its time has gone. `can_retry`: another try, with a new number, stands beside it: `again`."""

    can_retry: bool
    ending: ClassVar[Ending] = "expired"

    @property
    def words(self) -> tuple[Text, ...]:
        """To try it again, or to ask, where no button stands to be named."""
        return (Text("payment.expired_do" if self.can_retry else "payment.expired_ask"),)


Became = Receipted | Told | AtBank | GoesBack | Over | Unpaid


def can_print(paper: Tried | NotAsked) -> bool:
    """Whether its paper is offered: `reprint`."""
    return isinstance(paper, NotOut | NotAsked) and paper.can_print


@dataclass(frozen=True, slots=True)
class PaymentEnded(Prompt[Done | Choice]):
    """What became of a payment, what holds of it, and on which paper.

    `found`: its paper was shown, or a cut came between; None: it has ended before the payer's eyes.
    """

    name: ClassVar[str] = "payment"
    has_back: ClassVar[bool] = False
    became: Became
    names: Words | None
    amount: Text
    bill_no: str
    found: Literal["shown", "after-cut"] | None = None

    @property
    def ending(self) -> Ending:
        """Which of the ways it is."""
        return self.became.ending

    @property
    def paper(self) -> Tried | NotAsked | None:
        """What became of its paper; None: there is none of this ending."""
        return None if isinstance(self.became, Over | Unpaid) else self.became.paper

    @property
    def is_patient(self) -> bool:
        """After a cut nobody may be there: how long it stands is then said by who shows it."""
        return self.found == "after-cut"

    @property
    def chime(self) -> Chime | None:
        """It has ended, well or not."""
        return Chime.SCAN if self.ending in _GOOD else Chime.WARNING

    @property
    def number(self) -> str | None:
        """The reference, to be spelled where its paper has not come out."""
        return self.bill_no if isinstance(self.paper, NotOut | MayBeOut) else None

    @property
    def title(self) -> Text:
        """What became of it."""
        return Text(f"payment.{self.ending}")

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """What that means, how money comes back, and what holds without a paper."""
        found = () if self.found is None else (Text("payment.found"),)
        match self.paper:
            case MayBeOut():
                without: tuple[Text, ...] = (Text("payment.maybe_printed"),)
            case NotOut():
                without = (Text("payment.write"),)
            case _:
                without = ()
        return (*found, *self.became.words, *without)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and where the paper is, or the reference that has to be written down."""
        match self.paper:
            case CameOut(slot):
                last: tuple[Text, ...] = (Text(f"payment.take_{slot}"),)
            case NotOut() | MayBeOut():
                last = (Text("speech.payment_reference"),)
            case _:
                last = ()
        return (self.title, self.amount, *self.what_holds, *last)
