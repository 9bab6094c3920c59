"""What shows a payment to who has it: kept sealed for its payment alone, found by a digest; by values alone."""

from types import SimpleNamespace
from typing import Any

import pytest

from central.keys.at_rest import NotOurText, Vault, place_of_contact, place_of_item, place_of_order, place_of_staff
from central.keys.receipt_keys import Proof, keep_proof, open_proof, page_digest

FILE: Any = SimpleNamespace(secret=lambda: bytes(range(32)))


@pytest.mark.parametrize("proof", [Proof("page"), Proof("page", "seal")])
def test_a_proof_opens_for_its_payment_alone(proof: Proof) -> None:
    vault = Vault.of(FILE)
    kept = keep_proof(vault, "p1", proof)
    assert open_proof(vault, "p1", kept) == proof
    assert "page" not in kept
    with pytest.raises(NotOurText):
        open_proof(vault, "p2", kept)


def test_a_page_is_found_by_the_digest_of_its_token() -> None:
    assert page_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_no_two_places_of_the_database_are_one() -> None:
    places = [
        place_of_item("k1", "i1"), place_of_item("k1", "i2"), place_of_item("k2", "i1"), place_of_order("i1"),
        place_of_order("i2"), place_of_contact("order", "i1"), place_of_contact("claim", "i1"),
        place_of_contact("order", "i2"), place_of_staff("i1"), place_of_staff("i2"),
    ]  # fmt: skip
    assert len({*places}) == len(places)
    assert all(places)
