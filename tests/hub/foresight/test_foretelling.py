"""What is foretold of days that were all alike, to the second; and hours, seats and the peak that it is told by."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from common.city.catalogue import Hours
from common.protocol.feed_message import QueueRules
from hub.engine.order import Seat
from hub.foresight.day import Hall as DayHall
from hub.foresight.past import Arrival, Past, PastDay
from hub.foresight.what_if import Foretold, Known, Outcome, Slot, foretell, known_of
from tests.hub.foresight.past_days import live_through
from tests.hub.hall import Hall

EIGHT = 8 * 3600.0
DAY = date(2026, 11, 25)


def alike(*people: int, at_s: Sequence[float] = (EIGHT,), kept_s: float = 600.0) -> tuple[list[PastDay], Past]:
    """Days on which so many came, all in the same second; every service took as long."""
    days = [
        PastDay("2026-11-25", [Arrival(at, "A", "civil-affairs", False) for at in at_s] * count, [], {})
        for count in people
    ]
    return days, Past(days, {}, [kept_s] * 200)


def known(days: tuple[list[PastDay], Past], open_by_slot: Mapping[int, int], closes_s: float = EIGHT + 7200) -> Known:
    seats = [Seat(1, frozenset("A")), Seat(2, frozenset("A"))]
    return Known(DAY, days[1], days[0], DayHall(seats, open_by_slot, closes_s, QueueRules()))


def test_days_that_were_alike_are_foretold_to_the_second() -> None:
    nobody = Slot("08:30", 1, 0.0, None, None)
    assert foretell(known(alike(4, 4, 4, 4, 4), {16: 1, 17: 1}), {"08:00": 2}) == Foretold(
        "2026-11-25", 5, 2, 4, 0, ("08:00", "08:30"),
        usual=Outcome([Slot("08:00", 1, 4.0, 1200, 1800), nobody], 0.0, 900),
        planned=Outcome([Slot("08:00", 2, 4.0, 600, 600), nobody], 0.0, 300),
    )  # fmt: skip


def test_a_plan_asks_for_no_more_counters_than_there_are_and_is_the_usual_day_where_it_asks_for_as_many() -> None:
    days = known(alike(4, 4, 4, 4, 4), {16: 2, 17: 1})
    as_usual = foretell(days)
    assert as_usual.planned == as_usual.usual
    assert foretell(days, {"08:00": 3, "20:00": 5}) == as_usual
    fewer = foretell(days, {"08:00": 0}).planned
    assert fewer == Outcome([Slot("08:00", 0, 4.0, 3000, None), Slot("08:30", 1, 0.0, None, None)], 0.25, 2400)


def test_those_who_are_not_called_before_closing_wait_longest_and_are_told_as_a_share() -> None:
    said = foretell(known(alike(4, 4, 4, 4, 4), {16: 1}, EIGHT + 1500))
    assert said.usual == Outcome([Slot("08:00", 1, 4.0, 1200, None)], 0.25, 600)
    nobody = foretell(known(alike(4, 4, 4, 4, 4), {16: 0}))
    assert nobody.usual == Outcome([Slot("08:00", 0, 4.0, None, None)], 1.0, None)


def test_four_of_five_days_lie_within_the_margin() -> None:
    # 2, 4, 6, 8 and 10 came: 6 in the middle, off by 3.16; one more day is off by a tenth more than those.
    said = foretell(known(alike(2, 4, 6, 8, 10), {16: 1}))
    assert (said.expected, said.margin) == (6, round(1.28 * 10**0.5 * 1.2**0.5))
    more = foretell(known(alike(20, 40, 60, 80, 100), {16: 1}))
    assert (more.expected, more.margin) == (60, 44)


def test_without_days_like_it_or_without_a_counter_nothing_is_foretold() -> None:
    days, past = alike(4, 4)
    hall = DayHall([Seat(1, frozenset("A"))], {16: 1}, EIGHT + 7200, QueueRules())
    assert foretell(Known(DAY, past, [], hall)) == Foretold("2026-11-25", 2, 1)
    assert foretell(Known(DAY, past, days, hall._replace(seats=[]))) == Foretold("2026-11-25", 2, 0)


@pytest.mark.parametrize(
    ("came", "peak"),
    [
        ({16: 10}, ("08:00", "08:30")),
        ({16: 7, 17: 10, 18: 7}, ("08:30", "09:00")),
        ({16: 9, 17: 10, 18: 9}, ("08:00", "09:30")),
        ({16: 9, 17: 7, 18: 10, 19: 9, 20: 7, 21: 10}, ("09:00", "10:00")),
        ({19: 10}, ("09:30", "10:00")),
        ({}, None),
    ],
)
def test_the_peak_is_where_nearly_as_many_come_as_in_the_fullest_half_hour(
    monkeypatch: pytest.MonkeyPatch, came: dict[int, int], peak: tuple[str, str] | None
) -> None:
    """Each played day has those who came, none of them drawn twice, so that a half hour has its share to the person."""
    monkeypatch.setattr("random.Random.choices", lambda _, population, k: population[:k])
    one = [Arrival(slot * 1800.0, "A", "civil-affairs", False) for slot, count in came.items() for _ in range(count)]
    people = one or [Arrival(0.0, "A", "civil-affairs", False)]
    days = [PastDay("2026-11-25", people, [], {})] * 5
    slots = dict.fromkeys(range(16, 22), 1)
    assert foretell(known((days, Past(days, {}, [60.0] * 200)), slots, 24 * 3600.0)).peak == peak


def read(hall: Hall, day: date) -> Known:
    with hall.hub.read() as look:
        return known_of(look, day)


def test_a_day_is_played_from_opening_to_closing(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    label = live_through(hall, 5, people=45)
    day = date.fromisoformat(label)
    hours = {"on": Hours("08:10", "09:40"), "closes": "09:40"}
    monkeypatch.setattr("common.city.calendar.CentreHours.on", lambda _self, _day: hours["on"])
    monkeypatch.setattr("common.city.calendar.CentreHours.closes", lambda _self, _day: hours["closes"])
    found = read(hall, day).hall
    assert found.open_by_slot == {16: 0, 17: 0, 18: 2, 19: 2}
    assert found.closes_s == 9 * 3600 + 40 * 60
    assert found.seats == [Seat(1, frozenset("AB")), Seat(2, frozenset("A")), Seat(3, frozenset("C"))]
    assert found.rules == QueueRules()
    hours |= {"on": Hours("08:30", "09:00"), "closes": "09:00"}
    assert read(hall, day).hall.open_by_slot == {17: 0}
    hours |= {"on": None, "closes": None}
    unknown = read(hall, day).hall
    usual = list(unknown.open_by_slot.items())
    assert usual[:3] == [(16, 0), (17, 0), (18, 2)]
    assert unknown.closes_s == (usual[-1][0] + 1) * 1800


def test_a_centre_without_a_past_has_no_half_hours_and_its_counters_by_number(hall: Hall) -> None:
    found = read(hall, DAY)
    assert (found.days, found.hall.open_by_slot) == ((), {})
    assert [seat.number for seat in found.hall.seats] == [1, 2, 3]
