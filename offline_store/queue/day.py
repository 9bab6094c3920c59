"""The business day between kiosk and hub: the hub owns it, and a kiosk whose own clock is not sure takes its word."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from common.machine.stamp import Stamp
from common.protocol.queue.call import DAY_NOT_BELIEVED, QueuedTicket, RefusedTicket
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.chain.chain import read_head
from offline_store.disk.database import Store
from offline_store.issuing.business_day import BY_HUB, current_day, open_day
from offline_store.queue.changes import Changes, change_of

HUB_REFUSES_DAY: Final = "hub-refuses-day"
HUB_REFUSES_NUMBERS: Final = "hub-refuses-numbers"


def first_of_refused_day(changes: Changes, refused: Sequence[RefusedTicket]) -> QueuedTicket | None:
    """Return the first ticket whose day the hub does not believe, None where it believes all."""
    not_believed = {one.id for one in refused if one.reason == DAY_NOT_BELIEVED}
    return next((ticket for ticket in changes.tickets if ticket.id in not_believed), None)


def settled_through(changes: Changes, first_refused: QueuedTicket | None) -> int:
    """Return how far a telling is settled: what is of a day not believed is told again until it is."""
    return changes.through if first_refused is None else change_of(first_refused) - 1


def take_day(store: Store, label: str | None, stamp: Stamp) -> None:
    """Open the day that the hub serves, where this kiosk's own is an earlier one and its clock not sure of the date.

    Its label on paper is then the hall's; which day a number is of is the hub's to say. Raises StoreError.
    """
    if label is None or stamp.is_sure:
        return
    with store.read() as connection:
        if not _is_later(connection, label):
            return
    with store.write() as connection:
        if _is_later(connection, label):  # a touch may have opened one meanwhile
            open_day(connection, read_head(connection), label, BY_HUB, stamp)


def _is_later(connection: Connection, label: str) -> bool:
    current = current_day(connection)
    return current is None or label > current.date


def note_day(store: Store, hub: str, first_refused: QueuedTicket | None, stamp: Stamp) -> None:
    """Raise or end the alarm. Raises StoreError."""
    with store.write() as connection:
        if first_refused is None:
            clear_alarm(connection, HUB_REFUSES_DAY)
            return
        day, number = first_refused.business_day, first_refused.number
        text = f"{hub} does not believe the day {day}: from {number} on nobody is called"
        raise_alarm(connection, HUB_REFUSES_DAY, text, stamp)


class NumbersRefused:
    """The alarm that a hub does not take numbers of this kiosk yet: they are in no queue."""

    def __init__(self, store: Store) -> None:
        """Begin without a word on whether it stands."""
        self._store = store
        self._first: str | None = ""

    def says(self, first: QueuedTicket | None, stamp: Stamp) -> None:
        """Raise it from the first number that is refused, or end it. Raises StoreError."""
        number = None if first is None else first.number
        if number == self._first:
            return
        with self._store.write() as connection:
            if first is None:
                clear_alarm(connection, HUB_REFUSES_NUMBERS)
            else:
                text = f"from {first.number} ({first.service}) on the hub takes no numbers: nobody calls them"
                raise_alarm(connection, HUB_REFUSES_NUMBERS, text, stamp)
        self._first = number
