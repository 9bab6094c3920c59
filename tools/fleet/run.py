"""A whole season, from the first code to the books; `make fleet` and its proof both call it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kit import new_tables
from tools.fleet.books import Books
from tools.fleet.central import fleet_central
from tools.fleet.page import write_page
from tools.fleet.plan import Size, draw
from tools.fleet.season import Season
from tools.fleet.world import BEGINS, WorldTime


@dataclass(frozen=True)
class Played:
    """A season that is over, while its central is still there to be asked."""

    season: Season
    books: Books
    figures: dict[str, Any]
    faults: list[str]

    def write_page(self, path: Path) -> None:
        """Write the operator's page."""
        operator = self.season.operator
        write_page(path, operator.book, operator.lost, self.season.happened, self.figures)


@contextmanager
def played(size: Size, seed: int, says: Callable[[str], object] = str) -> Iterator[Played]:
    """Play a season. Raises AssertionError where something in it could not go on; books that differ are `faults`.

    `says` hears of each day that begins.
    """
    began, world = time.perf_counter(), WorldTime(BEGINS)
    with (
        tempfile.TemporaryDirectory(prefix="fleet-") as name,
        new_tables.copied_stores(),
        fleet_central(world, Path(name)) as central,
    ):
        season = Season(world, central, Path(name), size, draw(size, seed), says)
        season.set_up(seed)
        try:
            season.play()
            books = season.close()
            faults = season.operator.faults + books.faults()
            figures = {"seed": seed, "days": size.days, "kiosks": size.centres * size.kiosks} | books.figures()
            figures |= {"minutes": round((time.perf_counter() - began) / 60, 1)}
            yield Played(season, books, figures, faults)
        finally:
            season.end()
