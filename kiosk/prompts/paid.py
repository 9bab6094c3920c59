"""A bill's code on the screen, how its payment ended, and what the code of a receipt is.

Beside the code stands `counter`: a number for the cashier.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import Chime, Notice, Prompt, Text, Trouble, Words

_REASONS: Final = frozenset({"paid-elsewhere", "amount-changed", "not-taken", "twice", "reversed", "withdrawn"})

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
_GOOD: Final = ("receipt", "entered", "entering")


@dataclass(frozen=True, slots=True)
class PayCode(Prompt[Choice]):
    """The code that the telephone reads, while its minutes run down. The visit ends by the payer's word, or by a touch.

    Answers: `i_paid` (nothing happened), `counter`, `stop`. `late_days`: paying is known only from the bank's file.
    """

    name: ClassVar[str] = "pay_code"
    has_back: ClassVar[bool] = False
    names: Words | None
    payer: Words
    amount: Text
    bill_no: str
    code: str
    seconds: int
    late_days: int = 0

    @property
    def is_patient(self) -> bool:
        """The citizen is busy with the telephone; the code's own time is the limit."""
        return True

    @property
    def chime(self) -> Chime | None:
        """It is there."""
        return Chime.NUMBER

    @property
    def steps(self) -> tuple[Text, ...]:
        """How it is paid."""
        scan = Text("pay_code.scan", {"payer": self.payer})
        last = Text("pay_code.then_paper") if self.late_days else Text("pay_code.stay")
        return (scan, Text("pay_code.confirm"), last)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """How much, how, and within which time."""
        minutes = max(1, -(-self.seconds // 60))
        return (Text("speech.pay_code"), self.amount, *self.steps, Text("pay_code.minutes", {"n": minutes}))


@dataclass(frozen=True, slots=True)
class PaidWaiting(Prompt[Choice]):
    """It is paid, and being entered by whom it is paid to: for some seconds at most. `stop`: a paper at once."""

    name: ClassVar[str] = "paid"
    has_back: ClassVar[bool] = False
    names: Words | None
    amount: Text
    bill_no: str

    @property
    def is_patient(self) -> bool:
        """It goes on by itself."""
        return True

    @property
    def chime(self) -> Chime | None:
        """The money has come."""
        return Chime.SCAN

    @property
    def spoken(self) -> tuple[Text, ...]:
        """That it is paid, and that it is being entered."""
        return (Text("paid.title"), Text("paid.entering"))


@dataclass(frozen=True, slots=True)
class PaymentEnded(Prompt[Done | Choice]):
    """What became of a payment, what holds of it, and on which paper. `again`: another try, with a new number.

    `is_found`: a cut came between, or its paper was shown; `printed` None where no paper was asked for: `reprint` then
    prints it.
    """

    name: ClassVar[str] = "payment"
    has_back: ClassVar[bool] = False
    ending: Ending
    names: Words | None
    amount: Text
    bill_no: str
    receipt: str | None = None
    payer_receipt: str | None = None
    late_days: int = 0
    reason: str | None = None
    printed: bool | None = None
    trouble: Trouble | None = None
    can_print: bool = False
    can_retry: bool = False
    is_found: bool = False
    is_after_cut: bool = False
    slot: Literal["below", "left", "right"] = "below"

    @property
    def is_patient(self) -> bool:
        """After a cut nobody may be there: how long it stands is then said by who shows it."""
        return self.is_after_cut

    @property
    def chime(self) -> Chime | None:
        """It has ended, well or not."""
        return Chime.SCAN if self.ending in _GOOD else Chime.WARNING

    @property
    def number(self) -> str | None:
        """The reference, to be spelled where its paper has not come out."""
        return self.bill_no if self.printed is False else None

    @property
    def title(self) -> Text:
        """What became of it."""
        return Text(f"payment.{self.ending}")

    @property
    def what_holds(self) -> tuple[Text, ...]:
        """What that means, how money comes back, and what holds without a paper."""
        said: list[Text] = [Text("payment.found")] if self.is_found else []
        if self.ending == "bank":
            said.append(Text("payment.bank_do", {"n": self.late_days}))
        elif self.ending == "refund-due" and self.reason in _REASONS:
            said.append(Text(f"payment.because_{self.reason}"))
        if self.ending == "receipt" and not self.printed:  # there is none to keep yet
            is_offered = self.can_print and self.trouble is not Trouble.UNKNOWN  # else it may be out already
            said += [Text("payment.receipt_ready")] if is_offered else []
        elif self.ending == "expired" and not self.can_retry:  # no button stands here to be named
            said.append(Text("payment.expired_ask"))
        elif self.ending != "bank":
            said.append(Text(f"payment.{self.ending}_do"))
        if self.printed is False:
            said.append(Text("payment.maybe_printed" if self.trouble is Trouble.UNKNOWN else "payment.write"))
        return tuple(said)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and where the paper is, or the reference that has to be written down."""
        if self.printed is None:
            return (self.title, self.amount, *self.what_holds)
        last = f"payment.take_{self.slot}" if self.printed else "speech.payment_reference"
        return (self.title, self.amount, *self.what_holds, Text(last))


@dataclass(frozen=True, slots=True)
class ReceiptKnown(Prompt[Done | Choice]):
    """What the code of a receipt is that was held to the reader. Facts are those of a genuine one alone."""

    name: ClassVar[str] = "receipt_code"
    has_back: ClassVar[bool] = False
    verdict: Literal["genuine", "forged", "unverified", "unreadable"]
    names: Words | None = None
    amount: Text | None = None
    paid_at: str = ""
    receipt: str = ""
    bill_no: str = ""

    @property
    def chime(self) -> Chime | None:
        """It was read, or is none."""
        return Chime.SCAN if self.verdict == "genuine" else Chime.REFUSED

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What it is, and what that means."""
        amount = () if self.amount is None else (self.amount,)
        return (Text(f"receipt_code.{self.verdict}"), *amount, Text(f"receipt_code.{self.verdict}_do"))


@dataclass(frozen=True, slots=True)
class PrintingPayment(Notice):
    """A paper of a payment is being printed."""

    name: ClassVar[str] = "printing_payment"
    is_receipt: bool = False

    @property
    def title(self) -> Text:
        """Which."""
        return Text("printing.payment_receipt" if self.is_receipt else "printing.payment_paper")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (self.title,)
