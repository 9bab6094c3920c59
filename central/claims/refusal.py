"""Why there is no claim: a word for programs, and what to do for people."""

from typing import Final, Literal

Reason = Literal[
    "slot-full",
    "open-claim",
    "too-many",
    "same-day-only",
    "not-offered",
    "closed",
    "outside-window",
    "hold-over",
    "not-planned",
    "beyond-most",
    "unknown-change",
    "unknown-claim",
    "not-open",
]
#: Of these the city gives too many at a time; the others can't be had as things stand.
LIMITS: Final[frozenset[Reason]] = frozenset({"too-many", "same-day-only"})


class ClaimRefused(Exception):
    """There is no such claim to be had. `reason` is stable; the text says what can be done."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Final = reason
        self.detail: Final = detail
