"""PN532 frames from the byte tables of NXP UM0701-02, and the driver's exchanges under every fault."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.card_reader.pn532.driver import Pn532Reader, open_pn532
from devices.card_reader.pn532.frames import (
    ACK_FRAME,
    ERROR_FRAME,
    MAX_DATA,
    NAK_FRAME,
    WAKE_UP,
    Control,
    Frame,
    FrameDecoder,
    Target,
    encode,
    parse_target,
)
from devices.card_reader.pn532.simulator import Pn532Simulator
from devices.errors import DeviceTimeout, DeviceUnavailable, ProtocolError
from devices.protocols import DeviceState, MediaState
from devices.settings import DeviceSettings
from devices.simulation import PtyPort
from tests.devices.code_scanner.splits import CUTS, every_split, pieces
from tests.devices.fake_transport import FakeTransport

# UM0701-02: GetFirmwareVersion and its answer (7.2.2; also Adafruit's and Seeed's hosts), SAMConfiguration (7.2.10).
FIRMWARE = bytes.fromhex("0000ff02fed4022a00")
FIRMWARE_ANSWER = bytes.fromhex("0000ff06fad50332010607e800")
# A MIFARE Classic 1K with UID A1B2C3D4, by 7.3.5: NbTg, Tg, SENS_RES, SEL_RES, length, NFCID.
TARGET_ANSWER = bytes.fromhex("0000ff0cf4d54b010100040804a1b2c3d4e400")


def frames(reads: list[bytes]) -> list[Frame]:
    decoder = FrameDecoder()
    return [frame for data in reads for frame in decoder.feed(data)]


def test_commands_are_encoded_as_in_the_manual() -> None:
    assert encode(b"\xd4\x02") == FIRMWARE
    assert encode(b"\xd4\x14\x01\x14\x01") == bytes.fromhex("0000ff05fbd4140114010200")
    assert encode(b"\xd4\x4a\x01\x00") == bytes.fromhex("0000ff04fcd44a0100e100")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ACK_FRAME, Control.ACK),
        (NAK_FRAME, Control.NAK),
        (ERROR_FRAME, Control.ERROR),
        (FIRMWARE_ANSWER, bytes.fromhex("d50332010607")),
    ],
)
def test_each_frame_of_the_manual_in_every_split(data: bytes, expected: Frame) -> None:
    for before in (b"", b"\x00", b"\x55\x55\x00", b"\xff", b"\x00\x00\xff\x05"):
        for after in (b"", b"\x00\x00"):
            for reads in every_split(before + data + after):
                assert frames(reads) == [expected], (before, reads)


def test_a_target_answer_is_read() -> None:
    (data,) = frames([TARGET_ANSWER])
    assert isinstance(data, bytes)
    target = parse_target(data[2:])
    assert target == Target(bytes.fromhex("a1b2c3d4"), 0x0004, 0x08)
    assert target.kind == "MIFARE Classic 1K"
    assert "a1b2" not in repr(target)


@pytest.mark.parametrize(
    ("sel_res", "kind"),
    [
        (0x00, "MIFARE Ultralight or NTAG"), (0x08, "MIFARE Classic 1K"), (0x09, "MIFARE Mini"),
        (0x18, "MIFARE Classic 4K"), (0x20, "ISO 14443-4"), (0x28, "MIFARE Classic 1K in ISO 14443-4"),
        (0x60, "ISO 14443-4"), (4, "ISO 14443-3"),
    ],
)  # fmt: skip
def test_the_kind_of_a_card_is_told_by_sel_res(sel_res: int, kind: str) -> None:
    assert Target(b"1234", 4, sel_res).kind == kind


def test_no_target_and_impossible_targets() -> None:
    assert parse_target(b"\x00") is None
    for bad in (b"", b"\x01", b"\x01\x01\x00\x04\x08\x05abcde", b"\x01\x01\x00\x04\x08\x04abc"):
        with pytest.raises(ValueError, match=r"answer|target"):
            parse_target(bad)


@pytest.mark.parametrize("size", [1, 2, 253, 254, 255, 256, 257, MAX_DATA])
def test_normal_and_extended_frames_come_back_whole(size: int) -> None:
    data = bytes(range(256)) * 2
    assert frames([encode(data[:size])]) == [data[:size]]
    assert (encode(data[:size])[3:5] == b"\xff\xff") is (size > 255)


def test_sizes_that_the_chip_does_not_take_are_refused() -> None:
    for size in (0, MAX_DATA + 1):
        with pytest.raises(ValueError, match=f"not {size}"):
            encode(bytes(size))


def test_every_truncation_and_every_changed_byte_of_a_frame_is_refused() -> None:
    for end in range(len(FIRMWARE_ANSWER) - 1):  # the postamble may be missing
        assert frames([FIRMWARE_ANSWER[:end]]) == []
    for at in range(2, len(FIRMWARE_ANSWER) - 1):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(FIRMWARE_ANSWER)
            changed[at] ^= change
            assert bytes.fromhex("d50332010607") not in frames([bytes(changed)])


def test_an_acknowledgement_is_known_before_its_last_byte_has_come() -> None:
    assert frames([ACK_FRAME[:-1]]) == [Control.ACK]


def test_a_wrong_checksum_costs_only_its_frame() -> None:
    bad = FIRMWARE_ANSWER[:-2] + b"\x00\x00"
    assert frames([bad + ACK_FRAME + FIRMWARE_ANSWER]) == [Control.ACK, bytes.fromhex("d50332010607")]


@given(st.binary(max_size=600), CUTS)
@settings(max_examples=300, deadline=None)
def test_any_bytes_in_any_split_read_the_same_and_the_buffer_is_bounded(noise: bytes, cuts: list[int]) -> None:
    assert frames(pieces(noise, cuts)) == frames([noise])
    decoder = FrameDecoder()
    for piece in pieces(noise, cuts):
        decoder.feed(piece)
        assert len(decoder._buffer) <= MAX_DATA + 10
    decoder.feed(bytes(MAX_DATA + 10))
    assert decoder.feed(FIRMWARE_ANSWER)[-1] == bytes.fromhex("d50332010607")


def test_a_chip_that_does_not_answer_is_a_timeout_within_its_deadline() -> None:
    transport = FakeTransport()
    with pytest.raises(DeviceTimeout, match="does not answer"):
        Pn532Reader(transport, clock=transport.clock, sleep=transport.sleep)
    assert transport.now < 1.0
    assert transport.sent[0] == WAKE_UP


def test_a_chip_that_does_not_know_a_command_is_a_protocol_error() -> None:
    transport = FakeTransport()
    reader = object.__new__(Pn532Reader)  # no reader stands: its construction raises

    def answer(data: bytes) -> None:
        transport.incoming.append(ACK_FRAME + ERROR_FRAME)

    transport.write = answer  # type: ignore[method-assign]
    with pytest.raises(ProtocolError, match="does not know command 14"):
        reader.__init__(transport, clock=transport.clock, sleep=transport.sleep)  # type: ignore[misc]


def opened(port: PtyPort) -> Pn532Reader:
    return open_pn532(DeviceSettings("pn532", port.port))


def test_a_card_is_one_card_while_it_is_near_and_another_when_it_comes_again() -> None:
    simulator = Pn532Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        assert reader.read(0.0) is None
        simulator.near = Target(bytes.fromhex("04112233445566"), 0x0044, 0x00)
        card = reader.read(2.0)
        assert card is not None
        assert (card.scheme, card.identifier, card.masked) == ("iso14443a", simulator.near.uid, "•••5566")
        assert "0411" not in repr(card)
        assert reader.read(0.2) is None
        assert reader.status().media is MediaState.PRESENT
        assert reader.status().detail == "MIFARE Ultralight or NTAG"
        near, simulator.near = simulator.near, None
        assert reader.read(0.2) is None
        simulator.near = near
        assert reader.read(2.0) == card
        reader.close()


@pytest.mark.parametrize("fault", ["half_frame", "wrong_checksum", "silent_after_ack", "silent", "garbled"])
def test_a_faulty_chip_is_a_timeout_and_is_read_again_when_it_is_sound(fault: str) -> None:
    simulator = Pn532Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        simulator.near = Target(b"abcd", 4, 8)
        faulty = port if hasattr(port, fault) else simulator
        setattr(faulty, fault, True)
        with pytest.raises(DeviceTimeout):
            reader.read(0.1)
        assert reader.status().device is DeviceState.OFFLINE
        setattr(faulty, fault, False)
        assert reader.read(2.0) is not None
        assert reader.status().device is DeviceState.ONLINE
        reader.close()


def test_an_unanswered_command_is_ended_by_an_ack_from_the_host() -> None:
    simulator = Pn532Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        simulator.silent_after_ack = True
        with pytest.raises(DeviceTimeout):
            reader.discard()
        simulator.silent_after_ack = False
        reader.discard()  # the simulator has heard all before it answers this
        assert simulator.aborted == 3
        reader.close()


def test_a_babbling_chip_costs_no_more_than_its_deadlines_and_an_unplugged_one_raises() -> None:
    simulator = Pn532Simulator()
    with PtyPort(simulator) as port:
        reader = opened(port)
        simulator.babble = True
        began = time.monotonic()
        for _ in range(5):
            with contextlib.suppress(DeviceTimeout, ProtocolError):  # an answer may come through
                reader.read(0.0)
        assert time.monotonic() - began < 10
        simulator.babble = False
        assert reader.read(0.0) is None
        port.unplug()
        with pytest.raises(DeviceUnavailable):
            reader.read(0.1)
        assert reader.status().device is DeviceState.NO_DEVICE
        reader.close()
