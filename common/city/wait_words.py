"""Which sentence tells a wait: minutes up to an hour, then half hours, then only that it is more than two hours.

The sentences themselves stand in each program's catalogues, as `ticket.wait_<name>`.
"""

from collections.abc import Mapping
from typing import Final

_LEAST: Final = 5
_HOUR: Final = 60
_STEP: Final = 30
_LONGEST: Final = 120
_BETWEEN: Final = {
    (0, 90): "up_to_90",
    (0, 120): "up_to_120",
    (30, 90): "30_to_90",
    (30, 120): "30_to_120",
    (60, 90): "60_to_90",
    (60, 120): "60_to_120",
    (90, 120): "90_to_120",
}
_MORE_THAN: Final = {30: "over_30", 60: "over_60", 90: "over_90", 120: "over_120"}


def wait_words(low_min: int, high_min: int) -> tuple[str, Mapping[str, int]] | None:
    """Return the name of the sentence that tells a range of minutes, and its values; `n` chooses the plural.

    Above an hour ends are rounded outwards to half hours. None where nothing that is both true and of use is left to
    say: the wait may be short or more than two hours.
    """
    low, high = low_min // _STEP * _STEP, -(-high_min // _STEP) * _STEP
    if low_min >= _LONGEST:
        return _MORE_THAN[_LONGEST], {}
    if high_min <= _LEAST:
        return "under_5", {}
    if high_min <= _HOUR:
        return ("range", {"low": low_min, "n": high_min}) if low_min else ("up_to", {"n": high_min})
    name = _BETWEEN[low, high] if high <= _LONGEST else _MORE_THAN.get(low)
    return None if name is None else (name, {})
