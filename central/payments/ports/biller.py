"""A biller: who is owed, and enters what was paid.

An adapter is a class with these methods. Calls are coroutines, each with a deadline below half a minute; they hold no
transaction of the caller's. `open_biller` in `opening` finds it by its `kind`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from common.protocol.field import Count, FreeText, Line, Moment
from common.protocol.payments.setup import Amount, BillField, Currency, Names, PaperCode, Pound

DebtId = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]


class BillerFields(Struct, frozen=True):
    """What a biller asks for, and in which money it counts."""

    names: Names
    currency: Currency
    pound: Pound
    fields: Annotated[list[BillField], Meta(min_length=1, max_length=4)]


class Debt(Struct, frozen=True, omit_defaults=True):
    """One thing that is owed. `due` and `period` are the biller's own words."""

    debt: DebtId
    amount: Amount
    currency: Currency
    pound: Pound
    due: Line | None = None
    period: Line | None = None


class Owed(Struct, frozen=True):
    """What one subscriber owes, the oldest first. `name` is whole: central masks it."""

    subscriber: Line
    debts: Annotated[list[Debt], Meta(max_length=100)]
    name: FreeText | None = None


class Mark(Struct, frozen=True):
    """That a debt is paid. `key` is the payment's id: the same again is the same mark."""

    key: str
    debt: str
    amount: int
    currency: str
    payer: str
    bill_no: str
    paid_at: datetime


class Marked(Struct, frozen=True):
    """The biller has entered it under a number of its own."""

    receipt: Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]
    at: Moment


class Change(Struct, frozen=True, omit_defaults=True):
    """One line of a biller's books. `key` is that of the payment by which it was marked, `by` who entered it else."""

    seq: Count
    debt: DebtId
    kind: Literal["new", "amount", "marked", "paid-elsewhere", "reversed"]
    amount: Amount | None = None
    receipt: Line | None = None
    key: Line | None = None
    by: Line | None = None


class Changes(Struct, frozen=True):
    """A page of a biller's books after a number; `next` is that of the last line, `more`: ask again at once."""

    changes: Annotated[Sequence[Change], Meta(max_length=2500)]
    next: Count
    more: bool = False


class Biller(Protocol):
    """One biller, as the settings name it."""

    @property
    def cashier_group(self) -> str | None:
        """The letter of the numbers that lead to the cashier."""

    @property
    def papers(self) -> Sequence[PaperCode]:
        """How the codes on its paper bills are read."""

    async def fields(self) -> BillerFields:
        """Return what it asks for. Raises NotReached, AnswerLost, Refused."""

    async def inquire(self, fields: Mapping[str, str]) -> Owed | None:
        """Return what is owed; None: unknown. Raises NotReached, AnswerLost, Refused (`unreadable`)."""

    async def mark(self, mark: Mark) -> Marked:
        """Enter a payment, once however often it is called with its key.

        Raises NotReached, AnswerLost (say the same again), MarkRefused.
        """

    async def changes(self, after: int) -> Changes:
        """Return what its books have after a number. Raises NotReached, AnswerLost, Refused."""
