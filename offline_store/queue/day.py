"""Whether the hub believes this kiosk's business day: numbers of a day that lies ahead are called by no counter."""

from collections.abc import Sequence
from typing import Final

from common.machine.stamp import Stamp
from common.protocol.queue.call import DAY_NOT_BELIEVED, QueuedTicket, RefusedTicket
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.disk.database import Store
from offline_store.queue.changes import Changes, change_of

HUB_REFUSES_DAY: Final = "hub-refuses-day"


def first_of_refused_day(changes: Changes, refused: Sequence[RefusedTicket]) -> QueuedTicket | None:
    """Return the first ticket whose day the hub does not believe, None where it believes all."""
    not_believed = {one.id for one in refused if one.reason == DAY_NOT_BELIEVED}
    return next((ticket for ticket in changes.tickets if ticket.id in not_believed), None)


def settled_through(changes: Changes, first_refused: QueuedTicket | None) -> int:
    """Return how far a telling is settled: what is of a day not believed is told again until it is."""
    return changes.through if first_refused is None else change_of(first_refused) - 1


def note_day(store: Store, hub: str, first_refused: QueuedTicket | None, stamp: Stamp) -> None:
    """Raise or end the alarm. Raises StoreError."""
    with store.write() as connection:
        if first_refused is None:
            clear_alarm(connection, HUB_REFUSES_DAY)
            return
        day, number = first_refused.business_day, first_refused.number
        text = f"{hub} does not believe the day {day}: from {number} on nobody is called"
        raise_alarm(connection, HUB_REFUSES_DAY, text, stamp)
