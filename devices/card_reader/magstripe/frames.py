"""Text of a swipe reader -> what may be known of the card. Pure: no port, no clock.

A reader sends the tracks in decoded form, each from its start to its end sentinel, and CR behind the last: track 1
`%B PAN ^ NAME ^ YYMM SVC ... ?`, track 2 `; PAN = YYMM SVC ... ?` (ISO/IEC 7813 by way of sualeh/magnetictrackparser
and Doridian/libMSRx05). Most readers check the LRC of ISO/IEC 7811-6 and leave it out; some pass it on behind the `?`.

The account number ends here: a `Swipe` holds at most its first six and last four digits, and no track leaves this
module.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Literal

from devices.masked import Masked

MAX_SWIPE = 256  # bytes: 79 + 40 + 107 characters are the longest tracks 1 to 3

_BREAK = re.compile(rb"[\r\n\x03]+")
_TRACK_1 = re.compile(rb"%([A-Z])([0-9]{8,19})\^([^^?%;]{2,26})\^([0-9]{4}|\^)([0-9]{3}|\^)([^?%;]*)\?")
_TRACK_2 = re.compile(rb";([0-9]{8,19})=([0-9]{4}|=)([0-9]{3}|=)([0-9]*)\?")
# What a reader may send of the three tracks, with one LRC character behind each.
_SHAPE = re.compile(rb"(%[^?]*\?[\x20-\x5f]??)?(;[^?]*\?[\x30-\x3f]??)?([;+%][^?]*\?.??)?")

type SwipeCheck = Literal["none", "lrc"]


@dataclass(frozen=True, slots=True)
class Swipe:
    """What is known of a swiped card. `key` tells cards apart while the kiosk runs and leads back to no number."""

    masked: str  # `476173••••••0010`
    key: bytes
    expiry: str  # YYMM, or empty
    service_code: str  # three digits, or empty
    holder: Masked
    passes_luhn: bool


@dataclass(frozen=True, slots=True)
class BadSwipe:
    """A swipe that can't be used; `reason` holds nothing that was on the card."""

    reason: Literal["track", "lrc", "different-cards", "too-long"]


class SwipeAssembler:
    """Puts swipes together from reads of any size. `secret` makes the keys of this process its own."""

    def __init__(self, secret: bytes, check: SwipeCheck = "none") -> None:
        self._secret = secret
        self._check = check
        self._buffer = bytearray()
        self._is_overlong = False

    @property
    def is_pending(self) -> bool:
        """Return whether a swipe has begun and not ended."""
        return bool(self._buffer) or self._is_overlong

    def feed(self, data: bytes) -> list[Swipe | BadSwipe]:
        """Take what was read and return the swipes that it completes."""
        swipes: list[Swipe | BadSwipe] = []
        start = 0
        for found in _BREAK.finditer(data):
            self._append(data[start : found.start()])
            start = found.end()
            if (swipe := self.end()) is not None:
                swipes.append(swipe)
        self._append(data[start:])
        return swipes

    def end(self) -> Swipe | BadSwipe | None:
        """Take the silence of the line as the end of a swipe; None when none had begun."""
        raw = bytes(self._buffer)
        is_overlong = self._is_overlong
        self.reset()
        if is_overlong:
            return BadSwipe("too-long")
        return parse_swipe(raw, self._secret, self._check) if raw else None

    def reset(self) -> None:
        """Forget what has not ended."""
        self._wipe()
        self._is_overlong = False

    def _wipe(self) -> None:
        """Write the memory over before it is given back."""
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()

    def _append(self, data: bytes) -> None:
        if len(self._buffer) + len(data) > MAX_SWIPE:
            self._wipe()
            self._is_overlong = True
        if not self._is_overlong:
            self._buffer += data


def parse_swipe(raw: bytes, secret: bytes, check: SwipeCheck = "none") -> Swipe | BadSwipe:
    """Parse the tracks of one swipe; at least track 1 or 2 must be whole, and both must be of one card."""
    first, second = _TRACK_1.search(raw), _TRACK_2.search(raw)
    numbers = [found.group(*places) for found, places in ((first, (2, 4, 5)), (second, (1, 2, 3))) if found]
    if not numbers or not _SHAPE.fullmatch(raw.lstrip(b"\x02")):
        return BadSwipe("track")
    if check == "lrc" and not all(_has_lrc(raw, found) for found in (first, second) if found):
        return BadSwipe("lrc")
    if first and second and first[2] != second[1]:
        return BadSwipe("different-cards")
    number, expiry, service = numbers[0]
    return Swipe(
        masked=mask_number(number.decode("ascii")),
        key=hashlib.blake2b(number, key=secret, digest_size=16).digest(),
        expiry=_digits(expiry),
        service_code=_digits(service),
        holder=Masked(first[3].decode("ascii", "replace").strip() if first else ""),
        passes_luhn=passes_luhn(number),
    )


def mask_number(number: str) -> str:
    """Show at most the first six and the last four digits of an account number; fewer of a short one."""
    shown = 6 if len(number) >= 13 else 0
    return number[:shown] + "•" * (len(number) - shown - 4) + number[-4:]


def passes_luhn(number: bytes) -> bool:
    """Check an account number's last digit (ISO/IEC 7812-1 annex B)."""
    digits = [byte - 0x30 for byte in number[::-1]]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def longitudinal_check(track: bytes) -> int:
    """Return the LRC character of a decoded track, from start sentinel to end sentinel (ISO/IEC 7811-6, 7.3).

    Track 1 characters are 6 bits above 20, those of tracks 2 and 3 are 4 bits above 30; the LRC is their XOR.
    """
    offset = 0x20 if track[:1] == b"%" else 0x30
    return (reduce(xor, (byte - offset for byte in track)) & (0x3F if offset == 0x20 else 0x0F)) + offset


def _has_lrc(raw: bytes, track: re.Match[bytes]) -> bool:
    return raw[track.end() : track.end() + 1] == bytes([longitudinal_check(track[0])])


def _digits(field: bytes) -> str:
    return field.decode("ascii") if field.isdigit() else ""
