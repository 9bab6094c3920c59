"""What a motor reader is sent, command by command, on a clock that only reader and simulator move."""

import pytest

from devices.card_reader.crt591.driver import Crt591Reader, TechnicianOrder
from devices.card_reader.crt591.frames import CardPosition, Command, Parameter, encode, frame_of
from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.errors import DeviceFault, DeviceTimeout
from devices.protocols import Card, CardReaderStatus, DeviceState, MediaState
from tests.devices.hand_line import HandLine

UID = bytes.fromhex("04a1b2c3")
NO_CARD = CardReaderStatus(DeviceState.ONLINE, MediaState.NOT_PRESENT, "")
MOVE_TO_GATE = encode(Command.MOVE, Parameter.MOVE_TO_GATE)
LOOK = encode(Command.STATUS, Parameter.STATUS_READER)
OPEN = encode(Command.ENTRY, Parameter.ENTRY_OPEN)
SHUT = encode(Command.ENTRY, Parameter.ENTRY_CLOSED)
INITIALIZE = encode(Command.INITIALIZE, Parameter.INITIALIZE_LEAVE_CARD)
DRAW_IN = encode(Command.MOVE, Parameter.MOVE_TO_CONTACTLESS)
ACTIVATE = encode(Command.CONTACTLESS, Parameter.CONTACTLESS_ACTIVATE, b"AB")
ACK, NAK = b"\x06", b"\x15"


def _told(line: HandLine) -> list[bytes]:
    """Return what was sent since the last look, without the driver's ACK for each answer."""
    told = [data for _, data in line.sent if data != ACK]
    line.sent.clear()
    return told


def _motor(simulator: Crt591Simulator | None = None) -> tuple[Crt591Reader, HandLine, Crt591Simulator]:
    simulator = simulator or Crt591Simulator(UID)
    line = HandLine(simulator)
    return Crt591Reader(line, clock=line.clock, sleep=line.sleep), line, simulator


def test_a_motor_reader_opens_its_gate_draws_the_card_in_and_gives_it_back() -> None:
    reader, line, simulator = _motor()
    assert line.sent[1:2] == [(0.0, ACK)], "each answer is acknowledged"
    assert _told(line) == [INITIALIZE, LOOK, SHUT]
    assert reader.read(0.5) is None
    assert [(at, data) for at, data in line.sent if data != ACK] == [
        (0.0, OPEN), (0.0, LOOK), (0.2, LOOK), (0.4, LOOK), (0.5, LOOK),
    ]  # fmt: skip
    _told(line)
    assert simulator.insert()
    assert not simulator.insert(), "there is one inside"
    assert reader.read(0.5) == Card("motor", UID, "•••B2C3")
    assert _told(line) == [LOOK, SHUT, DRAW_IN, ACTIVATE]
    assert reader.status() == CardReaderStatus(DeviceState.ONLINE, MediaState.PRESENT, "")
    reader.eject()
    assert _told(line) == [MOVE_TO_GATE, LOOK]
    assert reader.status() == CardReaderStatus(DeviceState.ONLINE, MediaState.ENTERING, "")
    assert simulator.take()
    assert not simulator.take(), "it has been taken"
    reader.discard()
    assert _told(line) == [LOOK]
    assert reader.status() == NO_CARD
    reader.close()
    assert (_told(line), line.is_closed) == ([], True)


def test_a_motor_reader_shuts_what_is_open_and_gives_back_what_is_inside_as_it_is_closed() -> None:
    reader, line, simulator = _motor(Crt591Simulator(UID, CardPosition.INSIDE))
    assert _told(line) == [INITIALIZE, LOOK, MOVE_TO_GATE, LOOK, SHUT]
    assert reader.status() == CardReaderStatus(DeviceState.ONLINE, MediaState.ENTERING, "card given back at start")
    simulator.take()
    reader.read(0.0)
    simulator.insert()
    _told(line)
    reader.close()
    assert _told(line) == [SHUT, LOOK, MOVE_TO_GATE, LOOK]
    assert simulator.position is CardPosition.GATE


def test_a_card_that_a_motor_reader_cannot_read_comes_out_and_its_fault_is_named() -> None:
    reader, line, simulator = _motor()
    simulator.mute_card = True
    reader.read(0.0)
    simulator.insert()
    _told(line)
    assert reader.read(0.5) is None
    assert _told(line) == [LOOK, SHUT, DRAW_IN, ACTIVATE, MOVE_TO_GATE, LOOK]
    assert reader.status() == CardReaderStatus(DeviceState.ONLINE, MediaState.ENTERING, "unreadable card")
    simulator.mute_card, simulator.position = False, CardPosition.NONE
    reader.read(0.0)
    simulator.insert()
    assert reader.read(0.5) == Card("motor", UID, "•••B2C3")
    assert reader.status().detail == ""


def test_a_motor_reader_keeps_a_card_for_a_named_technician_only_and_says_what_it_cannot() -> None:
    reader, line, simulator = _motor()
    with pytest.raises(DeviceFault, match="not possible now"):
        reader.capture(TechnicianOrder("Salma"))
    assert reader.status() == CardReaderStatus(DeviceState.HARDWARE_ERROR, MediaState.NOT_PRESENT, "not possible now")
    simulator.position = CardPosition.INSIDE
    reader.capture(TechnicianOrder("Salma"))
    assert (simulator.captured, simulator.position) == (1, CardPosition.NONE)
    assert reader.status().media is MediaState.RETRACTED
    simulator.position, simulator.jammed = CardPosition.INSIDE, True
    with pytest.raises(DeviceFault, match="jammed"):
        reader.eject()
    assert reader.status() == CardReaderStatus(DeviceState.HARDWARE_ERROR, MediaState.JAMMED, "card jammed")
    assert line.now == 0.0


def test_a_motor_reader_is_asked_three_times_and_a_broken_answer_is_asked_for_again() -> None:
    reader, line, simulator = _motor()
    _told(line)
    line.is_silent = True
    with pytest.raises(DeviceTimeout):
        reader.discard()
    assert line.sent == [(0.0, LOOK), (0.3, LOOK), (0.6, LOOK)]
    assert line.now == pytest.approx(0.9)
    assert reader.status().device is DeviceState.OFFLINE
    line.is_silent, simulator.wrong_checksum = False, True
    line.sent.clear()
    with pytest.raises(DeviceTimeout):
        reader.discard()
    assert [data for _, data in line.sent] == [LOOK, NAK, NAK, NAK]
    assert line.now == pytest.approx(0.9), "a broken answer is asked for at once"
    simulator.wrong_checksum = False
    reader.discard()
    assert reader.status() == NO_CARD


def test_half_an_answer_is_waited_for_a_second_and_not_asked_for_twice() -> None:
    reader, line, simulator = _motor()
    _told(line)
    simulator.half_frame = True
    with pytest.raises(DeviceTimeout):
        reader.discard()
    assert [data for _, data in line.sent] == [LOOK]
    assert line.now == pytest.approx(1.0)
    simulator.half_frame = False
    reader.discard()
    assert reader.status() == NO_CARD, "what came of the broken answer spoils no other"


def test_what_a_line_said_before_a_command_is_no_answer_to_it() -> None:
    reader, line, _ = _motor()
    _told(line)
    line.said = ACK + frame_of(b"P10" + bytes([CardPosition.INSIDE]) + b"00")
    reader.discard()
    assert _told(line) == [LOOK]
    assert reader.status() == NO_CARD


def test_the_beginning_of_a_long_frame_swallows_no_later_answer() -> None:
    reader, line, simulator = _motor()
    _told(line)
    whole = simulator.receive
    simulator.receive = lambda data: ACK + b"\xf2\x00\x01\xff"  # type: ignore[method-assign]
    with pytest.raises(DeviceTimeout):
        reader.discard()
    simulator.receive = whole  # type: ignore[method-assign]
    reader.discard()
    assert _told(line) == [LOOK, LOOK]
    assert line.now == pytest.approx(1.0)


def test_a_motion_has_ten_seconds_and_is_not_ordered_twice() -> None:
    reader, line, simulator = _motor()
    reader.read(0.0)
    simulator.insert()
    _told(line)
    whole = simulator.receive
    simulator.receive = lambda data: ACK if data == DRAW_IN else whole(data)  # type: ignore[method-assign]
    with pytest.raises(DeviceTimeout):
        reader.read(0.5)
    assert _told(line) == [LOOK, SHUT, DRAW_IN]
    assert line.now == pytest.approx(10.0)


def test_a_gate_is_shut_after_an_error_and_opened_for_the_next_card() -> None:
    reader, line, simulator = _motor()
    reader.read(0.0)
    _told(line)
    whole = simulator.receive
    simulator.receive = lambda data: b"" if data == LOOK else whole(data)  # type: ignore[method-assign]
    with pytest.raises(DeviceTimeout):
        reader.read(0.5)
    assert _told(line) == [LOOK, LOOK, LOOK, SHUT]
    assert not simulator.is_gate_open
    line.is_silent = True
    with pytest.raises(DeviceTimeout):
        reader.read(0.5)
    assert _told(line) == [OPEN, OPEN, OPEN], "one that was not opened is not shut"
    simulator.receive, line.is_silent = whole, False  # type: ignore[method-assign]
    assert reader.read(0.0) is None
    assert _told(line) == [OPEN, LOOK]


def test_a_gate_that_was_not_shut_after_an_error_is_shut_by_the_next_call() -> None:
    reader, line, simulator = _motor()
    reader.read(0.0)
    whole = simulator.receive
    simulator.receive = lambda data: b""  # type: ignore[method-assign]
    with pytest.raises(DeviceTimeout):
        reader.read(0.5)
    simulator.receive = whole  # type: ignore[method-assign]
    assert simulator.is_gate_open
    _told(line)
    reader.discard()
    assert _told(line) == [SHUT, LOOK]
    assert not simulator.is_gate_open


def test_a_card_that_stays_inside_is_a_fault_though_the_reader_said_that_it_moved() -> None:
    reader, line, simulator = _motor()
    simulator.position = CardPosition.INSIDE
    whole = simulator.receive
    stays = ACK + frame_of(b"P20" + bytes([CardPosition.INSIDE]) + b"00")
    simulator.receive = lambda data: stays if data == MOVE_TO_GATE else whole(data)  # type: ignore[method-assign]
    with pytest.raises(DeviceFault, match="the card did not come out") as raised:
        reader.eject()
    assert raised.value.code == "45"
    reader.close()
    assert reader.status() == CardReaderStatus(DeviceState.ONLINE, MediaState.PRESENT, "card left inside")
    assert line.is_closed
