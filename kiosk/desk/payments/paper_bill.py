"""A biller's own paper bill: what its code says by the biller's rules, and how long its numbers are. Pure."""

import re
from typing import Final

from common.protocol.payments.setup import BillerRecord

_MOST_BYTES: Final = 256
_TOKEN: Final = re.compile(r"(\[[^\]]*\]|.)(?:\{(\d+)(?:,(\d+))?\})?")


def number_on_paper(biller: BillerRecord, payload: bytes) -> dict[str, str] | None:
    """Return the field that a paper's code gives, None where it is no code of this biller's bills."""
    text = payload[:_MOST_BYTES].decode("ascii", "replace").strip("\r\n ")
    for paper in biller.papers:
        field = next((one for one in biller.fields if one.name == paper.field), None)
        value = text[paper.first : paper.last]
        if field is not None and re.fullmatch(paper.pattern, text) and re.fullmatch(field.pattern, value):
            return {field.name: value}
    return None


def digits_of(pattern: str) -> tuple[int, int]:
    """Return how many digits fit a pattern at least and at most."""
    shortest = longest = 0
    for _, least, most in _TOKEN.findall(pattern):
        shortest += int(least or 1)
        longest += int(most or least or 1)
    return max(1, shortest), max(1, longest)
