"""Each bound of the data folder on both sides: who may read it, whether it takes writes, how much room there is."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.doctor import disk
from kiosk.doctor.disk import check_disk, check_modes, check_room, check_writing

BLOCK = 4096


@pytest.mark.parametrize(
    ("free", "inodes", "left", "expected"),
    [
        (1_000_000_000, 10**6, 2_000, "ok"),
        (1_000_000_000 - BLOCK, 10**6, 2_000, "warning"),
        (200_000_000, 10**6, 2_000, "warning"),
        (200_000_000 - BLOCK, 10**6, 2_000, "problem"),
        (1_000_000_000, 10**6, 1_999, "problem"),
        (1_000_000_000, 0, 0, "ok"),  # btrfs counts none
        (1_000_000_000 - BLOCK, 0, 0, "warning"),
    ],
)
def test_free_bytes_and_inodes_are_judged_at_their_bounds(
    monkeypatch: pytest.MonkeyPatch, free: int, inodes: int, left: int, expected: str
) -> None:
    # A block that divides the bounds, so that a disk can have just so many bytes.
    found = SimpleNamespace(f_bavail=free // 512, f_frsize=512, f_files=inodes, f_favail=left)
    monkeypatch.setattr(disk.os, "statvfs", lambda _: found)  # type: ignore[attr-defined]
    finding = check_room(Path("any"))
    assert (finding.check, finding.verdict.value, bool(finding.todo)) == ("free disk", expected, expected != "ok")
    assert finding.found == f"{free / 1e9:.1f} GB free"


@pytest.mark.parametrize(
    ("name", "mode", "folder", "expected"),
    [
        ("keys/signing.key", 0o600, 0o750, ("keys", "ok")),
        ("keys/signing.key", 0o640, 0o750, ("keys", "problem")),
        ("keys/signing.key", 0o601, 0o750, ("keys", "problem")),
        ("keys/signing.pub", 0o644, 0o750, ("keys", "ok")),
        ("enrolment-2.json", 0o604, 0o750, ("keys", "problem")),
        ("enrolment.json", 0o600, 0o752, ("data folder", "problem")),
        ("enrolment.json", 0o600, 0o775, ("keys", "ok")),
    ],
)
def test_secrets_are_the_kiosk_user_s_alone(
    tmp_path: Path, name: str, mode: int, folder: int, expected: tuple[str, str]
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    path.chmod(mode)
    tmp_path.chmod(folder)
    found = check_modes(tmp_path)
    assert (found.check, found.verdict.value) == expected
    assert (path.name in found.found) == (expected == ("keys", "problem"))


@pytest.mark.parametrize("fails", [None, "write", "flush", "fsync"])
def test_a_write_a_flush_and_a_sync_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str | None
) -> None:
    did: list[Any] = []

    class Probe:
        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            did.append("closed")

        def write(self, data: bytes) -> None:
            self.do("write")
            assert len(data) == BLOCK

        def flush(self) -> None:
            self.do("flush")

        def fileno(self) -> int:
            return 7

        def do(self, what: str) -> None:
            did.append(what)
            if fails == what:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    probe = Probe()
    monkeypatch.setattr(
        "kiosk.doctor.disk.tempfile.TemporaryFile", lambda **given: probe if given == {"dir": tmp_path} else None
    )
    monkeypatch.setattr("kiosk.doctor.disk.os.fsync", lambda number: probe.do("fsync") if number == 7 else None)
    found = check_writing(tmp_path)
    steps = ["write", "flush", "fsync"]
    assert did == [*(steps if fails is None else steps[: steps.index(fails) + 1]), "closed"]
    assert found.verdict.value == ("ok" if fails is None else "problem")
    assert (found.check, fails is None or "No space left" in found.found) == ("data folder", True)


def test_a_missing_folder_is_the_one_finding_and_a_whole_one_has_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (missing,) = check_disk(tmp_path / "none")
    assert (missing.verdict.value, missing.found) == ("problem", f"{tmp_path / 'none'} is missing")
    assert [one.check for one in check_disk(tmp_path)] == ["keys", "records", "data folder", "free disk"]
    monkeypatch.setattr(disk, "damaged_records", lambda _: ["pin", "marks"])
    found = {one.check: one for one in check_disk(tmp_path)}["records"]
    assert (found.verdict.value, found.found) == ("warning", "a copy is missing or damaged of pin, marks")
