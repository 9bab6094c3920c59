"""Numbers given by hand count on, and after a lost log begin clear of all that nobody knows of any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from common.protocol.feed_message import HubRecord, Hubs
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from hub.engine.managing import release
from hub.engine.opening import open_hub
from hub.messages.told import as_own
from hub.takeover.following import Follower
from hub.takeover.promotion import lead_again
from hub.takeover.recalling import take_recall
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.api.conftest import HUB_KEY
from tests.hub.hall import CENTRE, DAY, HUB_ID, Hall, open_hall, said
from tests.kit.clock import HandClock


def give(hall: Hall, service: str = "clearance") -> str:
    given: str = hall.press(1, "give", service=service)["given"]["number"]
    return given


def lose_store(folder: Path) -> None:
    for path in folder.glob("*"):
        if path.name.startswith(("store", "last-epoch")):
            path.unlink()


def told(hall: Hall, number: str) -> RecalledTicket:
    issued = hall.clock.now().text
    return RecalledTicket(
        id=f"00000000-0000-4000-8000-00000000{number[1:]}", kiosk=HUB_ID, number=number, service="clearance",
        business_day=DAY, issued_at=issued, state="waiting",
    )  # fmt: skip


@contextmanager
def begun_again(folder: Path, clock: HandClock) -> Iterator[Hall]:
    """A hub on a disk that has lost its store, in a hall of one hub, before central is heard."""
    lose_store(folder)
    store = open_store_in(folder, Identity(HUB_ID, CENTRE, 0), stamp=clock.now(), machine="m" * 64)
    with store:
        hall = Hall(open_hub(store, clock, term=1, serves=True), clock)
        hall.set_up({1: ["B"]})
        follower = Follower(hall.hub, HUB_KEY, as_own)
        assert follower.look_around()
        follower.recover()
        hall.passes(1)
        yield hall


def test_after_a_lost_log_numbers_go_on_at_the_next_full_hundred_above_what_central_knows(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    first = open_hall(folder)
    first.set_up({1: ["B"]})
    first.press(1, "open")
    assert [give(first) for _ in range(5)] == ["B0001", "B0002", "B0003", "B0004", "B0005"]
    first.hub.store.close()
    with begun_again(folder, first.clock) as hall:
        with hall.act() as act:
            take_recall(act, QueueRecall([told(hall, "B0001"), told(hall, "B0002")]))  # the others never came there
            act.recalled()
        hall.press(1, "open")
        assert [give(hall) for _ in range(3)] == ["B0100", "B0101", "B0102"]
        assert give(hall, "civil-affairs") == "A0100", "of this letter nobody knows whether one was given"
        hall.passes(86_400)
        hall.press(1, "open")
        assert give(hall) == "B0001"


def test_a_new_hub_counts_from_one_and_a_restart_counts_on(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["B"]})
    hall.press(1, "open")
    assert [give(hall), give(hall)] == ["B0001", "B0002"]
    hall.hub.store.close()
    again = open_hall(tmp_path / "hub", hall.clock)
    assert give(again) == "B0003"
    again.hub.store.close()


def test_a_hub_that_lost_the_end_of_its_log_gives_clear_of_it_too(hall: Hall) -> None:
    hall.press(1, "open")
    assert give(hall) == "B0001"
    with hall.hub.read() as look:
        term, seq = look.term, look.seq
    hall.passes(5)
    lead_again(hall.hub, term, seq + 3)
    hall.hub.asks_first = False
    with hall.act() as act:
        act.recalled()
        release(act, 1)
    assert [give(hall), give(hall)] == ["B0100", "B0101"]


def is_hub(hall: Hall, n: int) -> None:
    said(hall.hub, Hubs(CENTRE, [HubRecord(HUB_ID, "", "key", n=n), HubRecord("hub-0009", "", "key", n=3 - n)]), n + 2)


@pytest.mark.edits_the_log
def test_each_hub_of_a_centre_gives_in_a_thousand_of_its_own(hall: Hall) -> None:
    hall.press(1, "open")
    is_hub(hall, 1)
    assert [give(hall), give(hall)] == ["B0001", "B0002"]
    is_hub(hall, 2)  # as if its log had come here with a take-over
    with hall.hub.store.write() as connection:
        connection.exec_driver_sql("UPDATE hub_tickets SET kiosk = 'hub-0009'")
    assert [give(hall), give(hall)] == ["B01001", "B01002"]
    assert give(hall, "civil-affairs") == "A01001"


@pytest.mark.edits_the_log
def test_a_hub_that_has_given_its_thousand_goes_on_and_gives_none_twice(hall: Hall) -> None:
    hall.press(1, "open")
    is_hub(hall, 1)
    give(hall)
    with hall.hub.store.write() as connection:
        connection.exec_driver_sql("UPDATE hub_tickets SET number = 'B01000'")
    assert [give(hall), give(hall)] == ["B01001", "B01002"]


@pytest.mark.parametrize(("to", "ended"), [("B01001", "B01001"), ("B0001", "B0001")])
def test_numbers_by_hand_up_to_one_are_those_of_one_hub(hall: Hall, to: str, ended: str) -> None:
    hall.press(1, "open")
    given = {give(hall)}
    is_hub(hall, 2)
    given.add(give(hall))
    assert given == {"B0001", "B01001"}
    hall.passes(1)
    hall.press(1, "by-hand", ranges=[{"to": to}])
    with hall.hub.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT number FROM hub_tickets WHERE end = 'by-hand'").fetchall()
    assert [number for (number,) in rows] == [ended]
