"""How fast the screens are: process start to the first touchable frame, and from a touch to the next screen drawn.

Each figure comes from a process of its own with a 1080 x 1920 window on software rendering, as the demo draws it.
"""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RUNS, TOUCHES = 5, 40
LIMITS = {"start": 2000.0, "feedback": 100.0, "next": 200.0}

_PROGRAM = """
import asyncio, json, pickle, sys, time
born = float(sys.argv[2])
from pathlib import Path
from screens.window.kivy_setup import prepare
from screens.look.theme import Theme
theme = Theme()
prepare(theme, Path(sys.argv[1]), False)
from screens.citizen.registry import CITIZEN
from screens.window.window import KivyUi
SAMPLES, STRIP = pickle.load(sys.stdin.buffer)
ui = KivyUi(theme, ("ar", "en"), CITIZEN)
ui.set_strip(STRIP)
async def main():
    ask = asyncio.ensure_future(ui.ask(SAMPLES["start"]))
    await ui.wait_for("start")
    start, feedback, following = time.time() - born, [], []
    for index in range(int(sys.argv[3])):
        tile = ui.stage.find("tile:civil-affairs" if index % 2 == 0 else "done")
        x, y = tile.center_x / theme.width_px, tile.center_y / theme.height_px
        began = time.perf_counter()
        touch = ui.touches.down(x, y)
        await ui.panel.next_flip()
        feedback.append(time.perf_counter() - began)
        await asyncio.sleep(0.04)
        began = time.perf_counter()
        ui.touches.up(touch)
        await ask
        name = "take-ticket" if index % 2 == 0 else "start"
        ask = asyncio.ensure_future(ui.ask(SAMPLES[name]))
        await asyncio.sleep(0)
        await ui.wait_for(SAMPLES[name].name)
        following.append(time.perf_counter() - began)
    ask.cancel()
    return [start, sorted(feedback), sorted(following), ui.stalls]
print(json.dumps(ui.run(main())))
"""


def _measure(touches: int) -> Any:
    """Run one window; return seconds to the first frame, of each feedback, of each next screen, and its stalls."""
    from tests.screens.samples import SAMPLES, STRIP  # plays visits: here, so that no start is measured with it

    shown = pickle.dumps(({name: SAMPLES[name] for name in ("start", "take-ticket")}, STRIP))
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, home, str(time.time()), str(touches)],
            env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
            cwd=Path(__file__).parents[2],
            input=shown,
            capture_output=True,
            timeout=120,
            check=True,
        )
    return json.loads(done.stdout.strip().splitlines()[-1])


def rows() -> list[dict[str, Any]]:
    """Return the rows of the benchmark table; ratios are against the limits promised."""
    starts = sorted(_measure(0)[0] for _ in range(RUNS))
    _start, feedback, following, stalls = _measure(TOUCHES)
    figures = {
        "start": ("screens: process start to first touchable frame, median", starts[len(starts) // 2] * 1000),
        "feedback": ("screens: touch to pressed state drawn, p99", feedback[-1] * 1000),
        "next": ("screens: release to next screen drawn, p99", following[-1] * 1000),
    }
    table = [
        {
            "row": row,
            "value": round(value, 1),
            "unit": "ms",
            "compared_with": f"limit {LIMITS[name]:.0f} ms",
            "ratio": round(value / LIMITS[name], 3),
        }
        for name, (row, value) in figures.items()
    ]
    stall_row = {
        "row": "screens: stalls over 250 ms in that run",
        "value": stalls,
        "unit": "",
        "compared_with": "limit 0",
    }
    return [*table, {**stall_row, "ratio": None}]
