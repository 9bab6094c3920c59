"""How many days of a simulated town one core plays in a minute: two kiosks, two hubs, three counters, forty people.

Once of the hall alone, and once with what comes into it from outside: orders, appointments and bills.
"""

import itertools
import time
from collections.abc import Iterator
from typing import Any, Final

from tests.town.memory import collected_at_night
from tests.town.menu import Plan, drawn
from tests.town.outside_menu import outside_acts
from tests.town.play import play

DAYS: Final = 4
WANTED: Final = 15.0
_SHAPE: Final = {"hubs": 2, "kiosks": 2, "citizens": 40, "rush": 160.0}


def rows() -> list[dict[str, Any]]:
    """Return the rows: by the time of this process, so that what else the machine does counts less."""
    plans = list(itertools.islice(_days(), DAYS))
    halls = [_of_the_hall(plan) for plan in plans]
    with collected_at_night():
        play(plans[0])  # what is imported and compiled once in a campaign
        whole, hall = _a_minute(plans), _a_minute(halls)
    wanted = {"compared_with": f"the {WANTED:.0f} wanted", "ratio": hall / WANTED}
    return [
        {"row": "town: days of a hall a minute of one core", "value": hall, "unit": "days", **wanted},
        {"row": "town: days with orders, appointments and bills", "value": whole, "unit": "days"},
    ]


def _a_minute(plans: list[Plan]) -> float:
    began = time.process_time()
    for plan in plans:
        play(plan)
    return round(len(plans) * 60 / (time.process_time() - began), 1)


def _days() -> Iterator[Plan]:
    """Return the days of this shape, as they are drawn from one seed after the other."""
    for seed in itertools.count(1):
        plan = drawn(seed, days=1)
        has_shape = all(plan.world[part] == size for part, size in _SHAPE.items())
        if has_shape and len(plan.world["counters"]) == 3:
            yield plan


def _of_the_hall(plan: Plan) -> Plan:
    outside = outside_acts(plan.seed, plan.world)
    world = {key: value for key, value in plan.world.items() if key != "outside"}
    return Plan(plan.seed, world, [act for act in plan.acts if act not in outside])
