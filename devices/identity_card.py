"""What the PDF417 code on the back of a Syrian identity card says.

No official description is public. Two sources agree on fields 0-4 (zxing issue 1716, a public C# scanner project):
first name, family name, father, mother, and place and date of birth, as windows-1256 text between `#`; one of them has
the 11-digit national number in field 5 and unknown, partly binary fields behind it, which are never decoded here. So
the parser is tolerant, checks form only, and names what it could not understand. Nothing here is stored or logged.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from devices.masked import Masked

MAX_PAYLOAD = 4096  # bytes
_FIELDS = 6  # the first six are read
_FEWEST = 5  # sources with fewer fields than the place of birth are not known
_LONGEST = 80  # characters of one field

_BIRTH = re.compile(r"(.*?)\s*\b(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_NUMBER = re.compile(r"\d{11}", re.ASCII)
_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")
_WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


class Problem(StrEnum):
    """What of a card could not be understood."""

    FIRST_NAME_MISSING = "first_name_missing"
    FAMILY_NAME_MISSING = "family_name_missing"
    BIRTH_NOT_UNDERSTOOD = "birth_not_understood"
    NUMBER_MISSING = "number_missing"  # the code ends before it, as in one of the two sources
    NUMBER_MALFORMED = "number_malformed"  # not eleven digits


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """A person as their card says, every field masked. `problems` names what is missing or not understood."""

    first_name: Masked
    family_name: Masked
    father: Masked
    mother: Masked
    birth_place: Masked
    birth_date: Masked  # YYYY-MM-DD, or empty
    national_number: Masked  # eleven digits, or empty; the last four may be shown
    problems: tuple[Problem, ...]

    @property
    def can_identify(self) -> bool:
        """Return whether name and number are there: enough to ask "is this you?" and to order with."""
        return bool(self.first_name and self.national_number)


@dataclass(frozen=True, slots=True)
class NotIdentityCard:
    """A code that is no identity card; `reason` holds nothing of its content."""

    reason: str


def parse_identity_card(payload: bytes) -> IdentityCard | NotIdentityCard:
    """Read the content of the code: bytes as scanned, windows-1256 or what a scanner made of it."""
    if len(payload) > MAX_PAYLOAD:
        return NotIdentityCard("longer than any such code")
    # Split before decoding: what follows the sixth field may be binary and must not decide how the text is read.
    parts = payload.split(b"#", _FIELDS)[:_FIELDS]
    if len(parts) < _FEWEST:
        return NotIdentityCard("too few fields")
    fields = [_clean(field) for field in _decode(b"#".join(parts)).split("#")]
    if not any(_ARABIC_LETTER.search(field) for field in fields[:4]):
        return NotIdentityCard("no Arabic name")
    place, born = _birth(fields[4])
    number, number_problem = _number(fields[5] if len(fields) > _FEWEST else "")
    problems = (
        (not fields[0], Problem.FIRST_NAME_MISSING),
        (not fields[1], Problem.FAMILY_NAME_MISSING),
        (born is None, Problem.BIRTH_NOT_UNDERSTOOD),
    )
    first, family, father, mother = (Masked(name) for name in fields[:4])
    return IdentityCard(
        first_name=first,
        family_name=family,
        father=father,
        mother=mother,
        birth_place=Masked(place),
        birth_date=Masked(born.isoformat() if born else ""),
        national_number=Masked(number, shown_tail=4),
        problems=(*(problem for is_there, problem in problems if is_there), *number_problem),
    )


def _decode(data: bytes) -> str:
    """Turn windows-1256 into text; undo what scanners do that convert to UTF-8, be it twice."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1256", "replace")
    if text.isascii() or _ARABIC_LETTER.search(text):
        return text
    # UTF-8 without an Arabic letter: the scanner took the bytes for Latin-1 or windows-1252. Take them back.
    try:
        return _decode(b"".join(_byte_of(letter) for letter in text))
    except UnicodeEncodeError:
        return text


def _byte_of(letter: str) -> bytes:
    """Return the byte that was taken for this letter: by windows-1252, or by Latin-1 where that has none."""
    return bytes([ord(letter)]) if ord(letter) < 0x100 else letter.encode("cp1252")


def _clean(field: str) -> str:
    """Drop control and direction characters, join runs of spaces, make digits western; bounded."""
    kept = "".join(letter for letter in field if unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn"))
    return " ".join(kept.translate(_WESTERN_DIGITS).split())[:_LONGEST]


def _birth(field: str) -> tuple[str, date | None]:
    """Split `place D-M-YYYY`; the place may hold spaces. An impossible date is not understood."""
    found = _BIRTH.fullmatch(field)
    if found is None:
        return field, None
    place, day, month, year = found.groups()
    try:
        return place, date(int(year), int(month), int(day))
    except ValueError:
        return place, None


def _number(field: str) -> tuple[str, tuple[Problem, ...]]:
    digits = field.replace(" ", "")
    if not digits:
        return "", (Problem.NUMBER_MISSING,)
    # No check digit is known, so form is all that can be checked.
    return (digits, ()) if _NUMBER.fullmatch(digits) else ("", (Problem.NUMBER_MALFORMED,))
