"""What is plugged into which port: each device is asked what only its kind answers."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import serial

from devices.question import Question
from devices.receipt_printer import profile
from kiosk.settings.sections import KNOWN
from kiosk.setup.ports import Found, asked, opened

BAUDRATES: Final = (115200, 9600, 38400, 19200)
GENERIC: Final = "generic-80mm"
_STATUS: Final = b"\x10\x04\x01"  # DLE EOT 1: any ESC/POS printer answers one byte, whatever it is doing
_MODEL: Final = b"\x1d\x49\x43"  # GS I 67
_LONGEST_SCAN: Final = 1000


@dataclass(frozen=True)
class Printer:
    """A printer that answered."""

    port: str
    baudrate: int
    profile: str
    is_known: bool
    """Whether it is one of the models that a profile was written for."""


def find_printer(ports: Sequence[Found]) -> Printer | None:
    """Ask every port whether it is a receipt printer, at each speed that printers come with."""
    for port in ports:
        if port.is_scanner:
            continue
        for baudrate in BAUDRATES:
            answer = asked(port.path, baudrate, _STATUS, 1)
            # Bits 0 and 7 are off and bits 1 and 4 on in every answer: nothing else of this size looks so by chance.
            if len(answer) == 1 and answer[0] & 0x93 == 0x12:
                name = _profile_of(asked(port.path, baudrate, _MODEL, 80))
                return Printer(port.path, baudrate, name or GENERIC, name is not None)
    return None


@dataclass(frozen=True)
class Device:
    """A device that answered its driver's question."""

    driver: str
    port: str


def find_devices(ports: Sequence[Found], questions: Mapping[str, Mapping[str, Question]]) -> dict[str, Device]:
    """Ask every port what each driver's device answers; return by kind what did, each port once.

    Many readers say nothing of themselves until a card comes: those have no question and are not found.
    """
    found: dict[str, Device] = {}
    for kind, drivers in questions.items():
        taken = {device.port for device in found.values()}
        free = [port.path for port in ports if not port.is_scanner and port.path not in taken]
        for driver, question in drivers.items():
            for path in free:
                if question.answer in asked(path, question.baudrate, question.sent, question.length):
                    found.setdefault(kind, Device(driver, path))
    return found


def first_scan(
    ports: Sequence[Found], wait_s: float, clock: Callable[[], float] = time.monotonic
) -> tuple[str, str] | None:
    """Wait until a code is held to a scanner; return its port and what it read.

    Args:
        ports: where a scanner may be.
        wait_s: how long, in seconds.
        clock: monotonic seconds.
    """
    until = clock() + wait_s
    while ports and clock() < until:
        for port in ports:
            with opened(port.path, 9600) as line:
                if line is None:
                    continue
                text = _read_code(line)
                if text:
                    return port.path, text
    return None


def _read_code(line: serial.Serial) -> str:
    """Return one line that came, if it is text: a scanner ends each code with a carriage return or line feed."""
    try:
        data = bytes(line.read_until(b"\r", _LONGEST_SCAN))
    except (serial.SerialException, OSError):
        return ""
    text = data.strip(b"\r\n \x02\x03")
    return text.decode("ascii") if text.isascii() and text.decode("ascii").isprintable() else ""


def _profile_of(answer: bytes) -> str | None:
    """Return the profile of the model that a printer names; None where no profile was written for it."""
    told = re.sub(r"[^a-z0-9]", "", answer.decode("ascii", "ignore").lower())
    for name in KNOWN["printer"][1]:
        model = re.sub(r"[^a-z0-9]", "", profile.load(name).name.split(" ", 1)[-1].lower())
        if told and name != GENERIC and model in told:
            return name
    return None
