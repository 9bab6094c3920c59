"""Who a counter calls next: the queue as it stands, asked by the one rule of `hub.engine.order`."""

from collections.abc import Sequence
from typing import Final

from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.engine.order import CALLABLE_AFTER_CALLS, SHARED_FOR_US, Line, Moment, Seat, Sharing, Waiting, place_of_claim
from hub.log.reading import find_ticket
from offline_store.disk.sql import run

_CALLS_SINCE: Final = (
    "CASE WHEN absent_seq IS NULL THEN 0 ELSE (SELECT count(*) FROM (SELECT 1 FROM hub_events AS e "  # noqa: S608
    f"WHERE e.seq > hub_tickets.absent_seq AND e.kind = 'called' LIMIT {CALLABLE_AFTER_CALLS})) END"
)
_WAITING: Final = (
    "SELECT id, queue, service, priority <> 'none' OR order_id IS NOT NULL, arrived_work, "  # noqa: S608
    "coalesce(place_line, arrived_line), kiosk, epoch, kiosk_seq, front_line, only_counter, absent_line, "
    f"{_CALLS_SINCE}, place_line IS NOT NULL, due_line, substr(number, 1, 1), coalesce(due_line - arrived_line, 0), "
    "coalesce(credit_us, 0) "
    "FROM hub_tickets WHERE state = 'waiting' AND day = ?"
)
_OPEN: Final = "SELECT number FROM hub_counters WHERE state <> 'closed'"
_FIRST_CALL: Final = "SELECT min(called_work) FROM hub_tickets WHERE day = ?"
_CARRIED_LAST: Final = "SELECT number FROM hub_counters WHERE called_carried = 1"


def choose(act: Act, counter: int, queues: Sequence[str]) -> Ticket | None:
    """Return the ticket that this counter calls next, None where nobody waits whom it may call."""
    line = line_of(act, waiting_tickets(act))
    found = line.next_for(Seat(counter, frozenset(queues)), moment_of(act))
    return None if found is None else find_ticket(act.connection, found.id)


def line_of(look: Act | Look, waiting: Sequence[Waiting], *, begins: bool = False) -> Line:
    """Return those who wait as they are called, with what counters called before.

    `begins`: as when all counters open, and none of them has called anybody.
    """
    if not any(one.is_carried for one in waiting):
        return Line(waiting, look.centre.rules)
    carried_last = frozenset(() if begins else (row[0] for row in run(look.connection, _CARRIED_LAST).fetchall()))
    return Line(waiting, look.centre.rules, Sharing(_opened_work(look) + SHARED_FOR_US, carried_last))


def waiting_tickets(look: Act | Look, arriving: Ticket | None = None) -> list[Waiting]:
    """Return all of the day who wait and may be called: those whose service stands still keep their places.

    `arriving` is a ticket that is not recorded yet.
    """
    return [one for one in all_who_wait(look, arriving) if not is_passed_over(look, one)]


def is_passed_over(look: Act | Look, one: Waiting | Ticket) -> bool:
    """Return whether a ticket's service stands still; one that was sent on to others waits for what they do.

    Who waits where he came was not sent on, also where the service has had another letter since.
    """
    if one.service not in look.centre.interrupted or one.only_counter is not None:
        return False
    service = look.centre.services.get(one.service)
    return service is None or one.queue in (service.queue, one.letter)


def all_who_wait(look: Act | Look, arriving: Ticket | None = None) -> list[Waiting]:
    """Return all of the day who wait; who was carried over as if he had come when it opened, before all others.

    Who was sent to a counter that is closed, or that central has taken out since, waits for any that serves his queue.
    """
    open_ = {row[0] for row in run(look.connection, _OPEN).fetchall()} & look.centre.counters.keys()
    rows = run(look.connection, _WAITING, (look.day,)).fetchall()
    found = [
        Waiting(
            ticket, queue, service, bool(preferred), _placed(look, work, preferred, ahead_us, credit_us),
            (line, kiosk, epoch, seq), front, sent_to if sent_to in open_ else None, *rest,
        )
        for ticket, queue, service, preferred, work, line, kiosk, epoch, seq, front, sent_to, *rest, ahead_us, credit_us
        in rows
    ]  # fmt: skip
    if arriving is not None:
        found.append(_as_waiting(look, arriving))
    if not any(one.is_carried for one in found):
        return found
    before_all = min(_opened_work(look), *(one.arrived_work for one in found)) - 1
    return [one._replace(arrived_work=before_all) if one.is_carried else one for one in found]


def _as_waiting(look: Act | Look, ticket: Ticket) -> Waiting:
    """Return a ticket that has just come, as one who waits."""
    return Waiting(
        ticket.id, ticket.queue, ticket.service, ticket.is_preferred,
        _placed(look, ticket.arrived_work, ticket.is_preferred, ticket.ahead_us, ticket.credit_us or 0), ticket.place,
        is_carried=ticket.place_line is not None, due_line=ticket.due_line, letter=ticket.letter,
    )  # fmt: skip


def _placed(look: Act | Look, arrived_work: int, is_preferred: bool, ahead_us: int, credit_us: int) -> int:
    """Return the working time by which somebody is placed: his arrival, or what his claim makes of it."""
    return place_of_claim(arrived_work, ahead_us, credit_us, look.centre.rules.priority_weight if is_preferred else 1)


def _opened_work(look: Act | Look) -> int:
    """Return the working time at which calling began today; now, where nobody was called yet."""
    first: int | None = run(look.connection, _FIRST_CALL, (look.day,)).fetchone()[0]
    return look.work_us if first is None else first


def moment_of(look: Act | Look) -> Moment:
    """Return the moment of a transaction."""
    return Moment(look.line_us, look.work_us)
