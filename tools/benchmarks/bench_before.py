"""How true "before you" is: halls of shared letters, priority and breaks, told, then called empty by the real rule."""

import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.hub.hall import Hall, open_hall

HALLS = 12
PEOPLE = 50
MEAN_S = 300.0
SPREAD = 0.6
"""Of a service's length: the sigma of its logarithm."""
ALIKE = {number: ["A", "B", "C"] for number in (1, 2, 3)}
ONE = {1: ["A", "B", "C"]}
MIXED = {1: ["A", "B"], 2: ["A", "B", "C"], 3: ["B", "C"], 4: ["C", "D"]}


def rows() -> list[dict[str, Any]]:
    """Measure how far what people were told lies from the calls that came."""
    found = []
    for name, counters, spread in (
        ("one counter, each service as long as the mean", ONE, 0.0),
        ("three counters of the same groups, each service as long as the mean", ALIKE, 0.0),
        ("counters of other groups, services of random length", MIXED, SPREAD),
    ):
        errors: list[tuple[int, int]] = []
        for seed in range(HALLS):
            with tempfile.TemporaryDirectory() as folder:
                errors.extend(_hall(Path(folder) / "hub", counters, spread, random.Random(seed)))
        close = sum(abs(told - came) <= max(2, came / 10) for told, came in errors) / len(errors)
        exact = sum(told == came for told, came in errors) / len(errors)
        mean = statistics.fmean(abs(told - came) for told, came in errors)
        found += [
            _row(f"before you, {name}: exactly right", exact, "share"),
            _row(f"before you, {name}: within two or a tenth", close, "share"),
            _row(f"before you, {name}: mean error", mean, "people"),
        ]
    return found


def _row(row: str, value: float, unit: str) -> dict[str, Any]:
    return {"row": row, "value": value, "unit": unit, "compared_with": None, "ratio": None}


def _hall(
    folder: Path, counters: Mapping[int, Sequence[str]], spread: float, chance: random.Random
) -> list[tuple[int, int]]:
    """Fill a hall, tell each how many come before, call until nobody waits; return told and true of each."""
    hall = open_hall(folder)
    hall.set_up({number: list(groups) for number, groups in counters.items()})
    hall.works()
    for counter in counters:
        hall.press(counter, "open")
    letters = sorted({letter for groups in counters.values() for letter in groups})
    tickets = []
    for _ in range(PEOPLE):
        hall.passes(chance.choice([1, 20, 60]))
        priority = chance.choices(["none", "elderly"], [8, 2])[0]
        tickets.append(chance.choice(hall.kiosks).give(chance.choice(letters), priority=priority))
    told = {one.number: hall.before(one.id) or 0 for one in tickets}
    called = _called(hall, list(counters), spread, chance)
    assert len(called) == len(tickets)
    hall.hub.store.close()
    return [(told[number], came) for came, number in enumerate(called)]


def _called(hall: Hall, counters: Sequence[int], spread: float, chance: random.Random) -> list[str]:
    """Have each counter call as soon as it is free; nobody else comes."""
    free_at = dict.fromkeys(counters, 0.0)
    now = 0.0
    called: list[str] = []
    while free_at:
        counter = min(free_at, key=lambda one: (free_at[one], one))
        hall.passes(free_at[counter] - now)
        now = free_at[counter]
        number = hall.called(counter)
        if number is None:
            del free_at[counter]
            continue
        called.append(number)
        hall.press(counter, "came")
        free_at[counter] = now + MEAN_S * (chance.lognormvariate(-(spread**2) / 2, spread) if spread else 1.0)
    return called
