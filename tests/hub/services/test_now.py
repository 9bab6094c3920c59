"""What a service is like now: closed by its hours alone, never because a clock is wrong; standing when nobody calls."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert

from common.machine.stamp import Trust
from common.protocol.feed_message import Calendar, CalendarDay
from hub.engine.centre import Interruption
from hub.engine.managing import close_day, open_day
from hub.estimates.forecast import Forecast
from hub.services.interrupting import interrupt
from hub.services.now import centre_now, services_now
from hub.takeover.promotion import promote
from offline_store.disk import tables
from tests.hub.hall import DAY, Hall
from tests.hub.standby import open_standby, pull
from tests.hub.takeover.test_resuming import MANAGER

NOON = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # 12:00 in Homs


def state(hall: Hall, service: str = "civil-affairs") -> str:
    with hall.hub.read() as look:
        return next(one.state for one in services_now(look) if one.service == service)


def of_centre(hall: Hall) -> str:
    with hall.hub.read() as look:
        return centre_now(look, Forecast(look)).state


def published(hall: Hall, **settings: str) -> None:
    """Let central publish the centre's hours, as the feed would bring them."""
    with hall.hub.store.write() as connection:
        for name, value in settings.items():
            row = {"key": f"kiosk.{name}", "value": msgspec.json.encode(value).decode(), "heard": 1}
            connection.execute(insert(tables.settings).values(row))
        connection.execute(tables.feed.update().values(cursor=repr(settings)))


def special(hall: Hall, day: CalendarDay) -> None:
    body = msgspec.json.encode(Calendar(None, 2026, [day])).decode()
    with hall.hub.store.write() as connection:
        row = {"kind": "calendar-2026", "body": body, "message_id": 77, "heard": 1}
        connection.execute(insert(tables.centre_records).values(row))


def test_without_hours_in_force_nothing_is_closed_by_the_clock(hall: Hall) -> None:
    hall.clock.wall = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    assert (state(hall), of_centre(hall)) == ("working", "open")


@pytest.mark.parametrize(
    ("hour", "expected"), [(4, "closed"), (5, "working"), (10, "working"), (11, "closed"), (20, "closed")]
)
def test_hours_that_central_publishes_close_and_open(hall: Hall, hour: int, expected: str) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.clock.wall = datetime(2026, 11, 25, hour, 0, tzinfo=UTC)
    assert state(hall) == expected
    assert of_centre(hall) == ("closed" if expected == "closed" else "open")


def test_a_clock_that_is_not_trusted_closes_nothing(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.clock.wall, hall.clock.trust = datetime(2026, 11, 25, 20, 0, tzinfo=UTC), "unknown"
    assert state(hall) == "working"


@pytest.mark.parametrize(("trust", "at_work"), [("synced", "closed"), ("restored", "working")])
@pytest.mark.parametrize("hour", [4, 20])
def test_a_clock_that_drifts_closes_nothing_while_people_work_at_a_counter(
    hall: Hall, hour: int, trust: Trust, at_work: str
) -> None:
    published(hall, opens="08:00", closes="14:00")
    hall.clock.wall, hall.clock.trust = datetime(2026, 11, 25, hour, 0, tzinfo=UTC), trust
    hall.press(1, "open")
    assert state(hall) == at_work
    assert hall.kiosks[0].tell().now == (None if at_work == "working" else hall.clock.now().text)
    hall.press(1, "close")
    assert state(hall) == "closed"
    assert hall.kiosks[0].tell().now == hall.clock.now().text


def test_a_closed_and_a_short_day_of_the_calendar(hall: Hall) -> None:
    hall.clock.wall = NOON
    special(hall, CalendarDay(DAY, opens="09:00", closes="11:00"))
    assert state(hall) == "closed"


def test_a_day_that_a_manager_closed_is_closed_also_without_hours(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    with hall.act() as act:
        close_day(act)
    assert (state(hall), of_centre(hall)) == ("closed", "closed")


def test_while_a_later_day_is_open_already_everything_is_closed_until_it_begins(hall: Hall) -> None:
    """A manager opened it: today is over, and at home nobody reads that the centre is open."""
    hall.kiosks[0].give("A")
    with hall.act() as act:
        open_day(act, "2026-11-26")
    assert (state(hall), of_centre(hall)) == ("closed", "closed")
    hall.clock.trust = "unknown"  # then the day is what the manager said
    assert (state(hall), of_centre(hall)) == ("working", "open")
    hall.clock.trust, hall.clock.wall = "synced", NOON + timedelta(days=1)
    assert (state(hall), of_centre(hall)) == ("working", "open")


def test_what_a_manager_closed_for_a_later_day_is_closed_at_the_hub_that_takes_over_too(
    hall: Hall, tmp_path: Path
) -> None:
    """Only the leader's own store knew who had opened the day."""
    hall.kiosks[0].give("A")
    with hall.act() as act:
        open_day(act, "2026-11-26")
    standby = open_standby(tmp_path / "hub-2", hall.clock, {1: ["A"]})
    pull(standby, hall)
    promote(standby.hub, MANAGER)
    assert (state(standby), of_centre(standby)) == ("closed", "closed")
    standby.clock.wall = NOON + timedelta(days=1)
    assert (state(standby), of_centre(standby)) == ("working", "open")
    standby.hub.store.close()


@pytest.mark.parametrize("by", ["clock", "manager"])
def test_a_day_that_a_wrong_clock_named_ahead_closes_nothing_once_the_clock_is_right(hall: Hall, by: str) -> None:
    """People are served under it until central has named the day: today's own was never served."""
    hall.kiosks[0].give("A")
    with hall.hub.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE hub_events SET body = json_set(body, '$.detail.by', ?) WHERE kind = 'day-opened'", (by,)
        )
    hall.clock.wall = NOON - timedelta(days=1)
    assert (state(hall), of_centre(hall)) == ("working", "open")


def test_closed_goes_before_interrupted(hall: Hall) -> None:
    hall.clock.wall = NOON
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
    assert state(hall) == "interrupted"
    published(hall, opens="08:00", closes="11:00")
    assert state(hall) == "closed"


def test_a_centre_stands_where_people_wait_and_nobody_was_called_for_a_quarter_of_an_hour(hall: Hall) -> None:
    hall.press(1, "open")
    for _ in range(2):
        hall.kiosks[0].give("A")
    assert hall.called(1) is not None
    hall.passes(14 * 60)
    assert of_centre(hall) == "open"
    hall.passes(2 * 60)
    assert of_centre(hall) == "standing"
    assert hall.called(1) is not None
    assert of_centre(hall) == "open"
    hall.passes(16 * 60)
    assert of_centre(hall) == "open", "nobody waits any more"


def test_a_centre_does_not_stand_while_working_time_does(hall: Hall) -> None:
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.works(False)
    hall.passes(3600)
    assert of_centre(hall) == "open"


def test_an_interrupted_service_has_no_range_and_no_word_for_today(hall: Hall) -> None:
    hall.press(1, "open")
    for _ in range(6):
        ticket = hall.kiosks[0].give("A")
        hall.called(1)
        hall.passes(120)
        hall.press(1, "came")
        hall.press(1, "done", documents={})
    ticket = hall.kiosks[0].ticket("A")
    met = hall.kiosks[0].tell(ticket).queue["civil-affairs"]
    assert (met.state, met.low_s is None) == ("working", False)
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1", until="11:30"))
    answer = hall.kiosks[0].tell(hall.kiosks[0].ticket("A"))
    met = answer.queue["civil-affairs"]
    assert (met.state, met.reason, met.until) == ("interrupted", "power", "11:30")
    assert (met.low_s, met.today) == (None, "unknown")
    assert met.since is not None
    assert (answer.taken[0].before, answer.taken[0].low_s) == (1, None)
    assert answer.queue["clearance"].state == "working"
