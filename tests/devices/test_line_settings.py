"""What a port is set to, in which pieces bytes are handed to it, how it is closed, and the word for each failure."""

import termios
from typing import Any, Final

import pytest
import serial

from devices.errors import DeviceTimeout, DeviceUnavailable
from devices.transport import LineSettings, SerialTransport


class FakeSerial:
    """A port of pyserial's that notes what it is told; `error` is what a write raises."""

    error: BaseException | None = None

    def __init__(self) -> None:
        self.did: list[Any] = []

    def open(self) -> None:
        self.did.append("open")

    def write(self, data: bytes) -> None:
        if self.error is not None:
            raise self.error
        self.did.append(len(data))

    def reset_output_buffer(self) -> None:
        self.did.append("reset")
        raise OSError(5, "Input/output error")

    def close(self) -> None:
        self.did.append("close")
        raise termios.error(5, "Input/output error")


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[FakeSerial]:
    found: list[FakeSerial] = []

    def make() -> FakeSerial:
        found.append(FakeSerial())
        return found[-1]

    monkeypatch.setattr(serial, "Serial", make)
    return found


USUAL: Final[dict[str, Any]] = {
    "port": "/dev/x", "baudrate": 9600, "bytesize": 8, "parity": "N", "stopbits": 1, "rtscts": False, "xonxoff": False,
    "timeout": 0, "write_timeout": 2.0, "exclusive": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "otherwise", "bits"),
    [
        (None, {}, 10),
        (LineSettings(19200, flow_control="rts-cts"), {"baudrate": 19200, "rtscts": True}, 10),
        (LineSettings(flow_control="xon-xoff", parity="odd"), {"xonxoff": True, "parity": "O"}, 11),
        (
            LineSettings(data_bits=7, parity="even", stop_bits=2, write_timeout_s=0.5),
            {"bytesize": 7, "parity": "E", "stopbits": 2, "write_timeout": 0.5},
            11,
        ),
        (LineSettings(raise_lines=False), {"dtr": False, "rts": False}, 10),
    ],
)
def test_a_port_is_set_as_its_line_says_and_held_alone(
    made: list[FakeSerial], line: LineSettings | None, otherwise: dict[str, Any], bits: int
) -> None:
    found = SerialTransport("/dev/x", line).line
    assert vars(made[0]) == USUAL | otherwise | {"did": ["open"]}
    assert (found.bits_per_byte, found.seconds(found.baudrate)) == (bits, bits)


@pytest.mark.parametrize(
    ("baudrate", "chunks"), [(300, [64] * 46 + [56]), (9600, [960, 960, 960, 120]), (115200, [2048, 952])]
)
def test_bytes_are_handed_over_in_pieces_that_pass_within_half_the_timeout(
    made: list[FakeSerial], baudrate: int, chunks: list[int]
) -> None:
    SerialTransport("/dev/x", LineSettings(baudrate)).write(bytes(3000))
    assert made[0].did[1:] == chunks


def test_a_port_is_closed_at_once_whatever_it_says_to_it(made: list[FakeSerial]) -> None:
    SerialTransport("/dev/x").close()
    assert made[0].did == ["open", "reset", "close"]


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (serial.SerialTimeoutException("x"), DeviceTimeout, "/dev/x: does not take bytes in time"),
        (OSError(5, "x"), DeviceUnavailable, "/dev/x: is gone (EIO)"),
        (OSError(9999, "x"), DeviceUnavailable, "/dev/x: is gone (9999)"),
        (termios.error(25, "x"), DeviceUnavailable, "/dev/x: is gone (ENOTTY)"),
        (serial.SerialException("secret"), DeviceUnavailable, "/dev/x: is gone (SerialException)"),
        (ValueError("secret"), DeviceUnavailable, "/dev/x: is gone (ValueError)"),
        (TypeError(), DeviceUnavailable, "/dev/x: is gone (TypeError)"),
    ],
)
def test_each_failure_is_one_of_ours_with_a_word_for_it(
    made: list[FakeSerial], error: BaseException, kind: type[DeviceUnavailable], text: str
) -> None:
    transport = SerialTransport("/dev/x")
    made[0].error = error
    with pytest.raises(DeviceUnavailable) as raised:
        transport.write(b"x")
    assert (type(raised.value), str(raised.value)) == (kind, text)
