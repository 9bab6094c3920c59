"""What SQL can still read of a damaged database: row by row around the pages that do not."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from offline_store.salvage.findings import Record

_LAST_ROWID = 1 << 40
_PATIENCE = 2000


@dataclass(slots=True)
class _Reading:
    """How far one statement came: the last rowid, and whether it met no damage."""

    last: int | None = None
    is_whole: bool = False


class DamagedDatabase:
    """A damaged file, opened to read. It may be changed by that (its WAL is played in): open a copy."""

    def __init__(self, path: Path) -> None:
        """Open it; a file that is no database at all reads as one without rows."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._patience = 0

    def rows(self, table: Table) -> Iterator[Record]:
        """Yield every row of the table that reads; a column that an earlier revision lacked is None, or left out."""
        self._patience = _PATIENCE
        columns = self._columns(table)
        if not columns:
            return
        select = (
            f'SELECT rowid, * FROM "{table.name}" NOT INDEXED'  # noqa: S608 (our own table's name)
            " WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
        )
        absent = dict.fromkeys(column.name for column in table.columns if column.nullable)
        records = (
            absent | {name: value for name, value in zip(columns, values, strict=True) if name in table.c}
            for values in self._between(select, 1, self._last(table.name))
        )
        yield from (record for record in records if _fits(table, record))

    def _columns(self, table: Table) -> list[str]:
        """Name the columns in the file's order; none where the file's schema is too damaged to say."""
        try:
            found = [row[1] for row in self._connection.execute(f'PRAGMA table_info("{table.name}")')]
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter for a column's name
            return []
        if len(found) == len(table.columns):
            return table.columns.keys()  # whatever damage made of the names
        vital = {column.name for column in table.columns if not (column.nullable or column.server_default)}
        return found if vital <= set(found) else []

    def _last(self, table: str) -> int:
        try:
            last = self._connection.execute(f'SELECT max(rowid) FROM "{table}"')  # noqa: S608 (our own table's name)
            return int(last.fetchone()[0] or 0)
        except sqlite3.DatabaseError:
            return _LAST_ROWID

    def _between(self, select: str, low: int, high: int) -> Iterator[tuple[Any, ...]]:
        """Read upwards to the damage, downwards to the damage, then both halves of what lies between."""
        if low > high or self._patience <= 0:
            return
        upwards = _Reading()
        yield from self._until_damage(f"{select} ASC", low, high, upwards)
        if upwards.is_whole:
            return
        # A damaged page may give rows out of order: never widen what is left to look at.
        low = low if upwards.last is None else max(low, upwards.last + 1)
        downwards = _Reading()
        yield from self._until_damage(f"{select} DESC", low, high, downwards)
        high = high if downwards.last is None else min(high, downwards.last - 1)
        self._patience -= 1
        if low < high:
            middle = (low + high) // 2
            yield from self._between(select, low, middle)
            yield from self._between(select, middle + 1, high)

    def _until_damage(self, select: str, low: int, high: int, reading: "_Reading") -> Iterator[tuple[Any, ...]]:
        try:
            for row in self._connection.execute(select, (low, high)):
                reading.last = row[0]
                yield row[1:]
            reading.is_whole = True
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def record_of(table: Table, rowid: int, values: list[Any]) -> Record | None:
    """Read scanned columns as a row of that table, or None when count or types do not fit."""
    if len(values) != len(table.columns):
        return None
    keys = list(table.primary_key.columns)
    record = {column.name: value for column, value in zip(table.columns, values, strict=True)}
    if len(keys) == 1 and keys[0].type.python_type is int:
        record[keys[0].name] = rowid  # a lone INTEGER PRIMARY KEY is the rowid, and NULL in the record itself
    return record if _fits(table, record) else None


def _fits(table: Table, record: Record) -> bool:
    """Return whether each value is of its column's type: SQLite itself stores, and after damage reads, any."""
    return all(
        table.c[name].nullable if value is None else isinstance(value, table.c[name].type.python_type)
        for name, value in record.items()
    )
