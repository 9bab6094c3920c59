"""Our own table of a bank's: CSV in UTF-8, amounts in the smallest unit."""

from typing import Final

from central.payments.rows import cells_of
from central.payments.statements.lines import Statement

HEAD: Final = ("receipt", "bill_no", "kind", "amount", "currency", "at")
_DATE: Final = len("2026-12-01")


def read(text: str) -> Statement:
    """Read a table. Raises ValueError where it is none."""
    found = Statement()
    for number, cells in cells_of(text, HEAD, found.bad):
        if len(cells["at"]) == _DATE:
            cells["at"] += "T00:00:00"
        if not (cells["amount"].isascii() and cells["amount"].isdigit()):  # 125.00 would be read as 125 of the smallest
            found.bad.append(f"line {number}: amount is no whole number of the smallest unit")
            continue
        found.add(f"line {number}", cells)
    return found
