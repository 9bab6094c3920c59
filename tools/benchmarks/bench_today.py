"""What people are told of today, held against what came: two hundred days of a centre in three loads.

Each centre publishes its hours and calls nobody after closing; its first days are its past, and are not counted.
"""

import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import json
from sqlalchemy import insert

from offline_store.disk import tables as store_tables
from tests.hub.simulated_centre import SimulatedCentre, Size
from tools.benchmarks.bench_hub import row_of

DAYS, PAST = 67, 20
LOADS = {
    "light": Size(300, 6, stops_at_closing=True),
    "full": Size(360, 6, stops_at_closing=True),
    "overloaded": Size(460, 6, stops_at_closing=True),
}
_TOLD = (
    "SELECT told_today, called_work IS NOT NULL AS was_called, count(*) AS people FROM hub_tickets "
    "WHERE is_voided = 0 AND priority = 'none' AND day > ? GROUP BY 1, 2"
)


class Told(NamedTuple):
    """People by what they were told and whether they were called."""

    people: int
    sure: int
    sure_called: int
    uncalled: int
    uncalled_warned: int
    doubtful: int


def rows() -> list[dict[str, Any]]:
    """Measure each load, side by side: the clock is the simulation's own."""
    found = []
    with ProcessPoolExecutor(len(LOADS), multiprocessing.get_context("spawn")) as processes:
        measurements = list(processes.map(_measured, LOADS.values()))
    for name, told in zip(LOADS, measurements, strict=True):
        home = f"{told.uncalled / told.people:.1%} go home uncalled"
        if told.sure:
            text = f"told that it comes today, and called: {name}"
            found.append(row_of(text, told.sure_called / told.sure, "share", f"{told.sure} people; {home}"))
        if told.uncalled:
            text = f"gone home uncalled, and told so on arrival: {name}"
            compared = f"{told.uncalled} people; {told.doubtful} were told so"
            found.append(row_of(text, told.uncalled_warned / told.uncalled, "share", compared))
    return found


def _measured(size: Size) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        return measured(Path(folder), size, DAYS + PAST)


def measured(folder: Path, size: Size, days: int, past: int = PAST, seed: int = 7) -> Told:
    """Play so many days of a centre, and count those after the first ones."""
    centre = SimulatedCentre(folder, size, seed)
    with centre.hall.hub.store.write() as connection:
        for name, at in (("opens", "08:00"), ("closes", "14:00")):
            row = {"key": f"kiosk.{name}", "value": json.encode(at).decode(), "heard": 1}
            connection.execute(insert(store_tables.settings).values(row))
    centre.run(days)
    with centre.hall.hub.read() as look:
        told = look.connection.exec_driver_sql(_TOLD, (past,)).all()
    centre.hall.hub.store.close()

    def count(*words: str | None, called: bool | None = None) -> int:
        return sum(row.people for row in told if row.told_today in words and called in (None, bool(row.was_called)))

    anything = ("yes", "doubtful", None)
    return Told(
        people=count(*anything),
        sure=count("yes"),
        sure_called=count("yes", called=True),
        uncalled=count(*anything, called=False),
        uncalled_warned=count("doubtful", called=False),
        doubtful=count("doubtful"),
    )
