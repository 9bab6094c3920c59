"""The store, copied aside and put back, as the program does it that an update starts as the kiosk's user."""

import os
import runpy
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from updater import store_copy

HEAD = "e-1 7 abc"


@pytest.fixture(autouse=True)
def _mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder whose store's last row lies in its log alone, as after a kill."""
    folder = tmp_path / "data"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "store.db")) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE store (epoch, head_seq, head_hash)")
        store.execute("INSERT INTO store VALUES ('e-1', 7, 'abc')")
        store.commit()
    return folder


def moves_on(path: Path, seq: int) -> None:
    with closing(sqlite3.connect(path)) as store:
        store.execute("UPDATE store SET head_seq = ?", (seq,))
        store.commit()


@pytest.fixture
def synced(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was brought to the disk, under the name that it had then; no descriptor stays open."""
    found: list[str] = []
    before = len(list(Path("/proc/self/fd").iterdir()))

    def noted(descriptor: int) -> None:
        found.append(str(Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(data)))

    monkeypatch.setattr("updater.store_copy.os.fsync", noted)
    yield found
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_how_far_a_store_has_come_is_its_epoch_seq_and_hash(data: Path, tmp_path: Path) -> None:
    assert store_copy.accepted(data) == HEAD
    assert store_copy.accepted(tmp_path / "other") == "none"
    with closing(sqlite3.connect(data / "store.db")) as store:
        store.execute("DELETE FROM store")
        store.commit()
    assert store_copy.accepted(data) == "none"


def test_a_store_is_kept_whole_and_for_its_user_alone(data: Path) -> None:
    for seq in (8, 9):
        moves_on(data / "store.db", seq)
        (data / "update").mkdir(exist_ok=True)
        (data / "update/saved.new").write_text("half of one")
        store_copy.save(data)
        assert names(data / "update") == ["saved.db"]
        (data / "kept").mkdir(exist_ok=True)
        (data / "kept/store.db").write_bytes((data / "update/saved.db").read_bytes())
        assert store_copy.accepted(data / "kept") == f"e-1 {seq} abc"
    assert mode(data / "update/saved.db") == 0o600


def test_the_folder_of_copies_is_its_user_s_alone_and_without_a_store_there_is_none(data: Path, tmp_path: Path) -> None:
    store_copy.save(data)
    assert mode(data / "update") == 0o700
    store_copy.save(tmp_path)
    store_copy.restore(tmp_path)
    assert names(tmp_path) == ["data", *(f"data/{name}" for name in names(data))]


def test_the_kept_copy_takes_the_store_s_place_and_stays(data: Path) -> None:
    store_copy.restore(data)
    assert store_copy.accepted(data) == HEAD, "nothing was kept"
    store_copy.save(data)
    moves_on(data / "store.db", 20)
    store_copy.restore(data)
    assert store_copy.accepted(data) == HEAD
    assert (mode(data / "store.db"), (data / "update/saved.db").exists()) == (0o600, True)
    assert not (data / "store.db.restored").exists()


def test_what_is_copied_is_on_the_disk_before_it_takes_its_place(data: Path, synced: list[str]) -> None:
    store_copy.save(data)
    assert synced == ["update/saved.new", "update"]
    store_copy.restore(data)
    assert synced[2:] == ["store.db.restored", "."]
    store_copy.rehearse(data)
    assert synced[4:] == ["update/rehearsal/store.db"]


def test_a_log_that_a_kill_left_is_emptied_before_the_copy_takes_the_store_s_place(data: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    store_copy.save(data)
    with closing(sqlite3.connect(data / "store.db")) as store:
        store.execute("UPDATE store SET head_seq = 20")
        store.commit()
        shutil.copytree(data, killed)
    assert (killed / "store.db-wal").stat().st_size
    store_copy.restore(killed)
    assert store_copy.accepted(killed) == HEAD


def test_a_store_that_something_holds_is_not_replaced(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(store_copy, "sqlite3", SimpleNamespace(connect=lambda path, **_: connect(path, timeout=0)))
    store_copy.save(data)
    with closing(connect(data / "store.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM store").fetchall()
        moves_on(data / "store.db", 20)
        with pytest.raises(SystemExit, match=r"^the store's log can't be emptied: something still holds the store$"):
            store_copy.restore(data)
    assert store_copy.accepted(data) == "e-1 20 abc"


def test_a_rehearsal_has_all_that_a_doctor_looks_at_and_nothing_else(data: Path) -> None:
    for name in ("keys/kiosk.key", "logs/kiosk.log", "run.lock", "kiosk.sock", "update/rehearsal/of-before"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
    (data / "link").symlink_to("/nowhere")
    with closing(sqlite3.connect(data / "store.db")) as open_one:
        open_one.execute("UPDATE store SET head_seq = 8")
        open_one.commit()  # stands in the log, which is not copied as a file
        folder = Path(store_copy.rehearse(data))
    assert folder == data / "update/rehearsal"
    assert names(folder) == ["keys", "keys/kiosk.key", "link", "store.db"]
    assert (folder / "link").is_symlink()
    assert (mode(folder), mode(folder / "store.db")) == (0o700, 0o600)
    assert store_copy.accepted(folder) == "e-1 8 abc"
    (data / "store.db").unlink()
    assert names(Path(store_copy.rehearse(data))) == ["keys", "keys/kiosk.key", "link"]


def test_a_rehearsal_s_folder_is_its_user_s_alone(data: Path) -> None:
    store_copy.rehearse(data)
    assert mode(data / "update") == 0o700


def test_what_an_update_left_behind_is_removed(data: Path) -> None:
    store_copy.tidy(data)
    before = names(data)
    for name in ("update/rehearsal/x", "update/saved.new", "store.db.restored", "update/saved.db"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch()
    store_copy.tidy(data)
    assert names(data) == sorted([*before, "update", "update/saved.db"])


@pytest.mark.parametrize(
    ("what", "said", "made"),
    [
        ("accepted", f"{HEAD}\n", []),
        ("save", "", ["update/saved.db"]),
        ("rehearse", "{data}/update/rehearsal\n", ["update/rehearsal/store.db"]),
        ("restore", "", []),
        ("tidy", "", []),
    ],
)
def test_the_program_does_what_it_is_told_and_says_what_came_of_it(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
    said: str,
    made: list[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["store_copy.py", what, str(data)])
    runpy.run_path(store_copy.__file__, run_name="__main__")
    assert capsys.readouterr().out == said.format(data=data)
    assert all((data / name).exists() for name in made)
    assert os.umask(0o022) == 0o077, "what it makes is its user's alone"
