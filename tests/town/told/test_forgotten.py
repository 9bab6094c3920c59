"""A press that never got its answer: of whom it named nobody knows what became."""

from types import SimpleNamespace
from typing import Any

from tests.town.clerk_told import Told
from tests.town.ledger import Ledger, Paper


def test_whom_a_press_without_an_answer_named_by_his_number_is_not_judged() -> None:
    ledger = Ledger(clock=lambda: "08:07", now=lambda: 0.0)
    papers = [
        Paper(number, 0, "kiosk-1", number, "clearance", "B", "none", 0.0, "2026-11-22", state="away")
        for number in ("B1005", "B1006")
    ]
    for one in papers:
        ledger.papers[one.id] = ledger.by_number[0, one.number] = one
    town: Any = SimpleNamespace(ledger=ledger, day=0, loop=SimpleNamespace(time=lambda: 0.0))
    clerk: Any = SimpleNamespace(number=1)
    told = Told(town, clerk)
    told.presses("B1005")
    told.forgotten({"press": "resume", "number": "B1005"})
    assert [one.is_known for one in papers] == [False, True]
