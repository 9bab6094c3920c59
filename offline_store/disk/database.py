"""The open store: one SQLite file, its engine, and transactions that either are on disk or did not happen.

Opening (creating, upgrading, salvaging) is in opening.py. Every connection is durable (WAL, synchronous=FULL), or is
refused: with synchronous=NORMAL a power cut silently takes back the last commits, with a rollback journal the last one.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Self, cast

from sqlalchemy import Connection, Engine, create_engine, event, exc, select, update
from sqlalchemy.pool import ConnectionPoolEntry

from common.machine.errors import StoreDamaged, StoreError, StoreUnavailable
from common.machine.locks import FileLock
from common.machine.stamp import BUILT, FARTHEST_AHEAD, TrustedTime, from_unix_us, unix_us
from offline_store.disk import tables
from offline_store.disk.second_head import SecondHeadFile, foretold
from offline_store.disk.sql import precompiled, run
from offline_store.identity import Identity

BUSY_TIMEOUT_S = 5.0
CLOSING_TIMEOUT_S = 2 * BUSY_TIMEOUT_S  # a transaction may wait so long for a connection, then for the writers' place
# More than the threads of a kiosk that use the store at once. Bounded, since SQLite keeps the descriptor of a closed
# connection as long as another one is open (os_unix.c, "pending close"): each rush would leave some behind for good.
CONNECTIONS = 8
DATABASE = "store.db"
DAMAGED_MARK = "store.damaged"

# Name -> (what to set, what must be read back). synchronous is per connection, so each one is asked.
PRAGMAS: dict[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "cell_size_check": ("ON", 1),  # a damaged page is noticed where it is read
    "trusted_schema": ("OFF", 0),
    "temp_store": ("MEMORY", 2),  # nothing leaks into temporary files
    "journal_size_limit": ("16777216", 16_777_216),
}
# TOOBIG: nothing of ours comes near a gigabyte, a damaged row's header says so.
_known = tables.store.c
_TRUSTED_TIME = precompiled(
    select(_known.floor_us, _known.anchor_us, _known.anchor_boot_id, _known.anchor_boot_time_ns)
)
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_TOOBIG}
_UNDECODABLE = "Could not decode to UTF-8"  # of a column's text: Python's own error, without a code of SQLite's
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked",
    sqlite3.SQLITE_LOCKED: "it is locked",
    sqlite3.SQLITE_READONLY: "the disk is read-only",
    sqlite3.SQLITE_IOERR: "the disk gives an input/output error",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_PERM: "access is denied",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
}


def make_engine(path: Path) -> Engine:
    """Make an engine whose connections are all durable and begin their writes IMMEDIATE."""
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_TIMEOUT_S},
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_S,
        pool_reset_on_return=None,  # read() and write() always end their transaction
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin
    try:
        _make_durable(connection)
    except BaseException:
        connection.close()  # the pool forgets a connection that it may not have
        raise


def _make_durable(connection: sqlite3.Connection) -> None:
    for name, (value, expected) in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            raise StoreUnavailable(f"SQLite keeps {name} at {found!r} instead of {expected!r}")


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a write that begins as a read can be refused at once (SQLITE_BUSY_SNAPSHOT), whatever the busy timeout.
    # Past SQLAlchemy's cursor: it would cost a tenth of the whole accept.
    raw = _raw(connection)
    if raw.in_transaction:  # Store.read has begun it
        return
    try:
        raw.execute("BEGIN" if connection.get_execution_options().get("reading", False) else "BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise exc.OperationalError("BEGIN", None, error) from error


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def translated(error: BaseException) -> StoreError | None:
    """Return the store's own error for one of SQLite's, or None when it is a mistake of the program."""
    if isinstance(error, StoreDamaged):
        return error
    original = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(original, exc.TimeoutError):
        return StoreUnavailable(f"the store does not work now: all {CONNECTIONS} connections stayed busy")
    if isinstance(original, OSError):
        place = f"{original.filename}: " if original.filename else ""
        return StoreUnavailable(f"the store does not work now: {place}{original.strerror}")
    if not isinstance(original, sqlite3.Error):
        return None
    code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    undecodable = str(original).startswith(_UNDECODABLE)
    if code & 0xFF in _DAMAGED or code == sqlite3.SQLITE_IOERR_CORRUPTFS or undecodable:
        return StoreDamaged(f"the store is damaged ({original}); it is salvaged when it is opened again")
    why = _UNAVAILABLE.get(code & 0xFF)
    return StoreUnavailable(f"the store does not work now: {why} ({original})") if why else None


def mark_damaged(data_dir: Path, why: str) -> None:
    """Put up the mark on which every process closes the store, and the next opening salvages it."""
    with contextlib.suppress(OSError):  # it may not fit on a full disk; opening finds the damage by itself
        (data_dir / DAMAGED_MARK).write_text(why[:500], encoding="utf-8")


class _InUse:
    """The transactions under way. A task that is cancelled leaves its worker thread in the middle of one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._under_way = 0
        self._is_closed = False

    def __enter__(self) -> None:
        with self._lock:
            if self._is_closed:
                raise StoreUnavailable("the store is closed")
            self._under_way += 1

    def __exit__(self, *exc_info: object) -> None:
        with self._lock:
            self._under_way -= 1
            if self._is_closed:
                self._changed.notify_all()

    def close(self, timeout_s: float) -> None:
        """Let no other one begin, and wait for those that have begun."""
        with self._changed:
            self._is_closed = True
            self._changed.wait_for(lambda: self._under_way == 0, timeout_s)


class Store:
    """The kiosk's store, open. May be used from any thread; each transaction has a connection of its own."""

    def __init__(self, data_dir: Path, engine: Engine, lock: FileLock, identity: Identity, epoch: str) -> None:
        """Wrap an opened database; use `opening.open_store_in`. Raises OSError."""
        self.data_dir = data_dir
        self.engine = engine
        self._reading = engine.execution_options(reading=True)
        self.identity = identity
        self.epoch = epoch
        self._lock = lock
        self._second_head = SecondHeadFile.open_in(data_dir)
        self._damaged_mark = str(data_dir / DAMAGED_MARK)
        self._in_use = _InUse()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Run a transaction, on disk when the block has ended; any exception undoes all of it.

        Raises StoreUnavailable or StoreDamaged when SQLite or the disk refuses, or the store is closed.
        """
        with self._connected(self.engine) as connection:
            foretold(connection)  # of a transaction that was undone
            with connection.begin():
                yield connection
                head = foretold(connection)
                synced = None if head is None else self._second_head.write(head)
            if synced is not None:
                synced.result()

    def read(self) -> AbstractContextManager[Connection]:
        """Read a consistent state without keeping writers waiting. Raises as `write` does."""
        return self._connected(self._reading, begins=True)

    @contextlib.contextmanager
    def _connected(self, engine: Engine, *, begins: bool = False) -> Iterator[Connection]:
        """Lend a connection; `begins`: within a transaction past SQLAlchemy's, which costs more than what is read."""
        if os.path.exists(self._damaged_mark):  # noqa: PTH110 - half as dear, before each transaction
            raise StoreDamaged("the store is damaged; it is salvaged when it is opened again")
        connection: Connection | None = None
        with self._in_use:
            try:
                connection = engine.connect()
                if not begins:
                    yield connection
                    return
                raw = _raw(connection)
                raw.execute("BEGIN")
                with raw:
                    yield connection
            except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error, OSError, StoreDamaged) as error:
                ours = translated(error)
                if ours is None:
                    raise
                # What this connection has cached may be wrong now: the next transaction gets a new one.
                if connection is not None:
                    connection.invalidate()
                if isinstance(ours, StoreDamaged):
                    self.condemn(str(error))
                if ours is error:
                    raise
                raise ours from error
            finally:
                if connection is not None:
                    connection.close()

    def condemn(self, why: str) -> None:
        """Mark the store damaged, for every process: the next opening salvages it."""
        mark_damaged(self.data_dir, why)

    def trusted_time(self) -> TrustedTime | None:
        """Return the time floor and the latest trusted time, or None when there never was one."""
        with self.read() as connection:
            floor, anchor, boot_id, boot_time_ns = run(connection, _TRUSTED_TIME).fetchone()
        if anchor is None:
            return None
        return TrustedTime(from_unix_us(floor), from_unix_us(anchor), boot_id, boot_time_ns)

    def note_trusted_time(self, moment: datetime, *, boot_time_ns: int, boot_id: str, signed: bool = True) -> bool:
        """Record a time that was true at that CLOCK_BOOTTIME. Return whether it may be true at all; if not, nothing is.

        What central signs sets the floor, also down: an answer bears the nonce of its question, so it is what central
        says now. What NTP says only raises it, and takes no signed time's place within one boot.
        """
        columns = tables.store.c
        with self.write() as connection:
            row = connection.execute(select(columns.floor_us, columns.signed_us, columns.anchor_boot_id)).one()
            known = [BUILT] + [from_unix_us(known) for known in (row.signed_us or row.floor_us,) if known is not None]
            if not BUILT <= moment <= max(known) + (FARTHEST_AHEAD if len(known) > 1 else 10 * FARTHEST_AHEAD):
                return False
            noted_us = unix_us(moment)
            values: dict[str, int | str] = {"floor_us": noted_us if signed else max(row.floor_us or 0, noted_us)}
            if signed or row.anchor_boot_id != boot_id:
                values |= {"anchor_us": noted_us, "anchor_boot_id": boot_id, "anchor_boot_time_ns": boot_time_ns}
            if signed:
                values["signed_us"] = noted_us
            connection.execute(update(tables.store).values(values))
        return True

    def close(self) -> None:
        """Close every connection and let other processes migrate, when the transactions under way have ended."""
        self._in_use.close(CLOSING_TIMEOUT_S)
        self.engine.dispose()
        self._second_head.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
