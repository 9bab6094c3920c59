"""A hub that follows has its leader's log and no other, also where both led under one term or its own was cut short."""

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from common.machine.errors import StoreUnavailable
from hub.engine.act import FOLLOWING, LEADING
from hub.engine.centre import Interruption
from hub.engine.days import close_day, settle_day
from hub.log.event import Event
from hub.log.reading import Day, find_day
from hub.services.interrupting import interrupt
from hub.takeover import following, replica
from hub.takeover.peers import PeerSilent
from hub.takeover.promotion import promote
from hub.takeover.replica import LogPage
from tests.hub.hall import HUB_ID, Hall, open_hall
from tests.hub.held import check_counters
from tests.hub.standby import last_seq
from tests.hub.takeover.asked import recovers
from tests.hub.takeover.two import MANAGER, OTHER, Two, events


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    yield made
    for hall in (made.first, made.second):
        hall.hub.store.close()


def test_of_two_that_led_under_one_term_the_one_that_bows_takes_the_others_log(two: Two) -> None:
    first, second = two.first, two.second
    first.press(1, "open")
    tickets = [first.kiosks[0].give("A") for _ in range(4)]
    two.follow(second)
    two.by_second.look_around()
    two.by_second.pull()
    for hall in (first, second):  # neither hears the other, and a manager promotes each
        two.follow(hall)
        assert promote(hall.hub, MANAGER) == 2
        with hall.act() as act:
            act.connection.exec_driver_sql("UPDATE hub_counters SET must_resume = 0")
    first.press(1, "next")
    first.press(1, "came")
    second.press(2, "open")
    second.press(2, "next")
    assert [one.seq for one in events(first)] == [one.seq for one in events(second)]
    assert [one.term for one in events(first)] == [one.term for one in events(second)]
    two.by_first.look_around()
    two.by_first.pull()
    with first.hub.read() as look:
        assert look.role == FOLLOWING
    assert events(first) == events(second)
    assert first.ticket(tickets[0].id) == second.ticket(tickets[0].id)
    check_counters(first.hub.store)


def test_a_hub_that_takes_the_others_log_knows_only_the_services_that_it_says_are_interrupted(two: Two) -> None:
    two.by_second.look_around()
    two.by_second.pull()
    two.follow(two.second, LEADING)
    for hall, service in ((two.first, "civil-affairs"), (two.second, "clearance")):
        with hall.act() as act:
            interrupt(act, service, Interruption("registry-line", "manager-1"))
    assert [one.seq for one in events(two.first)] == [one.seq for one in events(two.second)]
    with two.first.hub.read() as look:
        assert list(look.centre.interrupted) == ["civil-affairs"]
    two.by_first.look_around()
    two.by_first.pull()
    assert events(two.first) == events(two.second)
    with two.first.hub.read() as look:
        assert list(look.centre.interrupted) == ["clearance"]


def _loses_what_the_standby_has(two: Two) -> Event:
    """Let the second hub follow, and the end of the first one's log go with a page of its disk."""
    two.follow(two.second)
    two.by_second.look_around()
    two.by_second.pull()
    lost = events(two.first)[-1]
    with two.first.hub.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM hub_events WHERE seq = ?", (lost.seq,))
    return lost


def test_a_hub_that_lost_the_end_of_its_log_takes_it_from_a_standby_before_it_calls(two: Two) -> None:
    first = two.first
    first.press(1, "open")
    for _ in range(2):
        first.kiosks[0].give("A")
    assert first.called(1) == "A1001"
    lost = _loses_what_the_standby_has(two)
    assert recovers(two.by_first) == 1
    with first.hub.read() as look:
        assert (look.role, look.term) == (LEADING, 1)
    assert events(first)[lost.seq - 1] == lost
    assert recovers(two.by_first) == 0, "the standby has no more"


def test_a_day_that_it_opened_before_its_log_came_back_is_opened_once_more(two: Two) -> None:
    """What was closed early yesterday is no date of today's: a new label alone would leave the hall closed all day."""
    first = two.first
    with first.act() as act:
        settle_day(act)
        close_day(act)
    first.works(False)
    lost = _loses_what_the_standby_has(two)
    first.passes(24 * 3600)
    assert _settled_day(first) == Day("2026-11-26", is_closed=False, early_line=None)
    assert recovers(two.by_first) == 1
    assert events(first)[lost.seq - 1] == lost
    assert _settled_day(first) == Day("2026-11-26", is_closed=False, early_line=None)
    given = first.kiosks[0].give("A")
    first.press(1, "open")
    assert first.called(1) == given.number


def _settled_day(hall: Hall) -> Day | None:
    with hall.hub.act() as act:
        settle_day(act)
        return find_day(act.connection, act.day)


def test_a_hub_that_has_pressed_since_takes_nothing_in_the_place_of_it(two: Two) -> None:
    first, second = two.first, two.second
    two.follow(second)
    first.press(1, "open")
    two.by_second.look_around()
    two.by_second.pull()
    second_own = str(uuid.uuid4())
    two.follow(second, LEADING)
    second.press(2, "open", key=second_own)
    two.follow(second)
    first.press(1, "pause")
    before = events(first)
    assert recovers(two.by_first) == 0
    assert events(first) == before
    with first.hub.read() as look:
        assert (look.role, look.hub_id) == (LEADING, HUB_ID)


def test_who_is_promoted_while_a_page_of_the_log_is_on_its_way_leads(two: Two) -> None:
    first, second = two.first, two.second
    two.follow(second)
    two.by_second.look_around()
    two.by_second.pull()
    first.press(1, "open")
    near = two.by_second._peers[HUB_ID]
    ask = near.pull

    def promoted_meanwhile(after: int) -> LogPage:
        page = ask(after)
        with second.hub.read() as look:
            if look.role == FOLLOWING:
                assert promote(second.hub, MANAGER) == 2
        return page

    near.pull = promoted_meanwhile  # type: ignore[method-assign]
    two.by_second.pull()
    with second.hub.read() as look:
        assert (look.role, look.term) == (LEADING, 2)
    assert [one.kind for one in events(second)][-3:] == ["life-began", "work-switched", "led"]


@pytest.mark.parametrize("ends_by", ["a full disk", "a silent standby"])
def test_a_hub_whose_log_came_back_in_part_takes_the_rest_and_leads(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_by: str
) -> None:
    former, standby = two.first, two.second
    monkeypatch.setattr(replica, "PAGE_EVENTS", 2)
    former.press(1, "open")
    for _ in range(4):
        former.kiosks[0].give("A")
    former.press(1, "next")
    two.follow(standby)
    two.by_second.look_around()
    two.by_second.pull()
    lost = open_hall(tmp_path / "lost", former.clock)
    by_lost = two.sees(lost, standby)
    near, taken = by_lost._peers[OTHER], list[int]()
    ask = near.pull

    def cut(after: int) -> LogPage:
        taken.append(after)
        if len(taken) > 8:
            raise StoreUnavailable("the disk is full") if ends_by == "a full disk" else PeerSilent("no answer")
        return ask(after)

    with monkeypatch.context() as cutting:
        cutting.setattr(near, "pull", cut)
        with contextlib.suppress(StoreUnavailable):
            recovers(by_lost)
    with lost.hub.read() as look:
        assert (look.role, look.is_recall_due) == (LEADING, True), "it leads, and calls nobody before it has the rest"
        assert 0 < look.seq < last_seq(standby)
    recovers(by_lost)
    with lost.hub.read() as look:
        assert (look.role, look.term, look.is_recall_due) == (LEADING, 1, False)
    assert lost.counter(1).must_resume
    assert [one.kind for one in events(lost)][-3:] == ["life-began", "work-switched", "must-resume"]
    lost.hub.store.close()


def test_a_hub_that_fell_before_it_led_on_with_its_log_leads_on_when_it_is_back(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.first.press(1, "open")
    two.follow(two.second)
    two.by_second.look_around()
    two.by_second.pull()
    lost = open_hall(tmp_path / "lost", two.first.clock)
    with monkeypatch.context() as falling:
        falling.setattr(following, "lead_on", mock.Mock(side_effect=StoreUnavailable("it was killed here")))
        with pytest.raises(StoreUnavailable):
            recovers(two.sees(lost, two.second))
    recovers(two.sees(lost, two.second))
    with lost.hub.read() as look:
        assert (look.role, look.term) == (LEADING, 1)
    assert lost.counter(1).must_resume
    lost.hub.store.close()
