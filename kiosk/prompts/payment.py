"""Paying a bill by telephone, before its code: whose bill, which, by whom, and why not.

Beside every way to pay stands `counter`: a number for the cashier.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from kiosk.prompts.choosing import Choice, Done
from kiosk.prompts.ui import OFFERED, Availability, Prompt, Text, Words

_WITH_WORDS: Final = frozenset({
    "not-set-up", "unknown-or-nothing-due", "biller-silent", "too-many", "unreadable", "unknown-bill", "bill-over",
    "paid-elsewhere", "amount-changed", "payer-silent", "being-paid", "late", "timed-out", "no-network", "enough-here",
    "five-a-visit", "store", "not-here",
})  # fmt: skip
_NOT_AGAIN: Final = frozenset({"paid-elsewhere", "being-paid"})


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
class BillOrNumber(Prompt[Choice]):
    """A bill's tile was touched: it is paid here by `phone`, or a number is taken for the cashier (`counter`)."""

    name: ClassVar[str] = "bill_or_number"
    takes_code: ClassVar[bool] = True
    service: str
    names: Words

    @property
    def spoken(self) -> tuple[Text, ...]:
        """Of what, and both ways."""
        return (Text("speech.words", {"words": self.names}), Text(f"speech.{self.name}"))


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
class BegunBefore(Prompt[Done | Choice]):
    """A payment of the same bill was begun before, and is not paid as far as anybody knows. `again`: it gives way.

    `at`: when, by the centres' clock; `place`: the centre's names.
    """

    name: ClassVar[str] = "begun_before"
    has_back: ClassVar[bool] = False
    at: str
    place: Words

    @property
    def title(self) -> Text:
        """That one was begun."""
        return Text("begun_before.title")

    @property
    def what_to_do(self) -> tuple[Text, ...]:
        """Who has paid it waits; what a new one does to it."""
        return (Text("begun_before.wait"), Text("begun_before.again_means"))

    @property
    def spoken(self) -> tuple[Text, ...]:
        """The same, with when and where."""
        where = Text("begun_before.when", {"at": self.at, "place": self.place})
        return (self.title, where, *self.what_to_do)


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
    def advice(self) -> Text:
        """The other way; of what is paid, or may be at this moment, that nobody pays it again."""
        return Text("not_paid.not_again" if self.why in _NOT_AGAIN else "not_paid.do")

    @property
    def spoken(self) -> tuple[Text, ...]:
        """That nothing was paid, why, and the other way."""
        return (self.title, self.reason, self.advice)
