"""The hub's time line and working time in figures: how each goes on over boots, clocks and take-overs."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from common.machine.stamp import Stamp, Trust
from hub.engine.act import FOLLOWING
from hub.engine.opening import begin_serving
from hub.log import tables
from hub.place.timeline import Timeline, beat, left_at, resume
from hub.place.working_time import Span, WorkingTime, kept_clocks
from tests.hub.hall import Hall
from tests.kit.clock import BOOT, NOON

S = 1_000_000


def at(since_boot_s: float, *, boot: str = BOOT, wall_s: float = 0, trust: Trust = "synced") -> Stamp:
    return Stamp(NOON + timedelta(seconds=wall_s), int(since_boot_s * 1e9), boot, trust)


def left(hall: Hall, **values: Any) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(**values))


def line_at(hall: Hall, stamp: Stamp) -> int:
    with hall.hub.store.read() as connection:
        return resume(connection, stamp).at(stamp)


def test_a_line_is_the_boot_clock_moved_and_never_goes_back() -> None:
    line = Timeline(5)
    assert line.at(at(2)) == 2 * S + 5
    line.follow(10 * S, at(2))
    assert line.at(at(3)) == 11 * S
    line.follow(9 * S, at(3))
    assert line.at(at(3)) == 11 * S


def test_a_beat_writes_down_where_line_and_work_stand(hall: Hall) -> None:
    for stamp, wall_us in ((at(7), at(0).unix_us), (at(7, trust="unknown"), None)):
        with hall.hub.store.write() as connection:
            beat(connection, Timeline(3), 44, stamp)
            row = connection.execute(select(tables.state)).one()
        assert (row.line_us, row.work_us, row.wall_us, row.boot_id, row.boot_time_ns) == (
            7 * S + 3, 44, wall_us, BOOT, 7 * 10**9,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("stamp", "line_s"),
    [
        (at(150), 1050),  # the same boot
        (at(20, boot="b"), 1020),  # no clock has passed more than this boot took
        (at(20, boot="b", wall_s=19), 1020),
        (at(20, boot="b", wall_s=500), 1500),
        (at(20, boot="b", wall_s=-500), 1020),
        (at(20, boot="b", wall_s=500, trust="unknown"), 1020),
        (at(20, boot="b", wall_s=500, trust="restored"), 1500),
    ],
)
def test_over_a_reboot_the_line_goes_on_by_what_passed_for_sure(hall: Hall, stamp: Stamp, line_s: int) -> None:
    left(hall, line_us=1000 * S, wall_us=at(0).unix_us, boot_id=BOOT, boot_time_ns=100 * 10**9)
    assert line_at(hall, stamp) == line_s * S


def test_without_a_wall_clock_before_or_without_any_boot_it_goes_on_by_this_one(hall: Hall) -> None:
    left(hall, line_us=1000 * S, wall_us=None, boot_id=BOOT, boot_time_ns=0)
    assert line_at(hall, at(20, boot="b", wall_s=500)) == 1020 * S
    left(hall, boot_id=None)
    assert line_at(hall, at(20)) == 0


def test_an_event_later_than_the_last_beat_says_how_far_it_had_come(hall: Hall) -> None:
    hall.passes(30)
    hall.press(1, "open")
    left(hall, line_us=5, wall_us=None, boot_id=BOOT, boot_time_ns=0)
    with hall.hub.store.read() as connection:
        assert left_at(connection) == 30 * S
    assert line_at(hall, at(20, boot="b")) == 50 * S
    left(hall, line_us=31 * S)
    with hall.hub.store.read() as connection:
        assert left_at(connection) == 31 * S
    with hall.hub.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM hub_events")
        assert left_at(connection) == 31 * S


SPANS = [Span(100, 0, True), Span(150, 50, False), Span(200, 50, True)]


def test_working_time_passes_in_spans_that_run() -> None:
    work = WorkingTime(SPANS)
    assert [work.at(line) for line in (0, 99, 100, 101, 149, 150, 199, 200, 230)] == [0, 0, 0, 1, 49, 50, 50, 50, 80]
    assert [work.is_running, WorkingTime(SPANS[:2]).is_running, WorkingTime().is_running] == [True, False, False]
    assert WorkingTime().at(500) == 0


def spans(hall: Hall) -> list[Span]:
    with hall.hub.store.read() as connection:
        query = select(tables.work_spans).order_by(tables.work_spans.c.line_us)
        return [Span(row.line_us, row.work_us, bool(row.is_running)) for row in connection.execute(query)]


def test_a_switch_is_said_once_and_begins_after_the_one_before() -> None:
    work = WorkingTime(SPANS)
    assert work.switch(260, running=True) is None
    stands = work.switch(260, running=False)
    assert stands == Span(260, 110, False)
    again = work.switched(stands).switch(250, running=True)
    assert again == Span(261, 110, True)
    assert work.switched(stands).switched(again).at(271) == 120


def test_a_hub_that_fell_while_it_worked_stands_since_its_last_beat(hall: Hall) -> None:
    hall.passes(40)
    before = spans(hall)
    assert [one.is_running for one in before] == [True]
    left(hall, line_us=30 * S)
    with hall.hub.store.read() as connection:
        kept = kept_clocks(connection, hall.clock.now())[1]
        assert (kept.is_running, kept.at(40 * S)) == (True, 40 * S - before[0].line_us)
    for _ in range(2):
        begin_serving(hall.hub)
        assert (hall.hub.work.is_running, hall.hub.work.at(90 * S)) == (False, 30 * S - before[0].line_us)
    assert spans(hall) == [*before, Span(30 * S, 30 * S - before[0].line_us, False)]


def test_a_hub_that_follows_says_nothing_of_working_time(hall: Hall) -> None:
    hall.passes(40)
    before = spans(hall)
    left(hall, line_us=30 * S, role=FOLLOWING)
    begin_serving(hall.hub)
    assert hall.hub.has_begun
    assert spans(hall) == before
