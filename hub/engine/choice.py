"""Who a counter calls next: the queue as it stands, asked by the one rule of `hub.engine.order`."""

from collections.abc import Sequence
from typing import Final

from hub.engine.act import Act, Look
from hub.engine.order import CALLABLE_AFTER_CALLS, Line, Moment, Seat, Waiting
from hub.log.reading import find_ticket
from hub.log.rows import Ticket
from offline_store.disk.sql import run

_CALLS_SINCE: Final = (
    "CASE WHEN absent_seq IS NULL THEN 0 ELSE (SELECT count(*) FROM (SELECT 1 FROM hub_events AS e "  # noqa: S608
    f"WHERE e.seq > hub_tickets.absent_seq AND e.kind = 'called' LIMIT {CALLABLE_AFTER_CALLS})) END"
)
_WAITING: Final = (
    "SELECT id, queue, service, priority <> 'none' OR order_id IS NOT NULL, arrived_work, arrived_line, kiosk, epoch, "  # noqa: S608
    f"kiosk_seq, front_line, only_counter, absent_line, {_CALLS_SINCE} "
    "FROM hub_tickets WHERE state = 'waiting' AND day = ?"
)


def choose(act: Act, counter: int, queues: Sequence[str]) -> Ticket | None:
    """Return the ticket that this counter calls next, None where nobody waits whom it may call."""
    line = Line(waiting_tickets(act), act.centre.rules)
    found = line.next_for(Seat(counter, frozenset(queues)), moment_of(act))
    return None if found is None else find_ticket(act.connection, found.id)


def waiting_tickets(look: Act | Look) -> list[Waiting]:
    """Return all of the day who wait and may be called: those whose service stands still keep their places."""
    return [one for one in all_who_wait(look) if not is_passed_over(look, one)]


def is_passed_over(look: Act | Look, one: Waiting | Ticket) -> bool:
    """Return whether a ticket's service stands still; one that was sent on to others waits for what they do."""
    if one.service not in look.centre.interrupted or one.only_counter is not None:
        return False
    service = look.centre.services.get(one.service)
    return service is None or service.queue == one.queue


def all_who_wait(look: Act | Look) -> list[Waiting]:
    """Return all of the day who wait."""
    rows = run(look.connection, _WAITING, (look.day,)).fetchall()
    return [
        Waiting(ticket, queue, service, bool(preferred), work, (line, kiosk, epoch, seq), *rest)
        for ticket, queue, service, preferred, work, line, kiosk, epoch, seq, *rest in rows
    ]


def as_waiting(ticket: Ticket) -> Waiting:
    """Return a ticket that has just come, as one who waits."""
    place = (ticket.arrived_line, ticket.kiosk, ticket.epoch, ticket.kiosk_seq)
    return Waiting(ticket.id, ticket.queue, ticket.service, ticket.is_preferred, ticket.arrived_work, place)


def moment_of(look: Act | Look) -> Moment:
    """Return the moment of a transaction."""
    return Moment(look.line_us, look.work_us)
