"""What a kiosk is told of each number of the hall: what changed since it last heard, or all where that is not known."""

from typing import Any

import msgspec
import pytest
from msgspec import UNSET, UnsetType
from sqlalchemy import update

from common.protocol.queue.call import TicketsCall
from common.protocol.queue.claim import token_digest
from common.protocol.queue.rows import AsOf, HallRow, Rows, shown_digest
from hub.arrivals import rows as told_rows
from hub.arrivals.answering import answer
from hub.engine.opening import open_hub
from hub.log import tables
from tests.hub.hall import HUB_ID, Hall


def heard(hall: Hall, as_of: AsOf | None, kiosk: int = 0) -> Rows:
    found = hall.kiosks[kiosk].hears_rows(as_of)
    assert found is not None
    return found


def states(rows: Rows) -> dict[str, str]:
    return {one.number: one.end or one.state for one in rows.changed}


def test_rows_say_all_at_first_and_then_what_changed_at_whatever_kiosk(hall: Hall) -> None:
    hall.press(1, "open")
    first, second, third = hall.kiosks[0].give(), hall.kiosks[1].give(), hall.kiosks[0].give(priority="elderly")
    said = heard(hall, None)
    assert (said.whole, states(said)) == (True, {one.number: "waiting" for one in (first, second, third)})
    assert heard(hall, said.as_of) == Rows(said.as_of)

    called = hall.called(1)
    later = heard(hall, said.as_of, kiosk=2)
    (row,) = later.changed
    assert (later.whole, row.number, row.kiosk, row.state, row.counter) == (
        False, called, "kiosk-1", "called", 1,
    )  # fmt: skip
    assert row.called is not None
    hall.press(1, "undo")
    (row,) = heard(hall, later.as_of).changed
    assert (row.state, row.counter, row.called, row.before, row.priority) == ("waiting", None, None, 0, False)


def test_of_who_was_not_there_and_waits_again_no_row_says_that_he_is_called(hall: Hall) -> None:
    given = hall.kiosks[0].give()
    hall.press(1, "open")
    hall.called(1)
    hall.passes(61)
    hall.press(1, "not-here")
    (row,) = heard(hall, None).changed
    assert (row.number, row.state, row.counter, row.called) == (given.number, "waiting", None, None)


def test_a_row_holds_what_anybody_may_know_and_is_found_by_what_is_shown(hall: Hall) -> None:
    token, order = "a" * 32, "b" * 32
    given = hall.kiosks[0].give("A", order_id=order, token_sha256=token_digest(token))
    hall.press(1, "open")
    hall.called(1)
    hall.press(1, "park", where="at the copy shop")
    (row,) = heard(hall, None).changed
    assert row.priority
    assert row.shown == [shown_digest(one) for one in (given.id, token_digest(token), order)]
    text = msgspec.json.encode(row).decode()
    for secret in (given.id, token, token_digest(token), order, "copy shop", "clerk"):
        assert secret not in text
    assert set(HallRow.__struct_fields__) == {
        "kiosk", "number", "service", "state", "counter", "called", "before", "end",
        "day", "order", "queue", "priority", "shown",
    }  # fmt: skip


@pytest.mark.parametrize(
    "known",
    [
        AsOf(HUB_ID, "another-life", 2),
        AsOf("hub-0002", "its-life", 2),
        AsOf(HUB_ID, "", 10**6),
    ],
)
def test_another_life_or_a_place_beyond_the_log_is_told_all(hall: Hall, known: AsOf) -> None:
    given = hall.kiosks[0].give()
    if not known.life:
        known = AsOf(known.hub, hall.hub.life, known.seq)
    said = heard(hall, known)
    assert (said.whole, states(said)) == (True, {given.number: "waiting"})


def test_a_hub_that_began_once_more_goes_on_where_its_own_log_stands(hall: Hall) -> None:
    with hall.hub.any_act() as act:
        act.begin_life("started", asks=False)
    hall.kiosks[0].give()
    known = heard(hall, None).as_of
    hall.hub = open_hub(hall.hub.store, hall.clock, term=1, serves=True)
    second = hall.kiosks[0].give()
    said = heard(hall, known)
    assert (said.whole, states(said)) == (False, {second.number: "waiting"})
    assert said.as_of.life != known.life


def test_a_log_that_lost_its_end_and_goes_on_above_it_tells_all(hall: Hall) -> None:
    with hall.hub.any_act() as act:
        act.begin_life("started", asks=False)
    first, lost = hall.kiosks[0].give(), hall.kiosks[0].give()
    known = heard(hall, None).as_of
    with hall.hub.store.write() as connection:
        for table, column in ((tables.events, tables.events.c.ticket), (tables.tickets, tables.tickets.c.id)):
            connection.execute(table.delete().where(column == lost.id))
    with hall.hub.any_act() as act:
        act.begin_life("lost", asks=False, above=known.seq + 5)
    said = heard(hall, known)
    assert (said.whole, states(said)) == (True, {first.number: "waiting"})


def test_a_hub_that_knows_that_it_lacks_says_nothing_of_the_hall(hall: Hall) -> None:
    hall.kiosks[0].give()
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(recall_due=1))
    assert hall.kiosks[0].hears_rows(None) is None


def test_who_asks_for_no_rows_is_told_none(hall: Hall) -> None:
    hall.kiosks[0].give()
    assert hall.kiosks[0].tell().rows is None


def test_who_lacks_more_than_is_quickly_found_is_told_all(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told_rows, "MOST_EVENTS", 2)
    known = heard(hall, None).as_of
    hall.kiosks[0].give()
    hall.kiosks[0].give()
    assert not heard(hall, known).whole
    hall.kiosks[0].give()
    assert heard(hall, known).whole


def test_a_call_of_which_nothing_has_changed_asks_no_more_than_one_without_rows(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    kiosk.give()
    known = heard(hall, None).as_of

    def statements(as_of: AsOf | UnsetType | None) -> list[str]:
        call = TicketsCall(kiosk.boot_id, kiosk.boot_time_ns(), as_of=as_of)
        found: list[str] = []
        with hall.hub.read() as look:
            connection: Any = look.connection.connection.dbapi_connection
            connection.set_trace_callback(found.append)
            answer(look, kiosk.record.id, call, [])
            connection.set_trace_callback(None)
        return found

    assert len(statements(known)) == len(statements(UNSET)) > 5
    kiosk.give()
    assert len(statements(known)) == len(statements(UNSET)) + 1
