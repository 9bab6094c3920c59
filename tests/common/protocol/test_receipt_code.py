"""A receipt's code is believed where central signed it, and none that was changed."""

import base64
import json
from dataclasses import asdict, replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.protocol.codes.issued import Forged, Genuine, IssuerKey, Unreadable, Unverified
from common.protocol.codes.receipt_code import ReceiptCode, compose_receipt_code, read_receipt_code
from common.protocol.payments.setup import BillField, PaymentsSetup
from tests.golden.write_receipt_codes import CODES, KID, NOW, RECEIPT, key, samples

GOLDEN = json.loads(CODES.read_text(encoding="utf-8"))
PUBLIC = base64.b64decode(GOLDEN["key"]["public_key"])
KEY = IssuerKey(KID, PUBLIC)
WORDS: dict[type, str] = {Genuine: "genuine", Forged: "forged", Unverified: "unverified", Unreadable: "unreadable"}


def read(text: str, known: IssuerKey | None = KEY) -> ReceiptCode:
    keys = {} if known is None else {known.kid: known}
    return read_receipt_code(text, keys=keys, others=[bytes.fromhex(GOLDEN["key"]["app_kid"])])


def test_the_golden_file_is_what_this_program_writes() -> None:
    assert GOLDEN["codes"] == samples()


@pytest.mark.parametrize("sample", GOLDEN["codes"], ids=lambda one: one["name"])
def test_golden_codes_are_judged_as_they_say(sample: dict[str, Any]) -> None:
    found = read(sample["code"])
    assert WORDS[type(found)] == sample["is"]
    if isinstance(found, Genuine):
        assert asdict(found.said) == sample["receipt"]


@given(st.data())
def test_no_changed_code_is_believed(data: st.DataObject) -> None:
    code = GOLDEN["codes"][0]["code"]
    at = data.draw(st.integers(4, len(code) - 1))
    sign = data.draw(
        st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").filter(lambda one: one != code[at])
    )
    assert not isinstance(read(code[:at] + sign + code[at + 1 :]), Genuine)


def test_a_rotated_keys_later_receipts_and_a_retired_keys_are_not_believed() -> None:
    code = compose_receipt_code(RECEIPT, KID, key())
    assert isinstance(read(code, replace(KEY, signs_until=NOW + 1)), Genuine)
    assert read(code, replace(KEY, signs_until=NOW)) == Forged("key-rotated")
    assert read(code, replace(KEY, is_retired=True)) == Unverified("key-retired", RECEIPT)
    assert read(code, None) == Unverified("unknown-key", RECEIPT)


def test_a_sandboxs_receipt_is_believed_by_its_own_key_alone() -> None:
    code = compose_receipt_code(RECEIPT, KID, key(), issuer="sandbox")
    assert read(code) == Forged("issuer")
    assert isinstance(read(code, replace(KEY, issuer="sandbox")), Genuine)


@pytest.mark.parametrize("pattern", ["(a+)+", "a*", "a|b", ".+", "[^a]", "a{2000}", "", "[0-9]{4}" * 21, "^a$"])
def test_a_billers_pattern_is_none_that_takes_long_to_try(pattern: str) -> None:
    field = {"name": "subscriber", "pattern": pattern, "names": {"ar": "رقم المشترك"}}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(field, BillField)


def test_a_billers_usual_pattern_is_taken() -> None:
    field = {"name": "subscriber", "pattern": "[0-9]{8,10}", "names": {"ar": "رقم المشترك"}}
    biller = {"biller": "homs-water", "names": {"ar": "مؤسسة المياه"}, "fields": [field]}
    msgspec.convert({"pound": "new", "payers": [], "billers": [biller]}, PaymentsSetup)
