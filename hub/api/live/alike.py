"""What pages show alike, read once at a change: in a rush a dozen of them are drawn at the same one."""

from typing import Final

from hub.api.live.views import Common, common
from hub.engine.act import Look

KEPT_US: Final = 1_000_000
"""By the hall's clock: so long what time alone changes may stand, and what is written and not noted as a change."""
_LEARNED: Final = "alike"


def alike(look: Look, changes: int) -> Common:
    """Return what the views of this moment show alike; `changes`: how many were noted before the look began."""
    stands = (
        changes, look.seq, look.term, look.role, look.day, look.life, look.centre, look.is_recall_due,
        look.alone_since,
    )  # fmt: skip
    known = look.learned.get(_LEARNED)
    if known is None or known[0] != stands or not 0 <= look.line_us - known[1] < KEPT_US:
        known = look.learned[_LEARNED] = (stands, look.line_us, common(look))
    found: Common = known[2]
    return found
