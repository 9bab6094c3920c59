import contextlib
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text

from common.machine.errors import StoreDamaged, StoreTooNew, StoreUnavailable
from common.machine.locks import FileLock, PrinterLock
from offline_store.disk import database
from offline_store.disk.database import DATABASE, Store, make_engine, translated
from offline_store.disk.sql import run
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp


def test_every_connection_of_every_thread_is_durable(store: Store) -> None:
    found = []
    together = threading.Barrier(6)

    def ask() -> None:
        with store.read() as connection:
            together.wait(20)  # so that each holds a connection of its own
            found.append(
                [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")]
            )

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [["wal", 2]] * 6


def test_a_rush_of_threads_waits_for_its_turn_and_leaves_no_descriptor_behind(store: Store) -> None:
    def open_files() -> int:
        return sum(path.readlink().name == DATABASE for path in Path("/proc/self/fd").iterdir() if path.is_symlink())

    def look() -> None:
        with store.read() as connection:
            found.append(connection.exec_driver_sql("SELECT count(*) FROM items").scalar_one())

    found: list[int] = []
    threads = [threading.Thread(target=look) for _ in range(4 * 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 4 * 8
    assert open_files() <= 8


def test_a_connection_that_does_not_come_free_is_a_store_that_does_not_work(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.engine.pool, "_timeout", 0.05)
    with contextlib.ExitStack() as held:
        for _ in range(8):
            held.enter_context(store.read())
        with pytest.raises(StoreUnavailable, match="stayed busy"):
            held.enter_context(store.read())
    with store.read():
        pass


@pytest.mark.parametrize("pragma", ["synchronous", "journal_mode"])
def test_a_connection_that_would_not_be_durable_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str
) -> None:
    expected = database.PRAGMAS[pragma][1]
    monkeypatch.setitem(database.PRAGMAS, pragma, ("OFF", expected))  # what SQLite makes of it is read back
    engine = make_engine(tmp_path / "a.db")
    made: list[sqlite3.Connection] = []
    event.listen(engine, "connect", lambda connection, _: made.append(connection), insert=True)
    with pytest.raises(StoreUnavailable, match=pragma):
        engine.connect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")


def test_a_write_begins_immediate_and_a_read_keeps_no_writer_waiting(store: Store) -> None:
    begun: list[str] = []
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda connection, _: connection.set_trace_callback(begun.append))
    with store.read() as reading:
        reading.execute(text("SELECT 1 FROM store")).one()
        with store.write() as writing:
            writing.execute(text("UPDATE store SET floor_us = 1"))
    assert [statement.strip() for statement in begun if "BEGIN" in statement] == ["BEGIN", "BEGIN IMMEDIATE"]


def test_an_exception_in_a_transaction_undoes_all_of_it(store: Store) -> None:
    def fail() -> None:
        with store.write() as connection:
            connection.execute(text("UPDATE store SET digit = 9"))
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        fail()
    with store.read() as connection:
        assert connection.execute(text("SELECT digit FROM store")).scalar_one() == 2


def test_a_read_that_fails_leaves_no_transaction_behind(store: Store) -> None:
    def fail() -> None:
        with store.read() as connection:
            run(connection, "SELECT digit FROM store").fetchone()
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        fail()
    with store.read() as connection:
        assert run(connection, "SELECT digit FROM store").fetchone() == (2,)


def test_a_lock_that_another_process_keeps_is_said_and_nothing_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        other = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            accept_ticket(store, TicketRequest("clearance", "B"), intention="i", stamp=stamp())
        other.execute("ROLLBACK")
        other.close()
        given = accept_ticket(store, TicketRequest("clearance", "B"), intention="i", stamp=stamp())
        assert (given.number, given.repeated) == ("B2001", False)


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(StoreTooNew, match="9999"):
        open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE)
    assert (tmp_path / DATABASE).read_bytes() == before
    assert not (tmp_path / "damaged").exists()


def test_the_store_is_readable_by_its_owner_alone(store: Store) -> None:
    modes = {path.name: path.stat().st_mode & 0o077 for path in [store.data_dir, *store.data_dir.iterdir()]}
    assert set(modes.values()) == {0}, modes


def test_the_printer_has_one_holder_at_a_time(tmp_path: Path) -> None:
    with PrinterLock(tmp_path), pytest.raises(StoreUnavailable, match=r"printer\.lock"):
        PrinterLock(tmp_path)
    with PrinterLock(tmp_path):
        pass


def test_a_shared_lock_lets_others_share_and_none_exclude(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    one.acquire(exclusive=False, timeout_s=0)
    two.acquire(exclusive=False, timeout_s=0)
    with pytest.raises(StoreUnavailable):
        two.acquire(exclusive=True, timeout_s=0)
    one.close()
    two.acquire(exclusive=True, timeout_s=0)
    two.close()
    with pytest.raises(StoreUnavailable):
        two.acquire(exclusive=True, timeout_s=0)


@pytest.mark.parametrize("query", ["SELECT zeroblob(2000000000)", "SELECT CAST(x'ff' AS TEXT)"])
def test_what_only_a_damaged_row_can_hold_is_damage(query: str) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.Error) as met:
        connection.execute(query).fetchone()
    assert isinstance(translated(met.value), StoreDamaged)


def test_what_the_disk_refuses_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "store.lock").mkdir()
    with pytest.raises(StoreUnavailable, match=rf"^{tmp_path}/store\.lock cannot be opened: Is a directory$"):
        FileLock(tmp_path / "store.lock")
    said = str(translated(PermissionError(13, "Permission denied", f"{tmp_path}/store.db")))
    assert said == f"the store does not work now: {tmp_path}/store.db: Permission denied"


def test_closing_waits_for_the_transaction_of_another_thread_and_lets_no_other_begin(tmp_path: Path) -> None:
    store = open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE)
    begun, may_end = threading.Event(), threading.Event()
    order: list[str] = []
    raw: list[object] = []

    def long_read() -> None:
        with store.read() as connection:
            raw.append(connection.connection.dbapi_connection)
            begun.set()
            may_end.wait(20)
            connection.exec_driver_sql("SELECT count(*) FROM items").scalar_one()
            order.append("read")

    def close() -> None:
        store.close()
        order.append("closed")

    threads = [threading.Thread(target=long_read), threading.Thread(target=close)]
    threads[0].start()
    assert begun.wait(20)
    threads[1].start()

    def read_until_refused() -> None:
        while True:
            with store.read():
                pass

    with pytest.raises(StoreUnavailable, match="closed"):
        read_until_refused()
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert order == ["read", "closed"]
    assert isinstance(raw[0], sqlite3.Connection)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        raw[0].execute("SELECT 1")


def test_a_second_opening_in_a_process_lets_go_no_lock_of_the_first(store: Store) -> None:
    """SQLite's locks are the process's: to close the file beside SQLite drops them all (howtocorrupt.html, 2.2)."""
    before = accept_ticket(store, TicketRequest("civil-affairs", "A"), intention="one", stamp=stamp())
    open_store_in(store.data_dir, IDENTITY, stamp=stamp(), machine=MACHINE).close()
    # Who believes itself alone takes the WAL away on closing, under the hands of who still writes into it.
    asked = "import sqlite3, sys; one = sqlite3.connect(sys.argv[1]); one.execute('SELECT one FROM store'); one.close()"
    subprocess.run([sys.executable, "-c", asked, str(store.data_dir / DATABASE)], check=True, timeout=30)
    after = accept_ticket(store, TicketRequest("civil-affairs", "A"), intention="two", stamp=stamp())
    with open_store_in(store.data_dir, IDENTITY, stamp=stamp(), machine=MACHINE) as again, again.read() as connection:
        given = connection.exec_driver_sql("SELECT number FROM tickets ORDER BY n").scalars().all()
    assert given == [before.number, after.number]
