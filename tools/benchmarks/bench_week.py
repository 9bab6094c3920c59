"""Four simulated weeks at one centre, held to every check of `tests/end_to_end/test_week.py`."""

from typing import Any

from tools.week.long import play_and_check

DAYS, CITIZENS_AN_HOUR, SEED = 28, 2, 26


def rows() -> list[dict[str, Any]]:
    """Return the rows of the benchmark table; a check that does not hold raises its AssertionError."""
    figures = play_and_check(DAYS, CITIZENS_AN_HOUR, SEED)
    return [
        {"row": f"week: {row}", "value": value, "unit": "", "compared_with": None, "ratio": None}
        for row, value in figures.items()
    ]
