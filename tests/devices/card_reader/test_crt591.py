"""CRT-591: frames from public hosts' bytes; a citizen's card is given back whatever happens."""

import contextlib
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card_reader.crt591.driver import Crt591Reader, TechnicianOrder, open_crt591
from devices.card_reader.crt591.frames import (
    CardPosition,
    Command,
    Control,
    Frame,
    FrameDecoder,
    Negative,
    Parameter,
    Positive,
    Request,
    encode,
    frame_of,
    parse_uid,
)
from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.errors import DeviceFault, DeviceTimeout, DeviceUnavailable
from devices.protocols import DeviceState, MediaState
from devices.settings import DeviceSettings
from devices.simulation import PtyPort
from tests.devices.code_scanner.splits import CUTS, every_split, pieces
from tests.devices.fake_transport import FakeTransport

# Built by hand by the rule of CRT591_Com.cs SendCommand: F2, address, length (data + 3), 43 CM PM, 03, XOR of all.
INITIALIZE = bytes.fromhex("f200000343303303b2")
STATUS_ANSWER = bytes.fromhex("f20000065031303030300396")
JAM_ANSWER = bytes.fromhex("f20000054e3239313003b0")


def frames(reads: list[bytes]) -> list[Frame]:
    decoder = FrameDecoder()
    return [frame for data in reads for frame in decoder.feed(data)]


def test_a_command_is_encoded_as_public_hosts_do() -> None:
    assert encode(Command.INITIALIZE, Parameter.INITIALIZE_LEAVE_CARD) == INITIALIZE


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (STATUS_ANSWER, Positive(0x31, 0x30, CardPosition.NONE, b"")),
        (JAM_ANSWER, Negative(0x32, 0x39, "10")),
        (frame_of(b"E\x32\x3910"), Negative(0x32, 0x39, "10")),  # the other firmware's head
        (INITIALIZE, Request(0x30, 0x33, b"")),
        (b"\x06", Control.ACK),
        (b"\x15", Control.NAK),
        (b"\x04", Control.EOT),
    ],
)
def test_each_frame_in_every_split_and_after_noise(data: bytes, expected: Frame) -> None:
    for before in (b"", b"\x00\xff", b"\xf2", b"\xf2\x00\xff\xff"):
        for reads in every_split(before + data):
            assert frames([*reads, bytes(6)])[-1:] == [expected], (before, reads)


def test_every_truncation_and_every_changed_byte_is_refused() -> None:
    for end in range(len(STATUS_ANSWER)):
        assert not any(isinstance(frame, Positive) for frame in frames([STATUS_ANSWER[:end]]))
    for at in range(len(STATUS_ANSWER)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(STATUS_ANSWER)
            changed[at] ^= change
            assert not any(isinstance(frame, Positive) for frame in frames([bytes(changed)])), at


def test_an_answer_for_another_address_is_passed_over() -> None:
    assert frames([frame_of(b"P100000", address=3)]) == []


def test_a_uid_is_read_and_half_of_one_is_not() -> None:
    assert parse_uid(b"A\x00\x04\x04\xa1\xb2\xc3\xd4\x08") == bytes.fromhex("a1b2c3d4")
    for bad in (b"", b"A\x00\x04", b"A\x00\x04\x05abcde", b"A\x00\x04\x07abcd"):
        assert parse_uid(bad) is None


@given(st.binary(max_size=900), CUTS)
@settings(max_examples=300, deadline=None)
def test_any_bytes_in_any_split_read_the_same_and_the_buffer_is_bounded(noise: bytes, cuts: list[int]) -> None:
    assert frames(pieces(noise, cuts)) == frames([noise])
    decoder = FrameDecoder()
    for piece in pieces(noise, cuts):
        decoder.feed(piece)
        assert len(decoder._buffer) <= 520
    decoder.feed(bytes(520))
    assert decoder.feed(STATUS_ANSWER)[-1] == Positive(0x31, 0x30, CardPosition.NONE, b"")


def opened(port: PtyPort) -> Crt591Reader:
    return open_crt591(DeviceSettings("crt591", port.port))


def insert_soon(simulator: Crt591Simulator) -> threading.Thread:
    """Push a card at the gate until it is drawn in, as a citizen does."""

    def push() -> None:
        for _ in range(1000):
            if simulator.insert():
                return
            threading.Event().wait(0.005)

    thread = threading.Thread(target=push)
    thread.start()
    return thread


def test_a_card_is_drawn_in_read_and_given_back() -> None:
    simulator = Crt591Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        assert not simulator.insert()  # the gate is shut while nobody asks
        pushing = insert_soon(simulator)
        card = reader.read(5.0)
        pushing.join()
        assert card is not None
        assert (card.scheme, card.identifier, card.masked) == ("motor", simulator.uid, "•••B2C3")
        assert reader.status().media is MediaState.PRESENT
        assert not simulator.is_gate_open
        reader.eject()
        assert reader.status().media is MediaState.ENTERING
        assert simulator.take()
        reader.close()


@pytest.mark.parametrize("leave", [Crt591Reader.discard, Crt591Reader.close])
def test_the_gate_stays_open_while_a_card_is_asked_for_and_is_shut_afterwards(
    leave: Callable[[Crt591Reader], None],
) -> None:
    moved = []

    class Gate(Crt591Simulator):
        def _answer(self, request: Request) -> bytes:
            if request.command == Command.ENTRY:
                moved.append(request.parameter)
            return super()._answer(request)

    simulator = Gate()
    with PtyPort(simulator) as port:
        reader = opened(port)
        for _ in range(3):
            assert reader.read(0.01) is None
        assert simulator.insert()  # between two reads
        leave(reader)
        reader.close()
    assert not simulator.is_gate_open
    assert simulator.position is CardPosition.GATE
    assert moved == [Parameter.ENTRY_CLOSED, Parameter.ENTRY_OPEN, Parameter.ENTRY_CLOSED]


def test_a_card_left_inside_by_a_power_cut_is_given_back_at_start() -> None:
    simulator = Crt591Simulator(position=CardPosition.INSIDE)
    with PtyPort(simulator) as port:
        reader = opened(port)
        assert simulator.position is CardPosition.GATE
        assert reader.status().detail == "card given back at start"
        assert simulator.captured == 0
        reader.close()


def test_a_card_that_is_inside_comes_out_when_the_reader_is_closed_or_nobody_wants_it() -> None:
    for leave in (Crt591Reader.close, Crt591Reader.discard):
        simulator = Crt591Simulator()
        with PtyPort(simulator) as port:
            reader = opened(port)
            pushing = insert_soon(simulator)
            assert reader.read(5.0) is not None
            pushing.join()
            leave(reader)
            assert simulator.position is CardPosition.GATE
            reader.close()


def test_a_card_that_does_not_answer_is_given_back_at_once() -> None:
    simulator = Crt591Simulator()
    simulator.mute_card = True
    with PtyPort(simulator) as port:
        reader = opened(port)
        pushing = insert_soon(simulator)
        assert reader.read(5.0) is None
        pushing.join()
        assert simulator.position is CardPosition.GATE
        assert reader.status().detail == "unreadable card"
        assert reader.status().device is DeviceState.ONLINE
        reader.close()


def test_only_a_named_technician_has_a_card_captured() -> None:
    with pytest.raises(ValueError, match="named technician"):
        TechnicianOrder("  ")
    simulator = Crt591Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        with pytest.raises(TypeError, match="TechnicianOrder"):
            reader.capture("me")  # type: ignore[arg-type]
        pushing = insert_soon(simulator)
        assert reader.read(5.0) is not None
        pushing.join()
        assert simulator.captured == 0
        reader.capture(TechnicianOrder("rana"))
        assert simulator.captured == 1
        reader.close()


def test_no_command_that_captures_is_sent_but_by_capture() -> None:
    """Whatever else is asked of the driver, the wire never carries `move to capture bin` or a capturing initialise."""
    captures = [
        encode(Command.MOVE, Parameter.MOVE_TO_CAPTURE_BIN),
        frame_of(b"C\x30\x31"),
        frame_of(b"C\x30\x35"),
    ]
    seen = bytearray()

    class Spy(Crt591Simulator):
        def receive(self, data: bytes) -> bytes:
            seen.extend(data)
            return super().receive(data)

    simulator = Spy(position=CardPosition.INSIDE)
    with PtyPort(simulator) as port:
        reader = opened(port)
        simulator.take()
        pushing = insert_soon(simulator)
        reader.read(5.0)
        pushing.join()
        reader.discard()
        simulator.jammed = True
        with pytest.raises(DeviceFault):
            reader.eject()
        reader.close()
    assert seen
    assert not any(capture in seen for capture in captures)


def test_a_jam_is_a_fault_with_its_code_and_passes() -> None:
    simulator = Crt591Simulator(position=CardPosition.INSIDE)
    simulator.jammed = True
    with PtyPort(simulator) as port:
        with pytest.raises(DeviceFault, match="card jammed") as raised:
            opened(port)
        assert raised.value.code == "10"
        simulator.jammed = False
        reader = opened(port)
        assert simulator.position is CardPosition.GATE
        assert reader.status().device is DeviceState.ONLINE
        reader.close()


@pytest.mark.parametrize("fault", ["half_frame", "wrong_checksum", "silent", "garbled"])
def test_a_faulty_reader_is_a_timeout_and_works_when_it_is_sound(fault: str) -> None:
    simulator = Crt591Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        faulty = port if hasattr(port, fault) else simulator
        setattr(faulty, fault, True)
        with pytest.raises(DeviceTimeout):
            reader.discard()
        assert reader.status().device is DeviceState.OFFLINE
        setattr(faulty, fault, False)
        reader.discard()
        assert reader.status().device is DeviceState.ONLINE
        reader.close()


def test_one_broken_answer_is_asked_for_again() -> None:
    transport = FakeTransport()

    def answer(data: bytes) -> None:
        transport.sent.append(data)
        if data == b"\x15":
            transport.incoming.append(STATUS_ANSWER)
        elif data == encode(Command.STATUS, Parameter.STATUS_READER):
            transport.incoming.append(b"\x06" + STATUS_ANSWER[:-1] + b"\x00")
        elif data != b"\x06":
            transport.incoming.append(b"\x06" + frame_of(b"P" + data[5:7] + b"000"))

    transport.write = answer  # type: ignore[method-assign]
    reader = Crt591Reader(transport, clock=transport.clock, sleep=transport.sleep)
    assert b"\x15" in transport.sent
    assert reader.status().device is DeviceState.ONLINE
    assert transport.now < 1.0  # no deadline was waited for


def test_an_unplugged_reader_keeps_its_card_and_gives_it_back_when_it_is_plugged_in() -> None:
    simulator = Crt591Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        pushing = insert_soon(simulator)
        assert reader.read(5.0) is not None
        pushing.join()
        port.unplug()
        with pytest.raises(DeviceUnavailable):
            reader.eject()
        reader.close()
        places = [simulator.position]
        port.replug()
        again = opened(port)
        places.append(simulator.position)
        assert places == [CardPosition.INSIDE, CardPosition.GATE]
        again.close()


def test_a_babbling_reader_costs_no_more_than_its_deadlines() -> None:
    simulator = Crt591Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        simulator.babble = True
        began = time.monotonic()
        for _ in range(5):
            with contextlib.suppress(DeviceTimeout, DeviceFault):  # an answer may come through
                reader.discard()
        assert time.monotonic() - began < 20
        simulator.babble = False
        reader.discard()
        assert reader.status().device is DeviceState.ONLINE
        reader.close()
