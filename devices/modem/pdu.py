"""Protocol data units of short messages, as a modem takes and gives them in PDU mode (3GPP TS 23.040, 9.2). Pure."""

import re
from bisect import bisect_right
from typing import Final

from devices.modem.alphabet import digits_of, gsm_text, swapped, text_of
from devices.modem.messages import LONGEST_TEXT, Fate, Received, Report

NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")  # ITU-T E.164: at most fifteen digits

_INTERNATIONAL, _NATIONAL = 0x91, 0x81
_KIND, _ALPHANUMERIC = 0x70, 0x50
_SUBMIT: Final = 0b0011_0001  # SMS-SUBMIT, relative validity, a status report is asked for
_UCS2: Final = 0x08
_TYPE, _HAS_HEADER = 0b11, 0b0100_0000
_STAMP: Final = 7  # octets of a time
_LONGEST_ADDRESS: Final = 20
# Minutes that each octet of a relative validity stands for (9.2.3.12.1): by 5 minutes, half an hour, days, weeks.
_LIVES_MIN: Final = (
    *(5 * (octet + 1) for octet in range(144)),
    *(720 + 30 * (octet - 143) for octet in range(144, 168)),
    *(1440 * (octet - 166) for octet in range(168, 197)),
    *(10080 * (octet - 192) for octet in range(197, 256)),
)


def submit(number: str, text: str, life_s: float) -> tuple[str, int]:
    """Return the unit in hexadecimal, and its length in octets without the service centre's address.

    Raises:
        ValueError: the number is no telephone number, or the text is longer than one message.
    """
    if not NUMBER.fullmatch(number):
        raise ValueError("a telephone number is 3 to 15 digits, after a + where it is international")
    body = text.encode("utf-16-be")
    if len(body) > 2 * LONGEST_TEXT:
        raise ValueError(f"a message holds {LONGEST_TEXT} characters, this text has {len(body) // 2}")
    digits = number.removeprefix("+")
    kind = _INTERNATIONAL if number.startswith("+") else _NATIONAL
    address = bytes([len(digits), kind]) + swapped(digits)
    unit = bytes([_SUBMIT, 0]) + address + bytes([0, _UCS2, _validity(life_s), len(body)]) + body
    return (b"\x00" + unit).hex().upper(), len(unit)


def _validity(life_s: float) -> int:
    """Return the longest validity within a life; the least that there is, where it is shorter."""
    return max(0, bisect_right(_LIVES_MIN, life_s / 60) - 1)


def parse(unit: str) -> Received | Report | None:
    """Return what a unit from the modem says; None for a kind that is neither a message nor a final report.

    Raises:
        ValueError: it is none, is cut off, or its lengths contradict each other.
    """
    try:
        data = bytes.fromhex(unit)
        data = data[1 + data[0] :]
        match data[0] & _TYPE:
            case 0:  # SMS-DELIVER
                return _received(data)
            case 2:  # SMS-STATUS-REPORT
                return _report(data)
            case _:
                return None
    except IndexError:
        raise ValueError("the unit is cut off") from None


def _received(data: bytes) -> Received:
    number, at = _address(data, 1)
    coding, at = data[at + 1], at + 2 + _STAMP
    length, body = data[at], data[at + 1 :]
    header = 1 + body[0] if data[0] & _HAS_HEADER else 0
    return Received(number, text_of(body, length, coding, header))


def _report(data: bytes) -> Report | None:
    number, at = _address(data, 2)
    status = data[at + 2 * _STAMP]
    if status < 0x20:
        return Report(data[1], number, Fate.DELIVERED)
    return Report(data[1], number, Fate.FAILED) if status & 0x40 else None  # 0x20 to 0x3F: the network still tries


def _address(data: bytes, at: int) -> tuple[str, int]:
    """Return the address at a place and the place behind it (9.1.2.5)."""
    count, kind = data[at], data[at + 1]
    end = at + 2 + (count + 1) // 2
    body = data[at + 2 : end]
    if len(body) != end - at - 2 or count > _LONGEST_ADDRESS:
        raise ValueError("an address is cut off or too long")
    if kind & _KIND == _ALPHANUMERIC:
        return gsm_text(body, count * 4 // 7), end
    return ("+" if kind & _KIND == _INTERNATIONAL & _KIND else "") + digits_of(body, count), end
