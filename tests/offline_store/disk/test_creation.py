"""A new store takes its place with all that was written into it, or it does not."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from common.machine.errors import StoreUnavailable
from offline_store.chain.epoch import FormerEpoch, begin_epoch
from offline_store.disk import database
from offline_store.disk.creation import UNFINISHED, build_store
from offline_store.disk.database import DATABASE
from tests.kit.store import IDENTITY, MACHINE, stamp


def test_a_store_whose_content_is_still_in_its_wal_takes_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk refuses the sync, closing leaves the WAL and says nothing; a reader stands for such a disk."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    (tmp_path / DATABASE).write_bytes(b"the old one")

    def fill(connection: Connection) -> None:
        begin_epoch(connection, IDENTITY, MACHINE, stamp(), FormerEpoch(), "salvage")

    with ExitStack() as readers:

        def fill_while_read(connection: Connection) -> None:
            reader = readers.enter_context(closing(sqlite3.connect(tmp_path / UNFINISHED, isolation_level=None)))
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM store").fetchall()
            fill(connection)

        with pytest.raises(StoreUnavailable, match="not whole"):
            build_store(tmp_path, fill_while_read)
        assert (tmp_path / DATABASE).read_bytes() == b"the old one"
    build_store(tmp_path, fill)
    with closing(sqlite3.connect(f"file:{tmp_path / DATABASE}?mode=ro&immutable=1", uri=True)) as store:
        assert store.execute("SELECT kiosk FROM store").fetchall() == [(IDENTITY.kiosk,)]
