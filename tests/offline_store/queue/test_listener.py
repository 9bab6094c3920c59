"""The listener follows the right hub, tells it each ticket, leaves the screen its word, and costs nothing when away."""

import threading
import uuid
from pathlib import Path

import pytest

from common.protocol.queue.call import FRESH_S, HelpState, Prospect, QueueCall
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.queue import help as help_calls
from offline_store.queue.waiting import waiting_list
from offline_store.queue.word import read_word
from tests.offline_store.queue.hubs import Place


def test_a_ticket_is_told_within_a_second_and_its_prospect_stands_where_the_screen_reads_it(place: Place) -> None:
    place.steps(1)
    number = place.give()
    place.steps(0.5)
    assert place.hubs["hub-1"].told == [number]
    word = read_word(place.store.data_dir)
    assert word is not None
    assert (word.hub, word.term) == ("hub-1", 1)
    assert [one.before for one in word.tickets.values()] == [4]
    assert word.queue["clearance"] == Prospect(5, 600, 1200)


def test_the_thread_tells_until_it_is_stopped(place: Place) -> None:
    number, stop = place.give(), threading.Event()
    place.clock.while_sleeping = lambda: stop.set() if place.hubs["hub-1"].told else None
    place.listener.run(stop)
    assert place.hubs["hub-1"].told == [number]


def test_the_word_is_renewed_each_five_seconds_and_is_no_word_of_now_after_thirty(place: Place) -> None:
    place.steps(60)
    assert 10 <= place.hubs["hub-1"].asked <= 60 / 2 + 3
    word = read_word(place.store.data_dir)
    now = place.clock.now()
    assert word is not None
    assert word.is_fresh(now.boot_id, place.clock.boottime())
    assert not word.is_fresh(now.boot_id, place.clock.boottime() + FRESH_S + 1)
    assert not word.is_fresh("another-boot", place.clock.boottime())
    assert not word.is_fresh(now.boot_id, 0.0), "the machine began again"


def test_nothing_is_lost_while_the_hub_is_away_nor_told_twice_when_it_is_back(place: Place) -> None:
    place.steps(1)
    place.hubs["hub-1"].is_away = True
    given = []
    for _ in range(5):
        given.append(place.give())
        place.steps(10)
    place.hubs["hub-1"].is_away = False
    place.steps(20)
    assert place.hubs["hub-1"].told == given


def test_what_was_given_since_a_hub_is_known_is_told_whatever_day_it_is_by_then(place: Place) -> None:
    place.steps(1)
    place.hubs["hub-1"].is_away = True
    given = [place.give()]
    place.steps(10)
    open_day_by_manager(place.store, "2026-11-26", place.clock.now(), "Rima")
    given.append(place.give())
    place.hubs["hub-1"].is_away = False
    place.steps(20)
    assert place.hubs["hub-1"].told == given


def test_who_was_promoted_is_followed_and_hears_the_day_from_its_beginning(place: Place) -> None:
    place.steps(1)
    first = place.give()
    place.steps(1)
    place.hubs["hub-2"].term = 2
    place.steps(16.0)
    second = place.give()
    place.steps(1)
    assert place.hubs["hub-1"].told == [first]
    assert place.hubs["hub-2"].told == [first, second]


def test_of_two_promotions_with_one_term_the_greater_id_is_followed(place: Place) -> None:
    place.hubs["hub-2"].term = 1
    place.steps(1)
    place.give()
    place.steps(1)
    assert (len(place.hubs["hub-1"].told), len(place.hubs["hub-2"].told)) == (0, 1)


def test_a_hub_that_stands_by_is_told_nothing(place: Place) -> None:
    place.hubs["hub-1"].is_away = True
    place.give()
    place.steps(30)
    assert place.hubs["hub-2"].told == []
    assert read_word(place.store.data_dir) is None


def test_a_revoked_hub_is_left_at_once(place: Place) -> None:
    place.steps(1)
    place.name("hub-2")
    place.give()
    place.steps(10)
    assert place.hubs["hub-1"].told == []


def test_numbers_that_were_called_leave_the_list_of_who_waits(place: Place) -> None:
    first, second = place.give(), None
    place.clock.sleep(1)
    second = place.give()
    place.hubs["hub-1"].calls = [QueueCall(1, first, 3, "2026-11-25T09:00:00Z")]
    place.steps(6)
    assert [one.number for one in waiting_list(place.store)] == [second]


@pytest.mark.parametrize("found", [b"", b"{", b"[]", b'{"hub": 1}', b"x" * 300_000])
def test_a_word_that_cannot_be_read_is_none(tmp_path: Path, found: bytes) -> None:
    (tmp_path / "queue.json").write_bytes(found)
    assert read_word(tmp_path) is None


def test_a_call_for_staff_reaches_the_hub_once_and_what_became_of_it_comes_back_within_two_seconds(
    place: Place,
) -> None:
    place.steps(1)
    call = "5b1f6f0a-1111-4c3e-9d2a-000000000001"
    help_calls.ask(place.store.data_dir, call)
    place.steps(3)
    hub = place.hubs["hub-1"]
    assert hub.help == [HelpState(call, "asked")]
    word = read_word(place.store.data_dir)
    assert word is not None
    assert word.help[call].state == "asked"
    hub.help = [HelpState(call, "seen")]
    place.steps(2)
    word = read_word(place.store.data_dir)
    assert word is not None
    assert word.help[call].state == "seen"


def test_a_call_that_the_hub_did_not_hear_is_passed_on_when_it_is_back(place: Place) -> None:
    place.steps(1)
    place.hubs["hub-1"].is_away = True
    help_calls.ask(place.store.data_dir, "5b1f6f0a-1111-4c3e-9d2a-000000000001")
    place.steps(2)
    place.hubs["hub-1"].is_away = False
    place.steps(10)
    assert len(place.hubs["hub-1"].help) == 1


def test_a_call_for_staff_goes_to_the_hub_that_takes_over_until_somebody_has_seen_it(place: Place) -> None:
    place.steps(1)
    help_calls.ask(place.store.data_dir, call_id := str(uuid.uuid4()))
    place.steps(3)
    first, second = place.hubs["hub-1"], place.hubs["hub-2"]
    assert [one.id for one in first.help] == [call_id], "once, however often it is looked at"
    first.is_away, second.term = True, 2
    place.steps(30)
    assert [one.id for one in second.help] == [call_id]
    second.help = [HelpState(call_id, "seen")]
    place.steps(10)
    second.is_away, first.is_away, first.term, first.help = True, False, 3, []
    place.steps(30)
    assert first.help == [], "somebody is on the way already"
