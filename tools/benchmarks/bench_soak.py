"""The soak: visits by real touches on the real window while devices fail, for a bounded time.

5,000 visits or `SECONDS`, whichever ends first; the first row says how many it were.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.soak.held import left_behind

VISITS, SECONDS = 5000, 200
RSS_LIMIT_MB, IDLE_LIMIT_PERCENT = 20.0, 3.0


def measure(visits: int, seconds: float, size: str = "1080x1920") -> dict[str, Any]:
    """Run one soak in a process of its own and return what it measured, see `tools.soak.__main__.Measured`."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.soak", "--visits", str(visits), "--seconds", str(seconds), "--size", size],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=seconds + 300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the soak failed: {done.stderr[-2000:]}")
    measured: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def rows() -> list[dict[str, Any]]:
    """Return the rows of the benchmark table; ratios are against the limits promised."""
    measured = measure(VISITS, SECONDS)
    first, last = measured["at_rest"][0], measured["at_rest"][-1]
    left = left_behind(first["held"], last["held"])
    stalls = measured["stalls_at"]
    starved = [stall for stall in stalls if stall["ran_s"] < stall["seconds"] / 2]
    figures: list[tuple[str, float, str, str, float | None]] = [
        ("soak: visits by real touches", measured["visits"], "visits", f"wanted {VISITS}", measured["visits"] / VISITS),
        ("soak: device faults among them", sum(measured["faults"].values()), "", "", None),
        (
            "soak: growth of RSS after the warm-up",
            measured["rss_growth_mb"],
            "MB",
            f"limit {RSS_LIMIT_MB:.0f} MB",
            measured["rss_growth_mb"] / RSS_LIMIT_MB,
        ),
        ("soak: kinds of threads left behind", sum("thread" in kind for kind in left), "", "limit 0", None),
        ("soak: kinds of descriptors left behind", sum("thread" not in kind for kind in left), "", "limit 0", None),
        ("soak: stalls over 250 ms", measured["stalls"], "", "limit 0", None),
        ("soak: of which the thread waited for a processor", len(starved), "", "0 on a machine of its own", None),
        (
            "soak: processor at rest",
            measured["idle_percent"],
            "% of a core",
            f"limit {IDLE_LIMIT_PERCENT:.0f} %",
            measured["idle_percent"] / IDLE_LIMIT_PERCENT,
        ),
    ]
    return [
        {
            "row": row,
            "value": round(value, 2),
            "unit": unit,
            "compared_with": compared or None,
            "ratio": None if ratio is None else round(ratio, 3),
        }
        for row, value, unit, compared, ratio in figures
    ]
