"""What stands of a payment's money: a fold of what its payer says came and went, and of what was done with it here.

The order in which any of it was heard changes nothing, for all is looked at in the order of the payer's own moments.
What came and went is never entered at a biller, and the exact sum pays whatever other one came beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Ends = Literal["entered", "paid", "refund-due", "refunded"]
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sum by its payer's number of it. `amount` is None where it was only said that it is paid; `at`: RFC 3339."""

    receipt: str
    kind: str
    amount: int | None
    currency: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be paid, in the smallest unit.

    Attributes:
        entered: the payer's number of the sum that the biller has entered.
        over: why nothing is entered any more: a reason for which money goes back.
        going: the payer's number of the sum that was ordered back under this payment's key, if one was: until it has
            gone nothing is entered, for under its key a payer gives back that sum and no other.
    """

    amount: int
    currency: str
    entered: str | None = None
    over: str | None = None
    going: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """That a sum is to go back. `as_well`: what it is in the other pound; `made`: the payer's number of its refund."""

    as_well: int | None = None
    made: str | None = None


@dataclass(slots=True)
class Came:
    """A sum that came. `rest`: what of it is still here; `back`: the payer's numbers of what went of it, in order."""

    receipt: str
    amount: int
    currency: str
    at: str
    is_exact: bool
    rest: int = 0
    back: list[str] = field(default_factory=list)
    ends: Ends = "refund-due"
    reason: str | None = None

    def __post_init__(self) -> None:
        self.rest = self.amount

    def gives(self, amount: int, receipt: str) -> None:
        """Let so much of it be gone."""
        self.rest -= amount
        self.back.append(receipt)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that came. `strays`: the payer's numbers of refunds that are of no sum here, or of more than came."""

    sums: Sequence[Came]
    strays: Sequence[str]

    @property
    def standing(self) -> Came | None:
        """Return the sum that pays what is owed."""
        return next((one for one in self.sums if one.ends in ("entered", "paid")), None)

    def of(self, receipt: str | None) -> Came | None:
        """Return a sum by its payer's number of it."""
        return next((one for one in self.sums if one.receipt == receipt), None)


def fold(owed: Owed, entries: Iterable[Entry], orders: Mapping[str, Order] = {}) -> Ledger:
    """Return what became of each sum.

    Args:
        owed: what is to be paid, and what of it was decided here.
        entries: the newest word on each of the payer's numbers, in any order.
        orders: which sums two operators have ordered to go back, by the payer's numbers of them.
    """
    known = sorted(entries, key=lambda one: (one.at, one.receipt))
    sums = [_came(owed, one) for one in known if one.kind == "paid"]
    refunds = {one.receipt: one for one in known if one.kind == "refunded"}
    for one in sums:
        made = orders.get(one.receipt, Order()).made
        if made is not None:
            booked = refunds.pop(made, None)
            one.gives(min(one.rest, one.amount if booked is None else booked.amount or 0), made)
    strays = [one.receipt for one in refunds.values() if not _is_spread(owed, one, sums, orders)]
    for one in sums:
        if orders.get(one.receipt, Order()).made is not None:
            one.rest = 0  # its payer has said that the whole of it went
    is_free = owed.entered is None and owed.over is None
    if is_free and any(one.receipt == owed.going and one.rest for one in sums):
        owed = replace(owed, over="twice")
    standing = _standing(owed, sums, orders)
    for one in sums:
        _judge(owed, one, standing, sums)
    return Ledger(sums, strays)


def _came(owed: Owed, entry: Entry) -> Came:
    amount = owed.amount if entry.amount is None else entry.amount
    currency = entry.currency or owed.currency
    return Came(entry.receipt, amount, currency, entry.at, (amount, currency) == (owed.amount, owed.currency))


def _is_spread(owed: Owed, refund: Entry, sums: Sequence[Came], orders: Mapping[str, Order]) -> bool:
    """Let a refund go of the sums that it is likeliest of; return whether all of it is."""
    left = refund.amount or 0
    alike = [one for one in sums if one.rest and refund.currency in (None, one.currency)]
    # What had come by then, and is not owed; of two that both are, the later one; what was entered last of all.
    late = {one.receipt: -sums.index(one) if one.is_exact else 0 for one in alike}
    alike.sort(key=lambda one: (one.receipt == owed.entered, one.at > refund.at, one.is_exact, late[one.receipt]))
    ordered = [one for one in alike if one.receipt in orders]
    if (whole := next((one for one in ordered if left in (one.rest, orders[one.receipt].as_well)), None)) is not None:
        whole.gives(whole.rest, refund.receipt)  # in whichever of the two pounds
        return True
    whole = next((one for one in alike if one.rest == left and not one.back), None)
    for one in alike if whole is None else [whole]:
        part = min(left, one.rest)
        if part:
            one.gives(part, refund.receipt)
            left -= part
    return refund.amount is not None and left == 0


def _standing(owed: Owed, sums: Sequence[Came], orders: Mapping[str, Order]) -> Came | None:
    if owed.entered is not None or owed.over is not None:
        return next((one for one in sums if one.receipt == owed.entered), None)
    # What was ordered back may have gone without a word: it pays nothing any more.
    return next((one for one in sums if one.is_exact and not one.back and one.receipt not in orders), None)


def _judge(owed: Owed, one: Came, standing: Came | None, sums: Sequence[Came]) -> None:
    """Say how a sum ends, and why it goes back."""
    if one is standing:
        one.ends = "paid" if owed.entered is None else "entered"
        return
    one.ends = "refunded" if one.rest == 0 else "refund-due"
    if owed.over == WITHDRAWN:  # who came later was told that it counts no more
        one.reason = WITHDRAWN
    elif not one.is_exact:
        one.reason = "wrong-amount"
    elif standing is not None or one is not next(other for other in sums if other.is_exact):
        one.reason = "twice"
    else:  # none where its payer has given a part of it back: only that one knows why
        one.reason = owed.over
