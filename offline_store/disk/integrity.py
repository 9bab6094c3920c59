"""Does the database file still read? A bounded look at every opening, the whole of it for `kiosk doctor`."""

import os
import sqlite3
import time
from pathlib import Path

from offline_store.disk import tables
from offline_store.disk.database import Store

# In this order, so that a short look sees what nothing can replace.
_VITAL = ("store", "business_days", "counters", "epochs", "central_keys", "orders", "items", "tickets", "print_jobs")
_STEPS_BETWEEN_LOOKS = 1000


def poses_as_read_only(connection: sqlite3.Connection, database: Path) -> bool:
    """Return whether the file's header is damaged where SQLite would take it for a later format, to be read only.

    The error is that of a read-only disk, which is waited for and never ends. SQLite is asked, and the file never
    opened beside it: to close it again would let go every lock that this process has on it.
    https://sqlite.org/fileformat2.html section 1.3.3, https://sqlite.org/howtocorrupt.html section 2.2.

    Raises sqlite3.Error.
    """
    connection.execute("PRAGMA busy_timeout=0")  # who is kept waiting by a writer may write
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        found = error.sqlite_errorcode & 0xFF
        if found == sqlite3.SQLITE_BUSY:
            return False
        if found == sqlite3.SQLITE_READONLY and os.access(database, os.W_OK):
            return True
        raise
    connection.execute("ROLLBACK")
    return False


def find_damage(connection: sqlite3.Connection, budget_s: float | None) -> str | None:
    """Look for damaged pages for at most `budget_s` (None: to the end), vital tables first; name what was found.

    With a budget a big store is looked at in part, so that opening takes no longer than for a small one; the rest shows
    when it is read, or by `kiosk doctor`. Raises sqlite3.Error when SQLite cannot even look,
    UnicodeDecodeError for the name of a column.
    """
    known = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for table in tables.metadata.tables.values():
        columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table.name}")')}  # none: no such table
        missing = set(table.columns.keys()) - columns
        if missing:
            return f"{table.name}: columns are missing: {', '.join(sorted(missing))}"
    for one_row in ("store", "feed", "delivery"):
        if connection.execute(f'SELECT count(*) FROM "{one_row}"').fetchone() != (1,):  # noqa: S608 (names above)
            return f"{one_row}: its row is missing"
    if budget_s is not None:
        deadline = time.monotonic() + budget_s
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS_BETWEEN_LOOKS)
    try:
        for name in (*_VITAL, *sorted(known - set(_VITAL) - {"sqlite_sequence"})):
            found = connection.execute(f'PRAGMA quick_check("{name}")').fetchone()
            if found is None or found[0] != "ok":
                return f"{name}: {found[0] if found else 'no answer'}"
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        connection.set_progress_handler(None, 0)
    return None


def check_whole(store: Store) -> list[str]:
    """Check the whole database file, indexes against tables too; give what is wrong, nothing when it is sound.

    Takes about a second for 100 MB. Raises StoreUnavailable, StoreDamaged.
    """
    with store.read() as connection:
        rows = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    return [row for row in rows if row != "ok"]
