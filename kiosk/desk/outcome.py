"""What becomes of an order code: the outcomes of docs/protocol.md, tried in its order.

Pure: what was read of the code and the facts of the store come in, one outcome goes out. Recording, printing and words
are others'.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, assert_never

from common.protocol.codes.order_claims import POST
from kiosk.desk.order_code import Forged, Genuine, OrderCode, Unreadable, Unverified

FeedState = Literal["collected", "ready", "in_progress", "by_post"]


class Outcome(StrEnum):
    """What the citizen and central are told; the values are those of docs/protocol.md."""

    UNREADABLE = "unreadable"  # no order code
    FORGED = "forged"  # not the app's, or by a key revoked before it was issued
    ACCEPTED_UNVERIFIED = "accepted_unverified"  # recorded, to be verified at the counter
    ASK_COUNTER = "ask_counter"  # too many unverified ones lately: the store recorded nothing
    COLLECTED = "collected"  # handed over already
    READY = "ready"  # waits at the counter
    IN_PROGRESS = "in_progress"  # ordered, not ready yet
    BY_POST = "by_post"  # on its way by post
    REPEATED = "repeated"  # this kiosk has recorded it already
    OTHER_CENTRE = "other_centre"  # to be collected elsewhere
    UNKNOWN_SERVICE = "unknown_service"  # not offered here
    EXPIRED = "expired"  # too old
    ACCEPTED_UNPAID = "accepted_unpaid"  # recorded, the cashier is next
    ACCEPTED = "accepted"  # recorded

    @property
    def is_recorded(self) -> bool:
        """True for the three outcomes that make an order item."""
        return self in (Outcome.ACCEPTED, Outcome.ACCEPTED_UNPAID, Outcome.ACCEPTED_UNVERIFIED)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the kiosk knows when a code is judged."""

    centre: str
    services: Collection[str]  # codes that this centre offers by the app
    free_services: Collection[str] = ()  # those of them that cost nothing
    feed_state: FeedState | None = None  # of this order id, as the feed last said
    is_recorded: bool = False  # this kiosk has an order with this id, of another scan than this one


def judge(code: OrderCode, facts: OrderFacts, *, now: float) -> Outcome:
    """Return the first outcome that fits.

    Args:
        code: what `read_order_code` made of it.
        facts: what the store knows of `code.order_id`, where it is genuine.
        now: Unix seconds, not before the greatest trusted time (`max(clock, floor)`).
    """
    match code:
        case Unreadable():
            return Outcome.UNREADABLE
        case Forged():
            return Outcome.FORGED
        case Unverified():
            return Outcome.ACCEPTED_UNVERIFIED
        case Genuine():
            return _judge_genuine(code, facts, now)
        case _:
            assert_never(code)


def _judge_genuine(order: Genuine, facts: OrderFacts, now: float) -> Outcome:
    if facts.feed_state is not None:
        return Outcome(facts.feed_state)
    if facts.is_recorded:
        return Outcome.REPEATED
    if order.destination not in (facts.centre, POST):
        return Outcome.OTHER_CENTRE
    if order.service not in facts.services:
        return Outcome.UNKNOWN_SERVICE
    if order.expires <= now:
        return Outcome.EXPIRED
    if order.paid is None and order.service not in facts.free_services:
        return Outcome.ACCEPTED_UNPAID
    return Outcome.ACCEPTED
