"""What is kept twice: what the log says of a copy that is lost or mended, and what cannot be read at all."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from common.machine.records import keys, record
from common.machine.records.record import RecordDamaged, copy_of, forget, is_whole, keep, mend, recall

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keep(tmp_path / "who.json", {"b": 2, "a": "نسخة"}, mode=0o600)
    return tmp_path / "who.json"


def test_a_record_lies_in_two_files_with_a_check(path: Path) -> None:
    assert copy_of(path) == path.with_name("who.copy.json")
    text = path.read_text()
    assert copy_of(path).read_text() == text
    assert text.startswith('{\n  "b": 2,\n  "a": "نسخة",\n  "check": "')
    assert text.endswith('"\n}\n')
    assert [one.stat().st_mode & 0o777 for one in (path, copy_of(path))] == [0o600, 0o600]
    assert recall(path) == {"b": 2, "a": "نسخة"}
    assert is_whole(path)
    forget(path)
    assert recall(path) is None
    assert not is_whole(path)
    forget(path)


def test_a_lost_copy_is_mended_with_a_line_in_the_log(path: Path) -> None:
    copy_of(path).unlink()
    with capture_logs() as logs:
        mend(path, mode=0o600)
        mend(path, mode=0o600)
        mend(path.with_name("none.json"))
    assert logs == [{"event": "record-mended", "log_level": "warning", "file": "who.json"}]
    assert is_whole(path)
    assert copy_of(path).stat().st_mode & 0o777 == 0o600


def test_two_damaged_copies_are_said_and_left(path: Path) -> None:
    path.write_text('{"a": 1}')
    copy_of(path).write_text("{")
    with pytest.raises(RecordDamaged, match=r"who\.json: its check does not fit"):
        recall(path)
    with capture_logs() as logs:
        mend(path)
    lost = {"event": "record-lost", "log_level": "error", "file": "who.json"}
    assert logs == [lost | {"problem": "who.json: its check does not fit"}]
    assert path.read_text() == '{"a": 1}'
    path.write_text('{"a": 1, "check": "' + "x" * 64 + '", "b": "' + "y" * 300)
    with capture_logs() as logs:
        mend(path)
    assert len(str(logs[0]["problem"])) <= 200


def test_a_disk_that_refuses_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    copy_of(path).unlink()
    monkeypatch.setattr(record, "replace_file", refuse)
    with capture_logs() as logs:
        mend(path)
    assert logs == [
        {"event": "record-not-mended", "log_level": "error", "file": "who.json", "reason": "No space left on device"}
    ]


def test_a_key_is_mended_from_what_holds_with_lines_in_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kiosk-1.key"
    keys.write_key(path, KEY)
    assert [one.stat().st_mode & 0o777 for one in (path, copy_of(path))] == [0o600, 0o600]
    assert keys.kept_in(tmp_path) == [path]
    whole = copy_of(path).read_bytes()
    copy_of(path).write_bytes(whole[:-1])
    damaged = {"event": "key-damaged", "log_level": "error", "file": "kiosk-1.key"}
    with capture_logs() as logs:
        keys.mend_keys(tmp_path)
        keys.mend_keys(tmp_path)
    assert logs == [damaged, {"event": "key-mended", "log_level": "warning", "file": "kiosk-1.key"}]
    assert copy_of(path).read_bytes() == whole
    path.write_bytes(b"x" * 31)
    copy_of(path).write_bytes(b"x" * 64)
    with capture_logs() as logs:
        assert keys.read_key(path) is None
    assert logs == [damaged] * 2
    path.unlink()
    keys.write_key(path, KEY)
    path.unlink()
    monkeypatch.setattr(keys, "write_key", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with capture_logs() as logs:
        keys.mend_keys(tmp_path)
    assert logs == [
        {"event": "key-not-mended", "log_level": "error", "file": "kiosk-1.key", "reason": "No space left on device"}
    ]


def test_a_key_that_cannot_be_read_is_no_lost_one(tmp_path: Path) -> None:
    path = tmp_path / "kiosk-1.key"
    assert keys.read_key(path) is None
    assert not keys.is_whole(path)
    path.mkdir()
    with pytest.raises(IsADirectoryError) as refused:
        keys.read_key(path)
    assert refused.value.filename == str(path)
    copy_of(path).mkdir()
    with pytest.raises(IsADirectoryError) as refused:
        keys.read_key(path)
    assert refused.value.filename == str(path), "the last that was tried"
    assert not keys.is_whole(path)
    copy_of(path).rmdir()
    path.rmdir()
    keys.write_key(path, KEY)
    assert keys.is_whole(path)
    path.unlink()
    found = keys.read_key(path)
    assert found is not None
    assert found.private_bytes_raw() == KEY.private_bytes_raw()
    assert keys.kept_in(tmp_path) == [path]
