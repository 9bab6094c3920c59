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


STOPS = Stops([(100.0, 200.0), (300.0, 350.0)])


@pytest.mark.parametrize(
    ("from_s", "work_s", "at_s"),
    [(0, 99, 99), (0, 100, 200), (0, 199, 299), (0, 200, 350), (0, 250, 400), (100, 10, 110), (200, 99, 299)],
)
def test_each_standstill_on_the_way_lengthens_what_is_worked(from_s: float, work_s: float, at_s: float) -> None:
    assert STOPS.when_worked(from_s, work_s) == at_s


def test_working_time_is_what_stands_between_standstills() -> None:
    found = {at_s: STOPS.worked_us(at_s) / 1e6 for at_s in (50, 100, 150, 200, 299, 320, 350, 400.5)}
    assert found == {50: 50, 100: 100, 150: 100, 200: 100, 299: 199, 320: 200, 350: 200, 400.5: 250.5}
    assert [STOPS.end_of(at_s) for at_s in (99, 100, 199, 200, 300, 350)] == [99, 200, 200, 200, 350, 350]


def test_all_idle_counters_look_again_once_somebody_comes() -> None:
    where = hall(2, 2)
    other = come(6, queue="B")
    assert played(where, [*come(5, 5), *other, *come(7)]) == [0, 0, 9, 8]


def test_nobody_is_called_in_the_second_of_closing_nor_has_he_come() -> None:
    closing = hall(1, 1, closes_s=EIGHT + 600)
    assert played(closing, come(0, 0)) == [0, None]
    assert played(closing, come(10)) == [None]
    assert played(hall(1, 1, closes_s=EIGHT + 601), come(0, 0)) == [0, 10]


def test_somebody_with_a_claim_waits_from_his_time_on_and_by_his_credit() -> None:
    def claims(at_min: float, ahead_min: float, credit_min: float, *, preferred: bool = False) -> Arrival:
        at_s = EIGHT + at_min * 60
        return Arrival(at_s, "A", "civil-affairs", preferred, ahead_min * 60, credit_min * 60)

    one = hall(1, 1, 1, 1)
    # Somebody is at the counter, three came at the first three minutes; who claims ten minutes has come before them.
    assert played(one, [*come(0, 1, 2), claims(5, 0, 10)]) == [0, 19, 28, 5]
    assert played(one, [*come(0, 1, 2), claims(5, 0, 3.5)]) == [0, 9, 28, 15]
    # Twelve minutes ahead of his time he lets others go; of his wait only what lies behind that time counts.
    assert played(one, [*come(0, 1, 2), claims(3, 12, 20)]) == [0, 9, 28, 5]
    assert played(one, [claims(0, 12, 20)]) == [0]
    # A preferred one's credit counts half, so that his double minutes do not multiply it.
    assert played(one, [*come(0, 1, 2), claims(5, 0, 3.5, preferred=True)]) == [0, 19, 28, 5]


def test_people_go_home_whom_no_counter_serves_any_more() -> None:
    assert played(hall(1, 0), come(0, 31)) == [0, None]
    assert played(hall(0, 0, 1), come(0, 31)) == [60, 39]
