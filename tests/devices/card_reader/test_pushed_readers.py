"""Readers that send unasked: what is left of an earlier card is no card of the next citizen; and their simulators."""

import pytest

from devices.card_reader.magstripe.driver import MagstripeReader
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.card_reader.rdm6300.driver import Rdm6300Reader
from devices.card_reader.rdm6300.simulator import Rdm6300Simulator
from devices.protocols import Card, CardReaderStatus, DeviceState
from tests.devices.hand_line import HandLine

TAG = bytes.fromhex("2E00AF0EC9")
TAG_FRAME = b"\x022E00AF0EC946\x03"
STRIPE = b";4761739001010010=27122011758928889?"


def test_a_simulated_tag_is_repeated_fifteen_times_a_second_and_each_fault_spoils_its_frame() -> None:
    module = Rdm6300Simulator()
    assert module.tick(0.0) == b""
    module.near = TAG
    assert [module.tick(at) for at in (0.0, 0.064, 0.065, 0.2)] == [TAG_FRAME, b"", TAG_FRAME, TAG_FRAME]
    module.sends_crlf = True
    assert module.tick(1.0) == b"\x022E00AF0EC946\r\n\x03"
    module.sends_crlf, module.wrong_checksum = False, True
    assert module.tick(2.0) == b"\x022E00AF0EC9B9\x03"
    module.wrong_checksum, module.half_frame = False, True
    assert module.tick(3.0) == TAG_FRAME[:7]
    module.babble = True
    assert len(module.tick(3.0)) == 256
    assert module.receive(b"?") == b""
    by_sum = Rdm6300Simulator("sum", sends_crlf=True)
    by_sum.near = TAG
    assert by_sum.tick(0.0) == b"\x022E00AF0EC9B4\r\n\x03"


def test_a_simulated_swipe_is_sent_once_and_each_fault_spoils_it() -> None:
    swiped = MagstripeSimulator()
    assert (swiped.tick(0.0), swiped.receive(b"?")) == (b"", b"")
    swiped.swipe(STRIPE, STRIPE)
    assert [swiped.tick(0.0), swiped.tick(0.0)] == [STRIPE + STRIPE + b"\r", b""]
    swiped.half_frame = True
    swiped.swipe(STRIPE)
    assert swiped.tick(0.0) == STRIPE[:18]
    swiped.babble = True
    assert len(swiped.tick(0.0)) == 256
    with_lrc = MagstripeSimulator(sends_lrc=True)
    with_lrc.swipe(b";1?")
    with_lrc.wrong_checksum = True
    with_lrc.swipe(b";1?")
    assert with_lrc.tick(0.0) == b";1?5\r;1?4\r"


def test_a_tag_is_one_card_while_it_is_near_and_another_once_it_was_away_for_a_second() -> None:
    module = Rdm6300Simulator()
    line = HandLine(module)
    reader = Rdm6300Reader(line, clock=line.clock, sleep=line.sleep)
    module.near = TAG
    card = Card("em4100", TAG, "•••0EC9")
    assert reader.read(0.5) == card
    assert reader.read(0.5) is None
    assert line.now == pytest.approx(0.5, abs=0.1)
    reader.discard()
    assert reader.read(0.5) == card, "for the next citizen it has come"
    module.near = None
    assert reader.read(0.9) is None
    module.near = TAG
    assert reader.read(0.05) is None, "a gap of less than a second is no new card"
    module.near = None
    assert reader.read(1.1) is None
    module.near = TAG
    assert reader.read(0.5) == card


@pytest.mark.parametrize("way", ["half", "whole", "several"])
def test_what_was_read_before_a_discard_is_no_card_of_the_next_citizen(way: str) -> None:
    for name, whole in (("tag", TAG_FRAME), ("stripe", STRIPE + b"\r")):
        simulator = Rdm6300Simulator() if name == "tag" else MagstripeSimulator()
        line = HandLine(simulator)
        reader: Rdm6300Reader | MagstripeReader
        if name == "tag":
            reader = Rdm6300Reader(line, clock=line.clock, sleep=line.sleep)
        else:
            reader = MagstripeReader(line, clock=line.clock, sleep=line.sleep)
        other = TAG_FRAME.replace(b"C946", b"C847") if name == "tag" else STRIPE.replace(b"0010=", b"0028=") + b"\r"
        before = {"half": whole[:9], "whole": whole, "several": other + whole}[way]
        line.said = before
        if way != "whole":
            reader.read(0.01)  # takes in what has come, and leaves over what is not asked for
        reader.discard()
        assert reader.read(0.5) is None, name
        line.said = whole[9:] if way == "half" else b""
        assert reader.read(0.5) is None, name
        line.said = whole
        assert reader.read(0.5) is not None, name


def test_a_line_of_noise_is_a_fault_of_its_reader_and_a_swipe_in_it_is_none() -> None:
    simulator = MagstripeSimulator()
    line = HandLine(simulator)
    reader = MagstripeReader(line, clock=line.clock, sleep=line.sleep)
    line.said = b"\x00" * 20_000
    assert reader.read(0.5) is None
    assert reader.status() == CardReaderStatus(DeviceState.HARDWARE_ERROR, detail="flood")
    module = HandLine(Rdm6300Simulator())
    tags = Rdm6300Reader(module, clock=module.clock, sleep=module.sleep)
    assert tags.status() == CardReaderStatus(DeviceState.ONLINE)
    module.said = b"\x00" * 20_000
    assert tags.read(0.5) is None
    assert tags.status() == CardReaderStatus(DeviceState.HARDWARE_ERROR, detail="flood")


def test_of_many_cards_at_once_the_last_four_are_kept_and_half_of_one_is_dropped_with_noise() -> None:
    line = HandLine(MagstripeSimulator())
    reader = MagstripeReader(line, clock=line.clock, sleep=line.sleep)
    numbers = [f"476173900101{n:04d}" for n in range(6)]
    line.said = b"".join(f";{number}=2712201?\r".encode() for number in numbers)
    found = [reader.read(0.0 if n else 0.1) for n in range(5)]
    assert [card and card.masked for card in found] == [f"476173••••••{n:04d}" for n in range(2, 6)] + [None]
    line.said = STRIPE[:9]
    assert reader.read(0.01) is None
    line.said = b"\x00" * 17_000
    assert reader.read(0.5) is None
    line.sleep(10.0)
    line.said = STRIPE[9:] + b"\r"
    assert reader.read(0.5) is None, "the half before the noise is no part of it"
    line.said = STRIPE[:9]
    assert reader.read(0.01) is None
    reader.close()
    assert line.is_closed
    assert not reader._assembler.is_pending


def test_a_swipe_without_an_end_is_taken_after_a_silence_and_not_before() -> None:
    line = HandLine(MagstripeSimulator())
    reader = MagstripeReader(line, clock=line.clock, sleep=line.sleep)
    line.said = STRIPE
    assert reader.read(0.1) is None
    assert reader.read(0.13) is not None
    assert line.now == pytest.approx(0.22)
