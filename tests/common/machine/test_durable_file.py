"""A small file is there whole after any cut: the old one or the new one, and the new one once the call has returned."""

import errno
import os
import random
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from common.machine.durable_file import PRIVATE, replace_file
from tests.kit.power_cut import record

OLD, NEW = b"old " * 700, b"new " * 900  # several sectors each, so that a torn write would show

_REPLACING = """
import sys
from pathlib import Path
from common.machine.durable_file import replace_file
replace_file(Path(sys.argv[1]) / "state.json", b"new " * 900)
print("kept", flush=True)
"""
_CARELESS = """
import sys
from pathlib import Path
fresh = Path(sys.argv[1]) / "state.new"
fresh.write_bytes(b"new " * 900)
fresh.replace(Path(sys.argv[1]) / "state.json")
print("kept", flush=True)
"""


def found_after_cuts(tmp_path: Path, program: str) -> set[tuple[str, bool]]:
    """Cut at every call, 20 times each; give what was found ("old", "new" or "torn") and whether it was promised."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "state.json").write_bytes(OLD)
    (data / "state.json.new").write_bytes(b"left by an earlier cut")
    recording = record([sys.executable, "-c", program, str(data)], data, tmp_path / "trace")
    assert recording.promises(len(recording.calls)) == ["kept"]
    found, chance = set(), random.Random(5)
    for cut in range(len(recording.calls) + 1):
        for again in range(20):
            folder = tmp_path / f"cut{cut}-{again}"
            folder.mkdir()
            recording.after_cut(cut, folder, chance)
            content = (folder / "state.json").read_bytes()
            found.add(({OLD: "old", NEW: "new"}.get(content, "torn"), bool(recording.promises(cut))))
    return found


@pytest.mark.usefixtures("power_cuts")
def test_a_cut_at_any_call_leaves_the_old_file_or_the_new_one_whole(tmp_path: Path) -> None:
    assert found_after_cuts(tmp_path, _REPLACING) == {("old", False), ("new", False), ("new", True)}


@pytest.mark.usefixtures("power_cuts")
def test_a_rename_without_a_sync_would_be_noticed(tmp_path: Path) -> None:
    found = found_after_cuts(tmp_path, _CARELESS)
    assert ("torn", True) in found
    assert ("old", True) in found


def full(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_disk_that_refuses_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "state.json"
    replace_file(path, OLD)
    target: tuple[object, str, Callable[..., None]] = (
        (os, "fsync", full) if step == "fsync" else (Path, "replace", full)
    )
    with monkeypatch.context() as patched:
        patched.setattr(*target)
        with pytest.raises(OSError, match="No space") as refused:
            replace_file(path, NEW)
    assert refused.value.filename == str(path)
    assert path.read_bytes() == OLD
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]


def test_writers_of_one_file_at_one_moment_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "last-epoch"
    contents = [bytes([letter]) * 5000 for letter in range(65, 73)]

    def write(content: bytes) -> None:
        for _ in range(25):
            replace_file(path, content)

    with ThreadPoolExecutor(len(contents)) as writers:
        list(writers.map(write, contents))
    assert path.read_bytes() in contents
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_private_file_is_never_readable_by_others_even_where_a_laxer_one_was_left(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    left = tmp_path / "signing.key.new"
    left.touch(mode=0o666)
    replace_file(path, NEW, mode=PRIVATE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not left.exists()
