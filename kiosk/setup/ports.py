"""The serial ports of this machine under names that stay the same, whatever the order of plugging in."""

import contextlib
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import serial
from serial.tools import list_ports

_STABLE: Final = ("serial/by-id", "serial/by-path")
# As in the udev rules: who makes scanners that are a port of their own.
_SCANNER_MAKERS: Final = frozenset({0x0C2E, 0x1EAB, 0x05E0, 0x05F9})


@dataclass(frozen=True)
class Found:
    """A port: `path` is the name for the settings, `is_scanner` whether its maker makes scanners."""

    path: str
    is_scanner: bool = False


def all_ports(devices: Path = Path("/dev")) -> list[Found]:
    """Return the ports that something may be plugged into, USB ones by what is plugged in or where."""
    names: dict[str, str] = {}
    for folder in reversed(_STABLE):
        with contextlib.suppress(OSError):
            names |= {str(link.resolve()): str(link) for link in sorted((devices / folder).iterdir())}
    found = [port for port in list_ports.comports() if port.hwid != "n/a"]
    return [Found(names.get(port.device, port.device), port.vid in _SCANNER_MAKERS) for port in sorted(found)]


@contextlib.contextmanager
def opened(path: str, baudrate: int) -> Iterator[serial.Serial | None]:
    """Open a port for a question; None where another program has it, or it isn't there."""
    try:
        port = serial.Serial(path, baudrate, timeout=0.3, write_timeout=0.5, exclusive=True)
    except (serial.SerialException, OSError, termios.error, ValueError):
        yield None
        return
    try:
        yield port
    finally:
        port.close()


def asked(path: str, baudrate: int, question: bytes, most: int) -> bytes:
    """Put a question to a port; return what came in a third of a second, nothing where it can't be asked."""
    with opened(path, baudrate) as port:
        if port is None:
            return b""
        try:
            port.reset_input_buffer()
            port.write(question)
            return bytes(port.read(most))
        except (serial.SerialException, OSError, termios.error):
            return b""
