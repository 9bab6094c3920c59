"""What a kiosk keeps of the hall, and the list of who waits that it prints by it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common.machine.stamp import Trust
from common.protocol.queue.call import QueueCall, TicketsAnswer, TicketsCall
from common.protocol.queue.claim import token_digest
from common.protocol.queue.rows import AsOf, Rows, shown_digest
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.intake import TicketAccepted, TicketRequest, accept_ticket
from offline_store.issuing.ticket import void_ticket
from offline_store.queue import hall
from offline_store.queue.hall import hall_rows, kept_as_of, row_of, take_calls
from offline_store.queue.waiting import hall_list, waiting_list
from tests.kit.hall_rows import hears, row
from tests.kit.store import later, stamp
from tests.offline_store.queue.hubs import Place


def give(store: Store) -> TicketAccepted:
    with store.read() as connection:
        n = connection.scalar(select(func.count()).select_from(tables.tickets))
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=f"i{n}", stamp=stamp())


def listed(store: Store) -> list[str]:
    return [one.number for one in waiting_list(store)]


@pytest.mark.parametrize(
    ("state", "is_listed"),
    [("waiting", True), ("parked", True), ("called", False), ("serving", False), ("missed", False), ("ended", False)],
)
def test_the_list_names_a_number_by_what_became_of_it(store: Store, state: str, is_listed: bool) -> None:
    first, second = give(store), give(store)
    hears(store, row(first.id, first.number, state))
    assert listed(store) == ([first.number] if is_listed else []) + [second.number], "of the second no hub knows yet"


def test_who_was_called_and_was_sent_on_is_listed_again_with_the_group_that_calls_him(store: Store) -> None:
    ticket = give(store)
    hears(store, row(ticket.id, ticket.number, "called"))
    assert listed(store) == []
    hears(store, row(ticket.id, ticket.number, queue="C"), seq=2)
    (one,) = waiting_list(store)
    assert (one.number, one.queue, one.called, one.issued_at) == (ticket.number, "C", False, stamp().text)
    void_ticket(store, ticket.id, "wrong", stamp())
    assert listed(store) == []


def test_a_number_of_another_day_or_kiosk_is_another_one(store: Store) -> None:
    ticket = give(store)
    hears(store, row("of yesterday", ticket.number, "ended", day=2), row("a neighbour's", "B1001", "called"))
    assert listed(store) == [ticket.number]


def test_the_whole_hall_stands_in_the_order_in_which_people_came_and_last_whom_no_hub_knows(store: Store) -> None:
    own, unknown = give(store), give(store)
    assert hall_list(store, stamp()).known is None
    hears(
        store,
        row(own.id, own.number, order=20),
        row("a", "A1001", order=30, kiosk="homs-main-1", service="civil-affairs"),
        row("b", "A1002", order=10, kiosk="homs-main-1"),
        row("c", "A1003", "called", kiosk="homs-main-1"),
        row("d", "A1009", order=1, day=2, kiosk="homs-main-1"),
        seq=7,
    )
    said = hall_list(store, stamp())
    assert said.known is not None
    assert (said.known.as_of, said.known.wall_time) == (AsOf("hub-1", "its-life", 7), stamp().text)
    assert [one.number for one in said.numbers] == ["A1002", own.number, "A1001", unknown.number]
    assert [one.issued_at is None for one in said.numbers] == [True, False, True, False]
    assert said.as_of == {"hub": "hub-1", "life": "its-life", "seq": 7, "at": stamp().text}
    assert said.as_of_time == "12:00"


def test_a_line_on_paper_has_the_time_of_issue_and_the_group_that_somebody_was_sent_to(store: Store) -> None:
    ticket = give(store)
    hears(store, row(ticket.id, ticket.number, queue="C"), row("a", "A1001", kiosk="homs-main-1"))
    assert [one.line for one in hall_list(store, stamp()).numbers] == [("A1001", ""), (ticket.number, "12:00 (C)")]


@pytest.mark.parametrize(("hours", "is_listed"), [(11, True), (13, False)])
def test_rows_of_yesterday_name_nobody_who_waits_today(store: Store, hours: int, is_listed: bool) -> None:
    hears(store, row("a", "A1001", kiosk="homs-main-1"))
    said = hall_list(store, stamp(later(hours=hours), boot_time_s=100 + hours * 3600))
    assert [one.number for one in said.numbers] == (["A1001"] if is_listed else [])


@pytest.mark.parametrize(
    ("trust", "tells"), [("synced", True), ("restored", True), ("file", False), ("unknown", False)]
)
def test_how_old_rows_are_is_told_by_boot_time_or_by_two_clocks_that_tell_it(
    store: Store, trust: Trust, tells: bool
) -> None:
    hears(store)
    with store.read() as connection:
        known = kept_as_of(connection)
    assert known is not None
    assert known.age(stamp(later(days=9), trust=trust, boot_time_s=3700)) == timedelta(hours=1)
    other_boot = stamp(later(hours=1), trust=trust, boot_id="another")
    assert known.age(other_boot) == (timedelta(hours=1) if tells else None)


def test_of_another_log_nothing_is_kept_that_was_held(store: Store) -> None:
    hears(store, row("a", "A1001"), row("b", "A1002"))
    hears(store, row("c", "A1003"), whole=True)
    with store.read() as connection:
        assert [one.number for one in hall_rows(connection)] == ["A1003"]


def test_two_days_are_kept_and_no_more_rows_than_any_hall_has(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept() -> list[str]:
        with store.read() as connection:
            return [one.number for one in hall_rows(connection)]

    hears(store, row("a", "A1001", day=1), row("b", "A1002", day=2))
    assert kept() == ["A1001", "A1002"]
    hears(store, row("c", "A1003", day=3))
    assert kept() == ["A1002", "A1003"]
    monkeypatch.setattr(hall, "MAX_ROWS", 2)
    hears(store, row("d", "A1004", day=3))
    assert kept() == ["A1003", "A1004"]


def test_a_row_is_found_by_each_thing_that_is_shown(store: Store) -> None:
    names = ("its-id", token_digest("its-token"), "its-order")
    hears(store, row("its-id", "A1001", shown=[shown_digest(one) for one in names]), row("another", "A1002"))
    with store.read() as connection:
        for name in names:
            found = row_of(connection, [name])
            assert found is not None
            assert found.number == "A1001"
        assert row_of(connection, ["nobody's"]) is None


def test_what_a_hub_before_1_1_calls_is_kept_as_rows_of_this_kiosk(store: Store) -> None:
    given = [give(store) for _ in range(3)]
    hears(store, row(given[1].id, given[1].number), row("a", "A1001"))
    take_calls(store, [])
    take_calls(store, [QueueCall(6, given[1].number, 4, "t1"), QueueCall(5, "B9009", 1, "t0")])
    assert listed(store) == [given[0].number, given[2].number]
    take_calls(store, [QueueCall(7, given[1].number, 5, "t2")])
    with store.read() as connection:
        kept, _ = hall_rows(connection)
    assert (kept.number, kept.state, kept.called_to) == (given[1].number, "called", 5)


def test_a_kiosk_asks_from_where_it_holds_the_rows_also_after_a_restart(place: Place) -> None:
    hub, asked = place.hubs["hub-1"], list[object]()
    plain = hub.tell

    def tell(call: TicketsCall) -> TicketsAnswer:
        asked.append(call.as_of)
        said = plain(call)
        return TicketsAnswer(said.term, rows=Rows(AsOf("hub-1", "its-life", len(asked)), [row("a", "A1001", "called")]))

    hub.tell = tell  # type: ignore[method-assign]
    place.steps(3)
    told = [one for one in asked if one is None or isinstance(one, AsOf)]
    assert told[:2] == [None, AsOf("hub-1", "its-life", asked.index(None) + 1)]
    asked_before = len(asked)
    place.restart()
    place.steps(3)
    again = [one for one in asked[asked_before:] if one is None or isinstance(one, AsOf)]
    assert again[0] == AsOf("hub-1", "its-life", asked_before)


def test_a_hub_that_lacks_takes_nothing_of_what_is_held(place: Place) -> None:
    hears(place.store, row("a", "A1001", "called"))
    given, hub = place.give(), place.hubs["hub-1"]
    plain = hub.tell
    hub.calls = [QueueCall(1, given, 3, "2026-11-25T09:00:00Z")]
    hub.tell = lambda call: TicketsAnswer(plain(call).term, calls=hub.calls, lacks=True)  # type: ignore[method-assign]
    place.steps(3)
    assert listed(place.store) == [given]
    with place.store.read() as connection:
        assert [one.number for one in hall_rows(connection)] == ["A1001"]
