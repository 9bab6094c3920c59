"""Cells that stay text: what begins like a formula would be computed by the program that opens the file."""

from collections.abc import Iterable
from typing import Any, Final

_FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")


def append_plain(sheet: Any, values: Iterable[object]) -> None:
    """Append a row to a workbook's sheet, its text as text."""
    sheet.append(list(values))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def plain_csv(values: Iterable[object]) -> list[object]:
    """Return a row for a CSV file, with an apostrophe before what a spreadsheet would compute."""
    return [f"'{one}" if isinstance(one, str) and one.startswith(_FORMULA_BEGINS) else one for one in values]
