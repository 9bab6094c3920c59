"""A run: the town is built by its plan, days pass, and what people were told is judged."""

import asyncio
import hashlib
import logging
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from tests.town import building, days
from tests.town.chance import one_world
from tests.town.ledger import Ledger
from tests.town.loop import TownLoop
from tests.town.memory import collected_at_night
from tests.town.menu import Plan
from tests.town.net import HERE, in_place_of_sockets
from tests.town.pace import PACE
from tests.town.town import FIRST_DAY, ZONE, Town


class Played:
    """What became of a run."""

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        self.plan, self.ledger = plan, ledger

    @property
    def digest(self) -> str:
        """Return what tells two runs apart."""
        return hashlib.sha256("\n".join(self.ledger.trace).encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        """Return the line that is printed."""
        ledger = self.ledger
        return {
            "seed": self.plan.seed,
            "options": self.plan.options,
            "days": self.plan.world["days"],
            "events": ledger.events,
            "faults": dict(sorted(ledger.faults.items())),
            "reached": dict(sorted(ledger.reached.items())),
            "broken": ledger.as_json(),
        }


def play(plan: Plan, until: int | None = None, by_s: float | None = None) -> Played:
    """Play a run in this process: to its last moment, until this promise is broken, or to a second of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    begins = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE) + timedelta(hours=7, minutes=30)
    loop, shared = TownLoop(begins), Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="town-", dir=shared if shared.is_dir() else None))
    try:
        with one_world(loop, str(plan.seed)), collected_at_night():
            town = Town(plan, loop, folder)
            loop.set_exception_handler(lambda _, about: _part_failed(town, about))

            async def whole() -> None:
                HERE.set("office")
                PACE.begin(str(plan.seed), is_even="out-of-step" not in town.rare)
                await building.build(town)
                passing, found = asyncio.ensure_future(days.pass_all(town)), asyncio.Event()
                town.ledger.on_broken = lambda promise: found.set() if promise == until else None
                ends = asyncio.ensure_future(found.wait())
                lasts_s = None if by_s is None else max(0.0, by_s - loop.time())
                await asyncio.wait([passing, ends], timeout=lasts_s, return_when=asyncio.FIRST_COMPLETED)
                if passing.done():
                    passing.result()
                for task in (passing, ends):
                    task.cancel()
                await asyncio.gather(passing, ends, return_exceptions=True)
                await town.end()

            with in_place_of_sockets(town.net):
                loop.run_until_complete(whole())
            town.ledger.faults.update(town.net.faults)
            return Played(plan, town.ledger)
    finally:
        loop.close()
        structlog.reset_defaults()
        shutil.rmtree(folder, ignore_errors=True)


def _part_failed(town: Town, about: dict[str, Any]) -> None:
    """Write down that a program fell over: no promise speaks of it, and nobody may miss it."""
    error = about.get("exception")
    town.broken_parts += 1
    text = f"{about.get('message')}: {type(error).__name__ if error else ''} {str(error)[:200]}"
    town.ledger.note(text)
    town.ledger.accuse(9, str(about.get("message"))[:60], text, "it runs on as long as its machine does")
