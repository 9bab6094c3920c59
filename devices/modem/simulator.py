"""A GSM modem with faults and the network behind it, to stand behind a `PtyPort`."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from devices.modem.alphabet import digits_of, swapped

_END_OF_TEXT, _ESCAPE = b"\x1a", b"\x1b"
_STAMP: Final = bytes.fromhex("62118211300021")  # 2026-11-28 11:03, its digits swapped
_REPORT_S: Final = 0.02
_LATE_S: Final = 1.5
_SLOW_S: Final = 0.8


class Fault(StrEnum):
    """What a modem in a cupboard does."""

    LOSES_CABLE = "loses-cable"  # between the prompt and the answer: `pull` is called
    BUSY = "busy"
    NO_CREDIT = "no-credit"
    WRONG_PIN = "wrong-pin"
    GARBAGE = "garbage"
    NO_CARRIER = "no-carrier"
    STORAGE_FULL = "storage-full"
    SLOW = "slow"
    RESETS_IN_MESSAGE = "resets-in-message"
    LATE_REPORT = "late-report"
    ECHO_STAYS_ON = "echo-stays-on"
    ANOTHER_MAKER = "another-maker"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the network took. `validity` is its octet of relative validity."""

    number: str
    text: str
    validity: int


@dataclass
class ModemSimulator:
    """Answers as a modem does. `taken` is what the network has, `stored` what lies in the memory by place."""

    fault: Fault | None = None
    pin: str = ""
    counts: bool = True  # it says how many tries are left
    tries_left: int = 3
    pull: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic
    taken: list[Taken] = field(default_factory=list)
    stored: dict[int, str] = field(default_factory=dict)
    capacity: int = 10
    commands: list[str] = field(default_factory=list)
    _is_open: bool = False
    _has_echo: bool = True
    _is_at_prompt: bool = False
    _buffer: bytes = b""
    _due: list[tuple[float, bytes]] = field(default_factory=list)
    _noise: random.Random = field(default_factory=lambda: random.Random(27005))  # noqa: S311 (noise, no secret)

    def receive(self, data: bytes) -> bytes:
        """Answer commands, or take the text of a message."""
        said = b""
        self._buffer += data
        while self._buffer:
            end = re.search(rb"[\x1a\x1b]" if self._is_at_prompt else rb"\r|\x1b", self._buffer)
            if not end:
                break
            line, self._buffer = self._buffer[: end.start()], self._buffer[end.end() :]
            said += self._take_text(line, end[0]) if self._is_at_prompt else self._obey(line, end[0])
        if self.fault is Fault.GARBAGE and said:
            return self._noise.randbytes(len(said) + 40)
        return said if self.fault is not Fault.SLOW else self._later(said, _SLOW_S)

    def tick(self, now: float) -> bytes:
        """Say what has fallen due."""
        due = [said for at, said in self._due if at <= now]
        self._due = [(at, said) for at, said in self._due if at > now]
        return b"".join(due)

    def deliver(self, number: str, text: str) -> bool:
        """Bring a message in; say whether there was room for it."""
        if len(self.stored) >= self.capacity:
            return False
        body = text.encode("utf-16-be")
        digits = number.removeprefix("+")
        address = bytes([len(digits), 0x91]) + swapped(digits)
        unit = b"\x00\x04" + address + b"\x00\x08" + _STAMP + bytes([len(body)]) + body
        place = next(place for place in range(self.capacity) if place not in self.stored)
        self.stored[place] = unit.hex().upper()
        self._later(_line(f'+CMTI: "SM",{place}'), 0.0)
        return True

    def reset(self) -> None:
        """Start from zero, as after a dip of its supply: the echo is on, and a card with a PIN is closed."""
        self._is_open, self._has_echo, self._is_at_prompt, self._buffer = False, True, False, b""

    def _obey(self, line: bytes, end: bytes) -> bytes:
        command = line.decode("ascii", "replace").strip()
        if end == _ESCAPE or not command:
            return b""
        self.commands.append(command)
        echo = line + b"\r" if self._has_echo or self.fault is Fault.ECHO_STAYS_ON else b""
        return echo + self._answer(command)

    def _answer(self, command: str) -> bytes:
        if command in ("AT", "AT+CMEE=1", "AT+CMGF=0"):
            return _line("OK")
        if command == "ATE0":
            self._has_echo = False
            return _line("OK")
        if command.startswith("AT+CPIN"):
            return self._sim(command)
        if self.pin and not self._is_open:
            return _line("+CME ERROR: 11")
        if command.startswith("AT+CMGS="):
            if self.fault is Fault.BUSY:
                return _line("+CMS ERROR: 512")
            self._is_at_prompt = True
            return b"\r\n> "
        return self._said(command)

    def _said(self, command: str) -> bytes:
        has_network = self.fault is not Fault.NO_CARRIER
        if self.fault is Fault.ANOTHER_MAKER and command == "AT+CNMI=2,1,0,1,0":
            return _line("+CMS ERROR: 303")
        if command == "AT+CREG?":
            return self._info("+CREG: 0,1" if has_network else "+CREG: 0,2") + _line("OK")
        if command == "AT+COPS?":
            return (self._info('+COPS: 0,0,"SYRIATEL"') if has_network else b"") + _line("OK")
        if command == "AT+CSQ":
            return self._info("+CSQ: 18,99" if has_network else "+CSQ: 99,99") + _line("OK")
        if command == "AT+CMGL=4":
            heads = (self._info(f"+CMGL: {place},1,,24") + _line(unit) for place, unit in self.stored.items())
            return b"".join(heads) + _line("OK")
        if found := re.fullmatch(r"AT\+CMGD=(\d+)", command):
            self.stored.pop(int(found[1]), None)
            return _line("OK")
        if command.startswith("AT+CUSD="):
            self._later(_line('+CUSD: 0,"' + "رصيدك 1500".encode("utf-16-be").hex() + '",72'), 0.05)
            return _line("OK")
        return _line("OK") if command.startswith("AT+CNMI=") else _line("ERROR")

    def _sim(self, command: str) -> bytes:
        if command.startswith("AT+CPINR"):
            return self._info(f"+CPINR: SIM PIN,{self.tries_left},3") + _line("OK") if self.counts else _line("ERROR")
        if command == "AT+CPIN?":
            is_open = self._is_open or not self.pin
            word = "READY" if is_open else "SIM PIN" if self.tries_left else "SIM PUK"
            return _line(f"+CPIN: {word}") + _line("OK")
        is_right = self.fault is not Fault.WRONG_PIN and command == f'AT+CPIN="{self.pin}"'
        self._is_open, self.tries_left = is_right, 3 if is_right else self.tries_left - 1
        return _line("OK") if is_right else _line("+CME ERROR: 16")

    def _take_text(self, unit: bytes, end: bytes) -> bytes:
        self._is_at_prompt = False
        if end == _ESCAPE:
            return _line("OK")
        echo = unit + end + b"\r\n" if self._has_echo or self.fault is Fault.ECHO_STAYS_ON else b""
        match self.fault:
            case Fault.LOSES_CABLE:
                self._network_takes(unit)
                self.pull()
                return b""
            case Fault.RESETS_IN_MESSAGE:
                self.reset()
                return _line("RDY")
            case Fault.NO_CREDIT:
                return echo + _line("+CMS ERROR: 38")
            case Fault.NO_CARRIER:
                return echo + _line("+CMS ERROR: 331")
            case Fault.STORAGE_FULL:
                return echo + _line("+CMS ERROR: 322")
        reference = self._network_takes(unit)
        return echo + self._info(f"+CMGS: {reference}") + _line("OK")

    def _network_takes(self, unit: bytes) -> int:
        """Read the unit as the network does, and have it report the message as delivered."""
        data = bytes.fromhex(unit.decode("ascii"))[1:]
        count, kind = data[2], data[3]
        body = 4 + (count + 1) // 2
        address = data[2:body]
        validity, length, text = data[body + 2], data[body + 3], data[body + 4 :]
        number = ("+" if kind == 0x91 else "") + digits_of(address[2:], count)
        self.taken.append(Taken(number, text[:length].decode("utf-16-be"), validity))
        reference = len(self.taken) % 256
        report = (b"\x00\x06" + bytes([reference]) + address + 2 * _STAMP + b"\x00").hex().upper()
        if self.fault is Fault.ANOTHER_MAKER:  # keeps reports in its memory
            self.stored[max(self.stored, default=-1) + 1] = report
        else:
            said = _line(f"+CDS: {len(report) // 2 - 1}") + _line(report)
            self._later(said, _LATE_S if self.fault is Fault.LATE_REPORT else _REPORT_S)
        return reference

    def _info(self, line: str) -> bytes:
        """Return a line of an answer; another maker writes no blank, and says more than it was asked."""
        if self.fault is Fault.ANOTHER_MAKER:
            return _line(line.replace(": ", ":", 1)) + _line("^RSSI:18")
        return _line(line)

    def _later(self, said: bytes, seconds: float) -> bytes:
        self._due.append((self.clock() + seconds, said))
        return b""


def _line(text: str) -> bytes:
    return f"\r\n{text}\r\n".encode("ascii")
