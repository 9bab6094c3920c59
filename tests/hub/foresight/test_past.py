"""What past days were like, read out of the tickets: who came when, what stood still, how long counters were kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.engine.act import Look
from hub.foresight.past import Arrival, Past, PastDay, by_use, past_of, second_of, usual_counters
from tests.hub.hall import Hall
from tests.hub.kept_tickets import keep, label_day, us

EIGHT = 8 * 3600.0


def at(seconds: float) -> str:
    """A moment of 25 November, so many seconds after eight in Homs."""
    return (datetime(2026, 11, 25, 5, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()


def ticket(came_s: float, called_s: float | None = None, counter: int = 1, **more: Any) -> dict[str, Any]:
    """Of day 0, which worked all the time unless `called_work` says otherwise; it took a minute."""
    plain: dict[str, Any] = {"day": 0, "issued_at": at(came_s), "arrived_work": us(came_s), "arrived_line": us(came_s)}
    if called_s is not None:
        plain |= {"called_at": at(called_s), "called_line": us(called_s), "called_work": us(called_s)}
        plain |= {"call_counter": counter, "ended_work": us(called_s + 60)}
    return plain | more


def past(hall: Hall) -> Past:
    label_day(hall, 0, "2026-11-25")
    label_day(hall, 1, "2026-11-26")
    with hall.hub.read() as look:
        return past_of(_on(look, 1))


def _on(look: Look, day: int) -> Look:
    look.day = day
    return look


@pytest.mark.parametrize("changed", [{"is_voided": 1}, {"is_certain": 0}], ids=lambda one: next(iter(one)))
def test_a_day_of_which_nothing_certain_is_known_is_none_to_go_by(hall: Hall, changed: dict[str, int]) -> None:
    """Days are drawn from, and what is foretold is a share of those who came: on each somebody did."""
    keep(hall, ticket(0, 60, **changed), ticket(30))
    assert past(hall).days == []


def test_a_day_is_read_as_it_was(hall: Hall) -> None:
    keep(
        hall,
        ticket(600, 1799.5, 2, service="clearance"),
        ticket(0, 60),
        ticket(1900, 1950, priority="elderly"),
        ticket(2000, 2010, order_id="o"),
        ticket(2100),
        ticket(2200, due_line=us(2800), credit_us=us(900)),
        ticket(2300, due_line=us(2290), credit_us=us(900)),
        ticket(2400, is_voided=1),
        ticket(2500, is_certain=0),
        ticket(2600, day=1),
    )  # fmt: skip
    (day,) = past(hall).days
    assert day == PastDay(
        "2026-11-25",
        [
            Arrival(EIGHT, "A", "civil-affairs", False),
            Arrival(EIGHT + 600, "A", "clearance", False),
            Arrival(EIGHT + 1900, "A", "civil-affairs", True),
            Arrival(EIGHT + 2000, "A", "civil-affairs", True),
            Arrival(EIGHT + 2100, "A", "civil-affairs", False),
            Arrival(EIGHT + 2200, "A", "civil-affairs", False, 600.0, 900.0),
            Arrival(EIGHT + 2300, "A", "civil-affairs", False, 0.0, 900.0),
        ],
        [],
        {16: frozenset({1, 2}), 17: frozenset({1})},
    )
    assert day.weekday == 3
    assert [one.slot for one in day.arrivals] == [16, 16, 17, 17, 17, 17, 17]


def test_days_of_which_nobody_was_called_are_none_to_go_by(hall: Hall) -> None:
    keep(hall, ticket(0))
    assert past(hall).days == []


def test_what_is_read_of_the_past_is_kept_for_the_day(hall: Hall) -> None:
    keep(hall, ticket(0, 10))
    assert len(past(hall).days) == 1
    keep(hall, ticket(0, 10, day=1))
    with hall.hub.read() as look:
        assert len(past_of(_on(look, 1)).days) == 1
        assert len(past_of(_on(look, 2)).days) == 2


@pytest.mark.parametrize(("stood_s", "stops"), [(119, []), (120, [(EIGHT + 300, EIGHT + 420)])])
def test_a_standstill_is_where_the_line_went_on_and_working_time_did_not(
    hall: Hall, stood_s: float, stops: list[tuple[float, float]]
) -> None:
    # Called at 100, stood from 300 on, called again at 420: by working time that is only so much later.
    keep(hall, ticket(0, 420, called_work=us(420 - stood_s)), ticket(0, 100), ticket(0))
    (day,) = past(hall).days
    assert list(day.stops) == stops


def test_a_standstill_over_midnight_begins_with_the_day(hall: Hall) -> None:
    began = us(-10 * 3600)
    keep(hall, ticket(0, 60, called_work=began), ticket(0, -12 * 3600))
    (day,) = past(hall).days
    assert list(day.stops) == [(0.0, EIGHT + 60)]


def kept(hall: Hall) -> dict[str, list[float]]:
    return {service: list(seconds) for service, seconds in past(hall).kept_s.items()}


def test_a_counter_is_kept_from_one_call_to_the_next_for_which_somebody_waited(hall: Hall) -> None:
    keep(
        hall,
        ticket(0, 100, service="first"), ticket(0, 400, service="second"),
        # Who came as the one before left had waited; who came later had not.
        ticket(460, 700, service="third"), ticket(761, 800, service="fourth"),
        # At another counter, with calls of its own.
        ticket(0, 150, 2, service="other"), ticket(0, 650, 2, service="last"),
    )  # fmt: skip
    assert kept(hall) == {"first": [300.0], "second": [300.0], "other": [500.0]}
    assert past(hall).kept_all_s == [300.0, 300.0, 500.0]


@pytest.mark.parametrize(("seconds", "counts"), [(0, False), (1, True), (7200, True), (7201, False)])
def test_a_counter_is_kept_for_some_time_and_two_hours_at_most(hall: Hall, seconds: int, counts: bool) -> None:
    keep(hall, ticket(0, 100), ticket(0, 100 + seconds))
    assert kept(hall) == ({"civil-affairs": [seconds]} if counts else {})


@pytest.mark.parametrize("missing", ["ended_work", "called_work", "call_counter"])
def test_a_call_of_which_not_all_is_known_keeps_no_counter(hall: Hall, missing: str) -> None:
    keep(hall, ticket(0, 100) | {missing: None}, ticket(0, 200))
    assert kept(hall) == {}


def test_a_ticket_of_an_odd_moment_says_nothing_of_the_day_and_the_others_do(hall: Hall) -> None:
    keep(hall, ticket(0, 60), ticket(30, 90, issued_at="!"), ticket(40, 700, called_at="!"), ticket(50, 1900))
    (day,) = past(hall).days
    assert [one.at_s - EIGHT for one in day.arrivals] == [0, 40, 50]
    assert day.calling == {16: frozenset({1}), 17: frozenset({1})}


def test_moments_are_read_as_seconds_after_the_centres_midnight() -> None:
    assert second_of(datetime.fromisoformat("2026-11-25T05:06:07.250Z")) == 8 * 3600 + 6 * 60 + 7.25
    assert second_of(datetime.fromisoformat("2026-11-25T00:00:00+03:00")) == 0


def days(*labels: str) -> list[PastDay]:
    return [PastDay(label, [], [], {}) for label in labels]


WEDNESDAYS = [(date(2026, 9, 2) + timedelta(weeks=number)).isoformat() for number in range(5)]
THURSDAY = "2026-09-03"


def test_a_day_goes_by_those_of_its_weekday_or_by_all_where_those_are_few() -> None:
    enough = [60.0] * 200
    all_days = days(*WEDNESDAYS, THURSDAY)
    wednesday, thursday = date(2026, 11, 25), date(2026, 11, 26)
    assert Past(all_days, {}, enough).like(wednesday) == all_days[:5]
    assert Past(all_days, {}, enough).like(thursday) == all_days
    assert Past(all_days[1:], {}, enough).like(wednesday) == all_days[1:]
    assert Past(all_days[2:], {}, enough).like(wednesday) == (), "four days are none to go by"
    assert Past(all_days, {}, enough[1:]).like(wednesday) == (), "nor are 199 services"


def test_a_service_goes_by_thirty_of_its_own_or_by_all() -> None:
    found = Past([], {"often": [1.0] * 30, "seldom": [2.0] * 29}, [3.0])
    assert [found.kept_by(service) for service in ("often", "seldom", "never")] == [[1.0] * 30, [3.0], [3.0]]


def test_usual_are_as_many_counters_as_called_on_the_middle_day() -> None:
    calling = [
        {16: frozenset({1})},
        {16: frozenset({1, 2, 3}), 17: frozenset({2})},
        {16: frozenset({1, 2}), 17: frozenset({2})},
    ]
    came = [Arrival(20 * 1800.0, "A", "civil-affairs", False)]
    past_days = [PastDay("2026-11-25", came, [], one) for one in calling]
    assert list(usual_counters(past_days).items()) == [(16, 2), (17, 1), (20, 0)]


def test_counters_are_ordered_by_use_and_then_by_number() -> None:
    calling = {16: frozenset({1, 4, 3}), 17: frozenset({3, 4}), 18: frozenset({2})}
    assert by_use([PastDay("", [], [], calling), PastDay("", [], [], {16: frozenset({4})})]) == [4, 3, 1, 2]
