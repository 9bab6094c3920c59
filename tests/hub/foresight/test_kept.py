"""What was foretold, held against what came, in figures."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import astuple
from sqlalchemy import delete

from hub.foresight.kept import KeptDay, Right, right
from hub.log import tables
from tests.hub.hall import Hall
from tests.hub.kept_tickets import keep


def foretold(hall: Hall, *days: tuple[int, int, float]) -> None:
    """Write down what was foretold of days from 0 on: how many, give or take, and the share in vain."""
    for day, (expected, margin, unserved) in enumerate(days):
        with hall.act() as act:
            act.day = day
            act.record("foretold", detail=msgspec.to_builtins(KeptDay(f"day {day}", expected, margin, unserved)))


def judged(hall: Hall, day: int = 9) -> Right | None:
    with hall.hub.read() as look:
        look.day = day
        return right(look)


def figures(found: Right | None) -> tuple[float, ...]:
    assert found is not None
    return astuple(found)


def test_how_right_it_was_is_told_of_days_that_are_over(hall: Hall) -> None:
    foretold(hall, (8, 2, 0.5), (3, 1, 0.0))
    gone: dict[str, Any] = {"end": "expired"}
    carried = {"end": "carried"}
    served = {"called_work": 5, "end": "expired"}
    keep(hall, *[{"day": 0} | one for one in [gone, carried, served, *[{}] * 7]], *[{"day": 1}] * 5)
    assert judged(hall, 0) is None
    assert figures(judged(hall, 1)) == pytest.approx((1, 0.2, 1, 0.3))
    assert figures(judged(hall, 2)) == pytest.approx((2, 0.3, 0.5, 0.15))


def test_the_comparison_is_made_once_a_day(hall: Hall) -> None:
    foretold(hall, (8, 2, 0.5))
    keep(hall, *[{"day": 0}] * 10)
    first = judged(hall)
    assert first is not None
    with hall.hub.store.write() as connection:
        connection.execute(delete(tables.tickets))
    assert judged(hall) == first
    assert judged(hall, 10) is None
