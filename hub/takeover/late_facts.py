"""Facts of a former life that this hub did not hold when it took over: they may add, end and show.

They never set back what has been said of the same ticket here since; who ended by somebody's word stays ended.
"""

import contextlib
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from common.protocol.queue.event import DAY_CLOSED
from common.protocol.queue.service_now import INTERRUPTED, RESUMED
from common.queue.standing import OF_ITS_KIOSK, Counter, End, Ticket
from hub.engine.act import Act
from hub.engine.days import BY_CLERK
from hub.engine.managing import close_day, open_day, undo_day
from hub.engine.presses.by_hand import end_entered
from hub.engine.presses.press import NumberRange
from hub.engine.refusal import Refused
from hub.log.authors import life_at
from hub.log.event import Event, EventBody
from hub.log.facts import Fact, Facts
from hub.log.reading import find_counter, find_day, find_ticket
from hub.log.told_to_central import TOLD_TO_CENTRAL
from offline_store.disk.sql import run

ADOPTED: Final = "adopted"
_ENDED: Final = (
    "SELECT coalesce((SELECT min(n.seq) FROM hub_lives AS n WHERE n.seq > l.seq), ?) FROM hub_lives AS l "
    "WHERE l.life = ? ORDER BY l.seq DESC"
)
_LATER: Final = (
    "SELECT min(coalesce((SELECT min(seq) FROM hub_events WHERE term > ?), ?), coalesce(max(seq), 0)) FROM hub_lives"
)
_SET_HERE: Final = (
    "SELECT e.body FROM hub_overrides AS o JOIN hub_events AS e ON e.seq = o.seq WHERE o.name = ? AND o.seq >= ?"
)
_ENTERED: Final = (
    "SELECT 1 FROM hub_by_hand AS b JOIN hub_events AS e ON e.seq = b.seq "
    "WHERE json_extract(e.body, '$.detail.of.life') = ? AND json_extract(e.body, '$.detail.of.seq') = ?"
)
_IS_THERE: Final = "SELECT 1 FROM hub_events WHERE seq = ?"
_SAID_HERE: Final = (
    "SELECT kind, body FROM hub_events WHERE seq >= ? AND ticket = ? AND kind NOT IN ('arrived', 'revised') "
    "ORDER BY seq DESC"
)
_ENDED_BY_PEOPLE: Final[frozenset[End]] = frozenset({"done", "done-unconfirmed", "left", "by-hand", "voided"})


class _Late(NamedTuple):
    """A fact, and what it makes of its ticket here; None where it speaks of none, or what stands is later.

    `is_end_alone`: the ticket is where it was said to be here since; the fact ends it, or takes that end back.
    """

    fact: Fact
    ticket: Ticket | None
    is_end_alone: bool = False


def is_late(event: Event) -> bool:
    """Return whether an event is what a fact of a former life made here, which came after another one had led."""
    detail = event.read_body().detail or {}
    return (event.kind == ADOPTED and "life" in detail) or isinstance(detail.get("of"), dict)


def take_facts(act: Act, facts: Facts) -> int:
    """Take in the facts of somebody's act that this log does not hold; return how many events they made.

    Told again they make none.
    """
    before = act.seq
    late = _late(act, facts)
    number = next((one.fact.body.counter.number for one in reversed(late) if one.fact.body.counter is not None), None)
    former, counter = (None, None) if number is None else (find_counter(act.connection, number), _counter(act, late))
    for one in late:
        if one.ticket is not None:
            _let_go_elsewhere(act, one.ticket)
            _record(act, facts.life, one, _numbered(act, one.ticket), counter)
        elif (decided := _DECIDED.get(one.fact.kind)) is not None:
            decided(act, facts, one.fact)
    if former is not None and counter is not None:
        _end_whom_nobody_names(act, former, counter)
        if find_counter(act.connection, counter.number) != counter:
            act.record_told(ADOPTED, None, counter=counter)
    return act.seq - before


def _late(act: Act, facts: Facts) -> list[_Late]:
    since, found = _later_since(act, facts), list[_Late]()
    for fact in facts.said:
        told = fact.body.ticket
        if _holds(act, facts.life, fact.seq):
            continue
        if told is None:
            found.append(_Late(fact, None))
            continue
        before = next((one for one in reversed(found) if one.ticket is not None and one.ticket.id == told.id), None)
        found.append(_as_told(act, facts.life, fact, told, before, since))
    return found


def _later_since(act: Act, facts: Facts) -> int:
    """Return the seq from which on this log is later than a former life: where that ended here, or others led.

    Not only this hub's own life: what a hub said that led in between stands as well.
    """
    row = run(act.connection, _ENDED, (act.next_seq, facts.life)).fetchone()
    if row is None:
        row = run(act.connection, _LATER, (facts.term, act.next_seq)).fetchone()
    return int(row[0])


def _holds(act: Act, life: str, seq: int) -> bool:
    """Whether this log has the event that a life wrote at a seq."""
    found = life_at(act.connection, seq)
    return found is not None and found.life == life and run(act.connection, _IS_THERE, (seq,)).fetchone() is not None


def _as_told(act: Act, life: str, fact: Fact, told: Ticket, before: _Late | None, since: int) -> _Late:
    """Return what a late fact makes of its ticket; `before`: the fact of the same press before it."""
    known = find_ticket(act.connection, told.id) if before is None else before.ticket
    if known is None:
        is_of_known_day = find_day(act.connection, told.day) is not None
        return _Late(fact, told if is_of_known_day else replace(told, day=act.day))
    said_here = _said_here(act, told.id, since)
    if said_here is None or (before is not None and not before.is_end_alone):
        return _Late(fact, _with_its_kiosks_word(act, told, known))
    if said_here.detail is not None and said_here.detail.get("life") == life:
        is_later = said_here.detail["seq"] < fact.seq
        return _Late(fact, _with_its_kiosks_word(act, told, known) if is_later else None)
    stands = _with_its_kiosks_word(act, said_here.ticket or known, known)
    if told.end in _ENDED_BY_PEOPLE and stands.state in ("waiting", "parked", "missed"):
        stands = act.after(stands, told.end)
    return _Late(fact, None if (stands.state, stands.end) == (known.state, known.end) else stands, is_end_alone=True)


def _said_here(act: Act, ticket_id: str, since: int) -> EventBody | None:
    """Return the newest that was said of a ticket from a seq on, but for ends that a former life brought."""
    for kind, body in run(act.connection, _SAID_HERE, (since, ticket_id)).fetchall():
        said = msgspec.json.decode(body, type=EventBody)
        if kind != ADOPTED or not (said.detail or {}).get("is_end_alone"):
            return said
    return None


def _with_its_kiosks_word(act: Act, told: Ticket, known: Ticket) -> Ticket:
    if known.revision >= told.revision:
        told = replace(told, **{name: getattr(known, name) for name in OF_ITS_KIOSK})
    is_away = told.state in ("waiting", "parked", "missed")
    return act.after(told, "voided") if told.is_voided and is_away else told


def _counter(act: Act, late: list[_Late]) -> Counter | None:
    """Return the counter as the last of the facts leaves it; None where this hub knows a later state."""
    told = next(one.fact.body.counter for one in reversed(late) if one.fact.body.counter is not None)
    own = find_counter(act.connection, told.number)
    if told.version <= own.version:
        return None
    at = {one.ticket.id: one.ticket for one in late if one.ticket is not None}
    held = None if told.ticket is None else at.get(told.ticket) or find_ticket(act.connection, told.ticket)
    is_here = held is not None and held.is_open and held.counter == told.number
    stands = {} if is_here or told.ticket is None else {"ticket": None, "state": "open"}
    return replace(told, must_resume=own.must_resume, last_press=None, last_seq=None, **stands)


def _let_go_elsewhere(act: Act, ticket: Ticket) -> None:
    """Take a ticket from another counter: its page has not said yet that it let it go."""
    known = find_ticket(act.connection, ticket.id)
    if ticket.is_open and known is not None and known.is_open and known.counter not in (None, ticket.counter):
        other = find_counter(act.connection, known.counter or 0)
        act.record_told(ADOPTED, None, counter=replace(other, state="open", ticket=None))


def _numbered(act: Act, ticket: Ticket) -> Ticket:
    """Return a ticket whose call this log has under a number of its own."""
    known = find_ticket(act.connection, ticket.id)
    if ticket.absent_seq is not None and ticket.absent_seq > act.seq:
        ticket = replace(ticket, absent_seq=act.next_seq)
    if not ticket.is_open or (known is not None and known.is_open and known.call_counter == ticket.call_counter):
        return replace(ticket, call_seq=known.call_seq) if known is not None and ticket.is_open else ticket
    return replace(ticket, call_seq=act.next_seq)


def _record(act: Act, life: str, late: _Late, ticket: Ticket, counter: Counter | None) -> None:
    fact = late.fact
    told_as = fact.kind if fact.kind in TOLD_TO_CENTRAL else None
    detail = {"life": life, "seq": fact.seq} | ({"is_end_alone": True} if late.is_end_alone else {})
    documents, reason = fact.body.documents, fact.body.reason
    act.record_told(ADOPTED, ticket, counter, documents=documents, reason=reason, detail=detail, told_as=told_as)


def _enter(act: Act, facts: Facts, fact: Fact) -> None:
    """Enter numbers that were served by voice, as of the moment at which that was said."""
    if run(act.connection, _ENTERED, (facts.life, fact.seq)).fetchone() is None:
        ranges = msgspec.convert((fact.body.detail or {}).get("ranges"), list[NumberRange])
        end_entered(act, None, ranges, {"life": facts.life, "seq": fact.seq, "line_us": fact.line_us})


def _set(act: Act, facts: Facts, fact: Fact) -> None:
    """Set what was set there, as that a service stands still or which groups a counter calls, but for later words."""
    life, detail = facts.life, fact.body.detail or {}
    row = run(act.connection, _SET_HERE, (detail["name"], _later_since(act, facts))).fetchone()
    of = None if row is None else (msgspec.json.decode(row[0], type=EventBody).detail or {}).get("of")
    if row is None or (of is not None and of["life"] == life and of["seq"] < fact.seq):
        act.record(fact.kind, reason=fact.body.reason, detail=detail | {"of": {"life": life, "seq": fact.seq}})


def _close_day(act: Act, _: Facts, fact: Fact) -> None:
    served = find_day(act.connection, act.day)
    if served is not None and served.label == (fact.body.detail or {}).get("label") and not served.is_closed:
        close_day(act)


def _open_day(act: Act, _: Facts, fact: Fact) -> None:
    """Open what a manager opened, or take that back; a day that a clock or central opened comes here by itself."""
    detail, served = fact.body.detail or {}, find_day(act.connection, act.day)
    label, was = detail["label"], detail.get("was")
    with contextlib.suppress(Refused):  # a clock that is right by now, or a call since, says that it cannot be
        if was is not None and label < was and served is not None and served.label == was:
            undo_day(act, was)
        elif detail.get("by") in ("manager", BY_CLERK) and (served is None or served.label < label):
            open_day(act, label, again=label)


def _end_whom_nobody_names(act: Act, former: Counter, counter: Counter) -> None:
    """End whom the counter had before, where no answer that its page kept says what became of him."""
    held = None if former.ticket is None else find_ticket(act.connection, former.ticket)
    if held is not None and held.is_open and held.counter == counter.number and held.id != counter.ticket:
        end: End = "done" if held.state == "serving" else "done-unconfirmed"
        act.record_told(ADOPTED, act.after(held, end), counter=counter, told_as=end)


_DECIDED: Final[dict[str, Callable[[Act, Facts, Fact], None]]] = {
    "by-hand": _enter,
    INTERRUPTED: _set,
    RESUMED: _set,
    "rules-set": _set,
    "groups-set": _set,
    "boards-set": _set,
    DAY_CLOSED: _close_day,
    "day-opened": _open_day,
    "day-relabelled": _open_day,
}
"""Facts that speak of no single ticket."""
