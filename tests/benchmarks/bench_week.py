"""Four simulated weeks at one centre, held to every check of `tests/end_to_end/test_week.py`."""

import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from structlog.testing import capture_logs

from tests.end_to_end import test_week as checks
from tests.week.books import Books
from tests.week.centre import WorldTime, central_at
from tests.week.town import Town

DAYS, CITIZENS_AN_HOUR, SEED = 28, 2, 26


def rows() -> list[dict[str, Any]]:
    """Return the rows of the benchmark table; a check that does not hold raises its AssertionError."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, capture_logs():
        folder, world = Path(name), WorldTime(checks.BEGINS)
        with central_at(world, folder / "central") as central:
            town = Town(world, central, folder, Random(SEED), citizens_an_hour=CITIZENS_AN_HOUR)
            try:
                town.play(DAYS)
                books = Books(town)
                for check in [each for each in vars(checks) if each.startswith("test_")]:
                    getattr(checks, check)(books)
            finally:
                town.end()
    figures = {
        "days of one centre, played and checked": DAYS,
        "numbers and orders that citizens were told": len(books.told),
        "items at central, each applied once": len(books.inbox),
        "power cuts in the middle of something": town.events["power-cuts"],
        "printer faults": town.events["printer-faults"],
        "answers of central lost": town.events["answers-lost"],
        "seconds": round(time.perf_counter() - began, 1),
    }
    return [
        {"row": f"week: {row}", "value": value, "unit": "", "compared_with": None, "ratio": None}
        for row, value in figures.items()
    ]
