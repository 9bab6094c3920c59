"""Frames of a line scanner: terminators, gaps, AIM identifiers, binary codes, bounds; in any split."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.code_scanner.frames import MAX_FRAME, Frame, FrameAssembler
from tests.devices.code_scanner.splits import CUTS, every_split, pieces

ID_CARD = "فاطمة#العلي#محمد#خديجة#حمص 5-3-1984#04012345678#".encode("cp1256") + b"\r\n\x00\x02tail\x03#x"


def assemble(reads: list[bytes], *, silence: bool = True) -> list[Frame]:
    assembler = FrameAssembler()
    frames = [frame for data in reads for frame in assembler.feed(data)]
    if silence and (last := assembler.end()):
        frames.append(last)
    return frames


@pytest.mark.parametrize("terminator", [b"\r", b"\n", b"\r\n", b"\x03", b""])
@pytest.mark.parametrize("start", [b"", b"\x02"])
@pytest.mark.parametrize(
    ("aim", "symbology"), [(b"", ""), (b"]Q1", "Q1"), (b"]L2", "L2"), (b"]C0", "C0")]
)  # ISO/IEC 15424; Datalogic Magellan 9800i p.437
def test_a_text_code_in_every_dress_and_every_split(
    start: bytes, aim: bytes, symbology: str, terminator: bytes
) -> None:
    for reads in every_split(start + aim + b"SY1:6BF 01" + terminator):
        assert assemble(reads) == [Frame(b"SY1:6BF 01", symbology)]


def test_a_text_code_with_terminator_needs_no_silence() -> None:
    assert assemble([b"SY1:A\r"], silence=False) == [Frame(b"SY1:A", "")]
    assert assemble([b"SY1:A"], silence=False) == []


def test_a_binary_code_keeps_its_own_line_ends_in_every_split() -> None:
    for reads in every_split(b"]L2" + ID_CARD + b"\r"):
        assert assemble(reads) == [Frame(ID_CARD, "L2")]


@pytest.mark.parametrize("terminator", [b"\r", b"\n", b"\r\n", b"\x03"])
def test_a_binary_code_loses_one_terminator_and_no_more(terminator: bytes) -> None:
    assert assemble([b"\xe3\x0d\x0a" + terminator]) in ([Frame(b"\xe3\r\n", "")], [Frame(b"\xe3\r", "")])
    assert assemble([b"\xe3x" + terminator]) == [Frame(b"\xe3x", "")]


def test_two_codes_in_one_read_and_one_code_in_two() -> None:
    assert assemble([b"SY1:A\r\nSY1:B\rSY", b"1:C\r"]) == [
        Frame(b"SY1:A", ""),
        Frame(b"SY1:B", ""),
        Frame(b"SY1:C", ""),
    ]


def test_a_start_mark_ends_a_code_that_lost_its_terminator() -> None:
    assert assemble([b"\x02SY1:A\x02SY1:B\x03"]) == [Frame(b"SY1:A", ""), Frame(b"SY1:B", "")]


def test_a_frame_of_4_kilobytes_is_kept_and_one_byte_more_is_dropped_and_counted() -> None:
    assert assemble([b"A" * MAX_FRAME + b"\r"]) == [Frame(b"A" * MAX_FRAME, "")]
    assert assemble([b"A" * MAX_FRAME, b"\r"]) == [Frame(b"A" * MAX_FRAME, "")]
    assembler = FrameAssembler()
    assert assembler.feed(b"A" * (MAX_FRAME + 1) + b"\r\nSY1:A\r") == [Frame(b"SY1:A", "")]
    assert assembler.dropped == 1


def test_what_is_too_long_is_dropped_to_its_end_however_long_it_is() -> None:
    assembler = FrameAssembler()
    for _ in range(1000):
        assert assembler.feed(b"A" * 1000) == []
    assert assembler.is_pending
    assert assembler.end() is None
    assert assembler.feed(b"SY1:A\r") == [Frame(b"SY1:A", "")]
    assert assembler.dropped == 1


def test_terminators_alone_are_no_code() -> None:
    assert assemble([b"\r\n\r\n\x03\x02"]) == []


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=8), CUTS)
@settings(max_examples=200, deadline=None)
def test_any_bytes_in_any_split_read_the_same_and_the_next_code_is_read(noise: list[bytes], cuts: list[int]) -> None:
    data = b"".join(noise)
    assert assemble(pieces(data, cuts)) == assemble([data])
    assembler = FrameAssembler()
    for piece in pieces(data, cuts):
        assembler.feed(piece)
    assembler.end()
    assert assembler.feed(b"SY1:A\r") == [Frame(b"SY1:A", "")]


@given(st.binary(max_size=20_000))
@settings(max_examples=20, deadline=None)
def test_the_buffer_stays_bounded(data: bytes) -> None:
    assembler = FrameAssembler(limit=64)
    for frame in assembler.feed(data):
        assert len(frame.payload) <= 64
    assert len(assembler._buffer) <= 64
