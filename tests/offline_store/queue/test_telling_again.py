"""What a listener passes on of the hub that it followed, and what it tells again."""

from dataclasses import replace

import pytest

from common.protocol.queue.call import Held
from common.protocol.queue.hub_statement import HubStatement
from offline_store.alarms import list_alarms
from offline_store.chain.epoch import reopen_tickets
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.queue import listener
from offline_store.queue.listener import HubListener
from offline_store.queue.word import read_word
from tests.offline_store.queue.hubs import FakeHub, Place


def test_the_greatest_statement_of_a_hub_it_followed_is_passed_on_unchanged_also_after_a_restart(place: Place) -> None:
    first, second = place.hubs["hub-1"], place.hubs["hub-2"]
    first.statement = HubStatement("hub-1", 1, 40, "mark-1", "c2lnbmVk")
    place.steps(7)
    assert (first.followed[0], first.followed[-1]) == (None, first.statement)
    second.term, second.statement = 2, HubStatement("hub-2", 2, 7, "mark-2", "c2lnbmVk")
    place.steps(22.0)
    assert second.followed[-1] == second.statement
    second.statement = HubStatement("hub-1", 9, 9, "mark-3", "c2lnbmVk")
    place.steps(7)
    assert second.followed[-1] == HubStatement("hub-2", 2, 7, "mark-2", "c2lnbmVk"), "another hub's is not its word"
    second.is_away = True
    place.listener = HubListener(place.store, lambda hub: place.hubs[hub.id], place.clock)
    place.steps(1)
    assert first.followed[-1] == HubStatement("hub-2", 2, 7, "mark-2", "c2lnbmVk"), (
        "the hub that comes back first hears"
    )


def test_a_statement_of_a_hub_that_is_no_more_makes_room_for_the_next(place: Place) -> None:
    first, second = place.hubs["hub-1"], place.hubs["hub-2"]
    first.term, first.statement = 8, HubStatement("hub-1", 8, 40, "mark-1", "c2lnbmVk")
    place.steps(7)
    place.name("hub-2")
    second.term, second.statement = 3, HubStatement("hub-2", 3, 1, "mark-2", "c2lnbmVk")
    place.steps(12)
    assert second.followed[-1] == second.statement


def test_a_log_of_another_mark_is_told_again_from_where_it_ends_once(place: Place) -> None:
    hub = place.hubs["hub-1"]
    hub.held = Held("mark-1", 0)
    place.steps(1)
    given = []
    for _ in range(5):
        given.append(place.give())
        place.steps(1)
    assert hub.told == given
    hub.held = Held("mark-2", 1_000_000_000 + 2)  # the first store of this kiosk, its second change
    place.steps(20)
    assert hub.told == given + given[2:]


def test_what_another_store_of_this_kiosk_told_is_no_place_to_go_on_from(place: Place) -> None:
    hub = place.hubs["hub-1"]
    hub.held = Held("mark-1", 7_000_000_000 + 4)
    given = [place.give()]
    place.steps(7)
    assert set(hub.told) == set(given)


def test_no_earlier_day_is_told_again_to_a_log_that_was_set_back(place: Place) -> None:
    hub = place.hubs["hub-1"]
    hub.held = Held("mark-1", 0)
    place.give()
    place.steps(7)
    open_day_by_manager(place.store, "2026-11-26", place.clock.now(), "Rima")
    today = [place.give()]
    place.steps(7)
    hub.told.clear()
    hub.held = Held("mark-2", 0)
    place.steps(7)
    assert hub.told == today


def test_a_day_that_the_hub_does_not_believe_is_an_alarm_until_it_does_and_its_numbers_join_then(place: Place) -> None:
    hub = place.hubs["hub-1"]
    place.give()
    place.steps(1)
    open_day_by_manager(place.store, "2027-01-05", place.clock.now(), "Rima")
    hub.far_days = {"2027-01-05"}
    far = [place.give()]
    place.steps(1)
    far.append(place.give())
    place.steps(30)
    (alarm,) = list_alarms(place.store)
    assert (alarm.code, "2027-01-05" in alarm.detail, far[0] in alarm.detail) == ("hub-refuses-day", True, True)
    word = read_word(place.store.data_dir)
    assert word is not None
    assert word.is_refused
    assert len(hub.told) <= 2 * 31 / 2 + 2, "what is refused is not told all the time"
    hub.told.clear()
    hub.far_days = set()
    place.steps(3.0)
    assert (hub.told, list_alarms(place.store)) == (far, [])
    place.steps(20)
    assert hub.told == far
    word = read_word(place.store.data_dir)
    assert word is not None
    assert not word.is_refused


def test_numbers_that_the_hub_does_not_take_yet_are_an_alarm_until_it_does(place: Place) -> None:
    hub = place.hubs["hub-1"]
    hub.unknown = {"clearance"}
    first = place.give()
    place.steps(3)
    (alarm,) = list_alarms(place.store)
    assert (alarm.code, first in alarm.detail) == ("hub-refuses-numbers", True)
    word = read_word(place.store.data_dir)
    assert word is not None
    assert word.is_refused
    hub.unknown = set()
    place.steps(31)
    word = read_word(place.store.data_dir)
    assert word is not None
    assert (word.is_refused, list_alarms(place.store)) == (False, [])


def test_a_number_of_a_service_that_the_hub_has_not_heard_of_yet_is_told_until_it_has(place: Place) -> None:
    hub = place.hubs["hub-1"]
    hub.unknown = {"clearance"}
    early = place.give()
    place.steps(10)
    assert hub.told == [early], "what is refused is not told all the time"
    later = place.give()
    hub.unknown = set()
    place.steps(30.0)
    assert hub.told == [early, later, early]
    place.steps(2 * 30.0)
    assert hub.told == [early, later, early]


def test_a_number_that_was_refused_for_now_is_told_again_also_after_a_restart(place: Place) -> None:
    hub = place.hubs["hub-1"]
    hub.held, hub.unknown = Held("mark-1", 0), {"clearance"}
    early = place.give()
    place.steps(10)
    hub.unknown = set()
    later = place.give()
    place.steps(7)
    hub.held = Held("mark-1", 1_000_000_000 + 2)  # it took the later one
    hub.told.clear()
    place.listener = HubListener(place.store, lambda hub: place.hubs[hub.id], place.clock)
    place.steps(7)
    assert hub.told == [early, later]


def test_no_more_is_kept_to_be_told_again_than_one_call_holds(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = place.hubs["hub-1"]
    hub.unknown = {"clearance"}
    given = []
    for _ in range(4):
        given.append(place.give())
        place.steps(10)
    monkeypatch.setattr(listener, "MAX_TICKETS", 2)
    place.steps(30.0)
    hub.told.clear()
    hub.unknown = set()
    place.steps(2 * 30.0)
    assert sorted(hub.told) == sorted(given[-2:])


def test_the_hub_of_a_centre_to_which_the_kiosk_moves_hears_of_no_number_that_was_given_elsewhere(place: Place) -> None:
    place.give()
    place.steps(1)
    moved = replace(place.store.identity, centre="homs-new")
    reopen_tickets(place.store, moved, None, place.clock.now())
    place.hubs = {"hub-9": FakeHub(1)}
    place.name("hub-9")
    place.listener = HubListener(place.store, lambda hub: place.hubs[hub.id], place.clock)
    place.steps(1)
    here = place.give()
    place.steps(20)
    assert set(place.hubs["hub-9"].told) == {here}
