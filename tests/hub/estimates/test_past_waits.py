"""What a centre's own past makes of an estimate: how much past is enough, which part of it, and how right it was."""

from typing import Any

import pytest

from hub.estimates.estimate import WaitRange, coverage, is_range_known, length_class, range_of, ratio_quantiles
from tests.hub.hall import Hall
from tests.hub.kept_tickets import keep, us


def waited(seconds: float, estimate_s: int = 100, **more: Any) -> dict[str, Any]:
    """Somebody who waited, and what was estimated."""
    return {"called_work": us(seconds), "called_line": us(seconds), "estimate_s": estimate_s} | more


def shares(hall: Hall, of_class: int = 0, *, preferred: bool = False) -> tuple[float, float]:
    with hall.hub.read() as look:
        return ratio_quantiles(look, of_class, preferred=preferred)


def test_two_hundred_waits_of_either_kind_are_enough(hall: Hall) -> None:
    keep(hall, *(waited(seconds) for seconds in range(1, 200)))
    assert shares(hall) == (0.5, 1.5)
    keep(hall, waited(50, priority="elderly"))
    hall.passes(61)
    assert shares(hall) == (0.2, 1.8), "a tenth of 199 lies below the twentieth"
    assert shares(hall, preferred=True) == (0.5, 1.5), "one of its kind says nothing"


def test_a_class_of_few_goes_by_all_of_its_kind(hall: Hall) -> None:
    keep(hall, *[waited(100)] * 160, *[waited(2000, 1000)] * 39, *[waited(900, order_id="o")] * 40)
    assert [shares(hall, one) for one in (0, 1, 2)] == [(1.0, 1.0), (1.0, 2.0), (1.0, 2.0)]
    assert [shares(hall, one, preferred=True) for one in (0, 1)] == [(9.0, 9.0), (9.0, 9.0)]
    keep(hall, waited(2000, 1000))
    hall.passes(61)
    assert [shares(hall, one) for one in (0, 1, 2)] == [(1.0, 1.0), (2.0, 2.0), (1.0, 2.0)]


def test_the_past_is_read_again_once_more_than_a_minute_has_gone_by(hall: Hall) -> None:
    assert shares(hall) == (0.5, 1.5)
    keep(hall, *[waited(100)] * 200)
    hall.passes(60)
    assert shares(hall) == (0.5, 1.5)
    hall.passes(0.001)
    assert shares(hall) == (1.0, 1.0)


def test_a_range_is_the_estimate_by_the_shares_of_its_length(hall: Hall) -> None:
    with hall.hub.read() as look:
        assert range_of(look, 101.4, preferred=False) == WaitRange(101, 50, 153)
    keep(hall, *(waited(seconds) for seconds in range(1, 200)), *[waited(3000, 1000)] * 40, *[waited(700)] * 40)
    hall.passes(61)
    with hall.hub.read() as look:
        assert range_of(look, 1000.6, preferred=False) == WaitRange(1001, 3001, 3002)


@pytest.mark.parametrize(
    ("services", "estimate_s", "is_known"),
    [(4, 600, False), (5, 600, True), (0, 601, True), (0, 1800, True), (0, 1801, False)],
)
def test_a_range_is_known_by_five_services_or_two_hundred_of_its_length(
    hall: Hall, services: int, estimate_s: float, is_known: bool
) -> None:
    of_others = [waited(1, 3000, order_id="o")] * 199
    keep(hall, *[waited(1, 600)] * 199, *[waited(1, 601)] * 150, *[waited(1, 601, order_id="o")] * 50, *of_others)
    with hall.hub.read() as look:
        assert is_range_known(look, estimate_s, services_today=services) is is_known


def test_lengths_up_to_ten_minutes_half_an_hour_and_beyond_are_classes() -> None:
    assert [length_class(one) for one in (0, 600, 600.5, 1800, 1800.5, 1e9)] == [0, 0, 1, 1, 2, 2]


def test_what_was_told_is_measured_by_what_came(hall: Hall) -> None:
    def told(seconds: float, low_s: int, high_s: int, **more: Any) -> dict[str, Any]:
        return waited(seconds, low_s=low_s, high_s=high_s, **more)

    with hall.hub.read() as look:
        assert coverage(look) == {"told": 0, "held": 0.0, "badly_too_little": 0.0}
    keep(
        hall,
        told(300, 300, 900), told(900, 300, 900), told(299, 300, 900), told(901, 300, 900),
        # Badly is more than a quarter and more than five minutes beyond the upper end.
        told(1201, 300, 900), told(3001, 300, 2400), told(3000, 300, 2400), told(1200, 300, 900),
        told(5000, 300, 900, absences=1),
    )  # fmt: skip
    with hall.hub.read() as look:
        assert coverage(look) == {"told": 8, "held": 2 / 8, "badly_too_little": 2 / 8}


def test_what_was_told_is_measured_on_the_last_two_thousand(hall: Hall) -> None:
    keep(hall, waited(5000, low_s=0, high_s=60), *[waited(6000, low_s=6000, high_s=6000)] * 2000)
    with hall.hub.read() as look:
        assert coverage(look) == {"told": 2000, "held": 1.0, "badly_too_little": 0.0}
