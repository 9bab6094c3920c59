"""A bank whose app reads EMV codes, and that writes a file of what came each evening: its books, and all it says."""

import csv
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

HEAD: Final = ("receipt", "bill_no", "kind", "amount", "currency", "at")
_CURRENCIES: Final = {"760": "SYP", "840": "USD"}


class NoCode(ValueError):
    """The app says that this is no code to pay by."""


@dataclass
class Bank:
    """The bank's books, in whole numbers of the smallest unit."""

    now: Callable[[], float] = time.time
    lines: list[tuple[str, str, str, int, str, str]] = field(default_factory=list)

    def pay(self, code: str, amount: int | None = None) -> str:
        """Read a code and pay what it says; the bank's number of the money. Raises NoCode."""
        if len(code) < 8 or code[-8:-4] != "6304" or f"{_checksum(code[:-4].encode()):04X}" != code[-4:]:
            raise NoCode("the checksum is wrong")
        fields = _fields(code)
        more = _fields(fields["62"])
        asked = int(Decimal(fields["54"]) * 100)
        return self._book("paid", more["01"], asked if amount is None else amount, _CURRENCIES[fields["53"]])

    def give_back(self, bill_no: str, amount: int, currency: str = "SYP") -> str:
        """Do what a person at the bank does by central's list."""
        return self._book("refunded", bill_no, amount, currency)

    def file(self) -> str:
        """Return the evening's file, with all that ever came."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(self.lines)
        return out.getvalue()

    def _book(self, kind: str, bill_no: str, amount: int, currency: str) -> str:
        receipt, at = f"B{len(self.lines) + 1:06}", datetime.fromtimestamp(self.now(), UTC).isoformat()
        self.lines.append((receipt, bill_no, kind, amount, currency, at))
        return receipt


def _fields(text: str) -> dict[str, str]:
    found, place = {}, 0
    while place < len(text):
        size = int(text[place + 2 : place + 4])
        found[text[place : place + 2]] = text[place + 4 : place + 4 + size]
        place += 4 + size
    return found


def _checksum(data: bytes) -> int:
    """CRC-16/CCITT-FALSE bit by bit, as the specification's annex has it, and not as central computes it."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value
