"""When a listener asks and tells, to the step; what it says of a hub that is away; and what it leaves the screen."""

import threading

import pytest
from structlog.testing import capture_logs

from common.machine.errors import StoreDamaged, StoreUnavailable
from common.protocol.feed_message import HubRecord
from common.protocol.queue.call import HelpCall, HelpState, Prospect, QueueCall, TakenTicket, TicketsCall
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.queue import digits
from offline_store.queue import help as help_calls
from offline_store.queue import listener as module
from offline_store.queue.digits import DigitsAsked
from offline_store.queue.listener import HubListener
from offline_store.queue.word import HubWord, read_word
from tests.offline_store.queue.hubs import FakeHub, Place, step, timed

CALL = "5b1f6f0a-1111-4c3e-9d2a-000000000001"


def test_with_nothing_new_the_hub_is_told_each_two_seconds_and_the_others_are_asked_each_fifteen(place: Place) -> None:
    first, second = timed(place)
    step(place, 0, 1, 2.5, 2.9, 3, 4.9, 5, 14.9, 15, 16.9, 29.9, 30)
    assert first.at == [0, 1, 3, 5, 14.9, 16.9, 29.9]
    assert second.at == [0, 15, 30]
    assert first.calls_heard[0] == TicketsCall(place.clock.boot_id, 1000 * 10**9)


def test_a_ticket_is_told_in_the_next_step(place: Place) -> None:
    first, _ = timed(place)
    step(place, 0, 1)
    place.give()
    step(place, 1.1, 1.2)
    assert first.at == [0, 1, 1.1]
    assert len(first.told) == 1


def test_while_somebody_waits_for_help_the_hub_is_told_each_second(place: Place) -> None:
    first, _ = timed(place)
    step(place, 0, 1)
    help_calls.ask(place.store.data_dir, CALL)
    step(place, 1.1, 2, 2.1, 3, 3.1)
    assert first.at == [0, 1, 1.1, 2.1, 3.1]
    first.help = [HelpState(CALL, "seen")]
    step(place, 4.1, 5.1, 6, 6.1)
    assert first.at[5:] == [4.1, 6.1]


def test_while_no_hub_serves_all_are_asked_each_two_seconds(place: Place) -> None:
    first, second = timed(place, first=0)
    step(place, 0, 1.9, 2, 3.9, 4)
    assert first.at == second.at == [0, 2, 4]
    second.term = 1
    step(place, 6, 6.2)
    assert (first.at[3:], second.at[3:]) == ([6], [6, 6.2])


def test_a_hub_that_is_away_is_said_once_and_so_is_that_it_is_back(place: Place) -> None:
    first, _ = timed(place)
    with capture_logs() as logs:
        step(place, 0, 1)
        first.is_away = True
        step(place, 3, 5, 7)
        first.is_away = False
        step(place, 9, 11)
    away = {"event": "hub-not-told", "log_level": "warning", "code": "connection-refused", "detail": "nothing answers"}
    followed = {"event": "hub-followed", "log_level": "info", "hub": "hub-1", "term": 1}
    again = {"event": "hub-heard-again", "log_level": "info", "after": "connection-refused"}
    assert logs == [followed, away, followed, again]


def test_a_second_hub_that_is_away_is_as_it_should_be(place: Place) -> None:
    timed(place)[1].is_away = True
    step(place, 0, 1)
    with capture_logs() as logs:
        step(place, 16, 31)
    assert logs == []


def test_a_hub_that_leads_no_more_is_asked_about_before_anybody_is_told(place: Place) -> None:
    first, second = timed(place)
    step(place, 0, 1)
    first.term = 0
    step(place, 3, 5, 7)
    assert first.at == [0, 1, 3, 5, 7]
    assert second.at == [0, 5, 7]
    first.term = 4
    step(place, 9, 9.1)
    assert first.at[5:] == [9, 9.1]
    first.term = 5
    number = place.give()
    step(place, 9.3)
    assert first.told == [number], "under another term it is told from the day's beginning in the next step"
    step(place, 9.4)
    assert first.told == [number] * 2


def test_a_hub_with_an_address_that_cannot_be_used_is_said_and_none(place: Place) -> None:
    def no_client(_hub: HubRecord) -> FakeHub:
        raise ValueError("no address")

    place.listener = HubListener(place.store, no_client, place.clock)
    with capture_logs() as logs:
        step(place, 0, 1)
    assert [(one["event"], one["code"], one["detail"]) for one in logs] == [
        ("hub-not-told", "hub-address", "no address")
    ]


def test_a_hub_that_central_names_no_more_is_let_go_and_all_are_at_the_end(place: Place) -> None:
    first, second = timed(place)
    step(place, 0, 1)
    place.name("hub-1")
    step(place, 2)
    assert (first.closed, second.closed) == (0, 1)
    place.listener.close()
    place.listener.close()
    assert (first.closed, second.closed) == (1, 1)


def test_a_certificate_is_looked_at_each_hour_and_when_hubs_change(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[str, float]] = []
    first, _ = timed(place)
    monkeypatch.setattr(module, "note_age", lambda _store, hub, _stamp: looked.append((hub.id, first.seconds())))
    step(place, 0, 1, 3, 3600.9, 3601.2, 3603.2)
    assert looked == [("hub-1", 1), ("hub-1", 3603.2)]
    place.name("hub-1")
    step(place, 3606)
    assert looked[2:] == [("hub-1", 3606)]


def test_what_the_hub_says_stands_whole_where_the_screen_reads_it(place: Place) -> None:
    timed(place)
    first = place.hubs["hub-1"]
    first.calls = [QueueCall(1, "B1001", 3, "2026-11-25T09:00:00Z")]
    step(place, 0)
    place.give()
    first.help = [HelpState(CALL, "asked")]
    step(place, 1)
    word = read_word(place.store.data_dir)
    assert word is not None
    (ticket,) = word.tickets.values()
    assert word == HubWord(
        hub="hub-1",
        term=1,
        boot_id=place.clock.boot_id,
        heard_boot_ns=1001 * 10**9,
        wall_time=place.clock.now().text,
        queue={"clearance": Prospect(5, 600, 1200)},
        tickets={ticket.id: TakenTicket(ticket.id, 4, 300, 900)},
        calls=[QueueCall(1, "B1001", 3, "2026-11-25T09:00:00Z")],
        help={CALL: HelpState(CALL, "asked")},
        clock="synced",
    )
    step(place, 3)
    later = read_word(place.store.data_dir)
    assert later is not None
    assert later.tickets == word.tickets, "what it said of tickets stays"


def test_a_disk_that_refuses_the_word_is_said(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: object, _word: object) -> None:
        raise OSError(28, "No space left on device")

    timed(place)
    monkeypatch.setattr(module, "write_word", refuse)
    with capture_logs() as logs:
        step(place, 0, 1)
    assert logs[-1] == {
        "event": "hub-word-not-written", "log_level": "warning", "reason": "No space left on device"
    }  # fmt: skip


def test_a_listener_begins_without_what_nobody_waits_for_and_outlives_a_disk_that_refuses(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, folder, steps = threading.Event(), place.store.data_dir, []
    first, _ = timed(place)
    help_calls.ask(folder, CALL)
    digits.ask(folder, DigitsAsked(CALL, "12345678"))

    def failing() -> None:
        steps.append(place.clock.boottime())
        if len(steps) == 1:
            raise StoreUnavailable("full")
        if len(steps) == 3:
            raise StoreDamaged("bad page")

    monkeypatch.setattr(place.listener, "step", failing)
    with capture_logs() as logs, pytest.raises(StoreDamaged):
        place.listener.run(stop)
    assert steps == [pytest.approx(1000 + at) for at in (0, 2.2, 2.4)]
    assert [(one["event"], one["code"], one["detail"]) for one in logs] == [("hub-not-told", "store", "full")]
    assert (help_calls.asked(folder), digits.asked(folder)) == (None, None)
    assert first.help == []


def test_what_it_needs_somebody_for_is_told_with_each_call(place: Place) -> None:
    first, _ = timed(place)
    place.listener = HubListener(place.store, lambda hub: place.hubs[hub.id], place.clock, lambda: ["paper-out"])
    step(place, 0, 1)
    assert [call.needs for call in first.calls_heard] == [["paper-out"]] * 2


def test_a_call_for_staff_that_fails_is_tried_again_and_asks_for_a_word_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = timed(place)
    step(place, 0, 1)
    heard: list[HelpCall] = []

    def ask_help(call: HelpCall) -> None:
        heard.append(call)
        if len(heard) == 1:
            raise DeliveryDeferred("timeout", "nothing came")

    monkeypatch.setattr(first, "ask_help", ask_help)
    help_calls.ask(place.store.data_dir, CALL)
    with capture_logs() as logs:
        step(place, 1.1, 1.2, 1.3)
    assert heard == [HelpCall(CALL)] * 2
    assert first.at == [0, 1, 1.2]
    assert [one["event"] for one in logs] == ["hub-not-told", "hub-heard-again"]
