"""Who a counter calls next: the queue as it stands, asked by the one rule of `hub.engine.order`.

Those who wait are kept between transactions: each event names its ticket, so that the log says whom to read again.
Where another day is served, another rule is in force, or the log was replaced meanwhile, all are read.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.engine.order import CALLABLE_AFTER_CALLS, SHARED_FOR_US, Line, Moment, Seat, Sharing, Waiting, place_of_claim
from hub.log.reading import find_ticket
from offline_store.disk.sql import run

_KEPT: Final = "who-waits"
_ALL: Final = (
    "SELECT absent_seq, id, queue, service, priority <> 'none' OR order_id IS NOT NULL, arrived_work, "
    "coalesce(place_line, arrived_line), kiosk, epoch, kiosk_seq, front_line, only_counter, absent_line, "
    "place_line IS NOT NULL, due_line, substr(number, 1, 1), coalesce(due_line - arrived_line, 0), "
    "coalesce(credit_us, 0) FROM hub_tickets WHERE state = 'waiting' AND day = ?"
)
_NAMED: Final = "SELECT DISTINCT ticket FROM hub_events WHERE seq > ? AND ticket IS NOT NULL"
_OF_NAMED: Final = f"{_ALL} AND id IN ({_NAMED})"
_EVENT: Final = "SELECT * FROM hub_events WHERE seq = ?"
_CALLS_SINCE: Final = (
    f"SELECT count(*) FROM (SELECT 1 FROM hub_events WHERE seq > ? AND kind = 'called' LIMIT {CALLABLE_AFTER_CALLS})"  # noqa: S608
)
_OPEN: Final = "SELECT number FROM hub_counters WHERE state <> 'closed'"
_FIRST_CALL: Final = "SELECT min(called_work) FROM hub_tickets WHERE day = ?"
_CARRIED_LAST: Final = "SELECT number FROM hub_counters WHERE called_carried = 1"


class One(NamedTuple):
    """Somebody who waits, and at which event he was called in vain; how many calls came since is not counted here."""

    waiting: Waiting
    absent_seq: int | None


class _Kept(NamedTuple):
    """All who waited when the log ended at an event, which is kept whole: at its seq may stand another one by now."""

    day: int
    weight: float
    event: tuple[Any, ...]
    ones: dict[str, One]


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
    found = [_as_it_stands(look, one, open_) for one in who_waits(look)]
    if arriving is not None:
        found.append(_as_waiting(look, arriving))
    if not any(one.is_carried for one in found):
        return found
    before_all = min(_opened_work(look), *(one.arrived_work for one in found)) - 1
    return [one._replace(arrived_work=before_all) if one.is_carried else one for one in found]


def who_waits(look: Act | Look) -> Collection[One]:
    """Return all of the day who wait, in no order."""
    weight = look.centre.rules.priority_weight
    kept: _Kept | None = look.learned.get(_KEPT)
    if kept is not None and (kept.day, kept.weight, kept.event) == (look.day, weight, _event(look, kept.event[0])):
        ones = _brought_up(look, kept, weight)
    else:
        ones = _read(look, _ALL, (look.day,), weight)
    event = _event(look, look.seq)
    look.learned[_KEPT] = None if event is None else _Kept(look.day, weight, event, ones)
    return ones.values()


def _brought_up(look: Act | Look, kept: _Kept, weight: float) -> dict[str, One]:
    since = kept.event[0]
    named = {row[0] for row in run(look.connection, _NAMED, (since,)).fetchall()}
    if not named:
        return kept.ones
    others = {name: one for name, one in kept.ones.items() if name not in named}
    return others | _read(look, _OF_NAMED, (look.day, since), weight)


def _event(look: Act | Look, seq: int) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = run(look.connection, _EVENT, (seq,)).fetchone()
    return row


def _read(look: Act | Look, query: str, values: tuple[int, ...], weight: float) -> dict[str, One]:
    rows = run(look.connection, query, values).fetchall()
    return {
        ticket: One(
            Waiting(
                ticket, queue, service, bool(preferred),
                place_of_claim(work, ahead_us, credit_us, weight if preferred else 1),
                (line, kiosk, epoch, seq), front, sent_to, absent_line,
                is_carried=bool(is_carried), due_line=due_line, letter=letter,
            ),
            absent_seq,
        )
        for absent_seq, ticket, queue, service, preferred, work, line, kiosk, epoch, seq, front, sent_to, absent_line,
        is_carried, due_line, letter, ahead_us, credit_us in rows
    }  # fmt: skip


def _as_it_stands(look: Act | Look, one: One, open_: Collection[int]) -> Waiting:
    waiting = one.waiting
    if waiting.only_counter is not None and waiting.only_counter not in open_:
        waiting = waiting._replace(only_counter=None)
    if one.absent_seq is None:
        return waiting
    return waiting._replace(calls_since_absence=run(look.connection, _CALLS_SINCE, (one.absent_seq,)).fetchone()[0])


def _as_waiting(look: Act | Look, ticket: Ticket) -> Waiting:
    """Return a ticket that has just come, as one who waits."""
    weight = look.centre.rules.priority_weight if ticket.is_preferred else 1
    placed = place_of_claim(ticket.arrived_work, ticket.ahead_us, ticket.credit_us or 0, weight)
    return Waiting(
        ticket.id, ticket.queue, ticket.service, ticket.is_preferred, placed, ticket.place,
        is_carried=ticket.place_line is not None, due_line=ticket.due_line, letter=ticket.letter,
    )  # fmt: skip


def _opened_work(look: Act | Look) -> int:
    """Return the working time at which calling began today; now, where nobody was called yet."""
    first: int | None = run(look.connection, _FIRST_CALL, (look.day,)).fetchone()[0]
    return look.work_us if first is None else first


def moment_of(look: Act | Look) -> Moment:
    """Return the moment of a transaction."""
    return Moment(look.line_us, look.work_us)
