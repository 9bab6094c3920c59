"""A bill's code on the screen, and what the code of a receipt is.

Beside the code stands `counter`: a number for the cashier.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import Chime, Notice, Prompt, Text, Words


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
