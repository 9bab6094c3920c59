"""Who is carried over when the day closes, to which days, and what central hears of it."""

from datetime import UTC, datetime

import pytest

from common.machine.stamp import Trust
from common.protocol.envelope import QueueBody, decode_body
from common.protocol.feed_message import CalendarDay, QueueRules
from common.queue.standing import Ticket
from hub.engine.centre import Interruption
from hub.log.event import read_events, rebuild
from hub.services.interrupting import interrupt, works_again
from offline_store.disk import tables
from tests.hub.engine.carrying.days import HOUR, closes, gives, goes_home
from tests.hub.hall import Hall
from tests.hub.held import check
from tests.hub.services.test_now import published, special


def days(ticket: Ticket) -> tuple[str | None, str | None]:
    return ticket.first_day, ticket.last_day


def ends(hall: Hall, *ids: str) -> list[str | None]:
    return [hall.ticket(one).end for one in ids]


def told_to_central(hall: Hall) -> list[QueueBody]:
    with hall.hub.store.read() as connection:
        bodies = connection.execute(tables.items.select().where(tables.items.c.kind == "queue")).all()
    return [body for row in bodies if isinstance(body := decode_body("queue", row.body), QueueBody)]


def test_who_has_waited_an_hour_of_working_time_is_carried_and_who_came_later_is_not(hall: Hall) -> None:
    first = gives(hall.kiosks[0])
    hall.works(False)
    hall.passes(2 * HOUR)  # a cut: nobody's hour
    hall.works()
    hall.passes(1)
    second = gives(hall.kiosks[0])
    hall.passes(HOUR - 1)
    goes_home(hall)
    assert ends(hall, first.id, second.id) == ["carried", "expired"]
    assert days(hall.ticket(first.id)) == ("2026-11-26", "2026-11-28")
    assert days(hall.ticket(second.id)) == (None, None)
    check(hall)


def test_the_city_says_how_long_somebody_must_have_waited(hall: Hall) -> None:
    hall.set_up({1: ["A"]}, QueueRules(carry_after_min=5), message_id=2)
    waiting = gives(hall.kiosks[0])
    hall.passes(5 * 60)
    goes_home(hall)
    assert ends(hall, waiting.id) == ["carried"]


def test_who_was_called_in_vain_is_away_or_at_a_counter_is_not_carried(hall: Hall) -> None:
    for counter in (1, 2):
        hall.press(counter, "open")
    absent, parked, called = (gives(hall.kiosks[0]) for _ in range(3))
    hall.passes(2 * HOUR)
    assert hall.called(1) == absent.number
    hall.passes(61)
    hall.press(1, "not-here")
    assert hall.called(2) == parked.number
    hall.press(2, "park")
    assert hall.called(2) == called.number
    goes_home(hall)
    assert ends(hall, absent.id, parked.id, called.id) == ["expired", "expired", "expired"]


@pytest.mark.parametrize("works_by_evening", [False, True])
def test_whose_service_stood_still_is_carried_however_short_he_waited(hall: Hall, works_by_evening: bool) -> None:
    of_stopped, other = gives(hall.kiosks[0], "A"), gives(hall.kiosks[0], "B")
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
    hall.passes(60)
    if works_by_evening:
        with hall.act() as act:
            works_again(act, "civil-affairs", "clerk-1")
    hall.passes(1)
    after = gives(hall.kiosks[0], "A")
    goes_home(hall)
    expected = ["carried", "expired", "expired" if works_by_evening else "carried"]
    assert ends(hall, of_stopped.id, other.id, after.id) == expected


def test_a_day_that_a_manager_closes_early_carries_all_who_wait(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    waiting, untold = gives(hall.kiosks[0]), hall.kiosks[1].ticket()
    hall.passes(1)
    closes(hall)
    hall.passes(1)
    after = hall.kiosks[0].ticket()
    for kiosk, ticket in ((hall.kiosks[1], untold), (hall.kiosks[0], after)):
        hall.passes(3)
        assert kiosk.tell(ticket).refused == []
    assert ends(hall, waiting.id, untold.id) == ["carried", "carried"], "the hub heard of it after the close"
    assert ends(hall, after.id) == ["carried"], "its kiosk had not heard of the close"
    check(hall)


@pytest.mark.parametrize(("trust", "end"), [("synced", "expired"), ("restored", "carried"), ("file", "carried")])
def test_a_day_that_is_closed_by_a_clock_that_may_be_hours_ahead_expires_nobody(
    hall: Hall, trust: Trust, end: str
) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.clock.wall = datetime(2026, 11, 25, 11, 40, tzinfo=UTC)  # 14:40 in Homs, it says
    waiting = gives(hall.kiosks[0])
    hall.clock.trust = trust
    closes(hall)
    assert ends(hall, waiting.id) == [end]


def test_a_day_closed_at_its_time_is_an_ordinary_end(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.clock.wall = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    early = gives(hall.kiosks[0])
    hall.passes(1.5 * HOUR)  # 14:00 in Homs
    late = gives(hall.kiosks[0])
    closes(hall)
    assert ends(hall, early.id, late.id) == ["carried", "expired"]


def test_days_on_which_the_service_does_not_work_do_not_count(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    special(hall, CalendarDay("2026-11-27", closed=True))
    waiting = gives(hall.kiosks[0])
    closes(hall)
    assert days(hall.ticket(waiting.id)) == ("2026-11-26", "2026-11-29")


def test_beyond_a_quarter_of_a_usual_day_the_next_ones_come_a_day_later(hall: Hall) -> None:
    for _ in range(5):
        hall.press(1, "open")
        for _ in range(8):
            gives(hall.kiosks[0])
            hall.called(1)
        hall.press(1, "came")
        hall.press(1, "done")
        goes_home(hall)
    waiting = []
    for kiosk in (0, 1, 2):
        hall.passes(1)
        waiting.append(gives(hall.kiosks[kiosk]))
    for _ in range(8):
        gives(hall.kiosks[0], "B")
    hall.press(1, "open")
    for number in range(8):  # this day calls as many
        hall.press(1, "out-of-turn", number=f"B1{number + 1:03d}", reason="x")
        hall.press(1, "came")
        hall.press(1, "done")
    closes(hall)
    firsts = [hall.ticket(one.id).first_day for one in waiting]
    assert firsts == ["2026-12-01", "2026-12-01", "2026-12-02"]
    assert {hall.ticket(one.id).last_day for one in waiting} == {"2026-12-03"}


def test_central_hears_of_an_early_close_and_not_of_the_end_of_a_day_that_a_new_one_brings(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    gives(hall.kiosks[0])
    goes_home(hall)
    assert "day-closed" not in [one.event for one in told_to_central(hall)]
    closes(hall)
    assert [one.event for one in told_to_central(hall)][-1:] == ["day-closed"]


def test_central_hears_at_once_who_is_carried_and_when_he_counts_in_the_order_of_places(hall: Hall) -> None:
    tickets = []
    for kiosk in (2, 0, 1):
        tickets.append(gives(hall.kiosks[kiosk]))
        hall.passes(1)
    closes(hall)
    told = told_to_central(hall)
    with hall.hub.store.read() as connection:
        closed = [event.read_body().detail for event in read_events(connection) if event.kind == "day-closed"]
    assert [(one.ticket, one.first_day, one.last_day) for one in told if one.event == "carried"] == [
        (one.id, "2026-11-26", "2026-11-28") for one in tickets
    ]
    assert closed == [{"label": "2026-11-25", "early": True, "expired": 0, "carried": 3}]
    with hall.hub.store.write() as connection:
        rebuild(connection)
    assert ends(hall, *(one.id for one in tickets)) == ["carried"] * 3
