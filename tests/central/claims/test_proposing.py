"""A plan laid into valleys: where seats lie, how many, and how neighbours are joined, whole."""

from datetime import date, timedelta

import pytest

from central.claims.planned import past, proposing
from central.claims.planned.past import PastDay, PastService
from central.claims.planned.plan import PlanLine, Rules

MONDAY = date(2026, 11, 2)


def day(*came: int, **visitors: int) -> PastDay:
    """Return a day on which so many came in each half hour from eight on, and so many for each service."""
    waits = {f"{8 + n // 2:02}:{n % 2 * 30:02}": [60] * count for n, count in enumerate(came)}
    return PastDay(waits, services={name: PastService(n) for name, n in visitors.items()})


def weeks(*days: PastDay) -> dict[date, PastDay]:
    return {MONDAY + timedelta(weeks=n): one for n, one in enumerate(days)}


def test_seats_lie_where_few_come_and_neighbours_with_as_many_are_one_line() -> None:
    lines = proposing.lay(weeks(*[day(9, 10, 5, 1, 9, card=100)] * 6), {"card": "A"}, Rules(share=0.2))
    # Room of 08:30 is 0.15, of 09:00 0.65, of 09:30 1.05; of each two quarters of an hour, twenty seats in all.
    assert lines == [
        PlanLine("A", 1, "08:30", "09:00", 15, 1),
        PlanLine("A", 1, "09:00", "09:30", 15, 3),
        PlanLine("A", 1, "09:30", "10:00", 15, 6),
    ]


def test_a_place_without_a_seat_has_no_line_and_parts_its_neighbours() -> None:
    lines = proposing.lay(weeks(*[day(9, 1, 10, 1, 9, card=10)] * 6), {"card": "A"}, Rules(share=0.2))
    assert lines == [PlanLine("A", 1, "08:30", "09:00", 15, 1)]
    lines = proposing.lay(weeks(*[day(9, 1, 10, 1, 9, card=20)] * 6), {"card": "A"}, Rules(share=0.2))
    assert lines == [PlanLine("A", 1, "08:30", "09:00", 15, 1), PlanLine("A", 1, "09:30", "10:00", 15, 1)]


def test_each_group_gets_of_the_middle_day_s_visitors_of_its_services() -> None:
    days = weeks(*(day(9, 5, 5, 9, card=n, birth=n, tax=4, old=90) for n in (10, 10, 20, 20, 30, 300)))
    lines = proposing.lay(days, {"card": "A", "birth": "A", "tax": "B"}, Rules(share=0.5))
    assert lines == [
        PlanLine("A", 1, "08:30", "09:30", 15, 5),
        PlanLine("B", 1, "08:30", "09:00", 15, 1),
    ]


def test_a_weekday_is_known_by_three_days_and_all_by_six() -> None:
    one = day(9, 5, 5, 9, card=40)
    tuesdays = {MONDAY + timedelta(days=1, weeks=n): one for n in range(3)}
    known = weeks(one, one, one) | tuesdays
    assert sorted(past.by_weekday(known)) == [1, 2]
    assert sorted(past.by_weekday(dict(list(known.items())[:5]))) == []
    assert sorted(past.by_weekday(weeks(one, one, one, one) | dict(list(tuesdays.items())[:2]))) == [1]
    assert past.visitors([day(card=1, tax=2), day(card=10), day(card=30)]) == 10


def test_who_was_never_called_came_too() -> None:
    one = PastDay({"08:00": [1, 2]}, {"08:00": 3, "08:30": 1})
    assert one.came_by_half_hour == {"08:00": 5, "08:30": 1}


@pytest.mark.parametrize(
    ("seats", "weights", "expected"),
    [
        (0, [1, 1], [0, 0]), (5, [0, 0], [0, 0]), (5, [], []), (3, [1, 1], [2, 1]), (5, [1, 2, 2], [1, 2, 2]),
        (2, [1, 1, 1], [1, 1, 0]), (10, [0.15, 0.15, 0.7], [2, 1, 7]),
    ],
)  # fmt: skip
def test_seats_go_by_weight_and_the_largest_rests_first(seats: int, weights: list[float], expected: list[int]) -> None:
    assert proposing.shared_out(seats, weights) == expected
