"""Looking at a store beside its work: whether anybody changed it, and whether its file still reads."""

import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import exc, update

from common.machine.errors import StoreDamaged, StoreUnavailable
from offline_store.disk import integrity, tables
from offline_store.disk.changes import Changes
from offline_store.disk.database import DATABASE, Store
from offline_store.disk.integrity import check_whole, find_damage, poses_as_read_only


def test_a_change_by_anybody_is_seen_once_and_the_first_look_is_one(store: Store) -> None:
    changes = Changes(store)
    assert [changes.have_come() for _ in range(2)] == [True, False]
    with store.write() as connection:
        connection.execute(update(tables.store).values(next_day_base=1))
    assert [changes.have_come() for _ in range(2)] == [True, False]
    changes.begin()
    assert changes.have_come()
    first = changes._connection
    changes.close()
    assert changes._connection is None
    assert first is not None
    assert not first.is_valid, "it is given back"
    changes.close()


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        (sqlite3.SQLITE_CORRUPT, StoreDamaged), (sqlite3.SQLITE_FULL, StoreUnavailable),
        (sqlite3.SQLITE_ERROR, StoreUnavailable),  # of which nobody knows what it is
    ],
)  # fmt: skip
def test_what_a_look_cannot_see_is_the_store_s_own_error(code: int, raised: type[Exception]) -> None:
    error = sqlite3.DatabaseError("unseen")
    error.sqlite_errorcode = code

    def refuse() -> None:
        raise exc.DatabaseError("PRAGMA", None, error)

    engine = SimpleNamespace(raw_connection=refuse)
    with pytest.raises(raised, match="unseen"):
        Changes(cast("Any", SimpleNamespace(engine=engine))).have_come()


@pytest.fixture
def raw(store: Store) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(store.data_dir / DATABASE, isolation_level=None)) as connection:
        yield connection


def test_a_sound_file_is_sound_and_what_is_missing_of_it_is_named(store: Store, raw: sqlite3.Connection) -> None:
    assert (find_damage(raw, None), find_damage(raw, 10.0), check_whole(store)) == (None, None, [])
    raw.execute("DELETE FROM feed")
    assert find_damage(raw, None) == "feed: its row is missing"
    raw.execute("ALTER TABLE alarms RENAME COLUMN detail TO other")
    raw.execute("ALTER TABLE alarms RENAME COLUMN since_at TO more")
    assert find_damage(raw, None) == "alarms: columns are missing: detail, since_at"


class Checked:
    """A connection on which SQLite says of each table what a test wants; `looked` are the tables in their order."""

    def __init__(self, real: sqlite3.Connection, bad: str = "", interrupt: str = "", code: int = 0) -> None:
        self.real, self.bad, self.interrupt, self.code = real, bad, interrupt, code
        self.looked: list[str] = []
        self.handlers: list[Any] = []

    def execute(self, statement: str) -> Any:
        if not statement.startswith("PRAGMA quick_check"):
            return self.real.execute(statement)
        table = statement.split('"')[1]
        self.looked.append(table)
        if table == self.interrupt:
            error = sqlite3.OperationalError("stopped")
            error.sqlite_errorcode = self.code
            raise error
        return SimpleNamespace(fetchone=lambda: ("torn",) if table == self.bad else ("ok",))

    def set_progress_handler(self, handler: Any, steps: int) -> None:
        self.handlers.append((handler and handler(), steps))


VITAL = ["store", "business_days", "counters", "epochs", "central_keys", "orders", "items", "tickets", "print_jobs"]


def test_vital_tables_are_looked_at_first_and_a_look_ends_with_its_time(
    raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = itertools.chain([0.0, 0.5, 0.0, 0.6], itertools.repeat(9.0))
    monkeypatch.setattr(integrity, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    whole = Checked(raw)
    assert find_damage(cast("Any", whole), 0.5) is None
    assert whole.looked[:9] == VITAL
    assert whole.looked[9:] == sorted(whole.looked[9:])
    assert {*tables.metadata.tables} <= {*whole.looked}
    assert whole.handlers == [(0, 1000), (None, 0)], "not yet over at its very end"
    late = Checked(raw, interrupt="epochs", code=sqlite3.SQLITE_INTERRUPT)
    assert (find_damage(cast("Any", late), 0.5), late.looked) == (None, VITAL[:4])
    assert late.handlers == [(1, 1000), (None, 0)]
    torn = Checked(raw, bad="items")
    assert (find_damage(cast("Any", torn), None), torn.handlers) == ("items: torn", [(None, 0)])
    with pytest.raises(sqlite3.OperationalError):
        find_damage(cast("Any", Checked(raw, interrupt="items", code=sqlite3.SQLITE_IOERR)), None)


@pytest.mark.parametrize(
    ("code", "may_write", "poses"),
    [
        (None, True, False), (sqlite3.SQLITE_BUSY, True, False), (sqlite3.SQLITE_BUSY_SNAPSHOT, True, False),
        (sqlite3.SQLITE_READONLY, True, True), (sqlite3.SQLITE_READONLY_DBMOVED, True, True),
        (sqlite3.SQLITE_READONLY, False, None), (sqlite3.SQLITE_IOERR, True, None),
    ],
)  # fmt: skip
def test_a_file_that_may_be_written_and_is_read_only_poses_as_one_of_a_later_format(
    monkeypatch: pytest.MonkeyPatch, code: int | None, may_write: bool, poses: bool | None
) -> None:
    said: list[str] = []

    def execute(statement: str) -> None:
        said.append(statement)
        if code is not None and statement == "BEGIN IMMEDIATE":
            error = sqlite3.OperationalError("no")
            error.sqlite_errorcode = code
            raise error

    asked: list[Any] = []

    def access(path: Path, mode: int) -> bool:
        asked.append((path, mode))
        return may_write

    monkeypatch.setattr(os, "access", access)
    connection = cast("Any", SimpleNamespace(execute=execute))
    if poses is None:
        with pytest.raises(sqlite3.OperationalError):
            poses_as_read_only(connection, Path("store.db"))
    else:
        assert poses_as_read_only(connection, Path("store.db")) is poses
    assert said == ["PRAGMA busy_timeout=0", "BEGIN IMMEDIATE", *(["ROLLBACK"] if code is None else [])]
    is_asked = code is not None and code & 0xFF == sqlite3.SQLITE_READONLY
    assert asked == ([(Path("store.db"), os.W_OK)] if is_asked else [])
