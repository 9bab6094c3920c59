"""Building a store file: beside its place, whole and on disk, then put there by one rename."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from common.machine.durable_file import sync
from common.machine.errors import StoreUnavailable
from offline_store.disk import migration, tables
from offline_store.disk.database import DATABASE, make_engine

UNFINISHED = "store.new.db"
_SIDE_FILES = ("-journal", "-shm", "-wal", "")


def build_store(data_dir: Path, fill: Callable[[Connection], None]) -> None:
    """Make the tables, let `fill` write the content in one transaction, and put the file in place.

    After a power cut the new store is there whole, or it is not there. Raises OSError and SQLite's errors.
    """
    path = data_dir / UNFINISHED
    remove_database(path)
    migration.upgrade(path)
    engine = make_engine(path)
    try:
        with engine.begin() as connection:
            for one_row in (tables.feed, tables.delivery):
                connection.execute(insert(one_row).values(one=1))
            fill(connection)
        _bring_in_wal(engine)
    finally:
        engine.dispose()
    path.chmod(0o600)
    sync(path)
    remove_database(data_dir / DATABASE)
    path.rename(data_dir / DATABASE)
    sync(data_dir)


def _bring_in_wal(engine: Engine) -> None:
    """Bring all of the WAL into the file, which alone is put in place.

    The last connection to close does that too, but says nothing where the disk refuses it (sqlite3_close): then a store
    without its content would take the place of the old one. Raises SQLite's errors, and StoreUnavailable.
    """
    with contextlib.closing(engine.raw_connection()) as connection:
        busy, left, brought = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy or left != brought:
        raise StoreUnavailable("the new store is not whole on the disk yet")


def remove_database(path: Path) -> None:
    """Remove a database with all its side files: a WAL that stays would be played into the next one of that name."""
    for side in _SIDE_FILES:
        path.with_name(path.name + side).unlink(missing_ok=True)
