"""A lock between processes: who has it, for how long another waits, and the note that it carries."""

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from common.machine import locks
from common.machine.errors import StoreUnavailable
from common.machine.locks import FileLock, PrinterLock


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the lock waited each time, by a clock that only this moves."""
    found: list[float] = []
    monkeypatch.setattr(locks, "time", SimpleNamespace(monotonic=lambda: sum(found), sleep=found.append))
    return found


def test_one_holds_it_alone_or_several_share_it(tmp_path: Path, slept: list[float]) -> None:
    one, other = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    assert stat.S_IMODE((tmp_path / "x.lock").stat().st_mode) == 0o600
    one.acquire(exclusive=False, timeout_s=0)
    other.acquire(exclusive=False, timeout_s=0)
    with pytest.raises(StoreUnavailable, match=r"another process holds x\.lock"):
        other.acquire(exclusive=True, timeout_s=0)
    assert slept == []
    one.close()
    other.acquire(exclusive=True, timeout_s=0)
    again = FileLock(tmp_path / "x.lock")
    for exclusive in (True, False):
        with pytest.raises(StoreUnavailable):
            again.acquire(exclusive=exclusive, timeout_s=0)
    other.acquire(exclusive=False, timeout_s=0)
    again.acquire(exclusive=False, timeout_s=0)
    again.close()
    other.close()


def test_it_is_waited_for_in_short_steps_up_to_the_time_allowed(tmp_path: Path, slept: list[float]) -> None:
    one, other = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    one.acquire(exclusive=True, timeout_s=0)
    with pytest.raises(StoreUnavailable):
        other.acquire(exclusive=True, timeout_s=1.0)
    assert max(slept) <= 0.1
    assert 1.0 <= sum(slept) < 1.1
    one.close()
    other.close()


def test_a_note_is_read_by_all_and_a_shorter_one_takes_its_place(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    assert other.read_note() == ""
    one.write_note("a longer note")
    assert other.read_note() == "a longer note"
    one.write_note("short")
    assert other.read_note() == "short"
    assert (tmp_path / "x.lock").read_bytes() == b"short\n"
    one.write_note("n" * 300)
    assert other.read_note() == "n" * 200
    one.close()
    other.close()


def test_a_closed_one_takes_nothing_and_closing_twice_does_no_harm(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "x.lock")
    lock.close()
    lock.close()
    assert lock.read_note() == ""
    with pytest.raises(StoreUnavailable, match=r"x\.lock is closed"):
        lock.acquire(exclusive=True, timeout_s=0)
    with pytest.raises(StoreUnavailable, match=r"x\.lock is closed"):
        lock.write_note("x")


def test_a_disk_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreUnavailable, match=r"cannot be opened: No such file or directory"):
        FileLock(tmp_path / "none" / "x.lock")
    lock = FileLock(tmp_path / "x.lock")

    def full(*_given: object) -> int:
        raise OSError(28, "No space left on device")

    for name in ("pwrite", "ftruncate", "fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, full)
            with pytest.raises(StoreUnavailable, match=r"x\.lock cannot be written: No space left on device"):
                lock.write_note("x")
    lock.close()


def test_one_process_has_the_printer_until_it_lets_it_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Path] = []
    close = FileLock.close

    def noted(lock: FileLock) -> None:
        closed.append(lock.path)
        close(lock)

    monkeypatch.setattr(FileLock, "close", noted)
    path = tmp_path / "printer.lock"
    with PrinterLock(tmp_path) as held:
        assert held.data_dir == tmp_path
        with pytest.raises(StoreUnavailable, match=r"another process holds printer\.lock"):
            PrinterLock(tmp_path)
        assert closed == [path], "the one that was refused leaves nothing open"
    assert closed == [path, path]
    PrinterLock(tmp_path).close()
