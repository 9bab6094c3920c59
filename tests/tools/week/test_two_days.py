"""Two days of a centre whose counters call: cuts, kills, lost answers and wrong clocks, and books equal to the ticket.

The week is `tests/end_to_end/test_week.py`.
"""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from tools.week.centre import BEGINS, WorldTime, central_at
from tools.week.hall import HallBooks
from tools.week.hall_checks import CHECKS
from tools.week.town import Town

pytestmark = pytest.mark.timeout(180)  # the first test pays for both days


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallBooks]:
    folder, world = tmp_path_factory.mktemp("days"), WorldTime(BEGINS)
    with central_at(world, folder / "central") as central:
        town = Town(world, central, folder, Random(1961), kiosks=2, citizens_an_hour=1)
        town.play(2)
        yield HallBooks(town)
        town.end()


@pytest.mark.parametrize("holds", CHECKS)
def test_in_the_hall(hall: HallBooks, holds: Callable[[HallBooks], None]) -> None:
    holds(hall)


def test_the_days_had_what_they_were_made_for(hall: HallBooks) -> None:
    events = hall.town.counters.events
    assert events["power-cuts"] > 2
    assert events["answers-lost"] > 5
    assert hall.town.hub.kills > 0
    assert hall.ends["done"] > 10
