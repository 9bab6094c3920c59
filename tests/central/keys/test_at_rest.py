"""What lies sealed at rest: it opens under its key and place alone, and marks tell texts apart and nothing else."""

from types import SimpleNamespace
from typing import Any

import pytest

from central.keys import at_rest
from central.keys.at_rest import NotOurText, Vault

SECRET, OTHER = bytes(range(32)), bytes(32)


def vault_of(secret: bytes) -> Vault:
    file: Any = SimpleNamespace(secret=lambda: secret)
    return Vault.of(file)


def test_what_was_sealed_by_an_earlier_central_opens_still() -> None:
    kept = "at-rest-1:KmhKPUYbpu/jb47I+6dFvaVLZZNuo7oQRLUMKgvEebT6mAcRXryO"
    assert vault_of(SECRET).open("table/1", kept) == "Rana Khalil"
    assert vault_of(SECRET).mark("a") == "166be9a9aac85955dc92ed0cd0bf118a"


def test_a_text_opens_under_its_key_at_its_place_alone() -> None:
    vault = vault_of(SECRET)
    sealed = vault.seal("table/1", "Rana Khalil")
    assert (vault.open("table/1", sealed), "Rana" in sealed) == ("Rana Khalil", False)
    assert sealed != vault.seal("table/1", "Rana Khalil"), "no two alike"
    assert vault_of(SECRET).open("table/1", sealed) == "Rana Khalil"
    for other, place in ((vault, "table/2"), (vault_of(OTHER), "table/1")):
        with pytest.raises(NotOurText):
            other.open(place, sealed)


@pytest.mark.parametrize("text", ["", "x", "Rana", at_rest.MARK, f"{at_rest.MARK}AAAA", f"{at_rest.MARK}%%"])
def test_what_was_never_sealed_here_is_none_of_ours(text: str) -> None:
    with pytest.raises(NotOurText):
        vault_of(SECRET).open("table/1", text)


def test_a_mark_tells_texts_apart_and_is_another_under_each_key() -> None:
    vault = vault_of(SECRET)
    assert vault.mark("a") == vault_of(SECRET).mark("a")
    assert len({vault.mark("a"), vault.mark("b"), vault_of(OTHER).mark("a")}) == 3
    assert len(vault.mark("a")) == 32
