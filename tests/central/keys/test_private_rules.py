"""A private file is put in three steps, each on the disk before the next, and leaves nothing else behind."""

import os
from pathlib import Path

import pytest

from central.keys.private_file import write_private


def test_content_name_and_folder_reach_the_disk_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, did = tmp_path / "key", list[str]()
    sync, replace = os.fsync, Path.replace

    def noted(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
        did.append(f"sync {name.name} {name.read_bytes()!r}" if name.is_file() else f"sync folder {path.exists()}")
        sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        did.append(f"rename {self.name} {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Path, "replace", renamed)
    fresh = f"key.{os.getpid()}.new"
    (tmp_path / fresh).write_bytes(b"of before a cut")
    before = len(list(Path("/proc/self/fd").iterdir()))
    write_private(path, b"secret")
    assert did == [f"sync {fresh} b'secret'", f"rename {fresh} key", "sync folder True"]
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"secret", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_where_the_disk_takes_nothing_all_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    write_private(path, b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"after")
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (b"before", ["key"])
