"""EM4100 tags from an RDM6300: both checksums, any split, truncation and noise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card_reader.rdm6300.driver import Rdm6300Reader
from devices.card_reader.rdm6300.frames import Tag, TagAssembler, TagCheck, checksum
from tests.devices.code_scanner.splits import CUTS, every_split, pieces
from tests.devices.fake_transport import FakeTransport

# One real frame, whose checksum is the sum (lomassubedi/rfid_attendance), and the same tag by XOR.
SUM_FRAME = b"\x022E00AF0EC9B4\x03"
XOR_FRAME = b"\x022E00AF0EC946\x03"
TAG = Tag(bytes.fromhex("2E00AF0EC9"))


def tags(reads: list[bytes], check: TagCheck) -> list[Tag]:
    assembler = TagAssembler(check)
    return [tag for data in reads for tag in assembler.feed(data)]


def test_the_two_checksums() -> None:
    assert checksum(TAG.identifier, "sum") == 0xB4
    assert checksum(TAG.identifier, "xor") == 0x46


@pytest.mark.parametrize(("frame", "check"), [(SUM_FRAME, "sum"), (XOR_FRAME, "xor")])
def test_a_tag_reads_the_same_in_every_split_and_letter_case(frame: bytes, check: TagCheck) -> None:
    for form in (frame, frame.lower(), frame[:-1] + b"\r\n\x03"):
        for reads in every_split(form):
            assert tags(reads, check) == [TAG]


@pytest.mark.parametrize(("frame", "check"), [(SUM_FRAME, "xor"), (XOR_FRAME, "sum")])
def test_the_other_kind_of_checksum_is_refused_and_counted(frame: bytes, check: TagCheck) -> None:
    assembler = TagAssembler(check)
    assert assembler.feed(frame) == []
    assert assembler.bad_checksums == 1


def test_every_truncation_and_every_changed_digit_is_refused() -> None:
    for end in range(len(XOR_FRAME)):
        assert tags([XOR_FRAME[:end]], "xor") == []
    for at in range(1, 13):
        changed = XOR_FRAME[:at] + (b"1" if XOR_FRAME[at : at + 1] != b"1" else b"2") + XOR_FRAME[at + 1 :]
        assert tags([changed], "xor") == []


def test_half_a_frame_costs_only_itself() -> None:
    assert tags([XOR_FRAME[:7], XOR_FRAME, XOR_FRAME[:9] + XOR_FRAME], "xor") == [TAG, TAG]


@given(st.binary(max_size=400), CUTS)
@settings(max_examples=300, deadline=None)
def test_any_bytes_in_any_split_read_the_same_and_the_next_tag_is_read(noise: bytes, cuts: list[int]) -> None:
    assert tags(pieces(noise, cuts), "xor") == tags([noise], "xor")
    assembler = TagAssembler("xor")
    for piece in pieces(noise, cuts):
        assembler.feed(piece)
        assert len(assembler._buffer) <= 16
    assert assembler.feed(XOR_FRAME)[-1] == TAG


def test_a_tag_that_stays_near_is_one_card_and_one_that_comes_again_another() -> None:
    transport = FakeTransport()
    reader = Rdm6300Reader(transport, clock=transport.clock)
    transport.incoming += [XOR_FRAME] * 20
    card = reader.read(0.5)
    assert card is not None
    assert (card.scheme, card.identifier, card.masked) == ("em4100", TAG.identifier, "•••0EC9")
    assert "2E00" not in repr(card)
    assert reader.read(2.0) is None
    transport.incoming += [XOR_FRAME]
    assert reader.read(0.5) == card


def test_wrong_checksums_show_in_the_status() -> None:
    transport = FakeTransport()
    reader = Rdm6300Reader(transport, "xor", clock=transport.clock)
    transport.incoming += [SUM_FRAME, SUM_FRAME]
    assert reader.read(0.5) is None
    assert reader.status().detail == "checksum x2"
