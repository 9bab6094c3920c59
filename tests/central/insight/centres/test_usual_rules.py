"""From days to what a centre usually is like: each rule at its edges, whole results compared."""

from datetime import date, timedelta

import pytest

from central.insight.centres.usual import Day, QuietHour, Right, Slot, Usual, spans, usual_of

MONDAY = date(2026, 9, 7)


def mondays(*days: Day) -> dict[date, Day]:
    return {MONDAY + timedelta(weeks=n): day for n, day in enumerate(days)}


def in_a_row(*days: Day) -> dict[date, Day]:
    return {MONDAY + timedelta(days=n): day for n, day in enumerate(days)}


def hours(*waits_s: int | None) -> Day:
    """Return a day of half hours from eight on, in each of which three waited alike; None: nobody came."""
    names = [f"{8 + n // 2:02}:{n % 2 * 30:02}" for n in range(len(waits_s))]
    return Day({name: [wait] * 3 for name, wait in zip(names, waits_s, strict=True) if wait is not None})


def test_a_half_hour_of_a_weekday_has_medians_of_six_days_and_of_all_their_waits() -> None:
    waiting = [4, 1, 2, 9, 3, 3]
    days = [Day({"09:00": [60 * n, 61]}, {}, {"09:00": [n_waiting]}) for n, n_waiting in enumerate(waiting)]
    assert usual_of(mondays(*days)).slots == [Slot(1, "09:00", 3, 2, 3)]
    assert usual_of(mondays(*days[:5])).slots == []
    assert usual_of(mondays(*days[:5], hours(60))).slots == []  # six Mondays, of which one knows nothing of 09:00


@pytest.mark.parametrize(
    ("waits_s", "unserved", "expected"),
    [
        ([], 0, (None, None)),
        ([0, 0, 0, 0, 0], 0, (0, 0)),
        ([60, 120, 180, 240, 300], 0, (3, 4)),
        ([60, 120, 181, 241, 300], 0, (4, 5)),
        ([60, 120, 180, 240], 1, (3, 4)),  # one of five was never called: four of five waited so long
        ([60, 120, 180], 2, (3, None)),
        ([60, 120], 3, (None, None)),
    ],
)
def test_half_and_four_of_five_waited_so_many_minutes_or_nobody_can_say(
    waits_s: list[int], unserved: int, expected: tuple[int | None, int | None]
) -> None:
    last = Day({"09:00": waits_s} if waits_s else {}, {"09:00": unserved}, {"09:00": [1]})
    (slot,) = usual_of(mondays(last, *[Day({}, {}, {"09:00": [1]})] * 5)).slots
    assert (slot.wait_p50_min, slot.wait_p80_min) == expected


def test_each_weekday_has_slots_of_its_own_in_the_order_of_the_clock() -> None:
    day = Day({}, {}, {"10:00": [2], "09:30": [1]})
    slots = usual_of(in_a_row(*[day] * 41)).slots  # the forty-first is one short of the sixth Sunday
    assert [(one.weekday, one.from_) for one in slots] == [
        (weekday, half_hour) for weekday in range(1, 7) for half_hour in ("09:30", "10:00")
    ]


def test_the_quietest_are_three_of_at_least_four_within_the_day() -> None:
    quiet = [QuietHour("10:00", "10:30"), QuietHour("09:00", "09:30"), QuietHour("10:30", "11:00")]
    seven = hours(1, 2, 30, 50, 10, 40, 3)
    assert usual_of(in_a_row(*[seven] * 6)) == Usual(6, [], quiet, Right(0, None))
    assert usual_of(in_a_row(*[seven] * 5)).quietest == []
    six = hours(1, 2, 30, 50, 10, 3)  # three lie between the first hour and the last half hour
    assert usual_of(in_a_row(*[six] * 6)).quietest == []


def test_of_equally_quiet_half_hours_the_earlier_goes_first() -> None:
    assert [one.from_ for one in usual_of(in_a_row(*[hours(*[5] * 7)] * 6)).quietest] == ["09:00", "09:30", "10:00"]


def test_a_half_hour_is_ranked_where_five_of_the_last_eight_days_know_it() -> None:
    known, unknown = hours(9, 9, 9, 1, 9, 9, 9, 9), hours(9, 9, 9, None, 9, 9, 9, 9)
    assert usual_of(in_a_row(*[known] * 5, *[unknown] * 3)).quietest[0].from_ == "09:30"
    assert "09:30" not in [one.from_ for one in usual_of(in_a_row(*[known] * 4, *[unknown] * 4)).quietest]
    assert "09:30" not in [one.from_ for one in usual_of(in_a_row(*[known] * 9, *[unknown] * 4)).quietest]


def test_a_half_hour_counts_where_three_waited_also_to_no_avail() -> None:
    def day(waits: list[int], unserved: int) -> Day:
        usual = hours(*[600] * 8).waits_by_half_hour | {"09:30": waits}
        return Day(usual, {"09:30": unserved})

    for waits, unserved, is_quiet in (([1, 1, 1], 0, True), ([1, 1], 1, True), ([1, 1], 0, False), ([1], 2, False)):
        found = [one.from_ for one in usual_of(in_a_row(*[day(waits, unserved)] * 6)).quietest]
        assert ("09:30" in found) is is_quiet, (waits, unserved)


def test_what_held_is_tried_from_the_ninth_day_on_by_the_eight_before() -> None:
    usual, turned = hours(9, 9, 9, 1, 2, 3, 4, 9), hours(9, 9, 1, 40, 2, 3, 4, 9)
    assert usual_of(in_a_row(*[usual] * 8)).right == Right(0, None)
    assert usual_of(in_a_row(*[usual] * 9)).right == Right(1, 1.0)
    assert usual_of(in_a_row(*[usual] * 10, turned)).right == Right(3, 0.67)
    few = hours(9, 9, None, 1, 2, 3, None, 9)  # three that can be compared tell nothing
    assert usual_of(in_a_row(*[usual] * 8, few)).right == Right(0, None)
    assert usual_of(in_a_row(*[usual] * 8, hours(9, 9, None, 1, 2, 3, 4, 9))).right == Right(1, 1.0)


@pytest.mark.parametrize(("wait_s", "holds"), [(2, True), (3, True), (4, False)])
def test_it_was_right_where_it_was_among_the_three_quietest(wait_s: int, holds: bool) -> None:
    usual = hours(9, 9, 9, 1, 2, 3, 4, 9)
    day = hours(9, 9, 1, wait_s, 2, 3, 4, 9)
    assert usual_of(in_a_row(*[usual] * 8, day)).right == Right(1, float(holds))


def test_half_hours_that_follow_each_other_are_said_as_one() -> None:
    assert spans([]) == []
    several = [QuietHour("12:30", "13:00"), QuietHour("09:00", "09:30"), QuietHour("12:00", "12:30")]
    assert spans([*several, QuietHour("13:00", "13:30")]) == [("09:00", "09:30"), ("12:00", "13:30")]
