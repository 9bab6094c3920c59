"""The measure by which simulated weeks are judged finds who is left standing, and nobody where all stand still."""

from common.queue.standing import Ticket
from tests.hub.fairness import beyond_thrice_of_the_day, priority_against_those_beside, worst_against_class

MINUTE_US = 60_000_000


def people(*waits_min: int, priority: frozenset[int] = frozenset()) -> list[Ticket]:
    """Somebody each minute, called after so many minutes."""
    return [
        Ticket(
            id=str(place), kiosk="kiosk-1", epoch="", kiosk_seq=place, revision=0, digest="", number=f"A1{place:03d}",
            service="clearance", priority="elderly" if place in priority else "none", order_id=None, day=1, queue="A",
            state="ended", arrived_line=place * MINUTE_US, arrived_work=place * MINUTE_US, is_certain=True,
            issued_at="", called_work=(place + wait) * MINUTE_US, call_seq=place + wait,
        )
        for place, wait in enumerate(waits_min)
    ]  # fmt: skip


def test_whom_all_later_ones_passed_is_found() -> None:
    assert worst_against_class(people(*[10] * 5, 45, *[10] * 10), 2) == 4.5


def test_where_everybody_waits_long_nobody_was_left_standing() -> None:
    assert worst_against_class(people(*[1] * 20, *[40] * 30), 2) <= 1


def test_by_the_whole_day_who_came_in_the_peak_is_counted_too() -> None:
    assert beyond_thrice_of_the_day(people(*[5] * 30, *[40] * 10)) == (10, 40)
    assert beyond_thrice_of_the_day(people(*[10] * 5, 45, *[10] * 10)) == (1, 16)
    assert beyond_thrice_of_the_day(people(1, 14, 1, 1, 1)) == (0, 5), "within the time of a service it is chance"


def test_one_of_a_few_is_held_against_everybody_as_the_rule_weighs_them() -> None:
    all_alike = people(*[20] * 20, priority=frozenset({5}))
    assert worst_against_class(all_alike, 2) == 2  # priority should have waited half of what they all did


def test_priority_is_held_against_those_who_were_called_beside_it() -> None:
    assert priority_against_those_beside(people(10, 10, 5, 10, 10, priority=frozenset({2}))) == 0.5
