"""When a centre is open: usual hours, special days, and how long what is promised is good."""

from datetime import date, datetime, timedelta

import pytest

from common.city.calendar import CARRIED_FOR_DAYS, CentreHours, Opening, days_of
from common.city.catalogue import Hours, Weekday
from common.protocol.feed_message import Calendar, CalendarDay

WEDNESDAY = date(2026, 11, 25)
WORKDAYS: tuple[Weekday, ...] = ("sun", "mon", "tue", "wed", "thu")
USUAL = Hours("08:00", "14:00", WORKDAYS)
FEAST = {"2026-11-26": CalendarDay("2026-11-26", closed=True)}
SHORT = {"2026-11-25": CalendarDay("2026-11-25", opens="09:00", closes="11:00")}


def at(text: str, day: date = WEDNESDAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{text}")


def midnight(day: str) -> datetime:
    return at("00:00", date.fromisoformat(day))


def test_what_is_said_of_one_centre_goes_before_what_is_said_of_all() -> None:
    own, of_all = CalendarDay("2026-11-26", opens="09:00", closes="10:00"), CalendarDay("2026-11-26", closed=True)
    other = CalendarDay("2026-12-01", closed=True)
    calendars = [Calendar("homs-main", 2026, [own]), Calendar(None, 2026, [of_all, other])]
    for order in (calendars, calendars[::-1]):
        assert days_of(order) == {"2026-11-26": own, "2026-12-01": other}


@pytest.mark.parametrize(
    ("hours", "opened", "closes"),
    [
        (CentreHours(), Hours("00:00", "24:00"), None),
        (CentreHours(USUAL), USUAL, "14:00"),
        (CentreHours(USUAL, SHORT), Hours("09:00", "11:00"), "11:00"),
        (CentreHours(None, SHORT), Hours("09:00", "11:00"), "11:00"),
        (CentreHours(USUAL, {"2026-11-25": CalendarDay("2026-11-25", closed=True)}), None, None),
        (CentreHours(USUAL, {"2026-11-25": CalendarDay("2026-11-25", True, "08:00", "14:00")}), None, None),
        (CentreHours(USUAL, FEAST), USUAL, "14:00"),
    ],
)
def test_a_special_day_goes_before_the_usual_hours(
    hours: CentreHours, opened: Hours | None, closes: str | None
) -> None:
    assert (hours.on(WEDNESDAY), hours.closes(WEDNESDAY)) == (opened, closes)
    assert hours.is_open(at("10:00")) is (opened is not None)


@pytest.mark.parametrize(
    ("moment", "is_open"), [("08:59", False), ("09:00", True), ("10:59", True), ("11:00", False), ("13:00", False)]
)
def test_it_opens_and_closes_at_the_minute(moment: str, is_open: bool) -> None:
    assert CentreHours(USUAL, SHORT).is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("hours", "service", "moment", "opening"),
    [
        (CentreHours(USUAL), None, "07:59", Opening(WEDNESDAY, "08:00")),
        (CentreHours(USUAL), None, "08:00", Opening(date(2026, 11, 26), "08:00")),
        (CentreHours(USUAL, FEAST), None, "20:00", Opening(date(2026, 11, 29), "08:00")),
        (CentreHours(USUAL), Hours("10:00", "12:00"), "07:00", Opening(WEDNESDAY, "10:00")),
        (CentreHours(USUAL), Hours("06:00", "12:00"), "05:00", Opening(WEDNESDAY, "08:00")),
        (CentreHours(USUAL), Hours("09:00", "10:00", ("mon",)), "07:00", Opening(date(2026, 11, 30), "09:00")),
        (CentreHours(USUAL, SHORT), Hours("11:00", "13:00"), "07:00", Opening(date(2026, 11, 26), "11:00")),
        (CentreHours(USUAL), Hours("09:00", "10:00", ("fri",)), "07:00", None),
        (CentreHours(), None, "09:00", Opening(date(2026, 11, 26), "00:00")),
    ],
)
def test_it_opens_next_when_centre_and_service_both_do(
    hours: CentreHours, service: Hours | None, moment: str, opening: Opening | None
) -> None:
    assert hours.next_opening(at(moment), service) == opening


@pytest.mark.parametrize(("closed_for", "is_known"), [(400, True), (401, False)])
def test_an_opening_is_looked_for_as_far_as_four_hundred_days_ahead(closed_for: int, is_known: bool) -> None:
    days = (WEDNESDAY + timedelta(days=n) for n in range(closed_for))
    hours = CentreHours(None, {f"{day}": CalendarDay(f"{day}", closed=True) for day in days})
    assert (hours.next_opening(at("12:00")) is not None) is is_known


def test_a_carried_paper_counts_on_the_next_three_days_on_which_both_open() -> None:
    assert CARRIED_FOR_DAYS == 3
    hours = CentreHours(USUAL, FEAST)
    found = hours.days_after(WEDNESDAY, None, CARRIED_FOR_DAYS)
    assert found == [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1)]
    assert hours.days_after(WEDNESDAY, Hours("08:00", "09:00", ("mon",)), 1) == [date(2026, 11, 30)]
    assert hours.days_after(WEDNESDAY, Hours("08:00", "09:00", ("fri",)), 3) == []


def test_a_code_is_good_for_two_more_working_days_whatever_closes_since() -> None:
    ends = midnight("2026-11-30")  # as it was signed: Wednesday's, good on Thursday and Sunday
    assert CentreHours(USUAL).good_until(at("10:00"), ends, None) == ends
    assert CentreHours(USUAL, FEAST).good_until(at("10:00"), ends, None) == midnight("2026-12-01")
    on_sunday = {"2026-11-29": CalendarDay("2026-11-29", closed=True)}
    assert CentreHours(USUAL, on_sunday).good_until(at("10:00"), ends, None) == midnight("2026-12-01")


@pytest.mark.parametrize("closed", ["2026-11-25", "2026-11-30"])
def test_a_closed_day_on_which_a_code_was_not_to_be_good_prolongs_nothing(closed: str) -> None:
    hours = CentreHours(USUAL, {closed: CalendarDay(closed, closed=True)})
    ends = midnight("2026-11-30")
    assert hours.good_until(at("10:00"), ends, None) == ends


def test_a_day_of_short_hours_prolongs_nothing_and_no_calendar_shortens() -> None:
    short = {"2026-11-26": CalendarDay("2026-11-26", opens="09:00", closes="10:00")}
    assert CentreHours(USUAL, short).good_until(at("10:00"), midnight("2026-11-30"), None) == midnight("2026-11-30")
    late = midnight("2026-12-20")
    assert CentreHours(USUAL, FEAST).good_until(at("10:00"), late, None) == late
