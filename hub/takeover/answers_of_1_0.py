"""What the answers of a hub of 1.0 say after a take-over: they name what stood after a press, and no facts.

For one release: a standby that was updated first may take over from such a hub.
"""

from typing import Annotated, Any, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import replace

from common.protocol.field import Count, CounterNumber, Line, ServiceCode, Uuid
from common.protocol.queue.claim import TicketClaim
from common.queue.standing import Counter, CounterState, Ticket
from hub.engine.act import Act
from hub.engine.carrying.claiming import claiming
from hub.engine.presses.acts import ABSENCES_UNTIL_MISSED
from hub.log.reading import find_counter, find_ticket


class AnsweredTicket(Struct, frozen=True):
    """A ticket as a press's answer named it."""

    id: Uuid
    kiosk: str
    number: str
    service: str
    priority: str = "none"
    called_at: str | None = None


class AnsweredCounter(Struct, frozen=True):
    """A counter as a press's answer left it."""

    number: CounterNumber
    state: CounterState
    version: Count
    ticket: AnsweredTicket | None


class AnsweredGift(Struct, frozen=True):
    """A number that a clerk gave by hand, as the press's answer named it; `claimed`: whose place it has."""

    id: Uuid
    number: Line
    service: ServiceCode
    claimed: Uuid | None = None


class Answered(Struct, frozen=True):
    """The part of a press's answer that says what stood afterwards."""

    press: str
    counter: AnsweredCounter
    call: Annotated[int, Meta(ge=0)] | None = None
    given: AnsweredGift | None = None


class Heard(NamedTuple):
    """The body of an answer, and the hub that gave it; verified."""

    hub: str
    body: bytes


def adopt(act: Act, number: int, hub: str, said: Answered) -> None:
    """Take in what an answer says that stood afterwards, where this hub has not pulled it; what left is guessed."""
    counter = find_counter(act.connection, number)
    if said.counter.version > counter.version:
        _adopt(act, counter, said)
        _take_gift(act, hub, said.given)


def _adopt(act: Act, counter: Counter, said: Answered) -> None:
    """Take over what the former hub had answered and this one had not pulled."""
    now = said.counter
    held = _still_held(act, counter)
    told = now.ticket if now.ticket is not None and _may_have(act, counter.number, now.ticket.id) else None
    after = replace(
        counter, state=now.state, version=now.version, ticket=None if told is None else told.id,
        acted_line=act.line_us, acted_work=act.work_us, last_press=None, last_seq=None,
    )  # fmt: skip
    if now.ticket is not None and told is None:
        after = replace(after, state="open")
    if held is not None and (now.ticket is None or now.ticket.id != held.id):
        left, what = _left(act, held, said.press)
        act.record_told("adopted", left, counter=after, told_as=what)
    if told is not None:
        _let_go_elsewhere(act, counter.number, told.id)
        what = "came" if now.state == "serving" else "called"
        act.record_told("adopted", _taken(act, now, told), counter=after, told_as=what)
    elif held is None:
        act.record_told("adopted", None, counter=after)


def _still_held(act: Act, counter: Counter) -> Ticket | None:
    """Return the ticket of a counter, None where another counter's answer has brought word of it since."""
    held = None if counter.ticket is None else find_ticket(act.connection, counter.ticket)
    return held if held is not None and held.counter == counter.number else None


def _may_have(act: Act, number: int, ticket_id: str) -> bool:
    """Whether a counter may have the ticket that the former hub gave it.

    Both hubs may have led, without hearing each other: who is at another counter of this hub's, or was served there, is
    not at this one too. A counter that has not resumed yet is no such one: what stands of it here is older.
    """
    known = find_ticket(act.connection, ticket_id)
    if known is None:
        return True
    if known.is_open and known.counter is not None and known.counter != number:
        return find_counter(act.connection, known.counter).must_resume
    return known.end != "done" or known.call_counter == number


def _let_go_elsewhere(act: Act, number: int, ticket_id: str) -> None:
    """Take a ticket from another counter: its page has not said yet that it let it go."""
    known = find_ticket(act.connection, ticket_id)
    if known is not None and known.is_open and known.counter is not None and known.counter != number:
        other = find_counter(act.connection, known.counter)
        act.record_told("adopted", None, counter=replace(other, state="open", ticket=None))


def _take_gift(act: Act, hub: str, given: AnsweredGift | None) -> None:
    """Let a number wait that was given by hand and that this hub has not heard of."""
    if given is None or find_ticket(act.connection, given.id) is not None:
        return
    ticket = Ticket(
        id=given.id, kiosk=hub, epoch="", kiosk_seq=0, revision=0, digest="", number=given.number,
        service=given.service, priority="none", order_id=None, day=act.day, queue=given.number[0], state="waiting",
        arrived_line=act.line_us, arrived_work=act.work_us, is_certain=False, issued_at=act.stamp.text,
    )  # fmt: skip
    if given.claimed is not None:
        ticket = claiming(act, ticket, TicketClaim("carried", id=given.claimed))
    act.record_told("adopted", ticket)


def _left(act: Act, held: Ticket, press: str) -> tuple[Ticket, str]:
    """Return what became of the ticket that the counter no longer has, by the answered press, also in one word."""
    if press in ("transfer", "undo") and not held.is_taken_back:
        return replace(held, counter=None, state="waiting"), "transferred"  # whereto it does not say
    what = "done" if held.state == "serving" else "done-unconfirmed"
    if held.is_taken_back and press in ("park", "not-here", "transfer", "undo"):
        what = "voided"
    elif press == "not-here":
        what = "missed" if held.absences + 1 >= ABSENCES_UNTIL_MISSED else "not-here"
    elif press in ("park", "left"):
        what = {"park": "parked", "left": "left"}[press]
    return act.after(held, what), what


def _taken(act: Act, counter: AnsweredCounter, told: AnsweredTicket) -> Ticket:
    """Return the ticket that the counter has, whether its kiosk has told this hub of it yet or not."""
    known = find_ticket(act.connection, told.id)
    state: Any = counter.state if counter.state in ("called", "serving") else "called"
    if known is None:
        known = Ticket(
            id=told.id, kiosk=told.kiosk, epoch="", kiosk_seq=0, revision=0, digest="", number=told.number,
            service=told.service, priority=told.priority, order_id=None, day=act.day, queue=told.number[0],
            state="waiting", arrived_line=act.line_us, arrived_work=act.work_us, is_certain=False,
            issued_at=act.stamp.text,
        )  # fmt: skip
    call_seq = known.call_seq if known.is_open and known.call_counter == counter.number else act.next_seq
    return replace(
        known, state=state, counter=counter.number, call_seq=call_seq, call_counter=counter.number,
        called_at=told.called_at or act.stamp.text, called_line=known.called_line or act.line_us,
        called_work=known.called_work or act.work_us, end=None, ended_line=None, ended_work=None, front_line=None,
    )  # fmt: skip
