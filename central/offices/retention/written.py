"""What was written to citizens, and to which number: gone with its rule.

A number goes neither before its order is ready, nor before its appointment: it was given to be told of these.

How many messages there were, and what they cost, stays. Of messages the newest that the app was told of stays: the
places of those that come are counted from it.
"""

from typing import Final

from sqlalchemy import and_, exists, func, select

from central.base.tables.claimed import claims
from central.base.tables.messages import SYSTEM, message_contacts, told, watches
from central.base.tables.told import feed
from central.insight.written import keep_counts
from central.offices.retention.sweep import Sweep

_IN_PROGRESS: Final = '"state":"in_progress"'
_OPEN: Final = ("held", "booked")


def sweeps(before: str) -> list[Sweep]:
    """Return what was made, given or asked for before a moment."""
    newest = select(func.max(told.c.number)).scalar_subquery()
    is_newest = and_(told.c.number.is_not(None), told.c.number == newest)
    is_old = and_(told.c.made_at < before, told.c.subject != SYSTEM)
    later = feed.alias()
    is_replaced = exists().where(later.c.kind == feed.c.kind, later.c.key == feed.c.key, later.c.id > feed.c.id)
    own = feed.c.kind == "order-state", feed.c.key == message_contacts.c.about, message_contacts.c.subject == "order"
    is_made = exists().where(*own, feed.c.body.contains(_IN_PROGRESS), ~is_replaced)
    is_ahead = exists().where(
        claims.c.id == message_contacts.c.about, message_contacts.c.subject == "claim", claims.c.state.in_(_OPEN)
    )
    of_contact = message_contacts.c.subject, message_contacts.c.about
    return [
        Sweep("written", (told.c.id,), is_old & ~is_newest, counted=keep_counts),
        Sweep("numbers", of_contact, (message_contacts.c.given_at < before) & ~is_made & ~is_ahead),
        Sweep("watches", (watches.c.id,), watches.c.asked_at < before),
    ]
