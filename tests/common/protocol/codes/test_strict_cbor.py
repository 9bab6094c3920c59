"""What of a stranger's CBOR is read, and by which rule the rest is refused, at each bound."""

import struct

import cbor2
import pytest

from common.protocol.codes.strict_cbor import MAX_ENTRIES, StrictCborError, loads_strict, untag

UNREAD = "not decodable, or beyond a limit"


def many(entries: int, head: bytes) -> bytes:
    return head + bytes([entries]) + b"".join(b"\x18" + bytes([n + 30]) for n in range(entries))


@pytest.mark.parametrize(
    "value",
    [
        0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**64 - 1, -1, -24, -25, -(2**64), True, False, None,
        1.5, b"", b"a" * 23, b"a" * 300, "", "ب" * 40, [], [1, [2, [3]]], {}, {1: {2: {3: b"x"}}}, {"a": 1, "b": 2},
        {1: 1, "1": 2, -1: 3, -2: 4}, list(range(MAX_ENTRIES)), {n: n for n in range(MAX_ENTRIES)},
    ],
)  # fmt: skip
def test_plain_items_are_read_as_they_were_written(value: object) -> None:
    data = cbor2.dumps(value)
    assert loads_strict(data) == value
    assert type(loads_strict(data)) is type(value)
    for cut in range(len(data)):
        with pytest.raises(StrictCborError, match="ends early"):
            loads_strict(data[:cut])
    with pytest.raises(StrictCborError, match="bytes follow the item"):
        loads_strict(data + b"\x00")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "ends early"),
        (cbor2.dumps([[[[]]]]), "nested too deep"),
        (cbor2.dumps({1: {2: {3: {}}}}), "nested too deep"),
        (cbor2.dumps([[{1: []}]]), "nested too deep"),
        (b"\x81" * 399 + b"\x00", "nested too deep"),
        (b"\x81" * 100_000 + b"\x00", UNREAD),
        (many(MAX_ENTRIES + 1, b"\x98"), "too many entries"),
        (b"\xb8" + bytes([MAX_ENTRIES + 1]), "ends early"),
        (b"\x9f\xff", UNREAD),
        (b"\x5f\xff", UNREAD),
        *((bytes([info]), UNREAD) for info in (28, 29, 30, 31)),
        (b"\xc0\x00", UNREAD),
        (b"\x81\xd8\x20\x00", UNREAD),
        *((head + b"\x41\x01", UNREAD) for head in (b"\xc2", b"\xd8\x1c", b"\xd9\xd9\xf7")),  # cbor2 would read these
        (b"\xf7", "a simple value that means nothing here"),  # undefined
        (b"\xf3", "a simple value that means nothing here"),
        (b"\xf8\x20", "a simple value that means nothing here"),
        (b"\xa2\x01\x01\x01\x02", UNREAD),
        (b"\xa2\x01\x01\x18\x01\x02", UNREAD),  # the same number, written longer
        (b"\xa2\x61a\x01\x61a\x02", UNREAD),
        (b"\xa2\x61a\x01\x78\x01a\x02", UNREAD),  # the same text, written longer
        (b"\xa2\x20\x01\x38\x00\x02", UNREAD),
        (b"\xa1\x41a\x01", "a map key that is neither number nor text"),
        (b"\xa1\x80\x01", "a map key that is neither number nor text"),
        (b"\xa1\xf5\x01", "a map key that is neither number nor text"),
        (b"\x62\xff\xff", UNREAD),
        (b"\x1a\x00\x00\x00", "ends early"),
        (b"\x5b" + b"\xff" * 8, "ends early"),
        (b"\x43ab", "ends early"),
    ],
)
def test_what_could_be_read_in_two_ways_or_costs_too_much_is_refused_by_its_rule(data: bytes, rule: str) -> None:
    with pytest.raises(StrictCborError) as refused:
        loads_strict(data)
    assert str(refused.value) == rule


@pytest.mark.parametrize(("head", "form"), [(b"\xf9", ">e"), (b"\xfa", ">f"), (b"\xfb", ">d")])
def test_numbers_with_fractions_are_read_at_each_width(head: bytes, form: str) -> None:
    assert loads_strict(head + struct.pack(form, 2.5)) == 2.5


def test_keys_of_another_kind_are_other_keys() -> None:
    assert loads_strict(b"\xa2\x00\x01\x20\x02") == {0: 1, -1: 2}


@pytest.mark.parametrize("tag", [0, 18, 23])
def test_a_tag_is_taken_off_where_it_stands_in_one_byte(tag: int) -> None:
    assert untag(bytes([0xC0 | tag]) + b"rest", tag) == b"rest"
    for other in (b"", bytes([0xC0 | (tag ^ 1)]) + b"rest", b"\xd8" + bytes([tag]) + b"rest", bytes([tag])):
        with pytest.raises(StrictCborError, match=f"not tagged {tag}"):
            untag(other, tag)
