"""A bank's file of any kind that is known here, told apart by how it begins."""

import codecs
from typing import Final

from central.payments.statements import camt, mt940, table
from central.payments.statements.lines import Statement

MOST_BYTES: Final = 64 * 1024 * 1024


def read(data: bytes) -> Statement:
    """Read a file as the bank made it.

    Raises ValueError where it is none that is known, too large, cut off, or damaged as a whole.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES // 1024**2} MiB: ask the bank for a file of each day")
    data = data.removeprefix(codecs.BOM_UTF8)
    if camt.is_one(data):
        return camt.read(data)
    if mt940.is_one(data):
        return mt940.read(data.decode("latin-1"))  # what is asked of it is ASCII, whatever its names are in
    return table.read(text_of(data))


def text_of(data: bytes) -> str:
    """Return a table's text. Raises ValueError where it is not in UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8: save it as CSV in UTF-8") from error
