"""Copies in a folder without any database: which is found, which go, what is refused, and who owns what is packed."""

import io
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from central.backup import copies, key
from central.backup.copies import Manifest
from central.backup.errors import BackupError
from central.backup.key import BackupKey
from central.base import clock

NOW = datetime(2026, 11, 25, 3, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def made(folder: Path, *moments: datetime) -> list[Path]:
    """Lay down copies of these moments that hold nothing."""
    paths = [folder / f"{moment:central-%Y%m%dT%H%M%SZ}" for moment in moments]
    for path in paths:
        path.mkdir(parents=True)
    return paths


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (None, 1),
        (NOW, 1),
        (NOW - timedelta(seconds=1), 0),
        (NOW + timedelta(days=1), 2),
        (NOW - timedelta(days=9), None),
    ],
)
def test_the_newest_made_by_a_moment_is_found_that_of_the_very_second_too(
    tmp_path: Path, at: datetime | None, found: int | None
) -> None:
    paths = made(tmp_path, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1))
    (tmp_path / "central-20261125").mkdir()
    if found is not None and at is not None:
        assert copies.find(tmp_path, at) == paths[found]
    elif at is None:
        assert copies.find(tmp_path) == paths[1]
    else:
        with pytest.raises(BackupError, match=rf"^there is no copy in {tmp_path} made by 2026-11-16 03:00 UTC$"):
            copies.find(tmp_path, at)


def test_a_copy_is_found_by_itself_and_one_of_a_time_to_come_where_there_is_no_other(tmp_path: Path) -> None:
    (ahead,) = made(tmp_path / "ahead", NOW + timedelta(seconds=1))
    assert copies.find(tmp_path / "ahead") == ahead
    with pytest.raises(BackupError, match=r"^there is no copy in .* made by"):
        copies.find(tmp_path / "ahead", NOW)
    (ahead / copies.MANIFEST).touch()
    assert copies.find(ahead) == ahead
    with pytest.raises(BackupError, match=rf"^there is no copy in {tmp_path}/none$"):
        copies.find(tmp_path / "none")


def test_what_the_rule_does_not_keep_goes_by_name_and_what_is_to_come_stays(tmp_path: Path) -> None:
    days = [NOW - timedelta(days=n) for n in range(16)]
    ahead = [NOW + timedelta(seconds=1), NOW + timedelta(days=400)]
    paths = made(tmp_path, *days, NOW - timedelta(hours=26), *ahead)
    # Of fourteen days the last of each; the two before them are the last of no week or month.
    assert sorted(copies.prune(tmp_path)) == [path.name for path in (paths[15], paths[14], paths[16])]
    assert sorted(tmp_path.iterdir()) == sorted([*paths[:14], *paths[17:]])


def test_a_copy_before_an_update_at_noon_leaves_the_nights_there() -> None:
    night = datetime(2026, 11, 25, 3, tzinfo=UTC)
    made = [night - timedelta(days=1), night - timedelta(hours=15), night, night + timedelta(hours=9)]
    assert copies.kept_by_rule(made) == set(made[1:])
    assert copies.kept_by_rule([]) == set()


def signed(folder: Path, own: BackupKey, files: dict[str, bytes], told: dict[str, str] | None = None) -> Path:
    """Lay down a copy of these files with its manifest."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digests = {name: copies.digest(folder / name) for name in files} if told is None else told
    content = msgspec.json.encode(Manifest("2026-11-25T03:00:00Z", "sqlite", "x", {"kiosks": 1}, digests))
    (folder / copies.MANIFEST).write_bytes(content)
    (folder / copies.SIGNATURE).write_bytes(own.signature(content))
    return folder


def test_a_copy_is_read_where_all_its_files_are_there_unchanged(tmp_path: Path) -> None:
    own, both = key.read_or_make(tmp_path / "keys"), {copies.DATABASE: b"db", copies.FILES: b"files"}
    copy = tmp_path / "copy"
    copy.mkdir()
    signed(copy, own, both)
    assert copies.read(copy, own).files == {name: copies.digest(copy / name) for name in both}
    assert copies.size(copy) == sum(path.stat().st_size for path in copy.iterdir())
    (copy / copies.FILES).write_bytes(b"other")
    with pytest.raises(BackupError, match=rf"^the copy {copy} is damaged: files\.sealed$"):
        copies.read(copy, own)
    signed(copy, own, {copies.DATABASE: b"db"})
    with pytest.raises(BackupError, match=rf"^the copy {copy} is damaged: a file is missing$"):
        copies.read(copy, own)
    (copy / copies.DATABASE).unlink()
    with pytest.raises(
        BackupError, match=rf"^the copy {copy} can't be read: No such file .* \({copy}/database\.sealed\)"
    ):
        copies.read(copy, own)


@pytest.mark.parametrize(
    ("name", "is_its"),
    [("central-20261125T030000Z", True), ("central-20261201T030000Z", False), ("brought-here", True)],
)
def test_an_older_copy_under_another_day_s_name_is_none_of_that_day(tmp_path: Path, name: str, is_its: bool) -> None:
    own, copy = key.read_or_make(tmp_path / "keys"), tmp_path / name
    copy.mkdir()
    signed(copy, own, {copies.DATABASE: b"db", copies.FILES: b"files"})
    if is_its:
        assert copies.read(copy, own).made_at == "2026-11-25T03:00:00Z"
        return
    with pytest.raises(BackupError, match="renamed: its own name is central-20261125T030000Z"):
        copies.read(copies.find(tmp_path), own)


def test_what_is_packed_is_nobody_s_by_number_or_name(tmp_path: Path) -> None:
    for name in ("keys/a/b.key", "keys/z.key", "etc/central.env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    packed, left_out = copies._packed(tmp_path / "keys", tmp_path / "etc")
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.getnames() == ["keys/a/b.key", "keys/z.key", "settings/central.env"]
    entry = tarfile.TarInfo("x")
    entry.uid, entry.gid, entry.uname, entry.gname = 7, 8, "rana", "staff"
    plain = copies._plain(entry)
    assert (plain.uid, plain.gid, plain.uname, plain.gname, left_out) == (0, 0, "", "", [])
