"""Swipes: ISO/IEC 7813 fields, LRC, masking; in any split, truncation and noise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card_reader.magstripe.driver import MagstripeReader
from devices.card_reader.magstripe.frames import (
    MAX_SWIPE,
    BadSwipe,
    Swipe,
    SwipeAssembler,
    SwipeCheck,
    longitudinal_check,
    mask_number,
    parse_swipe,
    passes_luhn,
)
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from tests.devices.code_scanner.splits import CUTS, every_split, pieces
from tests.devices.fake_transport import FakeTransport

SECRET = b"s" * 16
# Visa's public test number; the shapes are those of sualeh/magnetictrackparser's examples.
NUMBER = "4761739001010010"
TRACK_1 = b"%B4761739001010010^DOE/JANE ^27122011758900540000000?"
TRACK_2 = b";4761739001010010=27122011758928889?"
MASKED = "476173••••••0010"


def swipes(reads: list[bytes], check: SwipeCheck = "none") -> list[Swipe | BadSwipe]:
    assembler = SwipeAssembler(SECRET, check)
    found = [swipe for data in reads for swipe in assembler.feed(data)]
    if (last := assembler.end()) is not None:
        found.append(last)
    return found


@pytest.mark.parametrize(
    "tracks", [TRACK_1, TRACK_2, TRACK_1 + TRACK_2, b"%E?" + TRACK_2, TRACK_1 + TRACK_2 + b";1234?"]
)
@pytest.mark.parametrize("terminator", [b"\r", b"\r\n", b"\x03", b""])
def test_a_swipe_reads_the_same_in_every_split(tracks: bytes, terminator: bytes) -> None:
    for reads in every_split(tracks + terminator):
        (swipe,) = swipes(reads)
        assert isinstance(swipe, Swipe)
        assert (swipe.masked, swipe.expiry, swipe.service_code) == (MASKED, "2712", "201")
        assert swipe.passes_luhn
        assert swipe.holder.reveal() == ("DOE/JANE" if b"%B" in tracks else "")


def test_both_tracks_of_one_card_have_one_key_and_other_cards_another() -> None:
    def key(tracks: bytes, secret: bytes = SECRET) -> bytes:
        swipe = parse_swipe(tracks, secret)
        assert isinstance(swipe, Swipe)
        return swipe.key

    assert key(TRACK_1) == key(TRACK_2) == key(TRACK_1 + TRACK_2)
    assert key(TRACK_2) != key(b";4761739001010028=27122011758928889?")
    assert key(TRACK_2) != key(TRACK_2, b"t" * 16)  # another process


def test_the_number_is_nowhere_in_what_is_kept() -> None:
    swipe = parse_swipe(TRACK_1 + TRACK_2, SECRET)
    assert isinstance(swipe, Swipe)
    everything = repr(swipe) + swipe.masked + swipe.key.hex() + swipe.holder.reveal()
    assert NUMBER not in everything
    assert NUMBER[:7] not in everything
    assert NUMBER[-5:] not in everything
    assert "DOE" not in repr(swipe)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("4761739001010010", "476173••••••0010"),
        ("6304123456789012345", "630412•••••••••2345"),
        ("4222222222222", "422222•••2222"),
        ("123456789012", "••••••••9012"),
        ("12345678", "••••5678"),
    ],
)
def test_at_most_first_six_and_last_four_are_shown_and_of_short_numbers_less(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@pytest.mark.parametrize(
    ("number", "passes"), [(b"4761739001010010", True), (b"4761739001010011", False), (b"79927398713", True)]
)  # the last: ISO/IEC 7812-1's usual example
def test_luhn(number: bytes, passes: bool) -> None:
    assert passes_luhn(number) is passes


@pytest.mark.parametrize(
    ("track", "lrc"),
    [
        (b";?", b"\x34"),  # B xor F = 4
        (b";1?", b"\x35"),
        (b"%?", b"\x3a"),  # 05 xor 1F = 1A
        (b"%B?", b"\x58"),  # 1A xor 22 = 38
    ],
)  # by hand from ISO/IEC 7811-6, 7.3
def test_the_lrc_is_the_xor_of_all_characters(track: bytes, lrc: bytes) -> None:
    assert bytes([longitudinal_check(track)]) == lrc


def test_a_right_lrc_is_taken_and_a_wrong_or_missing_one_is_not() -> None:
    def with_lrc(track: bytes, change: int = 0) -> bytes:
        return track + bytes([longitudinal_check(track) ^ change])

    good = with_lrc(TRACK_1) + with_lrc(TRACK_2)
    assert isinstance(parse_swipe(good, SECRET, "lrc"), Swipe)
    assert isinstance(parse_swipe(good, SECRET, "none"), Swipe)
    assert parse_swipe(with_lrc(TRACK_1) + with_lrc(TRACK_2, 1), SECRET, "lrc") == BadSwipe("lrc")
    assert parse_swipe(TRACK_1 + TRACK_2, SECRET, "lrc") == BadSwipe("lrc")


def test_two_cards_in_one_swipe_are_refused() -> None:
    assert parse_swipe(TRACK_1 + b";4761739001010028=2712201?", SECRET) == BadSwipe("different-cards")


def test_every_truncation_of_a_track_is_refused() -> None:
    for end in range(1, len(TRACK_2)):
        assert parse_swipe(TRACK_2[:end], SECRET) == BadSwipe("track"), end
    for end in range(len(TRACK_1) + 1, len(TRACK_1 + TRACK_2)):
        assert not isinstance(parse_swipe((TRACK_1 + TRACK_2)[:end], SECRET), Swipe) or end == len(TRACK_1) + 1


def test_a_swipe_that_is_too_long_is_refused_and_the_next_is_read() -> None:
    assembler = SwipeAssembler(SECRET)
    assert assembler.feed(b"%" * (MAX_SWIPE + 1)) == []
    assert assembler.feed(b"%" * 100_000 + b"\r" + TRACK_2 + b"\r")[0] == BadSwipe("too-long")
    assert isinstance(assembler.feed(TRACK_2 + b"\r")[0], Swipe)


def test_what_is_too_long_and_has_no_terminator_ends_with_the_silence_behind_it() -> None:
    transport = FakeTransport()
    reader = MagstripeReader(transport, clock=transport.clock)
    transport.incoming += [b"%" * MAX_SWIPE, b"%"]
    assert reader.read(0.5) is None
    assert reader.status().detail == "too-long"
    transport.incoming.append(TRACK_2)
    assert reader.read(0.5) is not None


def test_half_a_swipe_is_forgotten_with_the_citizen_before_and_with_a_flood() -> None:
    transport = FakeTransport()
    reader = MagstripeReader(transport, clock=transport.clock, sleep=transport.sleep)
    transport.incoming.append(TRACK_1[:30])
    assert reader.read(0.0) is None
    reader.discard()
    transport.incoming.append(TRACK_2 + b"\r")
    assert reader.read(0.5) is not None
    assert reader.status().detail == ""


class Watched(bytearray):
    """A buffer that keeps what was in it when it was given back."""

    last = b""

    def clear(self) -> None:
        self.last = bytes(self)
        super().clear()


def test_a_swipe_that_is_too_long_is_written_over_too() -> None:
    assembler = SwipeAssembler(SECRET)
    assembler._buffer = watched = Watched()
    assembler.feed(TRACK_1)
    assembler.feed(b"9" * MAX_SWIPE)
    assert watched.last == bytes(len(TRACK_1))


def test_no_track_stays_in_the_buffer() -> None:
    assembler = SwipeAssembler(SECRET)
    assembler.feed(TRACK_1)
    held = assembler._buffer
    assembler.end()
    assert not held
    assert not assembler.is_pending


@given(st.binary(max_size=800), CUTS)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_and_the_next_swipe_is_read(noise: bytes, cuts: list[int]) -> None:
    assembler = SwipeAssembler(SECRET)
    for piece in pieces(noise, cuts):
        assert not any(isinstance(swipe, Swipe) for swipe in assembler.feed(piece))
        assert len(assembler._buffer) <= MAX_SWIPE
    assembler.feed(b"\r")
    assert isinstance(assembler.feed(TRACK_2 + b"\r")[0], Swipe)


def test_the_driver_says_why_a_swipe_was_not_taken() -> None:
    transport = FakeTransport()
    reader = MagstripeReader(transport, "lrc", clock=transport.clock)
    simulator = MagstripeSimulator(sends_lrc=True)
    simulator.wrong_checksum = True
    simulator.swipe(TRACK_2)
    transport.incoming.append(simulator.tick(0.0))
    assert reader.read(0.5) is None
    assert reader.status().detail == "lrc"
    simulator.wrong_checksum = False
    simulator.swipe(TRACK_2)
    transport.incoming.append(simulator.tick(0.0))
    card = reader.read(0.5)
    assert card is not None
    assert (card.scheme, card.masked) == ("magstripe", MASKED)
    assert reader.status().detail == ""
