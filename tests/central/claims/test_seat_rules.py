"""How many seats a door may have, and when: by the numbers alone, each rule at its edges."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from central.claims.centre import ClaimsCentre
from central.claims.planned import making
from central.claims.planned.making import Time
from central.claims.planned.plan import PlanLine, Rules, SeatPlan, half_hour_of, time_of
from central.claims.planned.seats import Offer, Taken, left
from central.claims.refusal import ClaimRefused
from central.claims.wanted import DESK, Door, Wanted, of_machine, of_system, read_time
from central.insight.centres.usual import Right, Slot, Usual
from common.city.calendar import CentreHours
from common.city.catalogue import Hours, Service
from common.protocol.feed_message import CalendarDay

APP, HUB, KIOSK = of_system("app"), of_machine("hub", "h1"), of_machine("kiosk", "k1")
DAY = date(2026, 12, 1)
FEAST = {"ar": "عيد", "en": "Feast"}


def local(text: str) -> datetime:
    """Return a moment of the centres' clock."""
    return read_time(text)


@pytest.mark.parametrize(
    ("now", "door", "taken", "expected"),
    [
        ("2026-11-30T17:59", APP, (0, 0), 3),  # of ten, four are of the day itself and three of the desk
        ("2026-11-30T17:59", DESK, (0, 0), 6),
        ("2026-11-30T18:00", APP, (0, 0), 6),  # from the evening before on, what the desk left
        ("2026-11-30T18:00", DESK, (0, 0), 6),
        ("2026-12-01T06:59", APP, (0, 0), 6),
        ("2026-12-01T07:00", APP, (0, 0), 10),  # the day's own are opened
        ("2026-12-01T07:00", APP, (9, 0), 1),
        ("2026-12-01T07:00", APP, (12, 0), 0),
        ("2026-11-30T17:59", APP, (2, 2), 3),  # what the desk has given is not of these
        ("2026-11-30T17:59", APP, (2, 1), 2),
        ("2026-11-30T17:59", APP, (5, 5), 1),  # no more than are free at all
        ("2026-11-30T17:59", APP, (4, 0), 0),
        ("2026-11-30T17:59", DESK, (5, 0), 1),
        ("2026-11-30T17:59", DESK, (7, 0), 0),
    ],
)
def test_a_door_has_what_its_share_and_the_hour_leave(
    now: str, door: Door, taken: tuple[int, int], expected: int
) -> None:
    row: Any = SimpleNamespace(day="2026-12-01", capacity=10, same_day=4, desk=3)
    assert left(row, Taken(*taken), Offer("c", "A", Rules(), door, local(now))) == expected


def centre(usual: Hours | None = None, own: Hours | None = None, **days: CalendarDay) -> ClaimsCentre:
    service = Service(code="card", group="A", prefix="A", names=FEAST, hours=own)
    special = {name.replace("_", "-")[1:]: day for name, day in days.items()}
    return ClaimsCentre("c", service, Rules(), CentreHours(usual or Hours("08:00", "14:00"), special), 15)


NOW = local("2026-12-01T10:00")


@pytest.mark.parametrize(
    ("at", "door", "why"),
    [
        ("2026-12-01T11:59", APP, "outside-window"),
        ("2026-12-01T12:00", APP, None),
        ("2026-12-01T11:59", KIOSK, "outside-window"),
        ("2026-12-01T10:00", HUB, None),
        ("2026-12-01T09:59", HUB, "outside-window"),
        ("2026-12-01T10:00", DESK, None),
        ("2026-12-08T13:59", APP, None),
        ("2026-12-09T08:00", APP, "outside-window"),
        ("2026-12-02T07:59", APP, "closed"),
        ("2026-12-02T08:00", APP, None),
        ("2026-12-02T14:00", APP, "closed"),
    ],
)
def test_an_appointment_is_within_the_window_and_open_hours(at: str, door: Door, why: str | None) -> None:
    wanted = Wanted("c", "card", local(at))
    if why is None:
        assert centre().checked_time(wanted, door, NOW) == local(at)
    else:
        with pytest.raises(ClaimRefused) as refused:
            centre().checked_time(wanted, door, NOW)
        assert refused.value.reason == why


def test_a_number_from_afar_is_for_now_while_it_is_open_and_an_appointment_has_a_time() -> None:
    afar = Wanted("c", "card", None, "afar")
    assert centre().checked_time(afar, APP, NOW) == NOW
    with pytest.raises(ClaimRefused, match="closed now"):
        centre(Hours("08:00", "10:00")).checked_time(afar, APP, NOW)
    with pytest.raises(ValueError, match="expected the time of an appointment"):
        centre().checked_time(Wanted("c", "card", None), APP, NOW)


@pytest.mark.parametrize(
    ("usual", "own", "expected"),
    [
        (None, None, True),
        (Hours("10:01", "14:00"), None, False),
        (None, Hours("08:00", "10:00"), False),
        (None, Hours("08:00", "14:00", ("tue",)), True),
        (None, Hours("08:00", "14:00", ("wed",)), False),
    ],
)
def test_it_is_open_where_centre_and_service_are(usual: Hours | None, own: Hours | None, expected: bool) -> None:
    assert centre(usual, own).is_open(NOW) is expected


def test_a_code_is_good_to_the_end_of_the_second_working_day_after() -> None:
    closed = CalendarDay("2026-12-02", closed=True, names=FEAST)
    tuesdays = Hours("08:00", "14:00", ("tue",))
    for found, day in (
        (centre(), "2026-12-04"),
        (centre(_2026_12_02=closed), "2026-12-05"),
        (centre(own=tuesdays), "2026-12-16"),
    ):
        assert found.expires(NOW) == local(f"{day}T00:00")


SLOTS = [Slot(2, "10:00", 5, 30, 40), Slot(2, "10:30", 5, None, None), Slot(3, "10:00", 5, 59, 90)]
USUAL = Usual(40, SLOTS, (), Right(0, None))


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (1, "10:00", 30), (1, "10:29", 30), (1, "10:30", 60), (1, "09:59", 15), (2, "10:00", 59), (3, "10:00", 15),
    ],
)  # fmt: skip
def test_the_credit_is_the_usual_wait_of_that_weekday_and_half_hour(day: int, at: str, expected: int) -> None:
    assert making.credit_of(USUAL, date(2026, 12, day), at, (15, 60)) == expected


@pytest.mark.parametrize(("within", "expected"), [((30, 60), 30), ((31, 60), 31), ((5, 29), 29), ((0, 0), 0)])
def test_the_credit_lies_within_its_bounds(within: tuple[int, int], expected: int) -> None:
    assert making.credit_of(USUAL, DAY, "10:00", within) == expected


@pytest.mark.parametrize(
    ("counts", "factor", "expected"),
    [
        ([], 0.5, []),
        ([1, 1, 1, 1], 0.5, [1, 0, 1, 0]),
        ([1, 1, 1, 1], 0.25, [0, 1, 0, 0]),
        ([10, 10], 1.2, [12, 12]),
        ([3, 0, 3], 0.5, [2, 0, 1]),
    ],
)
def test_shares_of_counts_are_whole_and_their_sum_is_right(
    counts: list[int], factor: float, expected: list[int]
) -> None:
    assert making.rounded(counts, factor) == expected


def plan_line(weekday: int, start: str, end: str, seats: int = 2, group: str = "A") -> PlanLine:
    return PlanLine(group, weekday, start, end, 15, seats)


def test_times_are_of_the_weekday_within_open_hours_by_group_in_order() -> None:
    late, early, other = plan_line(2, "13:30", "14:30"), plan_line(2, "07:45", "08:15"), plan_line(2, "10:00", "10:20")
    wednesday = plan_line(3, "10:00", "11:00")
    plan = SeatPlan("c", [late, early, PlanLine("B", 2, "10:00", "10:20", 15, 1), wednesday, other])
    found = making.times_of(plan, DAY, CentreHours(Hours("08:00", "14:00")))

    def times(line: PlanLine, *at: str) -> list[Time]:
        return [Time(local(f"2026-12-01T{one}").astimezone(UTC), one, line) for one in at]

    assert found == {
        "A": [*times(early, "08:00"), *times(other, "10:00"), *times(late, "13:30", "13:45")],
        "B": times(plan.plan[2], "10:00"),
    }
    closed = CentreHours(None, {"2026-12-01": CalendarDay("2026-12-01", closed=True, names=FEAST)})
    mondays = CentreHours(Hours("08:00", "14:00", ("mon",)))
    assert [making.times_of(plan, DAY, hours) for hours in (closed, mondays)] == [{}, {}]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("10:00", "10:14", []), ("10:00", "10:15", ["10:00"]), ("10:00", "10:44", ["10:00", "10:15"]),
        ("10:00", "10:45", ["10:00", "10:15", "10:30"]),
    ],
)  # fmt: skip
def test_the_last_seat_of_a_line_ends_by_its_end(start: str, end: str, expected: list[str]) -> None:
    assert list(plan_line(2, start, end).times()) == expected


def test_half_hours_and_minutes_are_written_as_clocks_are() -> None:
    assert [half_hour_of(one) for one in ("09:00", "09:29", "09:30", "23:59")] == ["09:00", "09:00", "09:30", "23:30"]
    assert [time_of(one) for one in (0, 59, 60, 1439)] == ["00:00", "00:59", "01:00", "23:59"]
