"""A long simulated time at one centre, held to every check of a week's test."""

import tempfile
import time
from pathlib import Path
from random import Random

from structlog.testing import capture_logs

from tests.end_to_end import test_week as checks
from tools.week.books import Books
from tools.week.centre import BEGINS, WorldTime, central_at
from tools.week.hall import HallBooks
from tools.week.town import Town


def play_and_check(days: int, citizens_an_hour: int, seed: int) -> dict[str, float]:
    """Play so many days; return what they had in them. Raises AssertionError where a check does not hold."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, capture_logs():
        folder, world = Path(name), WorldTime(BEGINS)
        with central_at(world, folder / "central") as central:
            town = Town(world, central, folder, Random(seed), citizens_an_hour=citizens_an_hour)
            try:
                town.play(days)
                books = Books(town)
                for check in [each for each in vars(checks) if each.startswith("test_")]:
                    getattr(checks, check)(books)
                hall = HallBooks(town)
            finally:
                town.end()
    counters = town.counters.events
    figures: dict[str, float] = {
        "days of one centre, played and checked": days,
        "numbers and orders that citizens were told": len(books.told),
        "items at central, each applied once": len(books.inbox),
        "power cuts in the middle of something": town.events["power-cuts"] + counters["power-cuts"],
        "kills of the hub": town.hub.kills,
        "printer faults": town.events["printer-faults"],
        "answers of central or hub lost": town.events["answers-lost"]
        + town.events["answers-to-the-hub-lost"]
        + counters["answers-lost"],
        "presses at counters, each answered once": len(hall.pressed),
        "calls, each on the board": len(hall.heard),
        "numbers given: issued": len(hall.visits),
    }
    figures |= {f"numbers given: {end}": count for end, count in sorted(hall.ends.items(), key=str)}
    return figures | {"seconds": round(time.perf_counter() - began, 1)}
