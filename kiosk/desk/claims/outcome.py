"""What becomes of a claim that is shown: the outcomes of docs/protocol.md. Pure.

What was read of the code and the facts of the store come in, one outcome goes out. Only the hub gives a place.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import assert_never

from common.protocol.claim_feed import ClaimRules
from common.protocol.codes.claim_code import Claim, ClaimCode
from common.protocol.codes.issued import Forged, Genuine, Unreadable, Unverified


class ClaimOutcome(StrEnum):
    """What the citizen is told; the values are those of docs/protocol.md."""

    UNREADABLE = "unreadable"  # no code of a claim
    FORGED = "forged"  # not central's
    UNVERIFIED = "unverified"  # by a key that is not known here: the hub may know it
    WITHDRAWN = "withdrawn"  # cancelled
    OTHER_CENTRE = "other-centre"  # for another place
    USED = "used"  # this kiosk has given a number for it
    EXPIRED = "expired"  # too old
    OTHER_DAY = "other-day"  # its day is still to come
    EARLY = "early"  # of today, and far too soon
    INTERRUPTED = "interrupted"  # a number is given; its service stands still
    LATE = "late"  # a number is given; little or nothing is left of its advantage
    IN_TIME = "in-time"  # a number is given

    @property
    def gives_number(self) -> bool:
        """True for the three with which a number is given."""
        return self in (ClaimOutcome.IN_TIME, ClaimOutcome.LATE, ClaimOutcome.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the kiosk knows when a claim is shown."""

    centre: str
    rules: ClaimRules = field(default_factory=ClaimRules)
    is_used: bool = False  # this kiosk has given a number for it
    is_withdrawn: bool = False  # central has said so
    is_interrupted: bool = False  # the hub says that its service stands still


def judge(code: ClaimCode, facts: ClaimFacts, *, now: float | None, zone: tzinfo) -> ClaimOutcome:
    """Return the first outcome that fits.

    Args:
        code: what `read_claim_code` made of it.
        facts: looked up by the claim's id.
        now: Unix seconds; None where no clock can be trusted: then the hub judges by its own.
        zone: the centre's.
    """
    match code:
        case Unreadable():
            return ClaimOutcome.UNREADABLE
        case Forged():
            return ClaimOutcome.FORGED
        case Unverified(said=claim) | Genuine(said=claim):
            if claim.centre != facts.centre:
                return ClaimOutcome.OTHER_CENTRE
            if isinstance(code, Unverified):
                return ClaimOutcome.UNVERIFIED
            return _judge_genuine(claim, facts, now, zone)
        case _:
            assert_never(code)


def _judge_genuine(claim: Claim, facts: ClaimFacts, now: float | None, zone: tzinfo) -> ClaimOutcome:
    if facts.is_withdrawn:
        return ClaimOutcome.WITHDRAWN
    if facts.is_used:
        return ClaimOutcome.USED
    good = ClaimOutcome.INTERRUPTED if facts.is_interrupted else ClaimOutcome.IN_TIME
    if now is None:
        return good
    if claim.expires <= now:
        return ClaimOutcome.EXPIRED
    days = days_late(claim, now, zone)
    if days < 0:
        return ClaimOutcome.OTHER_DAY
    if now < claim.at - facts.rules.early_min * 60:
        return ClaimOutcome.EARLY
    if facts.is_interrupted:
        return ClaimOutcome.INTERRUPTED
    is_late = claim.kind == "booked" and now > claim.at + facts.rules.late_full_min * 60
    return ClaimOutcome.LATE if is_late or days > 0 else good


def days_late(claim: Claim, now: float, zone: tzinfo) -> int:
    """Return how many days after its own a claim is shown; below 0 where that day is still to come."""
    today, day = (datetime.fromtimestamp(moment, UTC).astimezone(zone).date() for moment in (now, claim.at))
    return (today - day).days
