"""A hub that lost its log knows by its unsent items whom it has called, whatever central says."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from common.protocol.feed_message import ClerkRecord
from common.protocol.queue.call import QueuedTicket
from common.protocol.queue.recall import QueueRecall, RecalledStop, RecalledTicket
from common.protocol.queue.service_now import ServiceOrder, ServiceOrders
from hub.engine import managing
from hub.engine.centre import Interruption
from hub.engine.opening import open_hub
from hub.services.interrupting import CONSOLE, follow_orders, interrupt, works_again
from hub.takeover import own_items
from hub.takeover.promotion import lead_on, promote
from hub.takeover.recalling import take_recall
from offline_store.disk import tables
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.hall import CENTRE, DAY, HUB_ID, Hall, open_hall, said
from tests.kit.store import SEALING_KEY

MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")
COUNTERS = {1: ["A"], 2: ["B"]}
ORDER = ServiceOrder(id="1", service="clearance", reason="power", since="2026-11-25T07:00:00Z")
IDENTITY = Identity(HUB_ID, CENTRE, 0, (SEALING_KEY,))


class Place:
    """A hub that serves, is damaged while the internet is away, and begins again without its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hall = open_hall(folder)
        self.hall.set_up(COUNTERS)
        self.hall.press(1, "open")

    def delivered(self) -> None:
        """Have central take all that was told so far."""
        with self.hall.hub.store.write() as connection:
            connection.execute(update(tables.items).values(state="acknowledged"))

    def loses_its_log(self) -> None:
        clock, kiosks = self.hall.clock, self.hall.kiosks
        self.hall.hub.store.close()
        (self.folder / "store.damaged").write_text("seen while running")
        clock.sleep(60)
        store = open_store_in(self.folder, IDENTITY, stamp=clock.now(), machine="m" * 64)
        self.hall = Hall(open_hub(store, clock, term=1, serves=True), clock)
        lead_on(self.hall.hub, above=0, lacks=True)
        self.hall.set_up(COUNTERS)
        self.hall.kiosks = kiosks
        for kiosk in kiosks:
            kiosk.hall = self.hall

    def recalls(
        self, *told: RecalledTicket, stops: Sequence[RecalledStop] = (), closed_early: str | None = None
    ) -> int:
        """Have central answer."""
        with self.hall.act() as act:
            adopted = take_recall(act, QueueRecall([*told], stops=[*stops], closed_early=closed_early))
            act.recalled()
        return adopted

    def stands(self, *tickets: QueuedTicket) -> list[tuple[str, str | None]]:
        found = [self.hall.ticket(one.id) for one in tickets]
        return [(one.state, one.end) for one in found]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "hub")
    yield place
    place.hall.hub.store.close()


def as_central_knows(ticket: QueuedTicket, **known: Any) -> RecalledTicket:
    return RecalledTicket(
        id=ticket.id, kiosk="kiosk-1", number=ticket.number, service=ticket.service, business_day=DAY,
        issued_at=ticket.wall_time, **known,
    )  # fmt: skip


@pytest.mark.parametrize("tells_first", [True, False])
def test_nobody_who_was_served_is_called_again_though_central_knows_of_none(place: Place, tells_first: bool) -> None:
    hall, kiosk = place.hall, place.hall.kiosks[0]
    given = [kiosk.give("A") for _ in range(5)]
    assert [hall.called(1) for _ in range(4)] == [one.number for one in given[:4]]
    place.loses_its_log()
    if tells_first:
        kiosk.tell(*given)
    assert place.recalls() == 4
    if not tells_first:
        kiosk.tell(*given)
    served = ("ended", "done-unconfirmed")
    assert place.stands(*given) == [served, served, served, ("parked", None), ("waiting", None)]
    place.hall.press(1, "open")
    assert place.hall.called(1) == given[4].number
    assert place.hall.called(1) is None


def test_what_was_told_after_central_s_last_word_counts(place: Place) -> None:
    hall, kiosk = place.hall, place.hall.kiosks[0]
    left, _, ended = given = [kiosk.give("A") for _ in range(3)]
    hall.called(1)
    hall.press(1, "came")
    called = {"state": "called", "counter": 1, "called_at": hall.ticket(left.id).called_at}
    place.delivered()
    hall.press(1, "left")
    hall.called(1)
    hall.press(1, "undo")
    place.loses_its_log()
    kiosk.tell(*given)
    assert place.recalls(as_central_knows(left, **called), as_central_knows(ended, state="ended", end="voided")) == 2
    assert place.stands(*given) == [("ended", "left"), ("waiting", None), ("ended", "voided")]
    assert place.hall.ticket(left.id).called_at == called["called_at"]


def test_an_end_that_was_undone_is_none_though_central_took_the_end(place: Place) -> None:
    hall, kiosk = place.hall, place.hall.kiosks[0]
    ticket = kiosk.give("A")
    hall.called(1)
    hall.press(1, "came")
    hall.press(1, "left")
    place.delivered()
    hall.press(1, "undo", ticket=ticket.id)
    place.loses_its_log()
    place.recalls(as_central_knows(ticket, state="ended", end="left", counter=1, called_at=ticket.wall_time))
    assert place.stands(ticket) == [("parked", None)]


def test_where_only_the_last_of_what_was_told_is_read_it_goes_on_from_central_s_word(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_items, "_LOOKED_BACK", 0)
    ticket = place.hall.kiosks[0].give("A")
    place.hall.called(1)
    called = {"state": "called", "counter": 1, "called_at": place.hall.ticket(ticket.id).called_at}
    place.delivered()
    place.hall.press(1, "came")
    place.loses_its_log()
    place.recalls(as_central_knows(ticket, **called))
    found = place.hall.ticket(ticket.id)
    assert (found.state, found.called_at) == ("parked", called["called_at"])


def test_numbers_that_it_gave_by_hand_wait_again(place: Place) -> None:
    hall = place.hall
    numbers = [hall.press(1, "give", service="civil-affairs")["given"] for _ in range(2)]
    hall.called(1)
    place.loses_its_log()
    assert place.recalls() == 2
    assert [place.hall.ticket(one["id"]).state for one in numbers] == ["parked", "waiting"]
    assert [place.hall.ticket(one["id"]).number for one in numbers] == ["A0001", "A0002"]


def test_where_a_manager_waits_no_longer_for_central_own_items_count_all_the_same(place: Place) -> None:
    kiosk = place.hall.kiosks[0]
    given = [kiosk.give("A") for _ in range(2)]
    place.hall.called(1)
    place.loses_its_log()
    kiosk.tell(*given)
    promote(place.hall.hub, MANAGER)
    assert place.stands(*given) == [("parked", None), ("waiting", None)]


def test_what_central_has_taken_is_central_s_to_say(place: Place) -> None:
    ticket = place.hall.kiosks[0].give("A")
    place.hall.called(1)
    place.delivered()
    place.loses_its_log()
    place.hall.kiosks[0].tell(ticket)
    assert place.recalls() == 0
    assert place.stands(ticket) == [("waiting", None)]


def test_the_service_is_the_kiosk_s_to_say(place: Place) -> None:
    """Its letter has others too: until the kiosk has told, it is one of them."""
    kiosk = place.hall.kiosks[0]
    ticket = kiosk.give("A", service="judicial-record")
    place.hall.called(1)
    place.loses_its_log()
    place.recalls()
    kiosk.tell(ticket)
    assert place.hall.ticket(ticket.id).service == "judicial-record"


def stop(place: Place, service: str) -> None:
    with place.hall.act() as act:
        act.clerk = "clerk-1"
        interrupt(act, service, Interruption("power", "clerk-1"))


def works(place: Place, service: str) -> None:
    with place.hall.act() as act:
        works_again(act, service, "clerk-1")


def standing_still(place: Place) -> dict[str, tuple[str, str]]:
    with place.hall.hub.read() as look:
        return {service: (one.reason, one.by) for service, one in look.centre.interrupted.items()}


def said_by_central(service: str, reason: str = "power", by: str | None = "clerk-1") -> RecalledStop:
    return RecalledStop(service, reason, "2026-11-25T09:00:00.000000Z", by)


def test_what_stood_still_before_the_log_was_lost_stands_still(place: Place) -> None:
    """Central has it of the hubs' items; else people are called for a service that does nothing for them."""
    place.loses_its_log()
    stops = [said_by_central("civil-affairs"), said_by_central("clearance", "a-reason-of-another-version")]
    stops += [said_by_central("no-service-of-this-centre"), said_by_central("water-bill", by=None)]
    place.recalls(stops=stops)
    assert standing_still(place) == {"civil-affairs": ("power", "clerk-1"), "clearance": ("other", "clerk-1")}


def test_what_was_said_since_the_last_delivery_goes_before_what_central_says(place: Place) -> None:
    stop(place, "civil-affairs")
    place.delivered()
    works(place, "civil-affairs")
    stop(place, "clearance")
    place.loses_its_log()
    place.recalls(stops=[said_by_central("civil-affairs")])
    assert standing_still(place) == {"clearance": ("power", "clerk-1")}


def test_what_was_said_after_the_loss_stands(place: Place) -> None:
    place.loses_its_log()
    stop(place, "civil-affairs")
    works(place, "civil-affairs")
    place.recalls(stops=[said_by_central("civil-affairs")])
    assert standing_still(place) == {}


def test_what_the_console_stopped_stands_still_too_and_what_central_stopped_comes_by_its_orders(place: Place) -> None:
    """Neither is pressed by a clerk; an order that has ended since is named nowhere, and would stand for ever."""
    with place.hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", CONSOLE))
    said(place.hall.hub, ServiceOrders(CENTRE, [ORDER]), 10)
    with place.hall.act() as act:
        follow_orders(act)
    assert set(standing_still(place)) == {"civil-affairs", "clearance"}
    place.loses_its_log()
    place.recalls()
    assert standing_still(place) == {"civil-affairs": ("power", CONSOLE)}


@pytest.mark.parametrize("is_delivered", [True, False])
def test_a_day_that_was_closed_early_is_closed_in_the_new_log_too(place: Place, *, is_delivered: bool) -> None:
    hall, kiosk = place.hall, place.hall.kiosks[0]
    told, before = kiosk.give("A"), kiosk.ticket("A")
    with hall.act() as act:
        managing.close_day(act)
    if is_delivered:
        place.delivered()
    place.loses_its_log()
    kiosk.tell(told, before)
    assert place.stands(told, before) == [("waiting", None), ("waiting", None)]
    place.recalls(closed_early=DAY if is_delivered else None)
    carried = ("ended", "carried")
    assert place.stands(told, before) == [carried, carried]
    place.hall.press(1, "open")
    assert place.hall.called(1) is None
    after = kiosk.give("A")
    assert place.stands(after) == [carried]


@pytest.mark.parametrize("said", [None, "2026-11-24"])
def test_a_day_that_goes_on_is_not_closed_by_word_of_another(place: Place, said: str | None) -> None:
    hall, kiosk = place.hall, place.hall.kiosks[0]
    with hall.act() as act:
        managing.open_day(act, "2026-11-26", again="2026-11-26")
        managing.undo_day(act, "2026-11-26")
    waits = kiosk.give("A")
    place.loses_its_log()
    kiosk.tell(waits)
    place.recalls(closed_early=said)
    assert place.stands(waits) == [("waiting", None)]
