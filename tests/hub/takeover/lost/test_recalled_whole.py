"""What a hub makes of central's word on its queue, whole; how it begins a term; and what a page of its log holds."""

import hashlib
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import select
from structlog.testing import capture_logs

from common.protocol.feed_message import ClerkRecord
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from common.queue.standing import Ticket
from hub.engine.act import FOLLOWING
from hub.engine.opening import known_term
from hub.engine.refusal import Refused
from hub.log import tables
from hub.log.event import WORK_SWITCHED, read_events
from hub.takeover.holders import note_pull
from hub.takeover.promotion import lead_again, outranks, promote, yield_to
from hub.takeover.recalling import take_recall
from hub.takeover.replica import digest_at, log_page
from tests.hub.hall import DAY, HUB_ID, Hall

ID = "5b1f6f0a-1111-4c3e-9d2a-00000000000"
MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")


def told(number: int = 1, /, **changed: Any) -> RecalledTicket:
    plain: dict[str, Any] = {
        "id": f"{ID}{number}", "kiosk": "kiosk-1", "number": f"A100{number}", "service": "civil-affairs",
        "priority": "elderly", "business_day": DAY, "issued_at": "2026-11-25T08:59:00.000000Z", "state": "waiting",
        "token_sha256": "a" * 64,
    }  # fmt: skip
    return RecalledTicket(**plain | changed)


def recalled(hall: Hall, *tickets: RecalledTicket) -> int:
    with hall.act() as act:
        return take_recall(act, QueueRecall(list(tickets)))


def as_it_came(hall: Hall, **changed: Any) -> Ticket:
    with hall.hub.read() as look:
        line_us = look.line_us - 60_000_000
        day, work_us = look.day, look.work.at(line_us)
    plain = Ticket(
        id=f"{ID}1", kiosk="kiosk-1", epoch="", kiosk_seq=0, revision=0, digest="", number="A1001",
        service="civil-affairs", priority="elderly", order_id=None, day=day, queue="A", state="waiting",
        arrived_line=line_us, arrived_work=work_us, is_certain=False, issued_at="2026-11-25T08:59:00.000000Z",
        token_sha256="a" * 64,
    )  # fmt: skip
    return replace(plain, **changed)


CALLED = {"called_at": "2026-11-25T09:00:00Z", "counter": 2}


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ({}, {}),
        ({"state": "called"} | CALLED, {"state": "parked", "parked_at": ""}),
        ({"state": "ended", "end": "done"} | CALLED, {"state": "ended", "end": "done"}),
        ({"state": "ended", "end": "missed"} | CALLED, {"state": "missed", "end": "missed"}),
        ({"state": "ended", "end": "voided"}, {"state": "ended", "end": "voided", "is_voided": True}),
        ({"state": "ended", "end": "expired", "first_day": "2026-11-26", "last_day": "2026-11-28"},
         {"state": "ended", "end": "expired"}),
        ({"state": "ended", "end": "carried", "first_day": "2026-11-26", "last_day": "2026-11-28"},
         {"state": "ended", "end": "carried", "first_day": "2026-11-26", "last_day": "2026-11-28"}),
    ],
)  # fmt: skip
def test_a_ticket_is_as_central_knows_it(hall: Hall, said: dict[str, Any], made: dict[str, Any]) -> None:
    hall.kiosks[1].give("C")
    hall.passes(120)
    hall.clock.wall = hall.clock.wall.replace(minute=0)
    assert recalled(hall, told(**said)) == 1
    with hall.hub.read() as look:
        ended = {"ended_line": look.line_us, "ended_work": look.work_us} if said.get("state") == "ended" else {}
    called = {"called_at": said.get("called_at"), "call_counter": said.get("counter")}
    assert hall.ticket(f"{ID}1") == as_it_came(hall, **made | ended | called)


def test_what_this_hub_knows_better_stays(hall: Hall) -> None:
    hall.press(1, "open")
    waits, called = hall.kiosks[0].give("A"), hall.kiosks[0].give("B")
    hall.press(1, "out-of-turn", number=called.number, reason="x")
    before = hall.ticket(waits.id), hall.ticket(called.id)
    same = [told(id=one.id, number=one.number, service=one.service) for one in (waits, called)]
    assert recalled(hall, *same) == 0
    ended = [replace(one, state="ended", end="done") for one in same]
    assert recalled(hall, *ended) == 1
    assert hall.ticket(called.id) == before[1]
    line = {"ended_line": before[0].arrived_line, "ended_work": hall.ticket(waits.id).ended_work}
    assert hall.ticket(waits.id) == replace(before[0], state="ended", end="done", **line)


def test_by_a_clock_that_is_not_trusted_a_ticket_has_come_now_and_one_of_no_day_is_left(hall: Hall) -> None:
    hall.kiosks[1].give("C")
    hall.passes(60)
    assert recalled(hall, told(business_day="2027-11-25"), told(2, business_day="2026-01-01")) == 0
    carried = told(3, business_day="2026-01-01", state="ended", end="carried", last_day="2026-11-28")
    assert recalled(hall, carried) == 1
    assert hall.ticket(f"{ID}3").day == 0
    hall.clock.trust = "unknown"
    assert recalled(hall, told()) == 1
    with hall.hub.read() as look:
        assert hall.ticket(f"{ID}1").arrived_line == look.line_us


def state(hall: Hall) -> dict[str, Any]:
    with hall.hub.store.read() as connection:
        row = connection.execute(select(tables.state)).mappings().one()
    return {name: row[name] for name in ("term", "role", "recall_due", "seen_term", "log_lost")}


def kinds(hall: Hall, after: int) -> list[tuple[str, Any]]:
    with hall.hub.store.read() as connection:
        found = [one for one in read_events(connection, after) if one.kind != WORK_SWITCHED]
        return [(one.kind, one.read_body().detail) for one in found]


def test_a_term_begins_above_all_that_were_heard_of(hall: Hall) -> None:
    hall.press(1, "open")
    with hall.act() as act:
        note_pull(act, "hub-2", 5)
        seq = act.seq
    with pytest.raises(Refused) as error:
        promote(hall.hub, MANAGER)
    assert (error.value.status, error.value.code) == (409, "leads-already")
    with pytest.raises(Refused) as error:
        promote(hall.hub, replace(MANAGER, role="clerk"))
    assert (error.value.status, error.value.code) == (403, "managers-only")
    yield_to(hall.hub, "hub-9", 6)
    assert state(hall) == {
        "term": 1, "role": FOLLOWING, "recall_due": 0, "seen_term": 6,
        "log_lost": 0,
    }  # fmt: skip
    hall.passes(7)
    assert promote(hall.hub, MANAGER) == 7
    found = state(hall)
    assert found == {
        "term": 7, "role": "leading", "recall_due": 1, "seen_term": 6,
        "log_lost": 7_000_000,
    }  # fmt: skip
    assert kinds(hall, seq) == [
        ("stepped-down", {"before": "hub-9", "term": 6}),
        ("life-began", {"life": hall.hub.life, "hub": HUB_ID, "why": "promoted", "stood_on": seq + 1, "asks": True}),
        ("must-resume", None),
        ("led", {"term": 7, "hub": HUB_ID, "by": "manager-1"}),
    ]
    assert [one.must_resume for one in (hall.counter(1), hall.counter(2))] == [True, False]
    assert promote(hall.hub, MANAGER) == 8, "it waits for central's word no longer"
    assert state(hall)["recall_due"] == 0
    assert known_term(hall.hub.store.data_dir) == 8, "also where the database is lost"


def test_a_log_that_lacks_its_end_goes_on_above_it_in_a_new_life_once(hall: Hall) -> None:
    hall.press(1, "open")
    with capture_logs() as logs:
        lead_again(hall.hub, 9, 40)
        assert (state(hall)["term"], hall.hub.asks_first, logs) == (1, False, [])
        lead_again(hall.hub, 1, 40)
    assert (state(hall)["term"], state(hall)["recall_due"], hall.hub.asks_first) == (1, 1, True)
    assert logs == [{"event": "log-lost", "log_level": "warning", "term": 1, "seq": 40}]
    life = hall.hub.life
    with hall.hub.read() as look:
        assert look.seq > 40, "no number that was said before is said again of something else"
    lead_again(hall.hub, 1, 40)
    assert hall.hub.life == life


def test_of_two_that_say_they_lead_the_greater_term_and_then_the_greater_name_goes_before() -> None:
    order = [(1, "a"), (1, "b"), (2, "a")]
    for place, one in enumerate(order):
        assert [outranks(*one, *other) for other in order] == [place > at for at in range(3)]


def test_a_hub_yields_to_who_goes_before_it_and_remembers_terms_alone_of_others(hall: Hall) -> None:
    with capture_logs() as logs:
        yield_to(hall.hub, "hub-0000", 1)
        assert (state(hall)["role"], state(hall)["seen_term"], logs) == ("leading", 1, [])
        yield_to(hall.hub, "hub-9", 1)
        assert state(hall)["role"] == FOLLOWING
        yield_to(hall.hub, "hub-9", 3)
        yield_to(hall.hub, "hub-9", 2)
    assert state(hall)["seen_term"] == 3
    assert logs == [{"event": "stepped-down", "log_level": "warning", "before": "hub-9", "term": 1}]


def test_a_page_of_the_log_holds_what_comes_after_whole(hall: Hall) -> None:
    hall.press(1, "open", key=f"{ID}7")
    given = hall.kiosks[0].give("A")
    hall.passes(3)
    hall.press(1, "next", key=f"{ID}8")
    with hall.hub.read() as look:
        page, head = log_page(look, 2), look.seq
        events = list(read_events(look.connection, 2))
        second = next(read_events(look.connection, 1, 1))
        assert digest_at(look.connection, 2) == hashlib.sha256(msgspec.json.encode(second)).hexdigest() == page.before
        assert digest_at(look.connection, head + 1) is digest_at(look.connection, 0) is None
        line_us = look.line_us
    assert (page.hub, page.term, page.leading, page.line_us, page.head) == (HUB_ID, 1, True, line_us, head)
    assert page.events == events
    assert events[-1].ticket == given.id
    assert [one.key for one in page.presses] == [f"{ID}7", f"{ID}8"]
    assert page.spans[0][2] is True
    assert (page.recall_due, page.gifts_lost, page.staff is None) == (False, 0, False)
    with hall.hub.read() as look:
        assert [one.key for one in log_page(look, head).presses] == [f"{ID}8"]
        assert log_page(look, head).events == []


ODD: list[dict[str, Any]] = [
    {"issued_at": "!"},
    {"issued_at": "2026-02-30T08:00:00Z"},
    {"number": ""},
    {"number": " "},
    {"business_day": "2026-02-30", "end": "carried", "state": "ended"},
    {"end": "carried", "state": "ended", "first_day": "2026-02-30", "last_day": "2026-11-27"},
    {"end": "carried", "state": "ended", "first_day": "2026-11-26", "last_day": "2026-11-00"},
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_a_ticket_that_makes_no_sense_costs_no_other_its_place(hall: Hall, odd: dict[str, Any]) -> None:
    hall.kiosks[0].give("C")
    assert recalled(hall, told(1, **CALLED, state="called"), told(2, **odd), told(3)) in (2, 3)
    assert (hall.ticket(f"{ID}1").state, hall.ticket(f"{ID}3").state) == ("parked", "waiting")


def test_a_ticket_that_makes_no_sense_is_named(hall: Hall) -> None:
    with capture_logs() as logged:
        assert recalled(hall, told(2, issued_at="!")) == 0
    assert logged == [
        {"event": "recalled-ticket-set-apart", "log_level": "warning", "ticket": f"{ID}2", "error": "ValueError"}
    ]
