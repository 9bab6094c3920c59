"""A request as handlers take it, whatever its user, session and state: none of ours is told anything by those."""

import re
from typing import Any, Final

from litestar import Request

HttpRequest = Request[Any, Any, Any]

_WESTERN: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_DATE: Final = re.compile("([0-9]{4})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{1,2}))?")
_TIME: Final = re.compile("([0-9]{1,2})[:.]([0-9]{2})")


def western(typed: str) -> str:
    """Return what was typed into a field of a form with its digits as 0 to 9, without spaces."""
    return "".join(typed.translate(_WESTERN).split())


def date_typed(typed: str) -> str:
    """Return a day or month as it is written between programs, 2026/12/4 as 2026-12-04; what is neither as it came."""
    plain = western(typed)
    found = _DATE.fullmatch(plain)
    return "-".join(part.zfill(2) for part in found.groups() if part) if found else plain


def time_typed(typed: str) -> str:
    """Return a time of day as it is written between programs, 8:30 as 08:30; what is none as it came."""
    plain = western(typed)
    found = _TIME.fullmatch(plain)
    return f"{found[1]:0>2}:{found[2]}" if found else plain
