"""A payer: what moves a citizen's money to the city, such as a wallet or any bank.

An adapter is a class with these methods. Calls are coroutines, each with a deadline below half a minute; they hold no
transaction of the database. `open_payer` in `opening` finds it by its `kind`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from common.protocol.payments.setup import Names

PAID_BEFORE: Final = "paid-before"
"""Why a payer cannot open a number: somebody has paid it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sum that is to be paid under a number of its own. `amount` is in the smallest unit of `currency`.

    `hears_at` is where the payer may tell of it, None where central has no public address.
    """

    bill_no: str
    amount: int
    currency: str
    dies_at: datetime
    hears_at: str | None
    returns_to: str


@dataclass(frozen=True, slots=True)
class Opened:
    """It can be paid: `show` is what the code on the screen holds."""

    show: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a payer says of one number: `none` where it has none such. `receipt` is its own number of the money."""

    state: Literal["open", "paid", "expired", "none"]
    receipt: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One sum in a payer's books. `receipt` names it there, once and for ever."""

    receipt: str
    kind: Literal["paid", "refunded"]
    bill_no: str
    amount: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of a payer's books after a cursor; `more`: ask again at once; `unread`: lines that say nothing we know."""

    entries: Sequence[Entry]
    cursor: str | None
    more: bool = False
    unread: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What a payer said unasked of one number."""

    bill_no: str
    state: Literal["paid", "expired"]
    receipt: str | None


class Payer(Protocol):
    """One payer, as the settings name it."""

    names: Names
    late_days: int
    """0: it is known within minutes what was paid; else in how many bank days at most, by the bank's file."""
    bill_life_s: int

    async def open(self, wanted: Wanted) -> Opened:
        """Let a sum be paid. Called again for the same number it opens no second one.

        Raises NotReached, AnswerLost, Refused; Refused for `PAID_BEFORE` where money stands under the number already,
        which nobody has been shown.
        """

    async def state(self, bill_no: str) -> Standing:
        """Return what became of a number; asked once, when its life is over. Raises NotReached, AnswerLost, Refused."""

    async def changes(self, cursor: str | None) -> Entries:
        """Return what its books have after a cursor, None: all. Raises NotReached, AnswerLost, Refused."""

    async def refund(self, bill_no: str, amount: int, currency: str, key: str) -> str:
        """Give money back, once however often it is called with a key; return the payer's number of it.

        Raises ByHand, NotReached, AnswerLost, Refused.
        """

    def heard(self, body: bytes, now: datetime) -> Heard:
        """Open what came to its address. Raises Forged."""
