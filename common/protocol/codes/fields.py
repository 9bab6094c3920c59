"""Single fields of a signed code: each is what its kind allows, or the code is malformed."""

import math
import re
from typing import Final

from common.protocol.codes.signed_code import MalformedCode

CODE_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ID_BYTES: Final = 16
_LATEST: Final = 253_370_764_800  # the year 9999: what no calendar of ours knows is nobody's time


def identifier(value: object, name: str) -> str:
    """Return the 32 hex digits of an id of 16 bytes. Raises MalformedCode."""
    if not isinstance(value, bytes) or len(value) != _ID_BYTES:
        raise MalformedCode(f"{name} id is not 16 bytes")
    return value.hex()


def word(value: object, shape: re.Pattern[str], name: str) -> str:
    """Return a text of this shape. Raises MalformedCode."""
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise MalformedCode(f"{name} missing or malformed")
    return value


def whole(value: object, least: int, most: int, name: str) -> int:
    """Return a whole number within its bounds. Raises MalformedCode."""
    # bool is an int in Python and a type of its own in CBOR.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise MalformedCode(f"{name} missing or out of range")
    return value


def date(value: object, name: str) -> int:
    """Return a NumericDate, RFC 8392 section 2: whole or floating seconds since 1970. Raises MalformedCode."""
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    return whole(value, 0, _LATEST, name)
