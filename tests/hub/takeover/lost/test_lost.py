"""A hub that has lost its log deposes nobody, wipes nothing: it follows, is filled, and leads by others' word alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.protocol.feed_message import HubRecord, Hubs
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.opening import begin_serving, open_hub
from hub.log.event import read_events
from hub.takeover.following import Follower
from hub.takeover.promotion import promote
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.engine.presses.test_giving import lose_store
from tests.hub.hall import CENTRE, HUB_ID, Hall, said
from tests.hub.takeover.asked import recovers
from tests.hub.takeover.two import MANAGER, OTHER, Two, events

BOTH = Hubs(CENTRE, [HubRecord(one, "http://127.0.0.1:1", "a" * 43 + "=") for one in (HUB_ID, OTHER)])


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    made.first.press(1, "open")
    for _ in range(3):
        made.first.kiosks[0].give("A")
    assert made.first.called(1) == "A1001"
    made.by_second.look_around()
    made.by_second.pull()
    yield made
    for hall in (made.first, made.second):
        hall.hub.store.close()


def begins_again(lost: Hall, hubs: Hubs | None = BOTH) -> None:
    """Let a hub begin without its store, which another one names the hubs of."""
    folder, hub_id = lost.hub.store.data_dir, lost.hub.store.identity.kiosk
    lost.hub.store.close()
    lose_store(folder)
    store = open_store_in(folder, Identity(hub_id, CENTRE, 0), stamp=lost.clock.now(), machine="m" * 64)
    lost.hub = open_hub(store, lost.clock, term=1, serves=True)
    lost.set_up({1: ["A"], 2: ["A"]})
    if hubs is None:
        with lost.hub.store.write() as connection:
            connection.exec_driver_sql("DELETE FROM centre_records WHERE kind = 'hubs'")
    else:
        said(lost.hub, hubs, 2)


def standing(hall: Hall) -> tuple[str, int, bool]:
    with hall.hub.read() as look:
        return look.role, look.term, look.is_recall_due


def second_looks(by_lost: Follower) -> int:
    """Do what a hub that follows does in a second."""
    by_lost.look_around()
    return by_lost.pull() + by_lost.recover()


@pytest.mark.parametrize("greater", [True, False], ids=["greater id", "smaller id"])
def test_a_leader_that_lost_its_log_follows_who_took_over(two: Two, *, greater: bool) -> None:
    leads, lost = two.second, two.first
    promote(leads.hub, MANAGER)
    if greater:  # the one that lost its log has the greater id
        two.by_first.look_around()
        two.by_first.pull()
        promote(lost.hub, MANAGER)
        two.by_second.look_around()
        two.by_second.pull()
        leads, lost = two.first, two.second
        promote(two.second.hub, MANAGER)
        two.by_first.look_around()
        two.by_first.pull()
        promote(two.first.hub, MANAGER)
    before = events(leads)
    begins_again(lost)
    assert standing(lost)[0] == FOLLOWING
    second_looks(two.sees(lost, leads))
    two.sees(leads, lost).look_around()
    assert standing(leads)[0] == LEADING
    assert events(leads) == events(lost) == before


def test_a_standby_that_lost_its_log_and_led_once_follows(two: Two) -> None:
    first, second = two.first, two.second
    promote(second.hub, MANAGER)
    two.by_first.look_around()
    two.by_first.pull()
    promote(first.hub, MANAGER)
    two.by_second.look_around()
    two.by_second.pull()
    before = events(first)
    begins_again(second)
    second_looks(two.sees(second, first))
    assert (standing(first)[0], standing(second)[0]) == (LEADING, FOLLOWING)
    assert events(first) == events(second) == before


def test_a_leader_that_lost_its_log_is_filled_by_its_standby_and_leads_on_under_its_term(two: Two) -> None:
    lost, standby = two.first, two.second
    before = events(standby)
    begins_again(lost)
    assert standing(lost)[:2] == (FOLLOWING, 1)
    assert second_looks(two.sees(lost, standby)) == len(before)
    assert standing(lost) == (LEADING, 1, False)
    assert events(lost)[: len(before)] == before
    assert lost.counter(1).must_resume
    two.by_second.look_around()
    two.by_second.pull()
    assert events(standby) == events(lost)


def test_it_waits_for_a_standby_that_is_silent_and_a_manager_may_let_it_lead(two: Two) -> None:
    lost, standby = two.first, two.second
    begins_again(lost)
    by_lost = two.sees(lost, standby)
    near = by_lost._peers[OTHER]
    near.is_away = True  # type: ignore[attr-defined]
    second_looks(by_lost)
    assert standing(lost)[0] == FOLLOWING
    near.is_away = False  # type: ignore[attr-defined]
    second_looks(by_lost)
    assert standing(lost)[0] == LEADING
    begins_again(lost)
    assert promote(lost.hub, MANAGER) == 2
    assert standing(lost) == (LEADING, 2, True), "who was called is unknown: central is asked"


def test_it_does_not_lead_where_another_knows_of_one_that_was_let_lead_since(two: Two) -> None:
    lost, standby = two.first, two.second
    promote(standby.hub, MANAGER)
    two.follow(standby)  # it has just begun, and asks first
    begins_again(lost)
    second_looks(two.sees(lost, standby))
    assert standing(lost)[0] == FOLLOWING


def test_in_a_hall_of_one_hub_it_leads_and_asks_central(two: Two) -> None:
    lost = two.first
    begins_again(lost, Hubs(CENTRE, [BOTH.hubs[0]]))
    by_lost = two.sees(lost, two.second)
    by_lost._peers = {}
    assert recovers(by_lost) == 0
    assert standing(lost) == (LEADING, 1, True)


def test_while_nobody_has_said_who_the_others_are_it_follows(two: Two) -> None:
    lost = two.first
    begins_again(lost, None)
    by_lost = two.sees(lost, two.second)
    by_lost._peers = {}
    second_looks(by_lost)
    assert standing(lost)[0] == FOLLOWING
    with lost.hub.store.read() as connection:
        assert list(read_events(connection)) == [], "a hub that follows writes nothing of its own"


def test_a_standby_that_was_off_asks_who_was_called_before_it_calls(two: Two) -> None:
    """Its leader worked on meanwhile: whom it called, and which numbers were given by hand, is in no log here."""
    first, second = two.first, two.second
    first.press(1, "give", service="civil-affairs")
    begin_serving(second.hub)  # it has just begun, and the leader is dead
    promote(second.hub, MANAGER)
    assert standing(second) == (LEADING, 2, True)
    two.follow(second)
    begin_serving(second.hub)
    two.by_second.look_around()
    two.by_second.pull()
    promote(second.hub, MANAGER)
    assert standing(second)[2] is False
