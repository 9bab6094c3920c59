"""A key switch on a serial port's own lines: RTS or DTR, which the port holds up, comes back through it to an input.

The wiring of industrial PCs and of any USB serial adapter: pin 7 (RTS) or 4 (DTR) to one contact, pin 8 (CTS), 6 (DSR),
1 (DCD) or 9 (RI) of the same 9-pin connector to the other (EIA/TIA-574). Nothing is sent or received on the port. A
pseudo-terminal has no such lines, so this is the one driver that no test here opens; it is as thin as it can be.
"""

import termios
from typing import Final, Literal, Protocol

import serial

from devices.errors import DeviceUnavailable

type ControlLine = Literal["cts", "dsr", "dcd", "ri"]
LINES: Final = ("cts", "dsr", "dcd", "ri")
_ATTRIBUTES: Final = {"cts": "cts", "dsr": "dsr", "dcd": "cd", "ri": "ri"}  # pyserial's names


class KeySwitch(Protocol):
    """Something with a key in it."""

    def is_turned(self) -> bool:
        """Return whether the key is turned on now. Raises DeviceUnavailable."""

    def close(self) -> None:
        """Let go of it."""


class SerialKeySwitch:
    """Reads one input line of a port that is held exclusively until `close`.

    Raises:
        DeviceUnavailable: the port does not exist, is not allowed, is held by another program, or has no such lines.
    """

    def __init__(self, port: str, line: ControlLine) -> None:
        self._port, self._attribute = port, _ATTRIBUTES[line]
        try:
            self._serial = serial.Serial(port, exclusive=True, timeout=0)  # opening raises DTR and RTS
        except (serial.SerialException, OSError, termios.error, ValueError) as error:
            raise DeviceUnavailable(port, f"cannot be opened ({type(error).__name__})") from error

    def is_turned(self) -> bool:
        """Return whether current comes back on the line. Raises DeviceUnavailable."""
        try:
            return bool(getattr(self._serial, self._attribute))
        except (serial.SerialException, OSError, termios.error, TypeError) as error:
            raise DeviceUnavailable(self._port, f"has no control lines ({type(error).__name__})") from error

    def close(self) -> None:
        """Close the port."""
        self._serial.close()
