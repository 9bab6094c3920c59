"""The serial port as a Transport: exclusive, with a deadline on every call, and one kind of error for three.

pyserial raises SerialException, plain OSError or termios.error for the same unplugged cable; here all of them become
DeviceUnavailable. A write that the peer does not take becomes DeviceTimeout.
"""

import contextlib
import errno
import select
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import serial

from devices.errors import DeviceTimeout, DeviceUnavailable

type FlowControl = Literal["none", "rts-cts", "xon-xoff"]
type Parity = Literal["none", "even", "odd"]

_PARITY = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How a port is set. `raise_lines` False keeps DTR and RTS low on opening, for readers that they would reset."""

    baudrate: int = 9600
    data_bits: Literal[7, 8] = 8
    parity: Parity = "none"
    stop_bits: Literal[1, 2] = 1
    flow_control: FlowControl = "none"
    write_timeout_s: float = 2.0
    raise_lines: bool = True

    @property
    def bits_per_byte(self) -> int:
        """Bits on the wire for one byte: start bit, data, parity, stop bits."""
        return 1 + self.data_bits + (self.parity != "none") + self.stop_bits

    def seconds(self, byte_count: int) -> float:
        """Return how long `byte_count` bytes take on the wire."""
        return byte_count * self.bits_per_byte / self.baudrate


class SerialTransport:
    """A serial port, held exclusively from construction to `close`.

    Raises:
        DeviceUnavailable: the port does not exist, is not allowed, or another program holds it.
    """

    def __init__(self, port: str, line: LineSettings | None = None) -> None:
        self.port = port
        self.line = line or LineSettings()
        # What one write may hold, so that it passes within half its timeout at this speed.
        self._chunk = max(64, min(2048, int(self.line.write_timeout_s / 2 / self.line.seconds(1))))
        self._serial = serial.Serial()
        self._serial.port = port
        self._serial.baudrate = self.line.baudrate
        self._serial.bytesize = self.line.data_bits
        self._serial.parity = _PARITY[self.line.parity]
        self._serial.stopbits = self.line.stop_bits
        self._serial.rtscts = self.line.flow_control == "rts-cts"
        self._serial.xonxoff = self.line.flow_control == "xon-xoff"
        # Reads wait in select: each change of pyserial's own timeout would set the port again.
        self._serial.timeout = 0
        self._serial.write_timeout = self.line.write_timeout_s
        self._serial.exclusive = True
        if not self.line.raise_lines:
            self._serial.dtr = False
            self._serial.rts = False
        with self._port_errors("cannot be opened"):
            self._serial.open()

    def read(self, size: int, timeout_s: float) -> bytes:
        """Return what has come, at most `size` bytes, waiting up to `timeout_s` for the first byte."""
        with self._port_errors("is gone"):
            # fileno() raises when closed; an unplugged port is readable, and the read then fails.
            ready, _, _ = select.select([self._serial.fileno()], [], [], max(0.0, timeout_s))
            return bytes(self._serial.read(size)) if ready else b""

    def write(self, data: bytes) -> None:
        """Hand all of `data` to the port, in chunks, each within the write timeout."""
        with self._port_errors("is gone"):
            for start in range(0, len(data), self._chunk):
                self._serial.write(data[start : start + self._chunk])

    def close(self) -> None:
        """Close the port at once: a stalled peer would otherwise hold the close for half a minute."""
        with contextlib.suppress(serial.SerialException, OSError, termios.error):
            self._serial.reset_output_buffer()
        with contextlib.suppress(serial.SerialException, OSError, termios.error):
            self._serial.close()

    @contextlib.contextmanager
    def _port_errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except serial.SerialTimeoutException as error:
            raise DeviceTimeout(self.port, "does not take bytes in time") from error
        except (serial.SerialException, OSError, termios.error, ValueError, TypeError) as error:
            # ValueError: a closed descriptor in select, or a speed that the port cannot do. TypeError: pyserial when
            # another thread closes the port during a read.
            raise DeviceUnavailable(self.port, f"{what} ({_word(error)})") from error


def _word(error: Exception) -> str:
    number = error.args[0] if error.args else None
    return errno.errorcode.get(number, str(number)) if isinstance(number, int) else type(error).__name__
