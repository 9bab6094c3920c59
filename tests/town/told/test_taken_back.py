"""A number that its owner takes back while it is at a counter waits nowhere once its clerk lets it go."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.town.clerk_told import Told
from tests.town.ledger import Ledger, Paper, State


def _let_go(press: dict[str, Any], *, is_taken_back: bool, absences: int = 0) -> State:
    """Return the state of a number that counter 2 has called, and lets go by a press."""
    ledger = Ledger(clock=lambda: "08:02", now=lambda: 0.0)
    paper = Paper(
        "B2001", 0, "kiosk-2", "ticket", "clearance", "B", "none", 0.0, "2026-11-22",
        state="called", counter=2, absences=absences,
    )  # fmt: skip
    ledger.papers[paper.id] = paper
    if is_taken_back:
        paper.take_back()
    assert paper.state == "called"  # as long as it is at the counter

    def later(what: Any) -> None:
        what.close()

    async def comes_back(*_: Any) -> None:
        """Come back at once."""

    town = SimpleNamespace(
        ledger=ledger, day=0, loop=SimpleNamespace(time=lambda: 0.0), later=later, comes_back=comes_back
    )
    clerk: Any = SimpleNamespace(number=2, away=[], dice=lambda *_: 0.0, is_open=True)
    told: Any = {"counter": {"state": "open", "ticket": None}}
    Told(town, clerk).answered(press | {"ticket": paper.id}, 200, told)  # type: ignore[arg-type]
    assert paper.counter is None
    return paper.state


LET_GO: list[tuple[dict[str, Any], State]] = [
    ({"press": "transfer", "to": "A"}, "waits"),
    ({"press": "park"}, "away"),
    ({"press": "not-here"}, "waits"),
    ({"press": "undo"}, "waits"),
]


@pytest.mark.parametrize(("press", "then"), LET_GO, ids=lambda one: one["press"] if isinstance(one, dict) else one)
def test_a_number_that_was_taken_back_at_its_counter_ends_when_it_is_let_go(press: dict[str, Any], then: State) -> None:
    assert _let_go(press, is_taken_back=True) == "void"
    assert _let_go(press, is_taken_back=False) == then


def test_a_number_taken_back_is_not_away_after_a_second_absence() -> None:
    press = {"press": "not-here"}
    assert _let_go(press, is_taken_back=True, absences=1) == "void"
    assert _let_go(press, is_taken_back=False, absences=1) == "away"
