"""What each press does: the ticket and the counter as they are afterwards, with the event that says so.

Every act refuses before it records anything; what it records is one transaction with the press's answer.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from common.protocol.queue.event import STILL_HERE
from common.queue.standing import Counter, Ticket
from hub.engine.act import Act
from hub.engine.carrying.claiming import judge_what_was_shown
from hub.engine.carrying.in_doubt import asked_about
from hub.engine.choice import choose
from hub.engine.days import begin_without
from hub.engine.presses import press as kinds
from hub.engine.presses.by_hand import enter_by_hand
from hub.engine.presses.giving import give
from hub.engine.presses.undo import undo
from hub.engine.refusal import Refused
from hub.log.reading import find_counter, find_number, find_ticket

NOT_HERE_AFTER_S: Final = 60
ABSENCES_UNTIL_MISSED: Final = 2
_S: Final = 1_000_000


class Outcome(NamedTuple):
    """The counter after a press, the call that it made, and what else the answer says."""

    counter: Counter
    call: int | None = None
    more: Mapping[str, Any] = {}


def _done_at(act: Act, counter: Counter, kind: str, ticket: Ticket | None = None, **more: Any) -> Outcome:
    """Record what was done at a counter, with its ticket where it was done to one."""
    return Outcome(act.record_at(counter, kind, ticket=ticket, **more).counter)


def _open(act: Act, counter: Counter, _: kinds.Open) -> Outcome:
    if counter.state not in ("closed", "paused"):
        return Outcome(counter)
    return _done_at(act, counter, "counter-opened")


def _pause(act: Act, counter: Counter, press: kinds.Pause) -> Outcome:
    _without_ticket(counter, "pause")
    return _done_at(act, counter, "counter-paused", reason=press.reason)


def _close(act: Act, counter: Counter, _: kinds.Close) -> Outcome:
    if counter.state == "closed":
        return Outcome(counter)
    _without_ticket(counter, "close")
    return _done_at(act, counter, "counter-closed")


def _next(act: Act, counter: Counter, _: kinds.Next) -> Outcome:
    if counter.state == "paused":
        raise Refused(409, "counter-paused", "this counter is paused: press open first")
    if counter.ticket is not None:
        counter = _finish(act, counter, _held(act, counter), None)
    definition = act.centre.counters.get(counter.number)
    ticket = choose(act, counter.number, definition.groups if definition is not None else ())
    if ticket is None:
        return Outcome(counter)
    return call(act, counter, ticket)


def call(act: Act, counter: Counter, ticket: Ticket, reason: str | None = None) -> Outcome:
    """Call a ticket to a counter that has none."""
    return Outcome(*act.record_at(counter, "called", ticket=ticket, reason=reason))


def _again(act: Act, counter: Counter, _: kinds.Again) -> Outcome:
    return Outcome(*act.record_at(counter, "called-again", ticket=_held(act, counter)))


def _came(act: Act, counter: Counter, _: kinds.Came) -> Outcome:
    ticket = _held(act, counter)
    if ticket.state == "serving":
        raise Refused(409, "came-already", f"{ticket.number} is being served already: press done")
    return _done_at(act, counter, "came", ticket)


def _not_here(act: Act, counter: Counter, _: kinds.NotHere) -> Outcome:
    ticket = _held(act, counter)
    if ticket.state == "serving":
        raise Refused(409, "came-already", f"{ticket.number} came and is being served: press done, or undo")
    left_us = (ticket.called_line or 0) + NOT_HERE_AFTER_S * _S - act.line_us
    if left_us > 0:
        wait_s = -(-left_us // _S)
        raise Refused(409, "too-early", f"give {ticket.number} time to come: not here in {wait_s} s at the earliest")
    if ticket.is_taken_back:
        return _taken_back(act, counter, ticket)
    is_missed = ticket.absences + 1 >= ABSENCES_UNTIL_MISSED
    return _done_at(act, counter, "missed" if is_missed else "not-here", ticket)


def _done(act: Act, counter: Counter, press: kinds.Done) -> Outcome:
    ticket = _held(act, counter)
    if ticket.state == "called":
        raise Refused(409, "not-come-yet", f"{ticket.number} is only called: press came first, or not-here")
    unknown = sorted(set(press.documents or {}) - {*act.centre.services, ticket.service})
    if unknown:
        raise Refused(422, "unknown-service", f"documents: {unknown[0]} is no service of this centre")
    return Outcome(_finish(act, counter, ticket, press.documents))


def _finish(act: Act, counter: Counter, ticket: Ticket, documents: dict[str, int] | None) -> Counter:
    """End a counter's ticket: served, or unconfirmed where the person was never seen to come."""
    end = "done" if ticket.state == "serving" else "done-unconfirmed"
    counted = (documents if documents is not None else {ticket.service: 1}) if end == "done" else None
    return act.record_at(counter, end, ticket=ticket, documents=counted).counter


def _left(act: Act, counter: Counter, _: kinds.Left) -> Outcome:
    """End a ticket whose owner came and went away: nothing was done, and nobody missed a call."""
    ticket = _held(act, counter)
    if ticket.state == "called":
        raise Refused(409, "not-come-yet", f"{ticket.number} is only called: press came first, or not-here")
    return _done_at(act, counter, "left", ticket)


def _park(act: Act, counter: Counter, press: kinds.Park) -> Outcome:
    ticket = _of_today(act, counter)
    if ticket.is_taken_back:
        return _taken_back(act, counter, ticket)
    return _done_at(act, counter, "parked", ticket, reason=press.where)


def _taken_back(act: Act, counter: Counter, ticket: Ticket) -> Outcome:
    return _done_at(act, counter, "voided", ticket)


def _resume(act: Act, counter: Counter, press: kinds.Resume) -> Outcome:
    ticket = _named(act, press.ticket, press.number)
    if ticket.state not in ("parked", "missed"):
        raise Refused(409, "not-away", f"{ticket.number} is neither parked nor missed: {standing_of(ticket)}")
    return _done_at(act, counter, "resumed", ticket)


def _transfer(act: Act, counter: Counter, press: kinds.Transfer) -> Outcome:
    ticket = _of_today(act, counter)
    is_counter = isinstance(press.to, int)
    if is_counter and press.to not in act.centre.counters:
        raise Refused(422, "unknown-counter", f"to: there is no counter {press.to}")
    if not is_counter and press.to not in act.centre.queues():
        raise Refused(422, "unknown-group", f"to: there is no group {press.to}")
    if ticket.is_taken_back:
        return _taken_back(act, counter, ticket)
    return _done_at(act, counter, "transferred", ticket, reason=str(press.to), detail={"first": press.first})


def _out_of_turn(act: Act, counter: Counter, press: kinds.OutOfTurn) -> Outcome:
    _without_ticket(counter, "out-of-turn")
    if counter.state == "paused":
        raise Refused(409, "counter-paused", "this counter is paused: press open first")
    ticket = _named(act, press.ticket, press.number)
    if ticket.state not in ("waiting", "parked", "missed"):
        raise Refused(409, "not-waiting", f"{ticket.number} does not wait: {standing_of(ticket)}")
    return call(act, counter, ticket, reason=press.reason)


def _give(act: Act, counter: Counter, press: kinds.Give) -> Outcome:
    ticket = give(act, press.service, press.priority, press.earlier)
    counter = act.record_at(counter, "given", born=ticket).counter
    given = {"id": ticket.id, "number": ticket.number, "service": ticket.service, "claimed": ticket.claimed}
    return Outcome(counter, None, {"given": given})


def _by_hand(act: Act, counter: Counter, press: kinds.ByHand) -> Outcome:
    entered = enter_by_hand(act, counter, press.ranges)
    return Outcome(find_counter(act.connection, counter.number), None, msgspec.to_builtins(entered))


def _undo(act: Act, counter: Counter, press: kinds.Undo) -> Outcome:
    return Outcome(undo(act, counter, press.ticket))


def _held(act: Act, counter: Counter) -> Ticket:
    """Return the ticket that this counter has. Raises Refused."""
    ticket = None if counter.ticket is None else find_ticket(act.connection, counter.ticket)
    if ticket is None:
        raise Refused(409, "no-ticket", "no ticket is open at this counter: press next")
    return ticket


def _of_today(act: Act, counter: Counter) -> Ticket:
    """Return the ticket that this counter has, of the day that is served. Raises Refused."""
    ticket = _held(act, counter)
    if ticket.day != act.day:
        raise Refused(409, "day-over", f"the day of {ticket.number} has ended: finish it here (done, left or not-here)")
    return ticket


def _still_here(act: Act, counter: Counter, press: kinds.StillHere) -> Outcome:
    _without_ticket(counter, "still-here")
    doubt = asked_about(act)
    if doubt is not None and press.here:
        act.record(STILL_HERE, detail={"label": doubt.label})
        judge_what_was_shown(act)
    elif doubt is not None:
        begin_without(act, doubt)
    now = find_counter(act.connection, counter.number)
    # A new day closes the counters that nobody closed the evening before; at this one somebody works.
    return _done_at(act, now, "counter-opened") if now.state == "closed" else Outcome(now)


def _named(act: Act, ticket_id: str | None, number: str | None) -> Ticket:
    """Return the ticket of an id or of today's number. Raises Refused."""
    ticket = None
    if ticket_id is not None:
        ticket = find_ticket(act.connection, ticket_id)
    elif number is not None:
        ticket = find_number(act.connection, number, act.day)
    else:
        raise Refused(422, "unnamed", "ticket or number: one of the two must say who is back")
    if ticket is None or ticket.day != act.day:
        raise Refused(409, "unknown-ticket", "no such number was given today, or no kiosk has told of it yet")
    return ticket


def _without_ticket(counter: Counter, what: str) -> None:
    if counter.ticket is not None:
        raise Refused(409, "ticket-open", f"finish the open ticket first (done, park or not-here), then {what}")


def standing_of(ticket: Ticket) -> str:
    """Say in a few words where a ticket stands."""
    if ticket.is_open:
        return f"it is at counter {ticket.counter}"
    return f"it has ended ({ticket.end})" if ticket.state == "ended" else f"it is {ticket.state}"


ACTS: Final[Mapping[type, Callable[[Act, Counter, Any], Outcome]]] = {
    kinds.Open: _open,
    kinds.Pause: _pause,
    kinds.Close: _close,
    kinds.Next: _next,
    kinds.Again: _again,
    kinds.Came: _came,
    kinds.NotHere: _not_here,
    kinds.Done: _done,
    kinds.Left: _left,
    kinds.Park: _park,
    kinds.Resume: _resume,
    kinds.Transfer: _transfer,
    kinds.OutOfTurn: _out_of_turn,
    kinds.Give: _give,
    kinds.ByHand: _by_hand,
    kinds.StillHere: _still_here,
    kinds.Undo: _undo,
}
WHILE_CLOSED: Final = (kinds.Open, kinds.Close)
