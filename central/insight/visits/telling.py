"""Who may tell of a ticket: the hubs of its own centre, and its own kiosk that it took the number back.

A ticket's id stands on its paper, so that any enrolled machine can name it; of another centre's it says nothing.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Row, select

from central.base.tables.enrolled import kiosks
from central.base.tables.visited import queue_events

_sender = kiosks.alias("sender")
TOLD_IN: Final = select(_sender.c.centre).where(_sender.c.id == queue_events.c.hub).scalar_subquery()
"""The centre of the machine that has told of an event; a hub with a log stays in its centre."""


def of_own_centre(events: Iterable[Row[Any]], centre: str) -> list[Row[Any]]:
    """Return those rows of events, with `told_in`, that count for a ticket of a centre; rows without an event stay."""
    return [row for row in events if row.hub is None or row.hub == row.kiosk or row.told_in == centre]
