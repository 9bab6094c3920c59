"""Codes of claims: what a genuine one says, whose signature counts, and that no mutation is believed."""

import base64
import json
import random
from dataclasses import asdict, replace
from typing import Any

import base45
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.protocol.codes.claim_code import read_claim_code
from common.protocol.codes.issued import Forged, Genuine, IssuerKey, Unreadable, Unverified
from common.protocol.codes.signed_code import MAX_CHARACTERS, PREFIX, issuer_of
from kiosk.desk import order_code
from tests.golden import write_claim_codes
from tests.kit import order_codes
from tests.kit.claim_codes import CLAIM, CLAIMS, KEY, KID, claim_key, genuine, read, signed

GOLDEN = json.loads(write_claim_codes.CODES.read_text())
APP_KID = bytes.fromhex(GOLDEN["key"]["app_kid"])


@pytest.mark.parametrize("sample", GOLDEN["codes"], ids=lambda sample: sample["name"])
def test_a_golden_code_is_what_it_is_named(sample: dict[str, Any]) -> None:
    kid, public = bytes.fromhex(GOLDEN["key"]["kid"]), base64.b64decode(GOLDEN["key"]["public_key"])
    found = read_claim_code(sample["code"], keys={kid: IssuerKey(kid, public)}, others={APP_KID})
    assert type(found).__name__.lower() == sample["is"]
    if isinstance(found, Genuine):
        assert asdict(found.said) == sample["claim"]


def test_the_golden_codes_are_what_is_composed_today() -> None:
    assert GOLDEN["codes"] == write_claim_codes.samples()


def test_a_genuine_code_says_all_that_central_said() -> None:
    assert read(genuine() + "\r\n") == Genuine(CLAIM)
    assert read(genuine(replace(CLAIM, kind="afar"))) == Genuine(replace(CLAIM, kind="afar"))
    assert issuer_of(genuine()) == "claims"
    assert len(genuine()) <= 300  # about 23 mm on paper


def test_a_key_signs_for_one_issuer() -> None:
    by_app = signed(CLAIMS, order_codes.KEY, order_codes.KID)
    assert read(by_app, others={order_codes.KID}) == Forged("issuer")
    order = signed(order_codes.CLAIMS, KEY, KID)
    assert order_codes.read(order, others={KID}) == order_code.Forged("issuer")
    assert isinstance(read(order), Unreadable)
    assert isinstance(order_codes.read(genuine()), order_code.Unreadable)


def test_a_key_that_is_not_known_here_proves_nothing_either_way() -> None:
    assert read(genuine(), keys={}) == Unverified("unknown-key", CLAIM)
    assert read(signed(CLAIMS, order_codes.KEY)) == Forged("signature")


def test_what_a_key_signed_stays_good_after_its_rotation_and_nothing_that_it_signs_later() -> None:
    assert read(genuine(), claim_key(signs_until=CLAIM.issued + 1)) == Genuine(CLAIM)
    assert read(genuine(), claim_key(signs_until=CLAIM.issued)) == Forged("key-rotated")


def test_a_retired_key_is_believed_by_nobody_who_does_not_know_the_claim_otherwise() -> None:
    assert read(genuine(), claim_key(is_retired=True)) == Unverified("key-retired", CLAIM)
    assert read(signed(CLAIMS, order_codes.KEY), claim_key(is_retired=True)) == Forged("signature")


@pytest.mark.parametrize(
    "changes",
    [
        {1: "muamalati"},
        {4: None},
        {4: True},
        {4: float("nan")},
        {6: -1},
        {7: bytes(15)},
        {7: "0" * 16},
        {-70001: ""},
        {-70001: "a\nb"},
        {-70004: None},
        {-70101: 0},
        {-70101: 3},
        {-70101: True},
        {-70102: 1 << 63},
        {-70103: 0},
        {-70103: 1441},
        {-70104: "07941236"},
        {-70104: "٠٧٩٤١٢٣٥"},
        {-70104: 7941235},
        {-70105: -1},
        {-70105: 1.5},
    ],
    ids=repr,
)
def test_claims_of_a_wrong_kind_are_unreadable_even_when_they_are_signed(changes: dict[Any, Any]) -> None:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    assert isinstance(read(signed(claims)), Unreadable)


def test_what_no_reader_takes_is_not_composed() -> None:
    with pytest.raises(ValueError, match="digits"):
        genuine(replace(CLAIM, digits="07941236"))
    with pytest.raises(ValueError, match="characters"):
        signed(CLAIMS | {99: bytes(500)})


def mutated(rng: random.Random, message: bytes) -> str:
    """Return the code with a few bytes changed, lost, put in or exchanged, or a character of its text changed."""
    changed = bytearray(message)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(changed) or 1)
        match rng.randrange(4):
            case 0:
                changed[at : at + 1] = rng.randbytes(1)
            case 1:
                del changed[at : at + rng.randint(1, 4)]
            case 2:
                changed[at:at] = rng.randbytes(rng.randint(1, 4))
            case _:
                changed[at : at + 1] = bytes([message[at % len(message)] ^ 1 << rng.randrange(8)])
    text: str = PREFIX + base45.b45encode(bytes(changed)).decode()
    return text


def believed(tries: int, seed: int) -> int:
    """Return how many of so many mutated codes were believed."""
    rng = random.Random(seed)
    code = genuine()
    message = base45.b45decode(code.removeprefix(PREFIX))
    texts = (mutated(rng, message) for _ in range(tries))
    return sum(isinstance(read(text), Genuine) for text in texts if text != code)


def test_no_character_of_a_code_can_be_changed_or_lost() -> None:
    text = genuine()
    for at in range(len(text)):
        other = "0" if text[at] != "0" else "1"
        for changed in (text[:at], text[:at] + text[at + 1 :], text[:at] + other + text[at + 1 :]):
            assert not isinstance(read(changed), Genuine), at


@pytest.mark.parametrize("field", [-70102, 4, 6])
def test_a_stranger_s_time_that_no_calendar_knows_is_no_claim(field: int) -> None:
    assert isinstance(read(signed(CLAIMS | {field: 1 << 39}, Ed25519PrivateKey.generate())), Unreadable)


def test_no_mutation_of_a_code_is_believed() -> None:
    assert believed(3_000, 1) == 0
    assert isinstance(read("SY1:" + "A" * MAX_CHARACTERS), Unreadable)


@pytest.mark.proof
@pytest.mark.timeout(0)
def test_no_mutation_of_many_is_believed() -> None:
    assert believed(100_000, 2) == 0


def test_the_private_key_is_the_signer_s_alone() -> None:
    assert read(signed(CLAIMS, Ed25519PrivateKey.generate())) == Forged("signature")
