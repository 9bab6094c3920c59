"""The town of a check: fixed seeds, and plans that showed a fault, which must show it still until it is mended."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.town.campaign import plans, read
from tests.town.memory import collected_at_night
from tests.town.play import Played, play

#: A day of a town is seconds on a quiet core, and minutes on a busy one.
pytestmark = pytest.mark.timeout(600)

HERE: Final = Path(__file__).parent
KNOWN: Final[dict[str, dict[str, Any]]] = tomllib.loads((HERE / "known.toml").read_text(encoding="utf-8"))
QUIET_SEEDS: Final = (5,)
ORDINARY: Final = HERE / "ordinary-day.json"
OUTSIDE: Final = HERE / "outside-day.json"


class Fault(NamedTuple):
    """A fault that is known: which promise it breaks, and all that its plan shows until then."""

    name: str
    promise: int
    plan: Path
    shows: frozenset[str]


FAULTS: Final = [
    Fault(name, said["promise"], HERE / "plans" / said["plan"], frozenset(said.get("shows", ())))
    for name, said in KNOWN.items()
]
MENDED: Final = sorted(set((HERE / "plans").glob("*.json")) - {one.plan for one in FAULTS})


def shown(played: Played) -> frozenset[str]:
    """Return what a run broke, in words that name no number, counter or hour."""
    return frozenset(
        f"{one.promise}: " + re.sub(r"[A-Z]?\d+", "#", f"{one.said}; {one.was}") for one in played.ledger.broken
    )


@pytest.fixture(autouse=True, scope="module")
def _looked_through_once() -> Iterator[None]:
    with collected_at_night():
        yield


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.name)
def test_a_known_fault_shows_until_it_is_mended(fault: Fault) -> None:
    """One that shows no more is taken out of the list, and its plan stays: it must break nothing from then on.

    What else a plan shows is named too: nothing comes to it, and nothing goes, unseen.
    """
    assert shown(play(read(fault.plan), until=fault.promise)) == fault.shows
    assert any(one.startswith(f"{fault.promise}: ") for one in fault.shows)


@pytest.mark.parametrize("plan", MENDED, ids=lambda one: one.stem)
def test_the_plan_of_a_fault_that_was_mended_breaks_nothing(plan: Path) -> None:
    assert shown(play(read(plan))) == frozenset()


@pytest.mark.parametrize("seed", QUIET_SEEDS)
def test_no_promise_breaks_in_fixed_seeds(seed: int) -> None:
    for plan in plans(seed, 1):
        assert play(plan).ledger.as_json() == []


def test_nothing_breaks_on_an_ordinary_day() -> None:
    """The day by which each fault of `faults/` is found has none of its own: two kiosks, two hubs, a leader killed."""
    played = play(read(ORDINARY))
    assert played.ledger.as_json() == []
    assert played.ledger.reached["at-rest"] == 1
    assert played.ledger.reached["came"] > 20


def test_nothing_breaks_on_two_days_with_a_standstill_and_an_early_close() -> None:
    """The days by which faults of promises 14 to 16 are found: who was sent home comes again, and has his place."""
    played = play(read(HERE / "two-days.json"))
    assert played.ledger.as_json() == []
    reached = ("service-stopped", "refused-interrupted", "paper-of-yesterday")
    assert all(played.ledger.reached[state] for state in reached)


def test_nothing_breaks_on_a_day_of_orders_appointments_and_bills() -> None:
    """The day by which the faults of what comes from outside are found: central is killed while a bill is paid."""
    played = play(read(OUTSIDE))
    assert played.ledger.as_json() == []
    reached = ("orders-compared", "claims-compared", "money-compared", "claim-at-two-kiosks", "paid-receipt")
    assert all(played.ledger.reached[state] for state in reached)


def test_nothing_breaks_on_a_day_of_operators() -> None:
    """Central is put back to a copy, a kiosk is enrolled again and a hub is another machine, and printers fail."""
    played = play(read(HERE / "operators-day.json"))
    assert played.ledger.as_json() == []
    reached = ("central-restored", "kiosk-replaced", "hub-replaced", "enrolled-once-more", "paper-found-again")
    assert all(played.ledger.reached[state] for state in (*reached, "refund-made", "books-compared", "money-compared"))
