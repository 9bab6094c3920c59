"""What can happen in a centre's queue, as its hub tells central in items of kind `queue`.

A ticket's life is read from its events in the order of the hub's chain; `UNDONE` takes the one before it back.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from common.protocol.field import KioskId, Visible

CALLED: Final = "called"  # to a counter; the last call counts as the end of the wait
CALLED_AGAIN: Final = "called-again"  # sounded once more: no new call
CAME: Final = "came"
DONE: Final = "done"  # with the documents that were counted
DONE_UNCONFIRMED: Final = "done-unconfirmed"  # called, never said to have come, and the counter went on
NOT_HERE: Final = "not-here"  # back to waiting
MISSED: Final = "missed"  # not here for the second time
LEFT: Final = "left"
PARKED: Final = "parked"
RESUMED: Final = "resumed"
TRANSFERRED: Final = "transferred"
EXPIRED: Final = "expired"  # the day closed, or the ticket came late
CARRIED: Final = "carried"  # the day closed before its turn: it comes first on a day from `first_day` to `last_day`
VOIDED: Final = "voided"
BY_HAND: Final = "by-hand"  # called by voice while no hub was there, entered afterwards
UNDONE: Final = "undone"
COUNTER_OPENED: Final = "counter-opened"
STILL_HERE: Final = "still-here"  # said by a clerk, after a cut of unknown length; not told to central
MOVED_ON: Final = "moved-on"  # into the day that a clerk began, by who came for it before he said so; not told either
CLAIM_JUDGED: Final = "claim-judged"  # later than it was shown; not told either
DAY_CLOSED: Final = "day-closed"  # of `day`; told of alone where it was before its time
DAY_REOPENED: Final = "day-reopened"  # of `day`: the opening of a later one was taken back
GIVEN: Final = "given"  # a number by hand, where its own hub may not have told of it

ENDS: Final = frozenset({DONE, DONE_UNCONFIRMED, MISSED, LEFT, EXPIRED, CARRIED, VOIDED, BY_HAND})
"""Events that end a visit, unless it is resumed or the end is undone. A visit's `end` bears the event's name."""


class FactName(Struct, frozen=True, omit_defaults=True):
    """Which fact of a hub's log is told: the hub that wrote it, in which of its lives, its place in the log.

    `at`: when it happened there (RFC 3339), where another hub hands it on.
    """

    hub: KioskId
    life: Visible
    seq: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    at: Visible | None = None
