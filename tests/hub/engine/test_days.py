"""The day of the queue: opened by the first kiosk or hub, relabelled without moving anybody, its rest counted."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select, update

from common.machine.stamp import Trust
from hub.engine.days import close_day, settle_day
from hub.engine.managing import open_day
from hub.engine.retention import KEPT_US, forget_old
from hub.engine.status import business_day
from hub.log import tables
from hub.log.event import read_events, rebuild
from offline_store.issuing.business_day import apply_feed_day
from offline_store.issuing.far_day import set_right
from tests.hub.hall import Hall, open_hall
from tests.hub.held import check
from tests.kit.clock import HandClock


def feed_says(hall: Hall, label: str, serial: int) -> None:
    with hall.hub.store.write() as connection:
        apply_feed_day(connection, label, serial, hall.clock.now())


def settle(hall: Hall) -> str | None:
    with hall.hub.act() as act:
        settle_day(act)
        return business_day(act)


def test_a_trusted_clock_opens_the_day_and_the_next(hall: Hall) -> None:
    assert settle(hall) == "2026-11-25"
    waiting = hall.kiosks[0].give("A")
    hall.works(False)
    hall.passes(24 * 3600)
    assert settle(hall) == "2026-11-26"
    assert (hall.ticket(waiting.id).end, hall.ticket(waiting.id).state) == ("expired", "ended")


def test_a_clock_that_nobody_trusts_opens_nothing_and_a_kiosks_day_does(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub", HandClock(trust="unknown"))
    hall.set_up({1: ["A"]})
    assert settle(hall) is None
    hall.kiosks[0].give("A")
    assert settle(hall) == "2026-11-25"
    hall.hub.store.close()


TRUSTS: Final[tuple[Trust, ...]] = ("synced", "restored", "file", "unknown")


@pytest.mark.parametrize("trust", TRUSTS)
@pytest.mark.parametrize("clock", ["synced", "restored", "untrusted"])
@pytest.mark.parametrize("days", [-1, 1, 300])
def test_a_kiosk_whose_day_is_another_ends_the_day_for_nobody(hall: Hall, trust: Trust, clock: str, days: int) -> None:
    """A manager's slip at one kiosk, or its clock: its numbers belong to the day that stands open as they are given."""
    waiting = hall.kiosks[0].give("A")
    hall.clock.trust = trust
    label = (hall.clock.wall + timedelta(days=days)).date().isoformat()
    hall.passes(1)
    other = hall.kiosks[1].give("A", business_day=label, clock=clock)
    hall.passes(1)
    after = hall.kiosks[0].give("A", clock=clock)
    assert settle(hall) == "2026-11-25"
    hall.press(1, "open")
    assert [hall.called(1) for _ in range(4)] == [waiting.number, other.number, after.number, None]


@pytest.mark.parametrize("trust", ["file", "unknown"])
@pytest.mark.parametrize(("clock", "opens"), [("synced", True), ("restored", True), ("untrusted", False)])
def test_a_hub_without_a_clock_takes_the_date_of_a_kiosk_that_has_one(
    hall: Hall, trust: Trust, clock: str, opens: bool
) -> None:
    left = hall.kiosks[0].give("A")
    hall.clock.trust = trust
    hall.passes(20 * 3600)
    came = hall.kiosks[1].give("A", business_day="2027-03-01", clock=clock)  # its label says nothing
    assert settle(hall) == ("2026-11-26" if opens else "2026-11-25")
    assert hall.ticket(left.id).state == ("ended" if opens else "waiting")
    assert hall.ticket(came.id).state == "waiting"


@pytest.mark.parametrize(("clock", "label"), [("synced", "2026-11-26"), ("restored", "2026-11-25")])
def test_people_who_came_this_morning_hold_the_day_when_a_kiosk_has_the_date(
    hall: Hall, clock: str, label: str
) -> None:
    settle(hall)
    hall.clock.trust = "unknown"
    hall.passes(20 * 3600)
    first = hall.kiosks[0].give("A", business_day="2026-11-25", clock="untrusted")
    hall.passes(3600)
    second = hall.kiosks[1].give("A", business_day="2026-11-26", clock=clock)
    assert settle(hall) == label
    hall.press(1, "open")
    assert [hall.called(1), hall.called(1)] == [first.number, second.number]
    check(hall)


@pytest.mark.parametrize("trust", ["restored", "file", "unknown"])
@pytest.mark.parametrize("how", ["clock", "central", "manager"])
def test_a_clock_that_is_set_right_while_people_wait_gives_their_day_its_date(
    hall: Hall, trust: Trust, how: str
) -> None:
    left = hall.kiosks[0].give("A")
    hall.clock.trust, hall.clock.wall = trust, hall.clock.wall - timedelta(days=1)
    hall.passes(20 * 3600)
    waiting = hall.kiosks[0].give("A", business_day="2026-11-25", clock="untrusted")
    hall.passes(2 * 3600)
    if how == "clock":
        hall.clock.trust, hall.clock.wall = "synced", hall.clock.wall + timedelta(days=1)
    elif how == "central":
        feed_says(hall, "2026-11-26", 1)
    else:
        with hall.act() as act:
            open_day(act, "2026-11-26")
    assert settle(hall) == "2026-11-26"
    assert hall.ticket(waiting.id).state == "waiting"
    hall.press(1, "open")
    assert [hall.called(1), hall.called(1)] == [left.number, waiting.number]
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert settle(hall) == "2026-11-26"
    check(hall)


def test_a_clock_that_was_right_as_they_came_ends_the_day_at_its_boundary(hall: Hall) -> None:
    """Those who wait are carried over or expire, by the rules."""
    hall.passes(8 * 3600)
    waiting = hall.kiosks[0].give("A")
    hall.passes(11 * 3600)
    assert settle(hall) == "2026-11-26"
    assert hall.ticket(waiting.id).state == "ended"


@pytest.mark.parametrize(("hours", "state"), [(11, "waiting"), (13, "ended")])
def test_a_number_of_a_morning_without_the_hub_is_of_the_day_that_it_then_opens(
    hall: Hall, hours: int, state: str
) -> None:
    settle(hall)
    hall.passes((24 - hours) * 3600)
    given = hall.kiosks[0].ticket("A", business_day="2026-11-24")
    hall.passes(hours * 3600)
    hall.kiosks[0].tell(given)
    assert settle(hall) == "2026-11-26"
    assert hall.ticket(given.id).state == state


def test_numbers_of_unknown_age_are_of_the_day_of_the_number_after_them(hall: Hall) -> None:
    settle(hall)
    kiosk = hall.kiosks[0]
    kiosk.give("A")
    hall.passes(24 * 3600)
    lost = [kiosk.ticket("A", boot_id="gone", clock="untrusted", wall_time="1970-01-01T00:02:00Z") for _ in range(3)]
    kiosk.tell(*lost)
    assert [hall.ticket(one.id).state for one in lost] == ["waiting"] * 3


def test_the_morning_after_a_day_was_set_right_is_a_new_day(hall: Hall) -> None:
    hall.clock.wall += timedelta(days=1)  # forged
    settle(hall)
    left = hall.kiosks[0].give("A", business_day="2026-11-26")
    hall.clock.wall -= timedelta(days=1)
    with hall.hub.store.write() as connection:
        set_right(connection, hall.clock.wall, hall.clock.now())
    assert settle(hall) == "2026-11-25"
    hall.passes(20 * 3600)
    hall.clock.trust = "unknown"
    came = hall.kiosks[1].give("A", business_day="2026-11-26")
    assert settle(hall) == "2026-11-26"
    assert hall.ticket(left.id).state == "ended"
    hall.press(1, "open")
    assert [hall.called(1), hall.called(1)] == [came.number, None]


def test_a_relabel_moves_nobody_and_both_labels_belong_to_the_day(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub", HandClock(trust="unknown"))
    hall.set_up({1: ["A"]})
    feed_says(hall, "2026-11-24", 1)
    before = hall.kiosks[0].give("A", business_day="2026-11-24")
    feed_says(hall, "2026-11-25", 1)  # the same serial: the day has another name
    after = hall.kiosks[1].give("A", business_day="2026-11-25")
    late = hall.kiosks[2].give("A", business_day="2026-11-24")
    assert settle(hall) == "2026-11-25"
    hall.press(1, "open")
    assert {hall.called(1) for _ in range(3)} == {before.number, after.number, late.number}
    hall.hub.store.close()


def test_a_day_that_central_set_right_is_served_on_under_its_true_date(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.clock.wall += timedelta(days=10)  # forged: the hub's own clock opens a day that is far off
    assert settle(hall) == "2026-12-05"
    hall.clock.wall -= timedelta(days=10)
    assert settle(hall) == "2026-12-05"
    with hall.hub.store.write() as connection:
        set_right(connection, hall.clock.wall, hall.clock.now())
    assert settle(hall) == "2026-11-25"
    now = hall.kiosks[1].give("A")
    assert hall.kiosks[1].tell().closed_day is None, "what was served before the forged day has the same date"
    assert hall.called(1) == now.number
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert settle(hall) == "2026-11-25"
    hall.passes(24 * 3600)
    assert settle(hall) == "2026-11-26"
    assert hall.kiosks[1].tell().closed_day == "2026-11-25"


def test_a_new_day_expires_who_is_left_and_leaves_who_is_served(hall: Hall) -> None:
    hall.press(1, "open")
    served, parked, waiting = (hall.kiosks[0].give("A") for _ in range(3))
    hall.press(1, "next")
    hall.press(1, "came")
    hall.press(1, "next")
    hall.press(1, "park")
    hall.press(1, "out-of-turn", number=waiting.number, reason="x")
    left = hall.kiosks[0].give("A")
    feed_says(hall, "2026-11-26", 7)
    settle(hall)
    assert [hall.ticket(one.id).end for one in (served, parked, left)] == ["done", "expired", "expired"]
    hall.press(1, "came")
    hall.press(1, "done")
    assert hall.ticket(waiting.id).end == "done"
    check(hall)


def test_who_was_at_a_counter_when_the_day_ended_is_finished_there_or_expires(hall: Hall) -> None:
    for counter in (1, 2):
        hall.press(counter, "open")
    absent, undone = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
    assert [hall.called(counter) for counter in (1, 2)] == [absent.number, undone.number]
    feed_says(hall, "2026-11-26", 7)
    settle(hall)
    for kind, fields in (("transfer", {"to": "B"}), ("park", {})):
        assert hall.press(1, kind, expect=409, **fields)["type"] == "/problems/day-over"
    hall.passes(61)
    hall.press(1, "not-here")
    hall.press(2, "undo", ticket=undone.id)
    settle(hall)
    assert [hall.ticket(one.id).end for one in (absent, undone)] == ["expired", "expired"]
    check(hall)


def test_who_is_sent_back_to_wait_after_an_early_close_is_carried_over_with_the_next_day(hall: Hall) -> None:
    hall.press(1, "open")
    moved = hall.kiosks[0].give("A")
    hall.press(1, "next")
    with hall.act() as act:
        close_day(act)
    hall.press(1, "transfer", to="C")
    settle(hall)
    assert hall.ticket(moved.id).state == "waiting", "a colleague may still call him"
    feed_says(hall, "2026-11-26", 7)
    settle(hall)
    assert hall.ticket(moved.id).end == "carried"
    check(hall)


@pytest.mark.parametrize("days", [39, 45])
def test_visits_are_kept_for_forty_days_and_the_log_still_makes_the_projections(hall: Hall, days: int) -> None:
    hall.press(1, "open")
    old = hall.kiosks[0].give("A")
    hall.press(1, "next")
    hall.press(1, "came")
    hall.press(1, "done")
    hall.passes(days * 86_400)
    settle(hall)
    new = hall.kiosks[0].give("A", business_day=hall.clock.wall.date().isoformat())
    hall.press(1, "open")
    assert hall.called(1) == new.number
    with hall.hub.read() as look:
        head = look.seq
    gone = forget_old(hall.hub)
    with hall.hub.store.read() as connection:
        kept = {event.ticket for event in read_events(connection)}
        assert max(event.seq for event in read_events(connection)) == head
    assert (old.id in kept, new.id in kept, gone > 0) == (days < 40, True, days > 40)
    assert KEPT_US == 40 * 86_400 * 1_000_000
    before = hall.ticket(new.id)
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert hall.ticket(new.id) == before


def test_a_day_that_a_manager_closed_stays_closed_under_another_label(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub", HandClock(trust="unknown"))
    hall.set_up({1: ["A"]})
    feed_says(hall, "2026-11-24", 1)
    settle(hall)
    with hall.act() as act:
        close_day(act)
    late = hall.kiosks[0].ticket(business_day="2026-11-24")
    feed_says(hall, "2026-11-25", 1)  # central had named the wrong date
    assert settle(hall) == "2026-11-25"
    assert hall.kiosks[0].tell(late).closed_day == "2026-11-25"
    assert hall.ticket(late.id).end == "carried"
    hall.hub.store.close()


@pytest.mark.parametrize("label", ["2026-11-26", "2026-11-27"])
def test_a_date_that_a_wrong_clock_served_before_its_time_is_a_new_day_when_it_comes(hall: Hall, label: str) -> None:
    hall.press(1, "open")
    for _ in range(2):
        hall.clock.wall += timedelta(days=1)  # forged
        settle(hall)
    hall.clock.wall -= timedelta(days=2)
    with hall.hub.store.write() as connection:
        set_right(connection, hall.clock.wall, hall.clock.now())
    assert settle(hall) == "2026-11-25"
    with hall.act() as act:
        close_day(act)
    hall.clock.trust = "unknown"  # the next morning, after a night without power
    hall.passes((date.fromisoformat(label) - date(2026, 11, 25)).days * 86_400)
    came = hall.kiosks[1].give("A", business_day=label)
    assert settle(hall) == label
    hall.press(1, "open")
    assert hall.called(1) == came.number


def test_no_number_is_given_by_hand_on_a_day_that_was_closed(hall: Hall) -> None:
    """It would end uncalled with that day, in the hands of somebody who waits."""
    hall.press(1, "open")
    with hall.act() as act:
        close_day(act)
    assert hall.press(1, "give", service="clearance", expect=409)["type"] == "/problems/no-day"


def test_a_day_that_the_hub_before_has_served_is_not_begun_again(hall: Hall) -> None:
    settle(hall)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(store_day=0))
        before = list(read_events(connection))
    assert settle(hall) == "2026-11-25"
    with hall.hub.store.read() as connection:
        assert connection.scalar(select(tables.state.c.store_day)) == 1
        assert list(read_events(connection)) == before
