"""Paying a bill by telephone: whose bill, which, by whom, the code, and what became of it.

Beside every way to pay stands `counter`: a number for the cashier.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import OFFERED, Availability, Chime, Notice, Prompt, Text, Trouble, Words

_WITH_WORDS: Final = frozenset({
    "not-set-up", "unknown-or-nothing-due", "biller-silent", "too-many", "unreadable", "unknown-bill", "bill-over",
    "paid-elsewhere", "amount-changed", "payer-silent", "being-paid", "late", "timed-out", "no-network", "enough-here",
    "five-a-visit", "store", "not-here",
})  # fmt: skip

Ending = Literal[
    "receipt",  # marked, and its receipt may print
    "entered",  # marked, and its receipt can't be had here now
    "entering",  # paid, and being entered
    "reference",  # the citizen says that it was paid, or leaves, and nobody knows more
    "bank",  # known only from the bank's file
    "expired",
    "unknown",
    "refund-due",
    "refunded",
]
_GOOD: Final = ("receipt", "entered", "entering")


@dataclass(frozen=True, slots=True)
class Picked:
    """One of those that were to choose from, by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class ChooseOne(Prompt[Picked | Choice]):
    """Whose bill it is, or by whom it is paid: a few at a time, with `more` for the next ones."""

    name: ClassVar[str] = "pay_choose"
    takes_code: ClassVar[bool] = True
    what: Literal["biller", "payer"]
    choices: tuple[tuple[str, Words], ...]
    has_more: bool = False

    @property
    def spoken(self) -> tuple[Text, ...]:
        """What to choose, and who can be chosen."""
        names = (Text("speech.words", {"words": words}) for _, words in self.choices)
        return (Text(f"pay_choose.{self.what}"), *names)


@dataclass(frozen=True, slots=True)
class FindBill(Prompt[Choice]):
    """How the bill is found: by the code on its paper, where its biller prints one, or by typing the number."""

    name: ClassVar[str] = "find_bill"
    names: Words
    field: Words
    has_code: bool = False  # its paper has a code that is read here
    scanner: Availability = OFFERED
    place: Literal["below", "left", "right"] | None = None
    problem: Text | None = None

    @property
    def scans(self) -> bool:
        """Whether the paper can be held to the reader now."""
        return self.has_code and self.scanner.is_offered

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """What to do with the paper bill, and before it what was wrong."""
        what = Text("find_bill.scan" if self.scans else "find_bill.type", {"field": self.field})
        return (what,) if self.problem is None else (self.problem, what)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """Whose bill, and what to do."""
        return (Text("speech.words", {"words": self.names}), *self.what_to_do)


@dataclass(frozen=True, slots=True)
class TypeBillNumber(Prompt[str]):
    """A number of the paper bill, by the pad."""

    name: ClassVar[str] = "bill_number"
    field: Words
    length: int = 10
    shortest: int = 1
    is_wrong: bool = False

    @property
    def is_personal(self) -> bool:
        """It leads to somebody's bill."""
        return True

    @property
    def title(self) -> Text:
        """What to type."""
        return Text("bill_number.title", {"field": self.field})

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, and what was wrong."""
        return (Text("bill_number.wrong"), self.title) if self.is_wrong else (self.title,)


@dataclass(frozen=True, slots=True)
class BillShown(Prompt[Choice]):
    """What is owed, before anything is paid. `phone` goes on, `other` shows the next bill of the same subscriber."""

    name: ClassVar[str] = "bill"
    names: Words
    amount: Text
    due: str | None = None
    period: str | None = None
    name_masked: str | None = None
    others: int = 0

    @property
    def is_personal(self) -> bool:
        """A name, though a masked one, and a debt."""
        return True

    @property
    def spoken(self) -> tuple[Text, ...]:
        """Who is paid, how much and until when, and how to go on."""
        due = () if self.due is None else (Text("bill.due_on", {"due": self.due}),)
        return (Text("speech.words", {"words": self.names}), self.amount, *due, Text("speech.bill"))


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
            said += [Text("payment.receipt_ready")] if self.can_print else []
        elif self.ending != "bank":
            said.append(Text(f"payment.{self.ending}_do"))
        if self.printed is False:
            said.append(Text("payment.maybe_printed" if self.trouble is Trouble.UNKNOWN else "payment.write"))
        return tuple(said)

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same."""
        return (self.title, self.amount, *self.what_holds)


_REASONS: Final = frozenset({"paid-elsewhere", "amount-changed", "not-taken", "twice"})


@dataclass(frozen=True, slots=True)
class NotPaid(Prompt[Done | Choice]):
    """Why nothing was found or opened: nothing was paid, and the cashier is the other way."""

    name: ClassVar[str] = "not_paid"
    has_back: ClassVar[bool] = False
    why: str
    can_retry: bool = False

    @property
    def title(self) -> Text:
        """That nothing was paid; of a paper that was shown nobody says so."""
        return Text("not_paid.title_paper" if self.why == "not-here" else "not_paid.title")

    @property
    def reason(self) -> Text:
        """Why."""
        return Text(f"not_paid.{self.why if self.why in _WITH_WORDS else 'refused'}")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """That nothing was paid, why, and the other way."""
        return (self.title, self.reason, Text("not_paid.do"))


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
