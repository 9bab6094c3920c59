"""From a clerk's press to board, tile and public page: two hundred presses on the programs of one centre.

The public page is kept for ten seconds, so what is measured there is mostly that.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

from tests.end_to_end.town import SERVICE, Town, town_in
from tools.benchmarks.bench_hub import row_of

PRESSES: Final = 200
LOOK_S: Final = 0.05
GIVEN_UP_S: Final = 60
PROMISED_S: Final = {"board": 2, "tile": 5, "public page": 15}


def rows() -> list[dict[str, Any]]:
    """Measure until each place shows each press."""
    seconds: dict[str, list[float]] = {place: [] for place in PROMISED_S}
    with tempfile.TemporaryDirectory() as folder, town_in(Path(folder)) as town:
        for press in range(PRESSES):
            for place, took_s in _seen(town, is_stopped=press % 2 == 0).items():
                seconds[place].append(took_s)
    return [
        row_of(
            f"press to {place}, p99 of {PRESSES}",
            quantiles(of_place, n=100)[98],
            "s",
            f"promised {PROMISED_S[place]} s",
        )
        for place, of_place in seconds.items()
    ]


def _seen(town: Town, *, is_stopped: bool) -> dict[str, float]:
    """Press once, and return the seconds until each place showed it."""
    wish = {"state": "interrupted", "reason": "registry-line"} if is_stopped else {"state": "working"}
    looks: dict[str, Callable[[], bool]] = {
        "board": town.at_the_board,
        "tile": town.at_the_kiosk,
        "public page": lambda: town.service_outside() == "interrupted",
    }
    town.page.client.put(f"/v1/services/{SERVICE}", json=wish).raise_for_status()
    began = time.monotonic()
    seen: dict[str, float] = {}
    while len(seen) < len(looks):
        if time.monotonic() - began > GIVEN_UP_S:
            raise TimeoutError(f"not seen in {GIVEN_UP_S} s: {looks.keys() - seen.keys()}")
        for place in looks.keys() - seen.keys():
            if looks[place]() is is_stopped:
                seen[place] = time.monotonic() - began
        time.sleep(LOOK_S)
    return seen
