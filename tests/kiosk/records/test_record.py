"""What is kept twice outlives whatever a disk does to one of its copies, and is never believed with a bit turned."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.doctor.finding import Verdict
from common.machine.records import keys
from common.machine.records.record import RecordDamaged, copy_of, forget, is_whole, keep, mend, recall
from kiosk.delivery import enrolment
from kiosk.doctor.disk import check_records
from kiosk.records import names
from kiosk.records.all_records import damaged_records, mend_records
from tests.kiosk.doctor.enrolled import enrol_by_hand

RECORD = {"digit": 2, "centre": "homs-main", "keys": [{"kid": "0a0b"}], "name": "نسخة", "none": None}
NEWER = {**RECORD, "digit": 3}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def turned(data: bytes, chance: random.Random) -> bytes:
    """Turn one bit."""
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda _: None,
    "empty": lambda _: b"",
    "zeroes": lambda data: bytes(len(data)),
    "torn": lambda data: data[: len(data) // 2],
    "noise": lambda data: random.Random(1).randbytes(len(data)),
    "no text": lambda data: data[:20] + b"\xff" + data[21:],
    "brackets": lambda _: b"[" * 100_000,
    "another": lambda _: b"null",
}


def damage(path: Path, how: Callable[[bytes], bytes | None]) -> None:
    damaged = how(path.read_bytes())
    if damaged is None:
        path.unlink()
    else:
        path.write_bytes(damaged)


@pytest.mark.parametrize("how", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_damaged_copy_costs_nothing_and_is_made_anew(
    tmp_path: Path, how: Callable[[bytes], bytes | None], is_first: bool
) -> None:
    path, key = tmp_path / "enrolment.json", tmp_path / "kiosk-1.key"
    keep(path, RECORD)
    keys.write_key(key, KEY)
    whole = {each: each.read_bytes() for each in tmp_path.iterdir()}
    for each in (path, key):
        damage(each if is_first else copy_of(each), how)
    assert recall(path) == RECORD
    found = keys.read_key(key)
    assert found is not None
    assert found.private_bytes_raw() == KEY.private_bytes_raw()
    assert not is_whole(path)
    assert not keys.is_whole(key)
    mend(path)
    keys.mend_keys(tmp_path)
    assert {each: each.read_bytes() for each in tmp_path.iterdir()} == whole


def test_a_turned_bit_is_never_believed(tmp_path: Path) -> None:
    chance, path, key = random.Random(5), tmp_path / "enrolment.json", tmp_path / "kiosk-1.key"
    keep(path, RECORD)
    keys.write_key(key, KEY)
    for place in (path, copy_of(path), key, copy_of(key)) * 60:
        whole = place.read_bytes()
        place.write_bytes(turned(whole, chance))
        assert recall(path) == RECORD
        found = keys.read_key(key)
        assert found is not None
        assert found.private_bytes_raw() == KEY.private_bytes_raw()
        place.write_bytes(whole)


@pytest.mark.parametrize("step", range(3))
def test_a_disk_that_refuses_half_way_leaves_the_old_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    path, steps, replace = tmp_path / "trips.json", iter(range(9)), Path.replace
    keep(path, RECORD)

    def refuse(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        if step < 2:
            with pytest.raises(OSError, match="No space"):
                keep(path, NEWER)
        else:
            keep(path, NEWER)
    assert recall(path) == (RECORD if step < 2 else NEWER)


def test_two_damaged_copies_are_said_and_none_is_none(tmp_path: Path) -> None:
    path = tmp_path / "enrolment.json"
    assert recall(path) is None
    keep(path, RECORD)
    copy_of(path).write_bytes(b"")
    path.write_bytes(path.read_bytes().replace(b"2", b"3", 1))
    with pytest.raises(RecordDamaged, match=r"^enrolment\.json: its check"):
        recall(path)
    forget(path)
    assert recall(path) is None
    assert list(tmp_path.iterdir()) == []


def test_one_that_has_lost_its_check_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "enrolment.json"
    path.write_text('{"digit": 2}')
    with pytest.raises(RecordDamaged, match=r"^enrolment\.json: its check"):
        recall(path)


def test_a_key_without_its_second_file_gets_one(tmp_path: Path) -> None:
    key = tmp_path / "kiosk-1.key"
    key.write_bytes(KEY.private_bytes_raw())
    keys.mend_keys(tmp_path)
    assert keys.is_whole(key)


def test_a_kiosk_whose_disk_turned_a_bit_of_its_digit_gives_no_other_kiosks_numbers(tmp_path: Path) -> None:
    enrol_by_hand(tmp_path)
    mend_records(tmp_path)
    path = tmp_path / names.ENROLMENT
    assert enrolment.load(tmp_path).digit == 2
    path.write_bytes(path.read_bytes().replace(b'"digit": 2', b'"digit": 3'))
    assert enrolment.load(tmp_path).digit == 2


def test_doctor_names_what_lost_a_copy_until_the_kiosk_starts(tmp_path: Path) -> None:
    enrol_by_hand(tmp_path)
    keep(tmp_path / names.SETTINGS, {"speech.volume": 10})
    mend_records(tmp_path)
    assert check_records(tmp_path).verdict is Verdict.OK
    key = next((tmp_path / "keys").glob("*.copy.key"))
    key.unlink()
    (tmp_path / names.SETTINGS).write_bytes(b"")
    finding = check_records(tmp_path)
    assert finding.verdict is Verdict.WARNING
    assert names.SETTINGS in finding.found
    assert "keys/" in finding.found
    mend_records(tmp_path)
    assert damaged_records(tmp_path) == []
    assert {path.stat().st_mode & 0o777 for path in (key, tmp_path / names.ENROLMENT)} == {0o600}
