"""Each step of putting a small file on the disk: what is synced in which order, what is closed, and what is named."""

import fcntl
import os
from pathlib import Path

import pytest

from common.machine.durable_file import replace_file, sync
from common.machine.records.record import copy_of, forget, keep, mend


class Disk:
    """What was synced, by path and descriptor; it refuses where it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.synced: list[str] = []
        self.descriptors: list[int] = []
        self.refuses: dict[str, BaseException] = {}
        monkeypatch.setattr(os, "fsync", self.fsync)

    def fsync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink().name
        self.synced.append(path)
        self.descriptors.append(descriptor)
        if path in self.refuses:
            raise self.refuses[path]

    def are_closed(self) -> bool:
        try:
            for descriptor in self.descriptors:
                os.fstat(descriptor)
        except OSError:
            return True
        return not self.descriptors


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_content_is_synced_under_its_new_name_and_then_the_folder(tmp_path: Path, disk: Disk) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    replace_file(folder / "x.json", b"new")
    assert disk.synced == ["x.json.new", "folder"]
    assert disk.are_closed()
    assert [one.name for one in folder.iterdir()] == ["x.json"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_cannot_be_synced_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, disk: Disk, error: BaseException
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"old")
    disk.refuses["x.json.new"] = error
    with pytest.raises(type(error)) as refused:
        replace_file(path, b"new")
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (b"old", ["x.json"])
    assert getattr(refused.value, "filename", str(path)) == str(path)
    assert disk.are_closed()


def test_a_folder_that_cannot_be_synced_is_named_and_the_new_file_stands(tmp_path: Path, disk: Disk) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    disk.refuses["folder"] = OSError(5, "Input/output error")
    with pytest.raises(OSError, match="Input/output error") as refused:
        replace_file(folder / "x.json", b"new")
    assert refused.value.filename == str(folder)
    assert (folder / "x.json").read_bytes() == b"new"
    assert disk.are_closed()


def test_an_error_that_names_a_file_keeps_it(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "x").touch()
    disk.refuses["x"] = OSError(5, "Input/output error", "another")
    with pytest.raises(OSError, match="another") as refused:
        sync(tmp_path / "x")
    assert refused.value.filename == "another"


def test_what_a_dead_writer_left_is_thrown_away_and_a_living_one_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "x.json.new"
    left.write_bytes(b"half")
    flock, taken = fcntl.flock, list[bool]()

    def noted(descriptor: int, how: int) -> None:
        assert how == fcntl.LOCK_EX
        taken.append(os.fstat(descriptor).st_size > 0)
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", noted)
    replace_file(tmp_path / "x.json", b"new")
    assert taken == [True, False], "the lock of what is there, then that of its own"
    assert (tmp_path / "x.json").read_bytes() == b"new"
    assert not left.exists()


def test_a_lock_that_is_refused_leaves_no_descriptor_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refused(descriptor: int, _: int) -> None:
        asked.append(descriptor)
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    with pytest.raises(OSError, match="No locks available"):
        replace_file(tmp_path / "x.json", b"new")
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(asked[0])


def test_what_is_nobody_s_secret_may_be_read_by_all(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        replace_file(tmp_path / "x.json", b"new")
        keep(tmp_path / "kept.json", {})
        keep(tmp_path / "mended.json", {})
        copy_of(tmp_path / "mended.json").unlink()
        mend(tmp_path / "mended.json")
    finally:
        os.umask(mask)
    assert {one.name: oct(one.stat().st_mode & 0o777) for one in tmp_path.iterdir()} == dict.fromkeys(
        ("x.json", "kept.json", "kept.copy.json", "mended.json", "mended.copy.json"), "0o644"
    )


def test_a_record_that_is_let_go_is_gone_after_a_cut_too(tmp_path: Path, disk: Disk) -> None:
    keep(tmp_path / "who.json", {})
    disk.synced.clear()
    forget(tmp_path / "who.json")
    assert (disk.synced, list(tmp_path.iterdir())) == ([tmp_path.name], [])


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"other")
    (tmp_path / "x.json.new").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        replace_file(tmp_path / "x.json", b"new")
    assert (tmp_path / "other").read_bytes() == b"other"
