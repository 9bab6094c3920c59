"""What each press makes of ticket and counter, field by field, and the event that says so."""

import uuid
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from common.queue.standing import Counter, Ticket
from hub.log.event import read_events
from tests.hub.hall import Hall


class Moment(NamedTuple):
    """Where the hub stands now, and its clock as texts have it."""

    line_us: int
    work_us: int
    text: str
    seq: int


def now(hall: Hall) -> Moment:
    with hall.hub.read() as look:
        return Moment(look.line_us, look.work_us, look.stamp.text, look.seq)


class Did(NamedTuple):
    """A press: ticket and counter before and after, and the last event of it."""

    ticket: tuple[Ticket, Ticket]
    counter: tuple[Counter, Counter]
    event: tuple[str, Any, Any, Any]
    """Kind, reason, documents, detail."""
    at: Moment
    key: str


def press(hall: Hall, ticket: str, kind: str, counter: int = 1, /, **fields: Any) -> Did:
    """Press half a minute after whatever was before."""
    hall.passes(30)
    key, at = str(uuid.uuid4()), now(hall)
    before = hall.ticket(ticket), hall.counter(counter)
    hall.press(counter, kind, key=key, **fields)
    with hall.hub.store.read() as connection:
        last = list(read_events(connection))[-1]
    body = last.read_body()
    told = last.kind, body.reason, body.documents, body.detail
    return Did((before[0], hall.ticket(ticket)), (before[1], hall.counter(counter)), told, at, key)


def expect(did: Did, event: tuple[str, Any, Any, Any], ticket: dict[str, Any], counter: dict[str, Any]) -> None:
    assert did.event == event
    assert did.ticket[1] == replace(did.ticket[0], **ticket)
    of_press = {"acted_line": did.at.line_us, "acted_work": did.at.work_us, "last_press": did.key, "clerk": "clerk-1"}
    version = {"version": did.counter[0].version + 1, "last_seq": did.at.seq + 1}
    assert did.counter[1] == replace(did.counter[0], **of_press | version | counter)


@pytest.fixture
def ticket(hall: Hall) -> str:
    """Somebody who waits, and two counters that have opened."""
    hall.press(1, "open")
    hall.press(2, "open")
    return hall.kiosks[0].give("A").id


def ended(did: Did) -> dict[str, Any]:
    return {"state": "ended", "counter": None, "ended_line": did.at.line_us, "ended_work": did.at.work_us}


def called(did: Did, counter: int = 1) -> dict[str, Any]:
    return {
        "state": "called", "counter": counter, "call_counter": counter, "call_seq": did.at.seq + 1,
        "called_at": did.at.text, "called_line": did.at.line_us, "called_work": did.at.work_us, "front_line": None,
        "absent_line": None, "absent_seq": None, "parked_at": None, "came_line": None, "came_work": None,
        "ended_line": None, "ended_work": None, "end": None,
    }  # fmt: skip


FREE = {"state": "open", "ticket": None}


def test_somebody_is_called_comes_and_is_served(hall: Hall, ticket: str) -> None:
    did = press(hall, ticket, "next")
    expect(did, ("called", None, None, None), called(did), {"state": "called", "ticket": ticket})
    did = press(hall, ticket, "again")
    expect(did, ("called-again", None, None, None), {"call_seq": did.at.seq + 1, "called_at": did.at.text}, {})
    did = press(hall, ticket, "came")
    came = {"state": "serving", "came_line": did.at.line_us, "came_work": did.at.work_us}
    expect(did, ("came", None, None, None), came, {"state": "serving"})
    did = press(hall, ticket, "done")
    expect(did, ("done", None, {"civil-affairs": 1}, None), ended(did) | {"end": "done"}, FREE)


@pytest.mark.parametrize("documents", [{}, {"clearance": 2, "civil-affairs": 0}])
def test_what_was_done_is_counted_as_the_clerk_says(hall: Hall, ticket: str, documents: dict[str, int]) -> None:
    press(hall, ticket, "next")
    press(hall, ticket, "came")
    did = press(hall, ticket, "done", documents=documents)
    expect(did, ("done", None, documents, None), ended(did) | {"end": "done"}, FREE)


def test_of_one_who_was_not_seen_to_come_nothing_is_counted(hall: Hall, ticket: str) -> None:
    press(hall, ticket, "next")
    did = press(hall, ticket, "next")
    expect(did, ("done-unconfirmed", None, None, None), ended(did) | {"end": "done-unconfirmed"}, FREE)


def test_next_ends_one_and_calls_another_as_one_press(hall: Hall, ticket: str) -> None:
    press(hall, ticket, "next")
    second = hall.kiosks[0].give("A").id
    did = press(hall, second, "next")
    first = hall.ticket(ticket)
    assert (first.end, first.ended_line) == ("done-unconfirmed", did.at.line_us)
    assert did.ticket[1] == replace(did.ticket[0], **called(did) | {"call_seq": did.at.seq + 2})
    after = did.counter[1]
    assert (after.version, after.last_seq, after.last_press) == (did.counter[0].version + 2, did.at.seq + 1, did.key)


def test_who_went_away_has_left(hall: Hall, ticket: str) -> None:
    press(hall, ticket, "next")
    press(hall, ticket, "came")
    did = press(hall, ticket, "left")
    expect(did, ("left", None, None, None), ended(did) | {"end": "left"}, FREE)


def test_nobody_came_once_and_twice(hall: Hall, ticket: str) -> None:
    press(hall, ticket, "next")
    hall.passes(30)
    did = press(hall, ticket, "not-here")
    absent = {"counter": None, "absences": 1, "absent_line": did.at.line_us, "absent_seq": did.at.seq + 1}
    expect(did, ("not-here", None, None, None), absent | {"state": "waiting"}, FREE)
    did = press(hall, ticket, "out-of-turn", number="A1001", reason="she is back")
    expect(did, ("called", "she is back", None, None), called(did), {"state": "called", "ticket": ticket})
    hall.passes(30)
    did = press(hall, ticket, "not-here")
    absent = {"absences": 2, "absent_line": did.at.line_us, "absent_seq": did.at.seq + 1}
    expect(did, ("missed", None, None, None), ended(did) | absent | {"state": "missed", "end": "missed"}, FREE)
    did = press(hall, ticket, "resume", number="A1001")
    back = {
        "state": "waiting", "front_line": did.at.line_us, "end": None, "ended_line": None, "ended_work": None,
        "absent_line": None, "absent_seq": None, "absences": 0, "parked_at": None,
    }  # fmt: skip
    expect(did, ("resumed", None, None, None), back, {})


def test_a_number_that_its_kiosk_took_back_while_it_was_called_is_void(hall: Hall, ticket: str) -> None:
    kiosk = hall.kiosks[0]
    told = kiosk.give("A")
    press(hall, told.id, "out-of-turn", number=told.number, reason="x")
    kiosk.tell(replace(told, revision=1, voided=True))
    hall.passes(30)
    did = press(hall, told.id, "not-here")
    expect(did, ("voided", None, None, None), ended(did) | {"end": "voided"}, FREE)


@pytest.mark.parametrize("where", [None, "عند الصندوق"])
def test_who_is_parked_comes_back_in_front(hall: Hall, ticket: str, where: str | None) -> None:
    press(hall, ticket, "next")
    did = press(hall, ticket, "park", where=where)
    expect(did, ("parked", where, None, None), {"state": "parked", "counter": None, "parked_at": where or ""}, FREE)
    did = press(hall, ticket, "resume", ticket=ticket)
    back = {"state": "waiting", "front_line": did.at.line_us, "parked_at": None}
    expect(did, ("resumed", None, None, None), back, {})
    did = press(hall, ticket, "next", 2)
    expect(did, ("called", None, None, None), called(did, 2), {"state": "called", "ticket": ticket})


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("to", ["B", 3])
def test_who_is_sent_on_keeps_number_and_arrival(hall: Hall, ticket: str, to: str | int, first: bool) -> None:
    press(hall, ticket, "next")
    press(hall, ticket, "came")
    did = press(hall, ticket, "transfer", to=to, first=first)
    moved = {
        "state": "waiting", "counter": None, "queue": "A" if to == 3 else "B", "only_counter": 3 if to == 3 else None,
        "front_line": did.at.line_us if first else None, "came_line": None, "came_work": None, "absences": 0,
    }  # fmt: skip
    expect(did, ("transferred", str(to), None, {"first": first}), moved, FREE)


def test_a_counter_pauses_opens_and_closes(hall: Hall, ticket: str) -> None:
    did = press(hall, ticket, "pause", reason="صلاة")
    expect(did, ("counter-paused", "صلاة", None, None), {}, {"state": "paused", "reason": "صلاة"})
    did = press(hall, ticket, "open")
    expect(did, ("counter-opened", None, None, None), {}, {"state": "open", "reason": None})
    before = did.counter[1]
    assert press(hall, ticket, "open").counter[1] == before, "it is open already"
    did = press(hall, ticket, "close")
    expect(did, ("counter-closed", None, None, None), {}, {"state": "closed", "reason": None})
    before = did.counter[1]
    assert press(hall, ticket, "close").counter[1] == before


@pytest.mark.parametrize(
    ("before", "kind", "fields", "refusal"),
    [
        (("next", "came"), "came", {}, (409, "came-already", "A1001 is being served already: press done")),
        (("next", "came"), "not-here", {}, (409, "came-already",
         "A1001 came and is being served: press done, or undo")),
        (("next",), "not-here", {}, (409, "too-early", "give A1001 time to come: not here in 60 s at the earliest")),
        (("next",), "done", {}, (409, "not-come-yet", "A1001 is only called: press came first, or not-here")),
        (("next", "came"), "done", {"documents": {"none": 1, "clearance": 1}}, (422, "unknown-service",
         "documents: none is no service of this centre")),
        (("next",), "transfer", {"to": 9}, (422, "unknown-counter", "to: there is no counter 9")),
        (("next",), "transfer", {"to": "Q"}, (422, "unknown-group", "to: there is no group Q")),
        ((), "resume", {"number": "A1001"}, (409, "not-away", "A1001 is neither parked nor missed: it is waiting")),
        ((), "resume", {}, (422, "unnamed", "ticket or number: one of the two must say who is back")),
        ((), "resume", {"number": "A1999"}, (409, "unknown-ticket",
         "no such number was given today, or no kiosk has told of it yet")),
        (("next",), "pause", {}, (409, "ticket-open",
         "finish the open ticket first (done, park or not-here), then pause")),
        (("next", "came", "done"), "out-of-turn", {"number": "A1001", "reason": "x"}, (409, "not-waiting",
         "A1001 does not wait: it has ended (done)")),
        (("pause",), "out-of-turn", {"number": "A1001", "reason": "x"}, (409, "counter-paused",
         "this counter is paused: press open first")),
        (("pause",), "next", {}, (409, "counter-paused", "this counter is paused: press open first")),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_and_changes_nothing(
    hall: Hall,
    ticket: str,
    before: tuple[str, ...],
    kind: str,
    fields: dict[str, Any],
    refusal: tuple[int, str, str],
) -> None:
    status, code, detail = refusal
    for one in before:
        hall.press(1, one)
    was = hall.ticket(ticket), hall.counter(1), now(hall).seq
    refused = hall.press(1, kind, expect=status, **fields)
    assert (refused["type"], refused["detail"]) == (f"/problems/{code}", detail)
    assert (hall.ticket(ticket), hall.counter(1), now(hall).seq) == was


def test_who_is_at_another_counter_is_named_with_it(hall: Hall, ticket: str) -> None:
    hall.press(2, "next")
    refused = hall.press(1, "out-of-turn", expect=409, number="A1001", reason="x")
    assert refused["detail"] == "A1001 does not wait: it is at counter 2"
