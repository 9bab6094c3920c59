"""The listener follows the right hub, tells it each ticket, leaves the screen its word, and costs nothing when away."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert

from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.hub_statement import HubStatement
from common.protocol.queue_call import (
    DAY_NOT_BELIEVED,
    FRESH_S,
    Held,
    HelpCall,
    HelpState,
    Prospect,
    QueueCall,
    RefusedTicket,
    TakenTicket,
    TicketsAnswer,
    TicketsCall,
)
from offline_store.alarms import list_alarms
from offline_store.delivery.delivery_error import DeliveryDeferred
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.issuing.intake import accept_ticket
from offline_store.queue import help as help_calls
from offline_store.queue.listener import ASK_OTHERS_EVERY_S, TELL_EVERY_S, HubListener
from offline_store.queue.waiting import waiting_list
from offline_store.queue.word import read_word
from tests.kit.clock import HandClock


class FakeHub:
    """A hub that keeps what it was told, or that is away."""

    def __init__(self, term: int) -> None:
        self.term = term
        self.is_away = False
        self.calls: list[QueueCall] = []
        self.told: list[str] = []
        self.asked = 0
        self.help: list[HelpState] = []
        self.statement: HubStatement | None = None
        self.held: Held | None = None
        self.far_days: set[str] = set()
        self.followed: list[HubStatement | None] = []

    def tell(self, call: TicketsCall) -> TicketsAnswer:
        if self.is_away:
            raise DeliveryDeferred("connection-refused", "nothing answers")
        self.asked += 1
        self.followed.append(call.followed)
        self.told += [ticket.number for ticket in call.tickets]
        refused = [RefusedTicket(one.id, DAY_NOT_BELIEVED) for one in call.tickets if one.business_day in self.far_days]
        taken = [TakenTicket(ticket.id, 4, 300, 900) for ticket in call.tickets]
        queue = {"clearance": Prospect(5, 600, 1200)}
        return TicketsAnswer(self.term, taken, refused, queue, self.calls, self.help, self.statement, self.held)

    def ask_help(self, call: HelpCall) -> None:
        if self.is_away:
            raise DeliveryDeferred("connection-refused", "nothing answers")
        self.help.append(HelpState(call.id, "asked"))

    def close(self) -> None:
        pass


class Place:
    """A store, its hubs, and the listener between them."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, HandClock()
        self.hubs = {"hub-1": FakeHub(1), "hub-2": FakeHub(0)}
        self.name(*self.hubs)
        self.listener = HubListener(store, lambda hub: self.hubs[hub.id], self.clock)

    def name(self, *ids: str) -> None:
        """Let central's feed name these hubs."""
        hubs = Hubs("homs-main", [HubRecord(one, "http://127.0.0.1:1", "AAAA") for one in ids])
        row = {"kind": "hubs", "body": msgspec.json.encode(hubs).decode(), "message_id": 1}
        with self.store.write() as connection:
            connection.execute(insert(tables.centre_records).prefix_with("OR REPLACE"), row)

    def give(self) -> str:
        when = self.clock.now()
        return accept_ticket(
            self.store, intention=str(when.boot_time_ns), service="clearance", prefix="B", stamp=when
        ).number

    def steps(self, seconds: float) -> None:
        until = self.clock.boottime() + seconds
        while self.clock.boottime() < until:
            self.listener.step()
            self.clock.sleep(0.2)


@pytest.fixture
def place(store: Store) -> Iterator[Place]:
    made = Place(store)
    yield made
    made.listener.close()


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


def test_the_word_is_renewed_each_five_seconds_and_is_no_word_of_now_after_thirty(place: Place) -> None:
    place.steps(60)
    assert 10 <= place.hubs["hub-1"].asked <= 60 / TELL_EVERY_S + 3
    word = read_word(place.store.data_dir)
    now = place.clock.now()
    assert word is not None
    assert word.is_fresh(now.boot_id, place.clock.boottime())
    assert not word.is_fresh(now.boot_id, place.clock.boottime() + FRESH_S + 1)
    assert not word.is_fresh("another-boot", place.clock.boottime())
    assert not word.is_fresh(now.boot_id, 0.0), "the machine began anew"


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
    place.steps(ASK_OTHERS_EVERY_S + 1)
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


def test_the_greatest_statement_of_a_hub_it_followed_is_passed_on_unchanged_also_after_a_restart(place: Place) -> None:
    first, second = place.hubs["hub-1"], place.hubs["hub-2"]
    first.statement = HubStatement("hub-1", 1, 40, "mark-1", "c2lnbmVk")
    place.steps(7)
    assert (first.followed[0], first.followed[-1]) == (None, first.statement)
    second.term, second.statement = 2, HubStatement("hub-2", 2, 7, "mark-2", "c2lnbmVk")
    place.steps(ASK_OTHERS_EVERY_S + 7)
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
    assert len(hub.told) <= 2 * 31 / TELL_EVERY_S + 2, "what is refused is not told all the time"
    hub.told.clear()
    hub.far_days = set()
    place.steps(TELL_EVERY_S + 1)
    assert (hub.told, list_alarms(place.store)) == (far, [])
    place.steps(20)
    assert hub.told == far
