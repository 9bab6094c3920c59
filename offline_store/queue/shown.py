"""A ticket whose paper is shown once more, as far as is known here: of today, or of one of the days before.

What became of it is read in the hall's rows, which know those of other kiosks of today too.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, select

from common.machine.stamp import Stamp
from common.protocol.queue.claim import TicketClaim, digits_of, token_digest
from common.protocol.queue.rows import Stands
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import current_day
from offline_store.issuing.far_day import due_by_clock
from offline_store.issuing.ticket import recorded_body
from offline_store.queue.hall import KeptRow, row_of, row_of_today

#: A carried ticket is good for three days of its service; between these lie days on which only others work.
_DAYS: Final = 10
_LATELY: Final = timedelta(days=2)
_ticket, _item, _day = tables.tickets.c, tables.items.c, tables.business_days.c


class ShownTicket(NamedTuple):
    """A ticket. `id`, `business_day` None: another kiosk gave it, today.

    `called_to`: to which counter its number was called today, as far as was heard. `stands`: what became of it.
    `is_over`: whether its visit is, and lately: it was called today, or is of the two days before.
    """

    id: str | None
    number: str
    service: str
    business_day: str | None
    is_today: bool
    is_voided: bool
    called_to: int | None = None
    is_over: bool = False
    stands: Stands = "waits"


def find_shown(store: Store, claim: TicketClaim, stamp: Stamp) -> ShownTicket | None:
    """Return the ticket that a paper names by its id, its page's token or its digits; None: not known here.

    Raises StoreUnavailable.
    """
    with store.read() as connection:
        day = current_day(connection)
        if day is None:
            return _of_neighbour(connection, claim.id or claim.token_sha256, stamp)
        row = next((row for row in _candidates(connection, claim, day.id) if _is_named(claim, row.id, row.body)), None)
        if row is None:
            return _of_neighbour(connection, claim.id or claim.token_sha256, stamp)
        floor_us = connection.scalar(select(tables.store.c.floor_us))
        due = due_by_clock(connection, stamp, floor_us, day.date)
        is_today = row.day_id == day.id and due is None
        stands = row_of(connection, [row.id]) if is_today else None
        counter = None if stands is None else stands.called_to
        label = recorded_body(row.body).business_day
        is_voided = row.voided is not None
        is_over = not is_voided and (counter is not None if is_today else _is_recent(label, due or day.date))
        said = "voided" if is_voided else _stands(stands)
        return ShownTicket(row.id, row.number, row.service, label, is_today, is_voided, counter, is_over, said)


def find_number(store: Store, of_what: str, stamp: Stamp) -> ShownTicket | None:
    """Return the number of today by which another kiosk has answered an order or a claim. Raises StoreUnavailable."""
    with store.read() as connection:
        found = row_of_today(connection, of_what, stamp)
    return None if found is None or found.kiosk == store.identity.kiosk else _as_shown(found)


def _of_neighbour(connection: Connection, shown: str | None, stamp: Stamp) -> ShownTicket | None:
    found = None if shown is None else row_of_today(connection, shown, stamp)
    return None if found is None else _as_shown(found)


def _as_shown(row: KeptRow) -> ShownTicket:
    stands = _stands(row)
    return ShownTicket(None, row.number, row.service, None, True, stands == "voided", row.called_to, stands=stands)


def _stands(row: KeptRow | None) -> Stands:
    """Return what became of a ticket; one that no hub has told of waits."""
    if row is None:
        return "waits"
    if row.state == "ended":
        return "passed" if row.is_passed else "carried" if row.end == "carried" else "voided"
    return "waits" if row.called_to is None else "called"


def _is_recent(label: str, today: str) -> bool:
    return date.fromisoformat(today) - date.fromisoformat(label) <= _LATELY


def _candidates(connection: Connection, claim: TicketClaim, day_id: int) -> Iterable[Row[Any]]:
    which = _ticket.day_id > day_id - _DAYS if claim.id is None else _item.id == claim.id
    return connection.execute(
        select(_item.id, _item.body, _ticket.number, _ticket.service, _ticket.voided, _ticket.day_id)
        .join_from(tables.tickets, tables.items, _item.row == _ticket.row)
        .where(which)
        .order_by(_ticket.row.desc())
    )


def _is_named(claim: TicketClaim, ticket_id: str, body: str) -> bool:
    if claim.id is not None:
        return claim.id == ticket_id
    if claim.digits is not None:
        return claim.digits == digits_of(ticket_id)
    token = recorded_body(body).token
    return token is not None and claim.token_sha256 == token_digest(token)
