"""What was read of a damaged store, kept in a scratch file: a season's rows don't fit into the memory of a unit."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Table

from offline_store.disk import tables
from offline_store.disk.creation import remove_database
from offline_store.disk.second_head import SecondHead
from offline_store.feed.told import Told

Record = dict[str, Any]

SCANNED = (
    tables.items,
    tables.tickets,
    tables.orders,
    tables.business_days,
    tables.counters,
    tables.epochs,
    tables.store,
    tables.central_keys,
    tables.print_jobs,
    tables.hall_rows,
)
"""The tables whose rows are also looked for page by page: what no central server can give back.

Central's keys are among them: what it sends is believed only under a key that is known here already.
"""
_TOGETHER = 500
# Lost with the power is no loss: the salvage then begins again. Kept small: what is read streams by.
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-4000", "temp_store=MEMORY")
# Of stale copies: what central has it has for good; sending once more does no harm, being set aside does.
_PREFERENCE = "CASE state WHEN 'acknowledged' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END"


class ProvenTicket(NamedTuple):
    """What a ticket's item says, whose hash was right; `row` is that of both."""

    row: int
    number: str
    business_day: str


class Findings:
    """Rows by table, as SQL read them (current) and as a scan of pages did (stale copies among them).

    Attributes:
        aside: the folder's name under which the damaged files are kept.
        former_epoch: what the lock file says.
        summary: what was read and what is lost, in a sentence for people.
        second_head: where the chain was for certain.
        told: what the file beside the store says that central has said.
    """

    def __init__(self, path: Path) -> None:
        """Make the scratch file again. Raises SQLite's errors, OSError."""
        remove_database(path)
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._columns: dict[tuple[str, bool], list[str]] = {}
        self.aside = ""
        self.summary = ""
        self.former_epoch: str | None = None
        self.second_head: SecondHead | None = None
        self.told: Told | None = None
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        for table in tables.metadata.tables.values():
            columns = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118 (not a dict)
            self._connection.execute(f'CREATE TABLE "{table.name}" (scanned, {columns})')
        self._connection.execute('CREATE TABLE proven ("row" INTEGER PRIMARY KEY, number, business_day)')

    def add(self, table: Table, records: Iterable[Record], *, scanned: bool) -> None:
        """Keep what was read of one table; all records of one call bear the same columns."""
        for some in batched(records, _TOGETHER, strict=False):
            names = list(some[0])
            self._columns[table.name, scanned] = names
            columns = ", ".join(f'"{name}"' for name in names)
            marks = ", ".join("?" * len(names))
            statement = f'INSERT INTO "{table.name}" (scanned, {columns}) VALUES ({int(scanned)}, {marks})'  # noqa: S608
            self._connection.executemany(statement, [tuple(record.values()) for record in some])

    def by_sql(self, table: str) -> Iterator[Record]:
        """Return what SQL read of the table."""
        return self._rows(table, scanned=False)

    def by_scan(self, table: str) -> Iterator[Record]:
        """Return what the scan found of the table."""
        return self._rows(table, scanned=True)

    def both(self, table: str) -> Iterator[Record]:
        """Yield every copy of the table's rows, those of SQL first."""
        yield from self.by_sql(table)
        yield from self.by_scan(table)

    def items(self) -> Iterator[Record]:
        """Yield every copy of every item in the order of its chain; of one item the copy to prefer first."""
        self._connection.execute("CREATE INDEX IF NOT EXISTS in_order ON items (epoch, seq)")
        order = f"epoch, seq, scanned, {_PREFERENCE}"
        names = tables.items.columns.keys()
        columns = ", ".join(f'"{name}"' for name in names)
        for row in self._connection.execute(f"SELECT {columns} FROM items ORDER BY {order}"):  # noqa: S608
            yield dict(zip(names, row, strict=True))

    def prove(self, row: int, number: str, business_day: str) -> None:
        """Note what a ticket's item says."""
        self._connection.execute("INSERT OR IGNORE INTO proven VALUES (?, ?, ?)", (row, number, business_day))

    def proven(self, row: int) -> ProvenTicket | None:
        """Return what a ticket's item says, by the row of both; None where no such item was found."""
        query = 'SELECT "row", number, business_day FROM proven WHERE "row" = ?'
        found = self._connection.execute(query, (row,)).fetchone()
        return None if found is None else ProvenTicket(*found)

    def all_proven(self) -> Iterator[ProvenTicket]:
        """Yield what every ticket's item says."""
        for found in self._connection.execute('SELECT "row", number, business_day FROM proven'):
            yield ProvenTicket(*found)

    def _rows(self, table: str, *, scanned: bool) -> Iterator[Record]:
        names = self._columns.get((table, scanned))
        if names is None:
            return
        columns = ", ".join(f'"{name}"' for name in names)
        statement = f'SELECT {columns} FROM "{table}" WHERE scanned = ? ORDER BY rowid'  # noqa: S608 (our own names)
        for row in self._connection.execute(statement, (int(scanned),)):
            yield dict(zip(names, row, strict=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._connection.close()
        remove_database(self._path)
