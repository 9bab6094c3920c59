"""A whole season, from the first code to the books; `make fleet` and its proof both call it."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tools.fleet.books import Books
from tools.fleet.central import fleet_central
from tools.fleet.crew import Crew
from tools.fleet.page import write_page
from tools.fleet.plan import Size, draw
from tools.fleet.season import Season
from tools.fleet.world import BEGINS, WorldTime

PROCESSES = 2
LOOKS_EVERY_S = 2.0


@dataclass
class Memory:
    """The greatest memory that this process and all that it started have had together, PostgreSQL too."""

    peak_bytes: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look now and then, until `end`; what processes share counts once."""
        own = psutil.Process()
        while not self._over.wait(LOOKS_EVERY_S):
            held = 0
            for process in (own, *own.children(recursive=True)):
                with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    held += process.memory_full_info().pss
            self.peak_bytes = max(self.peak_bytes, held)

    def end(self) -> None:
        """Look no more."""
        self._over.set()


@dataclass(frozen=True)
class Played:
    """A season that is over, while its central is still there to be asked."""

    season: Season
    books: Books
    figures: dict[str, Any]
    faults: list[str]

    def write_page(self, path: Path) -> None:
        """Write the operator's page."""
        season = self.season
        write_page(path, season.operator.book, season.operator.lost, season.happened, self.figures)


@contextmanager
def played(size: Size, seed: int, says: Callable[[str], object] = str) -> Iterator[Played]:
    """Play a season. Raises AssertionError where something in it could not go on; books that differ are `faults`.

    `says` hears of each day that begins.
    """
    began, world, memory = time.perf_counter(), WorldTime(BEGINS), Memory()
    watcher = threading.Thread(target=memory.watch, name="memory", daemon=True)
    watcher.start()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="fleet-") as name,
            fleet_central(world, Path(name)) as central,
            Crew(world, Path(name) / "centres", PROCESSES) as crew,
        ):
            season = Season(world, central, crew, Path(name), size, draw(size, seed), seed, says)
            season.set_up()
            season.play()
            books = season.close()
            faults = season.operator.faults + books.faults()
            minutes, peak_gb = (time.perf_counter() - began) / 60, memory.peak_bytes / 1e9
            figures = {"seed": seed, "days": size.days, "hubs": size.centres, "kiosks": size.centres * size.kiosks}
            figures |= books.figures() | {"minutes": round(minutes, 1), "peak memory, GB": round(peak_gb, 2)}
            yield Played(season, books, figures, faults)
            crew.all("end")
    finally:
        memory.end()
        watcher.join()
