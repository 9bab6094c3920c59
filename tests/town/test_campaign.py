"""What `make town` prints and how it ends: a line a run, what was never reached, and a status that says so."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.town import __main__, campaign
from tests.town.campaign import FLOORS_FROM_DAYS, SOMETIMES, never_reached, plans, read, write
from tests.town.ledger import Ledger
from tests.town.menu import Plan, drawn
from tests.town.play import Played

WORLD: dict[str, Any] = {"days": 1, "hubs": 1}


def _played(plan: Plan, *, broken: int = 0) -> Played:
    ledger = Ledger(lambda: "22. 08:00:00", lambda: 1800.0)
    ledger.reached.update({"done": 3, "at-rest": 1})
    ledger.faults.update({"kill": 2})
    ledger.note("kiosk-1: gives A1001")
    for number in range(broken):
        ledger.accuse(13, f"A100{number}", "it waits", "it came first")
    return Played(plan, ledger)


def _runs(count: int, days: int = 1) -> list[Plan]:
    return [Plan(seed, WORLD | {"days": days}, []) for seed in range(1, count + 1)]


def _said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_run_is_a_line_and_the_end_says_what_was_never_reached(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "play", lambda plan: _played(plan, broken=plan.seed - 1))
    assert campaign.run(iter(_runs(2))) == 1
    first, second, end = _said(capsys)
    assert first == {
        "seed": 1,
        "options": WORLD,
        "days": 1,
        "events": 1,
        "faults": {"kill": 2},
        "reached": {"at-rest": 1, "done": 3},
        "broken": [],
    }
    assert second["broken"] == [
        {
            "promise": 13,
            "who": "A1000",
            "said": "it waits",
            "was": "it came first",
            "events": ["22. 08:00:00 kiosk-1: gives A1001"],
        }
    ]
    assert (end["days"], end["broken"]) == (2, 1)
    assert end["never_reached"] == [state for state in SOMETIMES if state not in ("at-rest", "done")]


def test_a_short_campaign_without_a_broken_promise_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign, "play", _played)
    assert campaign.run(iter(_runs(3))) == 0


def test_a_long_campaign_that_is_below_a_floor_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "play", _played)
    assert campaign.run(iter(_runs(10, FLOORS_FROM_DAYS // 10))) == 1
    assert "promoted" in _said(capsys)[-1]["never_reached"]


@pytest.mark.parametrize("days", [FLOORS_FROM_DAYS, 3 * FLOORS_FROM_DAYS])
def test_a_floor_counts_by_a_thousand_days(days: int) -> None:
    reached = Counter({state: floor * days // 1000 for state, floor in SOMETIMES.items()})
    assert never_reached(reached, days) == []
    state = next(iter(SOMETIMES))
    reached[state] -= 1
    assert never_reached(reached, days) == [state]
    assert never_reached(reached, FLOORS_FROM_DAYS - 1) == []


def test_each_fiftieth_run_is_made_again_and_must_be_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "play", _played)
    asked: list[int] = []

    def again(plan: Plan) -> str:
        asked.append(plan.seed)
        return _played(plan).digest if plan.seed < 100 else "another"

    assert campaign.run(iter(_runs(99)), again) == 0
    assert asked == [50]
    assert campaign.run(iter(_runs(100)), again) == 1
    assert asked == [50, 50, 100]
    assert "seed 100 is another town in another process" in capsys.readouterr().err


def test_a_seed_is_the_runs_from_it_on_for_so_many_days() -> None:
    chosen = list(plans(7, 6))
    assert sum(plan.world["days"] for plan in chosen) >= 6
    assert sum(plan.world["days"] for plan in chosen[:-1]) < 6
    assert [plan.seed for plan in chosen] == list(range(7, 7 + len(chosen)))


def test_a_kept_plan_is_what_it_was(tmp_path: Path) -> None:
    plan = drawn(3)
    write(tmp_path / "plan.json", plan)
    assert read(tmp_path / "plan.json") == plan


def test_the_command_plays_a_kept_plan(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(tmp_path / "plan.json", drawn(3))
    monkeypatch.setattr(campaign, "play", _played)
    monkeypatch.setattr(sys, "argv", ["town", "--plan", str(tmp_path / "plan.json")])
    assert __main__.main() == 0
    assert _said(capsys)[0]["seed"] == 3


def test_a_fault_that_is_not_there_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["town", "--with", "nonsense"])
    assert __main__.main() == 2
    assert "there is no fault nonsense: expected one of asks-for-ever" in capsys.readouterr().err
