"""What a modem's lines say (3GPP TS 27.005, 27.007). Makers differ in blanks and in what they add behind. Pure."""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from devices.modem.messages import SimState

_REFERENCE: Final = re.compile(r"\+CMGS: ?(\d{1,3})\b.*")
_STORED: Final = re.compile(r"\+CMGL: ?(\d{1,5}),.*")
_UNIT: Final = re.compile(r"[0-9A-Fa-f]+")
_SIGNAL: Final = re.compile(r"\+CSQ: ?(\d{1,2}),.*")
_REGISTERED: Final = re.compile(r"\+CREG: ?(?:\d,)?(\d{1,2})\b.*")
_AT_HOME_OR_ROAMING: Final = frozenset({1, 5, 6, 7})  # 6 and 7: for messages alone
_OPERATOR: Final = re.compile(r'\+COPS: ?\d,\d,"([^"]{0,40})".*')
_SIM: Final = re.compile(r"\+CPIN: ?([A-Z0-9 -]+?)\s*")
_TRIES: Final = re.compile(r'\+CPINR: ?"?SIM PIN"?, ?(\d{1,2})\b.*')
_USSD: Final = re.compile(r'\+CUSD: ?\d,"([^"]*)"(?:, ?(\d{1,3}))?.*', re.DOTALL)
_UNKNOWN_SIGNAL: Final = 31  # beyond it the standard has 99, not known
_UCS2: Final = 0x48
_LONGEST_CREDIT: Final = 160


class Stored(NamedTuple):
    """A message in the modem's memory: its place there, and its unit in hexadecimal."""

    place: int
    unit: str


def reference_in(lines: list[str]) -> int | None:
    """Return the reference of a message that was taken."""
    found = _first(_REFERENCE, lines)
    return int(found[1]) if found and int(found[1]) <= 255 else None


def stored_in(lines: list[str]) -> list[Stored]:
    """Return the messages of a list: a line for each head and each unit, perhaps with others between them."""
    told = [line for line in lines if _STORED.fullmatch(line) or _UNIT.fullmatch(line)]
    found = [(_STORED.fullmatch(head), unit) for head, unit in pairwise(told)]
    return [Stored(int(head[1]), unit) for head, unit in found if head and _UNIT.fullmatch(unit)]


def signal_in(lines: list[str]) -> int | None:
    """Return the signal in dBm (TS 27.007, 8.5); None where it is not known."""
    found = _first(_SIGNAL, lines)
    return -113 + 2 * int(found[1]) if found and int(found[1]) <= _UNKNOWN_SIGNAL else None


def is_registered_in(lines: list[str]) -> bool:
    """Return whether the modem is registered, at home or roaming (TS 27.007, 7.2)."""
    found = _first(_REGISTERED, lines)
    return found is not None and int(found[1]) in _AT_HOME_OR_ROAMING


def operator_in(lines: list[str]) -> str:
    """Return the network's name, printable; empty where there is none."""
    found = _first(_OPERATOR, lines)
    return _printable(found[1]) if found else ""


def sim_in(lines: list[str]) -> SimState:
    """Return how the SIM is (TS 27.007, 8.3)."""
    found = _first(_SIM, lines)
    match found[1] if found else "":
        case "READY":
            return SimState.READY
        case "SIM PIN":
            return SimState.PIN
        case "SIM PUK" | "SIM PIN2" | "SIM PUK2" | "PH-SIM PIN" | "PH-NET PIN":
            return SimState.LOCKED
        case _:
            return SimState.UNKNOWN


def tries_left_in(lines: list[str]) -> int | None:
    """Return how many wrong PINs the card takes yet (TS 27.007, 8.65); None where the modem does not say."""
    found = _first(_TRIES, lines)
    return int(found[1]) if found else None


def is_whole(lines: list[str]) -> bool:
    """Return whether an operator's answer has ended: its text may be of several lines."""
    return sum(line.count('"') for line in lines) % 2 == 0


def credit_in(lines: list[str]) -> str:
    """Return the text of an operator's answer (TS 27.007, 7.15), printable and bounded."""
    found = _USSD.match("\n".join(lines))
    if not found:
        return ""
    text = found[1]
    if found[2] and int(found[2]) == _UCS2:
        try:
            text = bytes.fromhex(text).decode("utf-16-be", "replace")
        except ValueError:
            return ""
    return _printable(" ".join(text.split()))[:_LONGEST_CREDIT]


def _first(pattern: re.Pattern[str], lines: list[str]) -> re.Match[str] | None:
    return next((found for line in lines if (found := pattern.fullmatch(line))), None)


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()
