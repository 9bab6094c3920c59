"""What the demo does to a kiosk's disk, store, clock and printer, on a store of its own, and how it takes that back."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest
from sqlalchemy import select

from common.machine.clock import RESTORED_FOR
from common.machine.errors import StoreError
from common.machine.locks import PrinterLock
from demo.faults import of_kiosk
from demo.faults.faults import known
from demo.processes import DemoFailed
from kiosk.runtime.parts import WINDOW_WAITS_S
from offline_store.disk import tables
from tests.kit.clock import HandClock
from tests.kit.desk import open_store

PAGE = 4096


@pytest.fixture
def town(tmp_path: Path) -> mock.Mock:
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE store (one INTEGER NOT NULL PRIMARY KEY)")
        connection.execute("INSERT INTO store VALUES (1)")
        connection.commit()
    return mock.Mock(config=SimpleNamespace(data_dir=tmp_path))


def test_on_a_full_disk_no_file_grows_beyond_the_store_s_log_and_then_again(
    town: mock.Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    limits: list[Any] = []

    def set_limit(_which: int, pair: tuple[int, int]) -> None:
        limits.append(pair)
        log = tmp_path / "store.db-wal"
        sizes.append(log.stat().st_size if log.exists() else 0)

    monkeypatch.setattr(resource, "setrlimit", set_limit)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (7, 10**12))
    fault = known()["store.full"]
    with closing(sqlite3.connect(tmp_path / "store.db")) as other:  # else the last to close would empty the log
        other.execute("SELECT * FROM store").fetchall()
        fault.begin(town)
    assert fault.mend is not None
    fault.mend(town)
    assert limits == [(sizes[0], 10**12), (10**12, 10**12)]
    assert sizes[0] >= 200 * PAGE


def test_another_program_holds_the_store_s_place_for_writers_until_it_lets_go(town: mock.Mock, tmp_path: Path) -> None:
    fault = known()["store.locked"]
    fault.begin(town)
    assert fault.mend is not None
    with closing(sqlite3.connect(tmp_path / "store.db", timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE store SET one = 2")
        fault.mend(town)
        other.execute("UPDATE store SET one = 2")
    fault.mend(town)  # twice does no harm


def test_a_starting_kiosk_waits_for_its_printer_just_less_than_the_window_does(
    town: mock.Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timer = mock.Mock()
    made = mock.Mock(return_value=timer)
    monkeypatch.setattr(of_kiosk.threading, "Timer", made)  # type: ignore[attr-defined]
    slow = of_kiosk._SlowStart()
    slow.end(town)  # before it began it does no harm
    slow.prepare(town)
    assert town.kiosk.mock_calls == [mock.call("issue", "--service", "civil-affairs", "--no-print")]
    assert made.call_args.args == (WINDOW_WAITS_S - 0.5, slow.end, [town])
    assert (timer.daemon, timer.start.call_count) == (True, 1)
    with pytest.raises(StoreError):
        PrinterLock(tmp_path)
    slow.end(town)
    slow.end(town)
    assert timer.cancel.called
    PrinterLock(tmp_path).close()


def test_three_pages_of_the_store_are_written_over_and_no_other(town: mock.Mock, tmp_path: Path) -> None:
    before = bytes(range(256)) * (16 * 8)
    (tmp_path / "store.db").write_bytes(before)
    known()["store.damaged"].prepare(town)
    assert town.kiosk.mock_calls == [mock.call("issue", "--service", "civil-affairs", "--count", "3", "--no-print")]
    after = (tmp_path / "store.db").read_bytes()
    assert after == before[: 4 * PAGE] + b"\xa5" * 3 * PAGE + before[7 * PAGE :]


def test_a_moved_disk_was_opened_on_two_machines(
    town: mock.Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def open_store_in(folder: Path, identity: str, *, stamp: object, machine: str) -> Any:
        assert stamp is not None
        opened.append((folder, identity, machine))
        return SimpleNamespace(close=lambda: opened.append("closed"))

    monkeypatch.setattr(of_kiosk, "open_store_in", open_store_in)
    monkeypatch.setattr(of_kiosk.enrolment, "load", lambda _: SimpleNamespace(identity="k"))  # type: ignore[attr-defined]
    known()["store.moved"].prepare(town)
    first, second = (tmp_path, "k", "first machine"), (tmp_path, "k", "second machine")
    assert opened == [first, "closed", second, "closed"]


def test_a_forgotten_time_lies_two_weeks_before_what_a_clock_may_be_restored_from(
    town: mock.Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    with open_store(tmp_path / "data", clock) as store:

        @contextmanager
        def opened(_config: object) -> Iterator[Any]:
            yield SimpleNamespace(store=store, clock=clock)

        monkeypatch.setattr(of_kiosk, "open_store", opened)
        monkeypatch.setattr(of_kiosk, "kernel_time", lambda: 5.0)
        with pytest.raises(DemoFailed, match="NTP keeps this machine's clock"):
            known()["clock.untrusted"].prepare(town)
        assert town.mock_calls == []
        monkeypatch.setattr(of_kiosk, "kernel_time", lambda: None)
        known()["clock.untrusted"].prepare(town)
        columns = tables.store.c
        with store.read() as connection:
            row = connection.execute(
                select(columns.floor_us, columns.anchor_us, columns.anchor_boot_id, columns.anchor_boot_time_ns)
            ).one()
    former = int((clock.wall - RESTORED_FOR - timedelta(days=15)).timestamp() * 1_000_000)
    assert tuple(row) == (former, former, "a former boot", 0)
    assert town.mock_calls == [mock.call.processes.stop("central")]
    assert cast("Any", town).try_now.called is False
