"""Golden vectors: the wallet's envelope and the bank code's checksum, against values that others have published."""

import base64
import json
from pathlib import Path

import pytest

from central.payments.payers import emv, jwe
from central.payments.payers.amounts import read, written

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "payments.json").read_text(encoding="utf-8"))


def test_the_checksum_has_its_published_check_value() -> None:
    assert emv.crc(b"123456789") == 0x29B1  # CRC-16/CCITT-FALSE, as every catalogue of CRCs has it
    assert f"{emv.crc(GOLDEN['emv_published']['text'].encode()):04X}" == GOLDEN["emv_published"]["crc"]


def test_a_code_of_ours_ends_in_its_checksum_and_stays_as_it_was() -> None:
    made = emv.compose(**GOLDEN["emv_ours"]["fields"])
    assert made == GOLDEN["emv_ours"]["text"]
    assert made[-4:] == f"{emv.crc(made[:-4].encode()):04X}"


@pytest.mark.parametrize("vector", GOLDEN["jwe"])
def test_an_envelope_is_sealed_and_opened_as_written_down(vector: dict[str, str]) -> None:
    key, iv = base64.b64decode(vector["key"]), base64.b64decode(vector["iv"])
    assert jwe.seal(key, vector["text"].encode(), iv) == vector["token"]
    assert jwe.opened(key, vector["token"]) == vector["text"].encode()


@pytest.mark.parametrize("change", ["header", "key", "iv", "text", "tag", "form", "pad"])
def test_an_envelope_that_was_changed_does_not_open(change: str) -> None:
    vector = GOLDEN["jwe"][0]
    key, parts = base64.b64decode(vector["key"]), vector["token"].split(".")
    place = {"header": 0, "iv": 2, "text": 3, "tag": 4}
    if change in place:
        part = parts[place[change]]
        parts[place[change]] = ("B" if part[0] == "A" else "A") + part[1:]
    elif change == "key":
        key = bytes(32)
    elif change == "form":
        parts[1] = "AA"
    else:
        parts[4] += "="
    with pytest.raises(ValueError, match=r"token|key|base64url"):
        jwe.opened(key, ".".join(parts))


@pytest.mark.parametrize(("text", "minor"), [("10.50", 1050), ("0.01", 1), ("9999999999.99", 999_999_999_999)])
def test_amounts_are_whole_numbers_of_the_smallest_unit(text: str, minor: int) -> None:
    assert read(text, "SYP") == minor
    assert read(written(minor, "SYP"), "SYP") == minor


@pytest.mark.parametrize("text", ["10.505", "0", "-1", "NaN", "Infinity", "1e30", ""])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        read(text, "SYP")
