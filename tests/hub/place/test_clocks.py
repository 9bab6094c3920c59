"""The hub's own clocks: its time line only grows, and working time stands through a cut, a kill and a reboot."""

import uuid
from pathlib import Path

import pytest

from common.machine.stamp import Trust
from hub.engine.act import FOLLOWING
from hub.engine.opening import beat, known_term, work_goes_on
from tests.hub.hall import Hall, open_hall
from tests.hub.rebooting import RebootingClock, reopened


def line(hall: Hall) -> int:
    return hall.hub.timeline.at(hall.clock.now())


def test_over_a_reboot_the_line_goes_on_by_the_trusted_clock(tmp_path: Path) -> None:
    clock = RebootingClock()
    hall = open_hall(tmp_path / "hub", clock)
    hall.passes(1000)
    beat(hall.hub)
    before = line(hall)
    clock.reboots(600, trust="synced")
    reopened(hall, tmp_path / "hub")
    assert line(hall) - before == 600_000_000
    hall.hub.store.close()


def test_over_a_reboot_with_a_wrong_clock_the_line_still_only_grows(tmp_path: Path) -> None:
    clock = RebootingClock()
    hall = open_hall(tmp_path / "hub", clock)
    hall.passes(1000)
    beat(hall.hub)
    before = line(hall)
    clock.reboots(-56 * 365 * 86_400, trust="unknown")
    reopened(hall, tmp_path / "hub")
    assert line(hall) - before == 12_000_000  # at least since this boot
    hall.hub.store.close()


def test_a_clock_that_was_set_right_by_a_reboot_of_the_hub_makes_nobody_older(tmp_path: Path) -> None:
    clock = RebootingClock()
    hall = open_hall(tmp_path / "hub", clock)
    hall.set_up({1: ["A"]})
    ran_through, began_then, _ = hall.kiosks
    ran_through.tell()
    beat(hall.hub)
    before_s = clock.boottime_s
    clock.reboots(
        16 * 3600, trust="synced"
    )  # it was off for a minute, and its clock had stood since the evening before
    ran_through.boot_offset_s += before_s + 60 - clock.boottime_s
    reopened(hall, tmp_path / "hub")
    first = began_then.give("A", business_day="2026-11-26")
    hall.passes(30)
    second = ran_through.give("A", business_day="2026-11-26")
    assert hall.ticket(second.id).arrived_line - hall.ticket(first.id).arrived_line == 30_000_000
    hall.hub.store.close()


@pytest.mark.parametrize("trust", ["synced", "unknown"])
def test_who_ran_through_a_reboot_unheard_is_no_younger_by_what_the_hub_lost(tmp_path: Path, trust: Trust) -> None:
    clock = RebootingClock()
    hall = open_hall(tmp_path / "hub", clock)
    hall.set_up({1: ["A"]})
    ran_through, began_then, _ = hall.kiosks
    ran_through.tell()
    before = ran_through.ticket("A")
    hall.passes(10)
    beat(hall.hub)
    before_s = clock.boottime_s
    clock.reboots(800, trust="unknown")  # of which its line knows nothing
    ran_through.boot_offset_s += before_s + 800 - clock.boottime_s
    reopened(hall, tmp_path / "hub")
    clock.trust = trust
    hall.passes(100)
    after = ran_through.ticket("A", clock=trust)
    hall.passes(30)
    later = began_then.give("A")
    ran_through.boot_id, ran_through.boot_offset_s = str(uuid.uuid4()), -clock.boottime_s + 20
    ran_through.tell(before, after)
    assert hall.ticket(before.id).is_certain
    apart_us = hall.ticket(later.id).arrived_line - hall.ticket(after.id).arrived_line
    if trust == "synced":
        assert (hall.ticket(after.id).is_certain, abs(apart_us - 30_000_000) <= 2) == (True, True)
    else:
        assert not hall.ticket(after.id).is_certain
    hall.hub.store.close()


def test_working_time_stands_from_the_last_beat_where_the_hub_fell(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    work_goes_on(hall.hub, running=True)
    hall.passes(100)
    beat(hall.hub)
    hall.passes(4)  # and is killed
    reopened(hall, tmp_path / "hub")
    hall.passes(1000)
    assert not hall.hub.work.is_running
    assert abs(hall.hub.work.at(line(hall)) - 100_000_000) <= 2
    work_goes_on(hall.hub, running=True)
    hall.passes(10)
    assert abs(hall.hub.work.at(line(hall)) - 110_000_000) <= 2
    hall.hub.store.close()


def test_a_hub_whose_database_was_lost_leads_under_no_term_of_its_own_making(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    assert known_term(tmp_path / "hub") == 1
    hall.hub.store.close()
    for path in (tmp_path / "hub").glob("store*"):
        path.unlink()
    (tmp_path / "hub" / "last-epoch").unlink()
    again = open_hall(tmp_path / "hub")
    with again.hub.read() as look:
        assert (look.role, look.term, look.seq) == (FOLLOWING, 1, 0)
    again.hub.store.close()


@pytest.mark.parametrize("reboots", [False, True])
def test_who_comes_after_a_kill_has_not_waited_longer_than_who_came_just_before_it(
    tmp_path: Path, reboots: bool
) -> None:
    clock = RebootingClock()
    hall = open_hall(tmp_path / "hub", clock)
    hall.set_up({1: ["A"]})
    hall.press(1, "open")
    hall.works()
    beat(hall.hub)
    hall.passes(4.9)
    before = hall.ticket(hall.press(1, "give", service="civil-affairs")["given"]["id"])
    if reboots:
        clock.reboots(3, trust="unknown")
        clock.boottime_s = 0.5
    hall.passes(0.1)
    reopened(hall, tmp_path / "hub")
    hall.works()
    if reboots:
        hall.press(1, "still-here", here=True)
    after = hall.ticket(hall.press(1, "give", service="civil-affairs")["given"]["id"])
    assert after.arrived_work >= before.arrived_work
    assert after.arrived_line > before.arrived_line
    hall.hub.store.close()
