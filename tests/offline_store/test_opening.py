"""In which order a store is looked at, made, upgraded or salvaged, and what its files say of the one before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import exc

from common.machine.errors import StoreDamaged, StoreUnavailable
from common.machine.locks import FileLock
from offline_store import opening
from offline_store.disk import migration
from offline_store.disk.database import DAMAGED_MARK, DATABASE
from offline_store.opening import LAST_EPOCH, Condition, open_store_in
from tests.kit.store import IDENTITY, MACHINE, stamp

ABSENT, OUTDATED, DAMAGED, SOUND = Condition.ABSENT, Condition.OUTDATED, Condition.DAMAGED, Condition.SOUND
SHARED, EXCLUSIVE = "shared 15.0", "exclusive 15.0"


class Lock:
    """A lock that nobody else wants; it notes how it is taken."""

    def __init__(self, did: list[str]) -> None:
        self.did = did

    def acquire(self, *, exclusive: bool, timeout_s: float) -> None:
        self.did.append(f"{'exclusive' if exclusive else 'shared'} {timeout_s}")


@pytest.mark.parametrize(
    ("found", "did"),
    [
        ([SOUND], [SHARED]),
        ([ABSENT, ABSENT, SOUND], [SHARED, EXCLUSIVE, "built", SHARED]),
        ([ABSENT, SOUND, SOUND], [SHARED, EXCLUSIVE, SHARED]),  # another process was faster
        ([OUTDATED, OUTDATED, SOUND], [SHARED, EXCLUSIVE, "upgraded", SHARED]),
        ([DAMAGED, DAMAGED, SOUND], [SHARED, "marked", EXCLUSIVE, "salvaged after epoch-1", SHARED]),
        ([DAMAGED, SOUND, SOUND], [SHARED, "marked", EXCLUSIVE, SHARED]),
        (
            [DAMAGED, DAMAGED, DAMAGED, DAMAGED],
            [SHARED, "marked", EXCLUSIVE, "salvaged after epoch-1", SHARED, "marked", EXCLUSIVE, "given up"],
        ),
        (
            [ABSENT, ABSENT, DAMAGED, DAMAGED, OUTDATED, OUTDATED],
            [
                SHARED, EXCLUSIVE, "built", SHARED, "marked", EXCLUSIVE, "salvaged after epoch-1", SHARED, EXCLUSIVE,
                "upgraded", "given up",
            ],
        ),
    ],
)  # fmt: skip
def test_a_store_is_made_sound_in_at_most_three_attempts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: list[Condition], did: list[str]
) -> None:
    said, done = iter(found), list[str]()
    monkeypatch.setattr(opening, "_examine", lambda *_: next(said))
    monkeypatch.setattr(opening, "_epoch_before", lambda *_: "epoch-1")
    monkeypatch.setattr(opening, "_build_first", lambda *_: done.append("built"))

    def upgraded(_: Path) -> Condition:
        done.append("upgraded")
        return SOUND

    monkeypatch.setattr(opening, "_upgraded", upgraded)
    monkeypatch.setattr(opening, "mark_damaged", lambda *_: done.append("marked"))
    monkeypatch.setattr(opening, "salvage_store", lambda *given: done.append(f"salvaged after {given[4]}"))
    try:
        opening._make_sound(tmp_path, cast("Any", Lock(done)), IDENTITY, stamp(), MACHINE)
    except StoreDamaged:
        done.append("given up")
    assert done == did
    assert next(said, None) is None


def test_an_upgrade_that_meets_damage_is_salvaged_and_another_fault_of_it_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(message: str, code: int) -> Any:
        error = sqlite3.DatabaseError(message)
        error.sqlite_errorcode = code

        def upgrade(_path: Path) -> None:
            raise exc.DatabaseError("select", None, error)

        return upgrade

    monkeypatch.setattr(migration, "upgrade", fails("malformed", sqlite3.SQLITE_CORRUPT))
    assert opening._upgraded(tmp_path) is DAMAGED
    monkeypatch.setattr(migration, "upgrade", fails("full", sqlite3.SQLITE_FULL))
    with pytest.raises(exc.DatabaseError):
        opening._upgraded(tmp_path)
    asked: list[Path] = []
    monkeypatch.setattr(migration, "upgrade", asked.append)
    assert (opening._upgraded(tmp_path), asked) == (SOUND, [tmp_path / DATABASE])


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[FileLock]:
    held = FileLock(tmp_path / "store.lock")
    yield held
    held.close()


def test_what_a_folder_holds_is_told_by_its_files(tmp_path: Path, lock: FileLock) -> None:
    def condition() -> Condition:
        return opening._examine(tmp_path, lock)

    database, twin = tmp_path / DATABASE, tmp_path / LAST_EPOCH
    assert condition() is ABSENT
    database.touch()
    assert condition() is ABSENT
    twin.write_text("epoch-1")
    assert condition() is DAMAGED, "there was one"
    database.unlink()
    assert condition() is DAMAGED
    twin.unlink()
    open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE).close()
    assert condition() is SOUND
    for mark in (DAMAGED_MARK, "store.salvage"):
        (tmp_path / mark).touch()
        assert condition() is DAMAGED
        (tmp_path / mark).unlink()
    for statement, found in (
        ("UPDATE alembic_version SET version_num = 'earlier'", OUTDATED), ("DELETE FROM alembic_version", DAMAGED),
    ):  # fmt: skip
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute(statement)
        assert condition() is found
    database.write_bytes(b"no database" * 500)
    assert condition() is DAMAGED


@pytest.mark.parametrize(
    ("note", "twin", "epoch"),
    [
        (None, None, None), ("epoch-1", None, "epoch-1"), ("epoch-1", b"epoch-2", "epoch-1"),
        (None, b"epoch-2", "epoch-2"), (None, b"", "torn"), ("", b"\xff", "\ufffd"),
    ],
)  # fmt: skip
def test_the_epoch_before_is_known_by_the_lock_file_or_by_its_twin(
    tmp_path: Path, lock: FileLock, note: str | None, twin: bytes | None, epoch: str | None
) -> None:
    if note is not None:
        lock.write_note(note)
    if twin is not None:
        (tmp_path / LAST_EPOCH).write_bytes(twin)
    assert opening._epoch_before(tmp_path, lock) == epoch


@pytest.mark.parametrize("is_in_use", [True, False])
@pytest.mark.parametrize("is_lost", [True, False])
@pytest.mark.parametrize("has_wal", [True, False])
def test_a_wal_is_looked_at_before_anybody_opens_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_wal: bool, is_lost: bool, is_in_use: bool
) -> None:
    wal, did = tmp_path / f"{DATABASE}-wal", list[Any]()
    if has_wal:
        wal.touch()

    class Held(Lock):
        def acquire(self, *, exclusive: bool, timeout_s: float) -> None:
            super().acquire(exclusive=exclusive, timeout_s=timeout_s)
            if is_in_use:
                raise StoreUnavailable("held")

    def has_lost_commits(path: Path) -> bool:
        did.append(path)
        return is_lost

    monkeypatch.setattr(opening, "has_lost_commits", has_lost_commits)
    opening._look_at_wal(tmp_path, cast("Any", Held(did)))
    assert did == ([] if not has_wal else ["exclusive 0"] if is_in_use else ["exclusive 0", wal])
    mark = tmp_path / DAMAGED_MARK
    is_marked = has_wal and is_lost and not is_in_use
    assert (mark.read_text() if mark.exists() else None) == ("commits in the WAL do not read" if is_marked else None)


@pytest.mark.parametrize("lost", ["twin", "note", ""])
def test_an_open_store_s_epoch_stands_in_both_files_again(tmp_path: Path, lost: str) -> None:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        epoch = store.epoch
    twin, note = tmp_path / LAST_EPOCH, tmp_path / "store.lock"
    before = twin.stat().st_ino
    if lost == "twin":
        twin.unlink()
    elif lost == "note":
        note.write_bytes(b"")
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        assert store.epoch == epoch
    assert (twin.read_text(), note.read_text().strip(), twin.stat().st_mode & 0o777) == (epoch, epoch, 0o600)
    if not lost:
        assert twin.stat().st_ino == before, "what is right is not written again"


@pytest.mark.parametrize("error", [OSError(5, "EIO", "x"), RuntimeError("ours"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["_make_sound", "burn_cut_numbers"])
def test_an_opening_that_fails_lets_the_lock_go_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(opening, step, fail)
        expected = StoreUnavailable if isinstance(error, OSError) else type(error)
        with pytest.raises(expected):
            open_store_in(tmp_path / "data", IDENTITY, stamp=stamp(), machine=MACHINE)
    held = FileLock(tmp_path / "data" / "store.lock")
    held.acquire(exclusive=True, timeout_s=0)
    held.close()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
