"""What pages show of counters, of services that stand still, and of what a person should look at."""

from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from common.protocol.feed_message import ClerkRecord, Clerks, CounterRecord, Counters, HubRecord, Hubs, QueueRules
from common.protocol.queue.service_now import OTHER_REASON
from hub.api.live.parts import ClerkView, DefinedCounter, HubAddress, StoppedView
from hub.api.live.views import BoardView, CounterPageView, ManagerView, board_view, counter_page_view, manager_view
from hub.engine.centre import Interruption
from hub.engine.managing import close_day
from hub.log import tables
from hub.messages.alarms import StandingAlarm
from hub.services.interrupting import interrupt
from hub.sessions.sessions import Session
from hub.takeover.holders import note_pull
from tests.hub.hall import CENTRE, HUB_ID, Hall, said


def board(hall: Hall) -> BoardView:
    with hall.hub.read() as look:
        return board_view(look)


def counter(hall: Hall, number: int = 1, clerk: str = "clerk-1") -> CounterPageView:
    with hall.hub.read() as look:
        return counter_page_view(look, Session(clerk, "clerk", number, "0" * 64))


def manager(hall: Hall) -> ManagerView:
    with hall.hub.read() as look:
        return manager_view(look, {"kiosk-2": 70}, {"kiosk-3": "2026-11-30"})


def test_the_board_names_the_counters_at_work_and_the_hubs_in_service(hall: Hall) -> None:
    assert board(hall).counters == []
    for number in (1, 2, 3):
        hall.press(number, "open")
    hall.press(2, "pause", reason="break")
    hall.press(3, "close")
    hubs = [HubRecord(HUB_ID, "http://a", "k"), HubRecord("hub-2", "http://b", "k")]
    said(hall.hub, Hubs(CENTRE, [*hubs, HubRecord("hub-3", "http://c", "k", revoked=True)]), 3)
    found = board(hall)
    assert (found.counters, found.hubs) == ([1], [HubAddress(HUB_ID, "http://a"), HubAddress("hub-2", "http://b")])
    assert (found.hub, found.term, found.leading, found.day_closed) == (HUB_ID, 1, True, False)
    hall.kiosks[0].give("A")
    with hall.act() as act:
        close_day(act)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    found = board(hall)
    assert (found.leading, found.day_closed) == (False, True)


def test_of_a_service_that_stands_still_its_words_are_shown_and_why(hall: Hall) -> None:
    with hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1"))
        interrupt(act, "civil-affairs", Interruption(OTHER_REASON, "clerk-1"))
        since = act.stamp.text
    with hall.hub.read() as look:
        services, reasons = look.centre.services, look.centre.reasons
    assert list(board(hall).stopped.items()) == [
        ("civil-affairs", StoppedView(services["civil-affairs"].names, "A", None, since)),
        ("clearance", StoppedView(services["clearance"].names, "B", reasons["power"], since)),
    ]


def test_a_page_counts_whom_its_counter_s_calls_pass_over(hall: Hall) -> None:
    for letter in "AABC":
        hall.kiosks[0].give(letter)
    assert counter(hall).passed_over == 0
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
        interrupt(act, "water-bill", Interruption("power", "clerk-1"))
    assert [counter(hall, number).passed_over for number in (1, 2, 3, 9)] == [2, 2, 1, 0]


def test_a_counter_that_central_took_out_is_shown_while_it_is_open(hall: Hall) -> None:
    hall.press(2, "open")
    hall.press(3, "open")
    hall.press(3, "close")
    names = {"ar": "شباك", "en": "desk"}
    said(hall.hub, Counters(CENTRE, [CounterRecord(1, names, ["A"])], QueueRules()), 5)
    assert manager(hall).defined == [DefinedCounter(1, names, ["A"]), DefinedCounter(2, {}, [])]
    page = counter(hall)
    assert (page.names, page.groups) == (names, ["A"])
    page = counter(hall, 2)
    assert (page.names, page.groups, page.counter.number, page.counter.state) == ({}, [], 2, "open")


def test_who_is_logged_in_is_called_by_name_where_central_has_named_him(hall: Hall) -> None:
    assert counter(hall).clerk == ClerkView("clerk-1", "", "clerk")
    said(hall.hub, Clerks(CENTRE, [ClerkRecord("clerk-1", "Rana", "clerk", "12", "x")]), 5)
    assert counter(hall).clerk == ClerkView("clerk-1", "Rana", "clerk")


@pytest.mark.parametrize(("silent_s", "shown"), [(0, None), (10, None), (10.9, 10), (75, 75)])
def test_a_standby_that_is_silent_is_told_of_after_ten_seconds(hall: Hall, silent_s: float, shown: int | None) -> None:
    with hall.act() as act:
        note_pull(act, "hub-2", 5)
    hall.passes(silent_s)
    assert (counter(hall).follower_silent_s, manager(hall).follower_silent_s) == (shown, shown)


def test_what_those_who_work_have_to_know_of_their_hub_is_shown(hall: Hall) -> None:
    hall.press(1, "open")
    plain = counter(hall)
    assert (plain.must_resume, plain.waiting_for, plain.recall_due, plain.alone_since) == (False, [], False, None)
    with hall.act() as act:
        act.leads_alone(alone=True)
        since = act.stamp.text
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.counters).where(tables.counters.c.number == 1).values(must_resume=1))
        connection.execute(update(tables.state).values(recall_due=1))
    page, view = counter(hall), manager(hall)
    assert (page.must_resume, page.waiting_for, page.recall_due, page.alone_since) == (True, [1], True, since)
    assert (view.waiting_for, view.recall_due, view.alone_since) == ([1], True, since)
    assert (view.silent_kiosks, view.refused_days) == ({"kiosk-2": 70}, {"kiosk-3": "2026-11-30"})


def test_alarms_are_taken_at_the_hub_that_leads_alone(hall: Hall) -> None:
    row: dict[str, Any] = {"name": "on-battery/", "kind": "on-battery", "machine": "", "digits": "42", "since": "s"}
    with hall.hub.store.write() as connection:
        connection.execute(tables.alarms.insert().values(row))
    assert manager(hall).alarms == [StandingAlarm("42", "on-battery", "", "s", None)]
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    assert manager(hall).alarms == []


def test_a_view_is_the_same_for_all_but_for_the_time(hall: Hall) -> None:
    first = board(hall)
    hall.passes(1)
    second = board(hall)
    assert first.as_of != second.as_of
    assert replace(first, as_of=second.as_of) == second
