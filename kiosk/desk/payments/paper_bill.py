"""A biller's own paper bill: what its code says by the biller's rules, and how long its numbers are. Pure."""

from typing import Final

from common.protocol.payments.pattern import fits, parts_of
from common.protocol.payments.setup import BillerRecord

_MOST_BYTES: Final = 256


def number_on_paper(biller: BillerRecord, payload: bytes) -> dict[str, str] | None:
    """Return the field that a paper's code gives, None where it is no code of this biller's bills."""
    text = payload[:_MOST_BYTES].decode("ascii", "replace").strip("\r\n ")
    for paper in biller.papers:
        field = next((one for one in biller.fields if one.name == paper.field), None)
        value = text[paper.first : paper.last]
        if field is not None and fits(paper.pattern, text) and fits(field.pattern, value):
            return {field.name: value}
    return None


def digits_of(pattern: str) -> tuple[int, int]:
    """Return how many digits fit a pattern at least and at most."""
    parts = parts_of(pattern)
    return max(1, sum(part.least for part in parts)), max(1, sum(part.most for part in parts))
