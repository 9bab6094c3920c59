"""One played day: counters call by the one rule, at the times they are there, and stand when all stands."""

import pytest

from common.protocol.feed_message import QueueRules
from hub.engine.order import Seat
from hub.foresight.day import Came, Hall, Stops, play_day
from hub.foresight.past import Arrival

EIGHT = 8 * 3600.0
TEN_MINUTES = 600.0


def hall(*open_in_halves: int, closes_s: float = 14 * 3600.0) -> Hall:
    seats = [Seat(1, frozenset("A")), Seat(2, frozenset("B"))]
    return Hall(seats, {16 + place: count for place, count in enumerate(open_in_halves)}, closes_s, QueueRules())


def come(*at_min: float, queue: str = "A", preferred: bool = False) -> list[Arrival]:
    return [Arrival(EIGHT + at * 60, queue, "civil-affairs", preferred) for at in at_min]


def waits(came: list[Came]) -> list[float | None]:
    return [None if one.waited_s is None else one.waited_s / 60 for one in came]


def played(where: Hall, arrivals: list[Arrival], stops: Stops = Stops()) -> list[float | None]:  # noqa: B008
    return waits(play_day(where, arrivals, stops, lambda _: TEN_MINUTES))


def test_people_wait_for_those_before_them() -> None:
    assert played(hall(1, 1, 1), come(0, 1, 2)) == [0, 9, 18]


def test_who_comes_while_nobody_waits_is_called_at_once() -> None:
    assert played(hall(1, 1, 1), come(0, 40)) == [0, 0]


def test_a_second_counter_takes_part_from_its_half_hour_on() -> None:
    assert played(hall(1, 2, 2), come(0, 0, 0, 0, 0)) == [0, 10, 20, 30, 30]


def test_a_counter_that_goes_lets_nobody_be_called_by_it() -> None:
    assert played(hall(1, 0, 1), come(0, 0, 0, 0)) == [0, 10, 20, 60]


def test_calling_stands_still_and_services_under_way_take_longer() -> None:
    stops = Stops([(EIGHT + 5 * 60, EIGHT + 25 * 60)])
    assert played(hall(1, 1, 1), come(0, 1, 10), stops) == [0, 29, 30]


def test_who_is_not_called_before_closing_goes_home_unserved() -> None:
    assert played(hall(1, 1, closes_s=EIGHT + 25 * 60), come(0, 0, 0, 0)) == [0, 10, 20, None]


def test_minutes_of_priority_count_double() -> None:
    ordinary, preferred = come(0, 1, 2), come(3, preferred=True)
    assert played(hall(1, 1, 1), ordinary + preferred) == [0, 19, 28, 7]


@pytest.mark.parametrize("at_min", [4.0, 5.0, 24.9])
def test_a_standstill_is_no_working_time(at_min: float) -> None:
    stops = Stops([(EIGHT + 5 * 60, EIGHT + 25 * 60)])
    worked_min = (stops.worked_us(EIGHT + at_min * 60) / 1e6 - EIGHT) / 60
    assert worked_min == min(at_min, 5.0)
    assert stops.end_of(EIGHT + at_min * 60) == EIGHT + (at_min if at_min < 5 else 25) * 60
