"""The lines of a bank's file, of whatever kind: each one is taken or named, none is lost."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from central.base import clock
from central.payments.payers import amounts
from common.protocol.payments.setup import Amount, Currency

MOST_ROWS: Final = 200_000
NO_NUMBER: Final = "NOTPROVIDED"
"""The number of money that came without any: ISO 20022's own word for it."""
_SINCE, _BEFORE = 2020, 2100
_FOUR: Final = "([0-9A-HJKMNP-TV-Z]{4})"
_Number = Annotated[str, Meta(pattern=r"^[!-~]{1,64}\Z")]
#: A number of ours as banks carry it on: lines are broken anywhere, and hyphens may be lost.
_OURS: Final = re.compile(rf"(?<![0-9A-Z])(\d{{6}})-?{_FOUR}-?{_FOUR}-?{_FOUR}(?![0-9A-Z])", re.ASCII)


class Line(Struct, frozen=True):
    """One sum that came or went, as the bank names it."""

    receipt: _Number
    bill_no: _Number
    kind: Literal["paid", "refunded"]
    amount: Amount
    currency: Currency
    at: datetime


@dataclass
class Statement:
    """What a file holds.

    Attributes:
        lines: what came and went, by the bank's number of it.
        bad: what of it does not fit, each with what is wrong.
        others: how many sums went for something else than a payment of ours, None of a table of payments alone.
        through: the last day that the file itself says to hold, None where it says none.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    others: int | None = None
    through: date | None = None

    def add(self, place: str, said: dict[str, Any]) -> None:
        """Take a line or name it. `place` says where it stands. Raises ValueError where there are too many."""
        if len(self.lines) >= MOST_ROWS:
            raise ValueError(f"{place}: more than {MOST_ROWS} rows in one file")
        try:
            line = msgspec.convert(said, Line, strict=False)
        except msgspec.ValidationError as error:
            self.bad.append(f"{place}: {str(error).replace('$.', '').replace('`', '')[:200]}")
            return
        if not _SINCE <= line.at.year < _BEFORE:
            self.bad.append(f"{place}: at is a day of another century")
        elif line.receipt in self.lines:
            self.bad.append(f"{place}: receipt {line.receipt} stands in the file already")
        else:
            at = line.at.replace(tzinfo=clock.CENTRE_TIME) if line.at.tzinfo is None else line.at
            self.lines[line.receipt] = msgspec.structs.replace(line, at=at)

    def add_booked(self, place: str, booked: "Booked") -> None:
        """Take an entry of an account, where it is of a payment: what went without a number of ours is the city's."""
        number = number_in(booked.texts)
        if number is None and not booked.came:
            self.others = (self.others or 0) + 1
            return
        if not booked.receipt:
            self.bad.append(f"{place}: the bank gives it no reference of its own")
            return
        try:
            amount = amounts.read(booked.amount, booked.currency)
        except ValueError as error:
            self.bad.append(f"{place}: amount {str(booked.amount)[:40]}: {error}")
            return
        kind = "paid" if booked.came else "refunded"
        said = {"receipt": booked.receipt, "bill_no": number or NO_NUMBER, "kind": kind, "amount": amount}
        self.add(place, said | {"currency": booked.currency, "at": booked.at})


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of an account. `came`: whether its money came; `texts`: where a bank may carry a payer's number on."""

    receipt: str
    came: bool
    amount: Decimal
    currency: str
    at: datetime | str
    texts: tuple[str, ...]


def number_in(texts: Iterable[str]) -> str | None:
    """Return the number of ours that a bank carries on, None where it carries none or several."""
    found = set()
    for text in texts:
        for one in (text, re.sub(r"\s*\n\s*", "", text)):
            found |= {"-".join(match.groups()) for match in _OURS.finditer(one.upper())}
    return found.pop() if len(found) == 1 else None


def check_sum(place: str, opening: Decimal, entries: Iterable[Decimal], closing: Decimal) -> None:
    """Raise ValueError where the entries do not lead from one balance to the next: something is missing or doubled."""
    reached = opening + sum(entries)
    if reached != closing:
        raise ValueError(
            f"{place}: its entries lead to a balance of {reached}, and it says {closing}: ask for it again"
        )
