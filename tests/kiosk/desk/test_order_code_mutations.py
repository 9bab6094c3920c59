"""No mutation of a genuine order code is ever believed, crashes or stalls the kiosk."""

import random
import struct
import time
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.protocol.codes.signed_code import MAX_CHARACTERS
from kiosk.desk.order_code import Forged, Genuine, OrderCode, Unreadable, Unverified
from tests.kit.order_codes import CLAIMS, KID, code_of, genuine, read, signed, signed_parts

_PARTS = signed_parts()
_MESSAGE = cbor2.dumps(cbor2.CBORTag(18, _PARTS))
_HUGE = b"\xd2\x84\x43\xa1\x01\x32\xa0\x5b\x7f\xff\xff\xff\xff\xff\xff\xff"
_DEEP = b"\x81" * 250 + b"\x00"


def _tagged(*tags: int, parts: Any = None) -> bytes:
    value: Any = _PARTS if parts is None else parts
    for tag in reversed(tags):
        value = cbor2.CBORTag(tag, value)
    return cbor2.dumps(value)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(_tagged(), id="untagged"),
        pytest.param(_tagged(18, 18), id="tagged twice"),
        pytest.param(_tagged(61, 18), id="CWT tag outside"),
        pytest.param(_tagged(18, 61), id="CWT tag inside"),
        pytest.param(_tagged(17), id="tag of COSE_Mac0"),
        pytest.param(_tagged(98), id="tag of COSE_Sign"),
        pytest.param(b"\xd8\x12" + _MESSAGE[1:], id="tag longer than needed"),
        pytest.param(_MESSAGE + b"\x00", id="a byte behind"),
        pytest.param(_MESSAGE + _MESSAGE, id="twice"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xd2", id="tag alone"),
        pytest.param(_HUGE, id="huge length"),
        pytest.param(b"\xd2\x9b\xff\xff\xff\xff\xff\xff\xff\xff", id="huge array"),
        pytest.param(b"\xd2\xbb\xff\xff\xff\xff\xff\xff\xff\xff", id="huge map"),
        pytest.param(b"\xd2" + _DEEP, id="deep"),
        pytest.param(b"\xd2" + b"\xd2" * 400, id="deep tags"),
        pytest.param(b"\xd2\x9f" + b"\x9f" * 200, id="indefinite arrays"),
        pytest.param(b"\xd2\x84" + b"\x5f\x41\x00\xff" * 4, id="indefinite strings"),
        pytest.param(_tagged(18, parts=_PARTS[:3]), id="three parts"),
        pytest.param(_tagged(18, parts=[*_PARTS, b""]), id="five parts"),
        pytest.param(_tagged(18, parts=[_PARTS[0], {4: KID}, *_PARTS[2:]]), id="unprotected kid"),
        pytest.param(_tagged(18, parts=[_PARTS[0], None, *_PARTS[2:]]), id="no unprotected header"),
        pytest.param(_tagged(18, parts=[_PARTS[0], {}, None, _PARTS[3]]), id="detached payload"),
        pytest.param(_tagged(18, parts=[b"", {}, *_PARTS[2:]]), id="empty protected header"),
        pytest.param(_tagged(18, parts="text"), id="text"),
    ],
)
def test_what_is_not_exactly_one_tagged_message_is_unreadable(message: bytes) -> None:
    assert isinstance(read(code_of(message)), Unreadable)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {1: -19},
        {4: KID},
        {1: -7, 4: KID},
        {1: -35, 4: KID},
        {1: None, 4: KID},
        {1: "Ed25519", 4: KID},
        {1: -19, 4: b""},
        {1: -19, 4: b"\x01"},
        {1: -19, 4: b"\x01\x02\x03"},
        {1: -19, 4: "ab"},
        {1: -19, 4: KID, 2: [99]},
        {1: -19, 4: KID, 16: 61},
        [1, -19, 4, KID],
        b"",
    ],
    ids=repr,
)
def test_another_protected_header_is_unreadable_even_when_it_is_signed(header: object) -> None:
    assert isinstance(read(signed(header=header)), Unreadable)


@pytest.mark.parametrize(
    "changes",
    [
        {1: "muamalat"},
        {1: 1},
        {4: None},
        {4: "2026-11-25"},
        {4: True},
        {4: float("nan")},
        {4: float("inf")},
        {4: -1},
        {4: 1 << 63},
        {6: None},
        {7: bytes(15)},
        {7: bytes(17)},
        {7: "0" * 16},
        {-70001: 7},
        {-70001: ""},
        {-70001: "a" * 65},
        {-70001: "civil\naffairs"},
        {-70002: 0},
        {-70002: 1000},
        {-70002: True},
        {-70002: 1.5},
        {-70003: True},
        {-70003: {}},
        {-70003: {1: "cbs", 2: "r", 3: -1, 4: "SYP"}},
        {-70003: {1: "cbs", 2: "r\x00", 3: 1, 4: "SYP"}},
        {-70003: [1, 2, 3, 4]},
        {-70004: None},
        {-70004: 18},
        {-70006: "text"},
        {-70007: "123456789"},
        {-70007: "12345678901"},
        {-70007: "١٢٣٤٥٦٧٨٩٠"},
        {-70007: 1234567890},
        {99: {1: {2: {3: {4: 5}}}}},
        {99: cbor2.CBORTag(2, b"\x01" * 8)},
        {99: [0] * 33},
    ],
    ids=repr,
)
def test_claims_of_a_wrong_kind_are_unreadable_even_when_they_are_signed(changes: dict[Any, Any]) -> None:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    assert isinstance(read(signed(claims)), Unreadable)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(cbor2.dumps([1, 2]), id="an array"),
        pytest.param(b"\xa2" + cbor2.dumps(CLAIMS)[1:3] * 2, id="cut off"),
        pytest.param(b"\xab\x18\x01\x00" + cbor2.dumps(CLAIMS)[1:], id="a key twice, once longer"),
        pytest.param(b"\xbf" + cbor2.dumps(CLAIMS)[1:] + b"\xff", id="indefinite map"),
        pytest.param(cbor2.dumps(CLAIMS) + b"\xf6", id="a byte behind the claims"),
        pytest.param(b"\xab\xf7\x00" + cbor2.dumps(CLAIMS)[1:], id="undefined as key"),
        pytest.param(b"\xab\x61\xff\x00" + cbor2.dumps(CLAIMS)[1:], id="text that is no UTF-8"),
    ],
)
def test_a_payload_that_reads_in_two_ways_is_unreadable_even_when_it_is_signed(payload: bytes) -> None:
    assert isinstance(read(signed(payload=payload)), Unreadable)


def test_claims_that_are_not_known_are_passed_over() -> None:
    assert isinstance(read(signed(CLAIMS | {99: "later", -70005: None})), Genuine)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SY1:",
        "SY2:ABC",
        "sy1:abc",
        "SY1:abc",
        "SY1:A",
        "SY1:::::::",
        "SY1:\u0660",
        "https://example.org/",
        "\x00" * 9,
    ],
)
def test_what_is_no_code_at_all_is_unreadable(text: str) -> None:
    assert isinstance(read(text), Unreadable)


def test_the_longest_code_is_700_characters() -> None:
    def padded(size: int) -> str:
        return signed(CLAIMS | {-70006: bytes(size)})

    longest = max(size for size in range(200, 330) if len(padded(size)) <= MAX_CHARACTERS)
    assert isinstance(read(padded(longest)), Genuine)
    assert read(padded(longest + 1)) == Unreadable("longer than 700 characters")


def _is_harmless(code: OrderCode) -> bool:
    return isinstance(code, Unreadable | Forged | Unverified)


def test_no_bit_of_a_code_can_be_turned() -> None:
    for at in range(len(_MESSAGE)):
        for bit in range(8):
            changed = bytearray(_MESSAGE)
            changed[at] ^= 1 << bit
            assert _is_harmless(read(code_of(bytes(changed)))), (at, bit)


def test_no_character_of_a_code_can_be_changed_or_lost() -> None:
    text = genuine()
    for at in range(len(text)):
        assert _is_harmless(read(text[:at])), at
        assert _is_harmless(read(text[:at] + text[at + 1 :])), at
        other = "0" if text[at] != "0" else "1"
        assert _is_harmless(read(text[:at] + other + text[at + 1 :])), at


@given(st.binary(max_size=460))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused(message: bytes) -> None:
    assert _is_harmless(read(code_of(message)))
    assert _is_harmless(read(code_of(b"\xd2" + message)))


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-9, 9), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(CLAIMS)), _JUNK)
@settings(max_examples=300, deadline=None)
def test_any_signed_claim_is_read_or_refused_and_never_crashes(claim: int, value: object) -> None:
    code = read(signed(CLAIMS | {claim: value}))
    assert isinstance(code, Genuine | Unreadable | Unverified)


@given(st.text(max_size=750))
@settings(max_examples=200, deadline=None)
def test_any_text_is_refused(text: str) -> None:
    assert _is_harmless(read(text))
    assert _is_harmless(read("SY1:" + text))


def test_two_thousand_random_mutations_are_refused_within_a_millisecond_each() -> None:
    rng = random.Random(18)
    base = _MESSAGE
    began = time.thread_time()
    for _ in range(2000):
        message = bytearray(base)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(message))
            match rng.randrange(4):
                case 0:
                    message[at] = rng.randrange(256)
                case 1:
                    del message[at : at + rng.randint(1, 9)]
                case 2:
                    message[at:at] = rng.randbytes(rng.randint(1, 9))
                case _:
                    message[at : at + 8] = struct.pack(">Q", rng.getrandbits(64))
            message = message or bytearray(b"\x00")
        if bytes(message) == base:
            continue
        text = code_of(bytes(message))
        assert _is_harmless(read(text))
    assert time.thread_time() - began < 2.0  # the making of them included


def test_a_code_of_700_characters_of_the_worst_kind_is_refused_at_once() -> None:
    for filler in (b"\x81", b"\xa1\x00", b"\xd2", b"\x9f", b"\xf9\x7e\x00", b"\x61\x61"):
        message = (b"\xd2\x84" + filler * 460)[:460]
        text = code_of(message)[:MAX_CHARACTERS]
        began = time.thread_time()
        assert _is_harmless(read(text))
        assert time.thread_time() - began < 0.5


def test_nothing_of_a_code_stands_in_the_words_of_a_refusal() -> None:
    code = read(signed(CLAIMS | {-70001: "\n\x1b[31mSECRET"}))
    assert isinstance(code, Unreadable)
    assert "SECRET" not in code.rule
