"""After a take-over: what a counter last heard from the former hub comes in, where it was not pulled yet."""

from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from common.protocol.field import Count, CounterNumber, Line, ServiceCode, Uuid
from common.protocol.queue.claim import TicketClaim
from hub.engine.act import Act
from hub.engine.carrying.claiming import claiming
from hub.engine.presses.acts import ABSENCES_UNTIL_MISSED
from hub.engine.refusal import Refused
from hub.log.reading import find_counter, find_ticket
from hub.log.rows import Counter, CounterState, End, Ticket


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


def resume(act: Act, number: int, heard: Heard | None, *, more: bool = False) -> Counter:
    """Bring a counter to what an answer says that its page heard; after the last one, wait for it no longer.

    Args:
        act: the transaction.
        number: the counter.
        heard: its answer by the former hub; None where it has none.
        more: whether the page has a later answer to tell.

    Raises Refused where the answer is another counter's, or cannot be read.
    """
    counter = find_counter(act.connection, number)
    if heard is not None and (said := _read(heard.body)) is not None:
        if said.counter.number != number:
            raise Refused(422, "another-counter", f"the answer is of counter {said.counter.number}")
        if said.counter.version > counter.version:
            counter = _adopt(act, counter, said)
            _take_gift(act, heard.hub, said.given)
    if counter.must_resume and not more:
        counter = replace(counter, must_resume=False)
        act.record("resumed-after-takeover", counter=counter)
    return counter


def _read(answer: bytes) -> Answered | None:
    """Read an answer; None for a refusal, which says nothing of what was done."""
    try:
        said: Any = msgspec.json.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(422, "unreadable-answer", "the answer is no JSON") from error
    if isinstance(said, dict) and "press" not in said and "status" in said:
        return None
    try:
        return msgspec.convert(said, Answered)
    except msgspec.ValidationError as error:
        raise Refused(422, "unreadable-answer", str(error)[:200]) from error


def _adopt(act: Act, counter: Counter, said: Answered) -> Counter:
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
        act.record("adopted", ticket=left, counter=after, told_as=what)
    if told is not None:
        _let_go_elsewhere(act, counter.number, told.id)
        what = "came" if now.state == "serving" else "called"
        act.record("adopted", ticket=_taken(act, now, told), counter=after, told_as=what)
    elif held is None:
        act.record("adopted", counter=after)
    return after


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
        act.record("adopted", counter=replace(other, state="open", ticket=None))


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
    act.record("adopted", ticket=ticket)


def _left(act: Act, held: Ticket, press: str) -> tuple[Ticket, str]:
    """Return what became of the ticket that the counter no longer has, by the answered press, also in one word."""
    freed = replace(held, counter=None)
    if held.is_taken_back and press in ("park", "not-here", "transfer", "undo"):
        return _ended(act, freed, "voided"), "voided"
    if press == "park":
        return replace(freed, state="parked", parked_at=""), "parked"
    if press == "not-here":
        return _absent(act, freed)
    if press in ("transfer", "undo"):
        return replace(freed, state="waiting"), "transferred"
    if press == "left":
        return _ended(act, freed, "left"), "left"
    end: End = "done" if held.state == "serving" else "done-unconfirmed"
    return _ended(act, freed, end), end


def _absent(act: Act, freed: Ticket) -> tuple[Ticket, str]:
    absences = freed.absences + 1
    absent = replace(freed, absences=absences, absent_line=act.line_us, absent_seq=act.next_seq)
    if absences >= ABSENCES_UNTIL_MISSED:
        return replace(_ended(act, absent, "missed"), state="missed"), "missed"
    return replace(absent, state="waiting"), "not-here"


def _ended(act: Act, ticket: Ticket, end: End) -> Ticket:
    return replace(ticket, state="ended", end=end, ended_line=act.line_us, ended_work=act.work_us)


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
