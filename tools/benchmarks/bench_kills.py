"""Every process of a kiosk killed at random while citizens touch: at the end central has what stood on the panel."""

import tempfile
from pathlib import Path
from typing import Any

from tools.soak.kills import soak

SECONDS, SEED = 60.0, 41


def rows() -> list[dict[str, Any]]:
    """Return the rows of the benchmark table. Raises AssertionError when the books do not agree."""
    with tempfile.TemporaryDirectory() as folder:
        reckoning = soak(Path(folder), SEED, SECONDS)
    assert not reckoning.faults, reckoning.faults
    figures = {
        "window, forwarder, central and devices killed": sum(reckoning.kills.values()),
        "numbers that stood on the panel": reckoning.numbers_seen,
        "orders that stood there": reckoning.orders_seen,
        "of both, not at central or there twice": len(reckoning.faults),
        "numbers at central that a killed window never drew": reckoning.unseen_tickets,
    }
    limits = {"of both, not at central or there twice": "limit 0"}
    return [
        {"row": f"kills: {row}", "value": value, "unit": "", "compared_with": limits.get(row), "ratio": None}
        for row, value in figures.items()
    ]
