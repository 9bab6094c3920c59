"""What a kiosk hears back of its tickets, of calls, and of those whom it asked to come."""

from typing import Any

import pytest
from sqlalchemy import insert

from common.machine.stamp import Trust
from common.protocol.queue.call import HelpState, Prospect, TakenTicket, TicketsCall
from common.protocol.queue.service_now import ServiceNow
from hub.arrivals import answering
from hub.arrivals.answering import calls_to_announce, last_calls
from hub.engine.managing import close_day
from hub.estimates.forecast import Forecast
from hub.log import tables
from tests.hub.hall import DAY, Hall


def taken(hall: Hall, ticket: str) -> TakenTicket:
    with hall.hub.read() as look:
        return answering._taken(look, Forecast(look), ticket)


def test_a_ticket_is_told_its_place_while_it_waits_and_its_id_alone_afterwards(hall: Hall) -> None:
    hall.press(1, "open")
    first, second = (hall.kiosks[0].give() for _ in range(2))
    assert [taken(hall, one.id).before for one in (first, second)] == [0, 1]
    hall.called(1)
    assert taken(hall, first.id) == TakenTicket(first.id)
    assert taken(hall, second.id).before == 0
    unknown = "3f2c9d1e-0000-4000-8000-00000000ffff"
    assert taken(hall, unknown) == TakenTicket(unknown)


def test_a_ticket_that_is_told_twice_is_answered_once(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    one, other = kiosk.ticket(), kiosk.ticket("B")
    answer = kiosk.tell(one, other, one)
    assert [found.id for found in answer.taken] == [one.id, other.id]
    assert (answer.term, answer.refused, answer.calls, answer.closed_day) == (1, [], [], None)
    assert answer.queue["civil-affairs"].before == 1
    with hall.hub.act() as act:
        close_day(act)
    assert kiosk.tell().closed_day == DAY


@pytest.mark.parametrize(("trust", "is_told"), [("synced", True), ("restored", True), ("file", False)])
def test_the_halls_time_is_told_where_a_clock_tells_it(hall: Hall, trust: Trust, is_told: bool) -> None:
    hall.clock.trust = trust
    assert hall.kiosks[0].tell().now == (hall.clock.now().text if is_told else None)


def test_calls_are_told_newest_first_and_a_board_hears_all_of_the_last_seconds(hall: Hall) -> None:
    hall.press(1, "open")
    given = [hall.kiosks[0].give() for _ in range(10)]
    for _ in given:
        hall.called(1)
        hall.press(1, "came")
        hall.passes(10)
        hall.press(1, "done", documents={})
    with hall.hub.read() as look:
        numbers = [call.number for call in last_calls(look)]
        two = [call.number for call in last_calls(look, 2)]
        heard = {
            (least, within): len(calls_to_announce(look, least, within))
            for least, within in ((1, 0), (3, 0), (1, 10), (1, 9), (1, 40), (1, 1000))
        }
    assert numbers == [one.number for one in reversed(given)][:8]
    assert two == numbers[:2]
    assert heard == {(1, 0): 1, (3, 0): 3, (1, 10): 1, (1, 9): 1, (1, 40): 4, (1, 1000): 10}


def test_who_was_asked_to_come_is_told_for_an_hour_newest_first_to_its_own_kiosk(hall: Hall) -> None:
    with hall.hub.read() as look:
        line = look.line_us
    rows: list[dict[str, Any]] = [
        {"id": "new", "kiosk": "kiosk-1", "asked_line": line},
        {"id": "seen", "kiosk": "kiosk-1", "asked_line": line - 5, "seen_by": "clerk-1"},
        {"id": "just", "kiosk": "kiosk-1", "asked_line": line - 3600 * 1_000_000 + 1},
        {"id": "old", "kiosk": "kiosk-1", "asked_line": line - 3600 * 1_000_000},
        {"id": "other", "kiosk": "kiosk-2", "asked_line": line},
    ]
    columns = tables.help_calls.columns
    with hall.hub.store.write() as connection:
        for one in rows:
            needed = [column for column in columns if not column.nullable and not column.primary_key]
            whole = {column.name: 0 if column.type.python_type is int else "" for column in needed}
            connection.execute(insert(tables.help_calls).values(whole | one))
    with hall.hub.read() as look:
        assert look.line_us == line
        found = answering._help_of(look, "kiosk-1")
    assert found == [HelpState("new", "asked"), HelpState("seen", "seen"), HelpState("just", "asked")]


def test_an_answer_without_tickets_is_an_answer(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    with hall.hub.act() as act:
        found = answering.answer(act, kiosk.record.id, TicketsCall(kiosk.boot_id, kiosk.boot_time_ns(), []), [])
    assert (found.taken, found.help) == ([], [])


@pytest.mark.parametrize(("state", "low_s", "high_s"), [("interrupted", None, None), ("working", 60, 600)])
def test_of_a_service_that_stands_still_nobody_is_told_how_long_it_takes(
    hall: Hall, state: Any, low_s: int | None, high_s: int | None
) -> None:
    now = ServiceNow(service="clearance", state=state, reason="power", since="s", until="14:00", today="doubtful")
    with hall.hub.read() as look:
        found = answering._met({"B": Prospect(4, 60, 600, 2)}, look, now)
    assert found == Prospect(4, low_s, high_s, 2, state, "power", "s", "14:00", "doubtful")
