"""MT940, SWIFT's customer statement message, as the `mt-940` library reads it, and held against its own balances.

Source: SWIFT Standards MT, category 9, MT 940: fields 20, 25, 60a, 61, 86, 62a.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from mt940.models import Transactions
from mt940.options import Options

from central.payments.statements.lines import Booked, Statement, check_sum

_OPTIONS: Final = Options(merge_keeps_values=True, unbounded_details=True, case_insensitive_marks=True)
#: The text of field 86 as it is, not in the parts of one country's banks.
_PLAIN: Final[dict[str, Any]] = {"post_transaction_details": []}
_LONGEST_LINE: Final = 1024
_MOST_LINES: Final = 64
"""Of one field: the standard has six."""
_MOST_FIELDS: Final = 32
"""Between two entries, also of two statements."""
_CAME: Final = ("C", "RD")
"""Credit, and a debit that is taken back."""


def is_one(data: bytes) -> bool:
    """Return whether a file begins as a statement message does, with or without its SWIFT header."""
    return re.search(rb"^(\{1:[^\r\n]*)?:20:", data[:_LONGEST_LINE], re.MULTILINE) is not None


def read(text: str) -> Statement:
    """Read all statements of a file. Raises ValueError where one is cut off, damaged or does not add up."""
    found, number, accounts = Statement(others=0), 0, set()
    text = text.replace("\r\n", "\n")
    _bound(text)
    for block in re.split(r"(?m)^(?=:20:)", re.sub(r"(?m)^\{1:[^\r\n]*(?=:20:)", "", text))[1:]:
        reference = block.partition("\n")[0].strip()[len(":20:") :][:16]
        place = f"statement {reference!r}"
        parsed = _parsed(place, block)
        accounts.add(str(parsed.data.get("account_identification")))
        opening, _, _ = _balance(place, parsed, "opening")
        closing, currency, day = _balance(place, parsed, "closing")
        entries = [one.data for one in parsed.transactions]
        signed = [_signed(one) for one in entries]
        check_sum(place, opening, signed, closing)
        for one, amount in zip(entries, signed, strict=True):
            number += 1
            found.add_booked(f"entry {number}", _booked(one, amount, currency))
        if "final_closing_balance" in parsed.data:
            found.through = max(filter(None, (found.through, day)))
    if len(accounts) != 1:
        raise ValueError(f"it is of {len(accounts)} accounts, and one is expected")
    return found


def _bound(text: str) -> None:
    """Raise ValueError where fields are longer, or more of them follow an entry, than any bank writes."""
    lines = fields = 0
    for number, line in enumerate(text.splitlines(), 1):
        is_field = line.startswith(":")
        lines = 0 if is_field else lines + 1
        fields = 0 if line.startswith(":61:") else fields + is_field
        if len(line) > _LONGEST_LINE or lines > _MOST_LINES or fields > _MOST_FIELDS:
            raise ValueError(f"line {number}: longer than any field of an MT940 is, or one field too many")


def _parsed(place: str, block: str) -> Transactions:
    parsed = Transactions(_PLAIN, options=_OPTIONS)
    try:
        parsed.parse(block)
    except Exception as error:  # whatever the library makes of a damaged field
        raise ValueError(f"{place}: a field of it cannot be read: {str(error).partition(chr(10))[0][:120]}") from error
    if len(parsed.transactions) != len(re.findall(r"(?m)^:61:", block)):
        raise ValueError(f"{place}: an entry of it cannot be read")
    return parsed


def _balance(place: str, parsed: Transactions, which: str) -> tuple[Decimal, str, date]:
    found = parsed.data.get(f"final_{which}_balance") or parsed.data.get(f"intermediate_{which}_balance")
    if found is None:
        raise ValueError(f"{place}: its {which} balance is missing: the file is cut off")
    return Decimal(found.amount.amount), str(found.amount.currency), date.fromisoformat(str(found.date))


def _signed(entry: dict[str, Any]) -> Decimal:
    amount = Decimal(entry["amount"].amount).copy_abs()
    return amount if str(entry["status"]).upper() in _CAME else -amount


def _booked(entry: dict[str, Any], amount: Decimal, currency: str) -> Booked:
    names = ("customer_reference", "extra_details", "transaction_details")
    return Booked(
        receipt=str(entry.get("bank_reference") or ""),
        came=amount > 0,
        amount=amount.copy_abs(),
        currency=currency,
        at=datetime.combine(entry.get("entry_date") or entry["date"], time()),
        texts=tuple(str(entry[name]) for name in names if entry.get(name)),
    )
