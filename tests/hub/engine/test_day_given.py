"""Whose number is of today where the day that is served has a date that is yet to come."""

from datetime import timedelta

from hub.engine.days import close_day, settle_day
from hub.engine.managing import open_day
from hub.engine.status import business_day
from tests.hub.hall import Hall
from tests.hub.held import check


def _settled(hall: Hall) -> str | None:
    with hall.act() as act:
        settle_day(act)
        return business_day(act)


def _close(hall: Hall) -> None:
    with hall.act() as act:
        settle_day(act)
        close_day(act)
    hall.works(False)


def test_a_number_of_a_day_that_a_clock_opened_ahead_is_called_once_the_clock_is_right(hall: Hall) -> None:
    """Yesterday was closed early, and this morning's clock was a day ahead: until central says so the date is wrong."""
    _close(hall)
    hall.passes(20 * 3600)
    hall.clock.wall += timedelta(days=1)
    assert _settled(hall) == "2026-11-27"
    hall.clock.wall -= timedelta(days=1)
    given = hall.kiosks[0].give("A", business_day="2026-11-26")
    assert _settled(hall) == "2026-11-27"
    assert hall.ticket(given.id).state == "waiting"
    hall.press(1, "open")
    assert hall.called(1) == given.number
    check(hall)


def test_a_number_that_comes_after_a_day_was_closed_for_tomorrow_is_carried_over(hall: Hall) -> None:
    _close(hall)
    hall.passes(1)
    with hall.act() as act:
        open_day(act, "2026-11-26")
    hall.passes(1)
    late = hall.kiosks[0].give("A")
    assert (hall.ticket(late.id).state, hall.ticket(late.id).end) == ("ended", "carried")
    check(hall)
