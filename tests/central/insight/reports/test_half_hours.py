"""Who waited in each half hour, also where a hub's clock was decades ahead for some of them."""

from datetime import UTC, datetime, timedelta

from central.insight.reports.counted import Counted
from central.insight.reports.half_hours import HalfHours

EIGHT = datetime(2026, 11, 24, 5, tzinfo=UTC)  # in Damascus
FAR_AHEAD = datetime(2099, 1, 1, 5, tzinfo=UTC)


def waiting(*waits: tuple[datetime, int]) -> dict[str, list[int]]:
    """Count who waited, each from a moment for some minutes."""
    counted, half_hours = Counted(), HalfHours()
    for issued, minutes in waits:
        half_hours.add(counted, issued, issued + timedelta(minutes=minutes), "done", is_called=True)
    half_hours.count_waiting(counted)
    return counted.waiting_by_half_hour


def test_each_half_hour_from_the_first_number_to_the_last_call_is_counted() -> None:
    later = EIGHT + timedelta(hours=2)
    found = waiting((EIGHT, 40), (EIGHT + timedelta(minutes=10), 40), (later, 20))
    assert found == {"08:00": [2], "08:30": [1], "09:00": [0], "09:30": [0], "10:00": [1]}


def test_a_clock_decades_ahead_adds_its_own_half_hours_and_none_up_to_there() -> None:
    assert waiting((EIGHT, 40), (FAR_AHEAD, 20)) == {"08:00": [1, 1], "08:30": [0]}
