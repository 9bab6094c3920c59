"""For how long a visit that has ended can be looked at and spoken of."""

from datetime import datetime, timedelta
from typing import Final

from central.base import clock
from common.protocol.queue import event as queue_event

KNOWN_FOR: Final = timedelta(hours=48)
"""For how long after its end a visit has its page, and its visitor may be asked."""
ASKED_AFTER: Final = frozenset(
    {queue_event.DONE, queue_event.DONE_UNCONFIRMED, queue_event.LEFT, queue_event.EXPIRED, queue_event.BY_HAND}
)
"""Ends that are asked about: who was missed may come after all, and who is carried over is asked when he was served."""


def closes_at(business_day: str, ended_at: str | None) -> datetime:
    """Return until when a visit is known: its end is within its day, whatever a hub's clock says."""
    over = day_over_at(business_day)
    ended = None if ended_at is None else clock.read(ended_at)
    return (over if ended is None else min(max(ended, over - timedelta(days=1)), over)) + KNOWN_FOR


def day_over_at(business_day: str) -> datetime:
    """Return when a business day is over."""
    day = datetime.fromisoformat(business_day).replace(tzinfo=clock.CENTRE_TIME)
    return day + timedelta(days=1) + clock.DAY_CUT_OFF
