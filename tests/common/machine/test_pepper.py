"""A secret of the machine over hashes of PINs: what it covers only it opens."""

from pathlib import Path

import pytest

from common.machine import pepper
from common.machine.pepper import Pepper, is_current, keep, machine_pepper, opened
from common.machine.secret_hash import hash_of_nobody, hash_secret, matches

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA"
ONE, OTHER = Pepper.of(bytes(range(32))), Pepper.of(bytes(range(1, 33)))


def test_what_is_kept_with_a_secret_only_that_opens() -> None:
    kept = keep(HASH, ONE)
    words = kept.split("$")
    assert words[:3] == ["", "peppered", ONE.name]
    assert len(ONE.name) == 8
    assert ONE.name != OTHER.name
    assert HASH not in kept
    assert [opened(kept, one) for one in (ONE, OTHER, None)] == [HASH, None, None]
    assert keep(HASH, ONE) != kept, "each time by a nonce of its own"


def test_without_a_secret_a_hash_is_kept_as_it_is() -> None:
    assert keep(HASH, None) == HASH
    assert [opened(HASH, one) for one in (None, ONE)] == [HASH, HASH]


def test_whether_a_hash_is_kept_as_the_machine_keeps_hashes_now() -> None:
    kept = keep(HASH, ONE)
    assert [is_current(kept, one) for one in (ONE, OTHER, None)] == [True, False, False]
    assert [is_current(HASH, one) for one in (ONE, None)] == [False, True]
    assert is_current("$other$name$x", None), "of another make"
    assert is_current("$peppered$name", None), "of fewer parts"


@pytest.mark.parametrize("changed", ["$peppered${}$", "$peppered${}$AAAA", "$peppered${}$!", "$peppered${}$é"])
def test_what_was_changed_opens_nothing(changed: str) -> None:
    assert opened(changed.format(ONE.name), ONE) is None


def test_a_secret_has_thirty_two_bytes_or_more() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes, this one has 31"):
        Pepper.of(bytes(31))
    assert "range" not in repr(ONE)


def test_a_machines_secret_is_the_first_that_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setattr(pepper, "PEPPER", first)
    monkeypatch.setattr(pepper, "HUBS", second)
    assert machine_pepper() is None
    second.write_bytes(bytes(range(1, 33)))
    assert machine_pepper() == OTHER
    first.write_bytes(b"short")
    assert machine_pepper() == OTHER
    first.write_bytes(bytes(range(32)))
    assert machine_pepper() == ONE
    assert machine_pepper(second) == OTHER
    assert machine_pepper(tmp_path / "none") is None


def test_a_hash_matches_its_secret_and_no_other_and_one_of_nobody_none() -> None:
    hashed = hash_secret("4711")
    assert matches(hashed, "4711")
    assert not matches(hashed, "4712")
    assert not matches("no hash", "4711")
    nobody = hash_of_nobody()
    assert nobody.rpartition("$")[0].rpartition("$")[0] == hashed.rpartition("$")[0].rpartition("$")[0], "as costly"
    assert [len(part) for part in nobody.split("$")] == [len(part) for part in hashed.split("$")]
    assert not matches(nobody, "")
    assert hash_of_nobody() != nobody
