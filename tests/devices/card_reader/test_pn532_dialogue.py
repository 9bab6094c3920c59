"""What a contactless reader's chip is sent, frame by frame, on a clock that only reader and simulator move."""

import pytest

from devices.card_reader.pn532.driver import Pn532Reader
from devices.card_reader.pn532.frames import ACK_FRAME, FROM_CHIP, TO_CHIP, WAKE_UP, Target
from devices.card_reader.pn532.frames import encode as chip_frame
from devices.card_reader.pn532.simulator import Pn532Simulator
from devices.errors import DeviceTimeout
from devices.protocols import Card, CardReaderStatus, DeviceState, MediaState
from tests.devices.hand_line import HandLine

UID = bytes.fromhex("04a1b2c3")
NO_CARD = CardReaderStatus(DeviceState.ONLINE, MediaState.NOT_PRESENT, "")


def _told(line: HandLine) -> list[bytes]:
    """Return what was sent since the last look."""
    told = [data for _, data in line.sent]
    line.sent.clear()
    return told


def _asked(command: int, data: str = "") -> bytes:
    return chip_frame(bytes([TO_CHIP, command]) + bytes.fromhex(data))


VERSION, POLL = _asked(0x02), _asked(0x4A, "0100")


def _chip() -> tuple[Pn532Reader, HandLine, Pn532Simulator]:
    simulator = Pn532Simulator()
    line = HandLine(simulator)
    return Pn532Reader(line, clock=line.clock, sleep=line.sleep), line, simulator


def test_a_contactless_reader_is_woken_set_up_and_asked_for_a_card_until_time_is_up() -> None:
    reader, line, simulator = _chip()
    assert _told(line) == [WAKE_UP, _asked(0x14, "011401"), VERSION, _asked(0x32, "05ff0102")]
    assert reader.read(0.4) is None
    assert line.sent == [(0.0, POLL), (0.15, POLL), (0.3, POLL), (0.4, POLL)]
    line.sent.clear()
    simulator.near = Target(UID, 0x0004, 0x08)
    assert reader.read(0.4) == Card("iso14443a", UID, "•••B2C3")
    assert reader.status() == CardReaderStatus(DeviceState.ONLINE, MediaState.PRESENT, "MIFARE Classic 1K")
    assert _told(line) == [POLL]
    assert reader.read(0.0) is None, "the same card is still near"
    reader.discard()
    assert _told(line) == [POLL, VERSION]
    assert reader.status() == NO_CARD
    assert reader.read(0.0) == Card("iso14443a", UID, "•••B2C3"), "for the next citizen it has come"
    reader.close()
    assert (reader.status().media, line.is_closed) == (MediaState.NOT_PRESENT, True)


def test_a_chip_that_does_not_answer_is_asked_three_times_and_told_to_stop_what_it_began() -> None:
    reader, line, simulator = _chip()
    line.sent.clear()
    line.is_silent = True
    with pytest.raises(DeviceTimeout):
        reader.discard()
    assert line.sent == [(0.0, VERSION), (0.1, VERSION), (0.2, VERSION)]
    assert line.now == pytest.approx(0.3)
    assert reader.status().device is DeviceState.OFFLINE
    line.is_silent, simulator.silent_after_ack = False, True
    line.sent.clear()
    line.now = 0.0
    with pytest.raises(DeviceTimeout):
        reader.discard()
    assert line.sent == [
        (0.0, VERSION), (0.4, ACK_FRAME), (0.4, VERSION), (0.8, ACK_FRAME), (0.8, VERSION), (1.2, ACK_FRAME),
    ]  # fmt: skip
    assert simulator.aborted == 3
    simulator.silent_after_ack = False
    reader.discard()
    assert reader.status() == NO_CARD


def test_half_an_answer_of_a_chip_spoils_no_later_one() -> None:
    reader, _, simulator = _chip()
    simulator.half_frame = True
    with pytest.raises(DeviceTimeout):
        reader.discard()
    simulator.half_frame = False
    reader.discard()
    assert reader.status() == NO_CARD


def test_a_simulated_chip_sleeps_until_it_is_woken_and_knows_four_commands() -> None:
    chip = Pn532Simulator()
    assert chip.receive(VERSION) == b""
    assert chip.receive(WAKE_UP + VERSION) == ACK_FRAME + chip_frame(bytes([FROM_CHIP, 0x03]) + b"\x32\x01\x06\x07")
    assert chip.receive(POLL) == ACK_FRAME + chip_frame(bytes([FROM_CHIP, 0x4B, 0]))
    for unknown in (_asked(0x40), chip_frame(bytes([FROM_CHIP, 0x02])), chip_frame(bytes([TO_CHIP]))):
        assert chip.receive(unknown) == ACK_FRAME + bytes.fromhex("0000ff01ff7f8100")
    assert (chip.tick(0.0), chip.aborted) == (b"", 0)
    chip.babble = True
    assert len(chip.tick(0.0)) == 256
    assert chip.tick(1.0) != chip.tick(2.0)
