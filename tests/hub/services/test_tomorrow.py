"""That who was not served comes first on a later day is said in the last half hour and after, and only where true."""

from datetime import UTC, datetime

import pytest

from hub.services.tomorrow import Carried, carried_word
from tests.hub.engine.carrying.days import HOUR, closes, gives, goes_home
from tests.hub.hall import Hall
from tests.hub.services.test_now import published


@pytest.fixture(autouse=True)
def open_hours(hall: Hall) -> None:
    published(hall, opens="08:00", closes="14:00")


def word(hall: Hall) -> Carried | None:
    hall.passes(6)  # it is read again after some seconds
    with hall.hub.read() as look:
        return carried_word(look)


def at(hall: Hall, hour: int, minute: int) -> None:
    """Let time pass until then, by the clock of the centre."""
    to = datetime(2026, 11, 25, hour - 3, minute, tzinfo=UTC)
    hall.passes((to - hall.clock.wall).total_seconds())


def test_in_the_last_half_hour_it_is_said_where_somebody_will_have_waited_long_enough(hall: Hall) -> None:
    at(hall, 12, 30)
    gives(hall.kiosks[0])
    at(hall, 13, 29)
    assert word(hall) is None, "much may be called until then"
    at(hall, 13, 30)
    assert word(hall) == Carried(["2026-11-26"], 60)
    hall.press(1, "open")
    hall.called(1)
    assert word(hall) is None, "nobody waits"
    gives(hall.kiosks[0])
    assert word(hall) is None, "who comes now has not waited an hour when it closes"


def test_once_the_day_is_closed_it_is_said_of_those_who_were_carried(hall: Hall) -> None:
    gives(hall.kiosks[0])
    hall.passes(HOUR)
    closes(hall)
    assert word(hall) == Carried(["2026-11-26"], 0), "closed early: all who waited"
    goes_home(hall)
    assert word(hall) is None


def test_a_day_closed_at_its_time_names_how_long_they_had_waited(hall: Hall) -> None:
    gives(hall.kiosks[0])
    at(hall, 14, 5)
    assert word(hall) == Carried(["2026-11-26"], 60)
    closes(hall)
    assert word(hall) == Carried(["2026-11-26"], 60)


def test_where_nobody_was_carried_nothing_is_said(hall: Hall) -> None:
    closes(hall)
    assert word(hall) is None


def test_by_a_clock_that_nobody_trusts_nothing_is_said_before_the_close(hall: Hall) -> None:
    gives(hall.kiosks[0])
    at(hall, 13, 50)
    hall.clock.trust = "unknown"
    assert word(hall) is None
