"""Numbers that have no paper yet: anyone who knows the last digits of theirs finds it again, for a few minutes."""

from collections.abc import Collection, Sequence
from typing import Final

from kiosk.desk.desk import Issued
from kiosk.prompts.ui import Trouble

LAST_DIGITS: Final = 3


def ends_in(
    digits: str, waiting: Sequence[tuple[Issued, Trouble]], others: Collection[str] = ()
) -> tuple[Issued, Trouble] | None:
    """Return the newest number that ends in these digits, and why it has no paper.

    Each letter counts for itself, so that several may end alike.

    Args:
        digits: the last three, as they were typed.
        waiting: what has no paper, the newest first.
        others: ids of those that are not it.
    """
    if len(digits) != LAST_DIGITS:
        return None
    return next((one for one in waiting if one[0].number.endswith(digits) and one[0].id not in others), None)
