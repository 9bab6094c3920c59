"""A failing run becomes small: by a fault that is made up, and by one put in, among much that has no part in it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub.engine import choice
from tests.town.campaign import read, write
from tests.town.hours import DAY_S
from tests.town.ledger import Ledger
from tests.town.menu import Plan, drawn
from tests.town.play import play
from tests.town.shrink import Breaks, breaks, shrunk
from tests.town.story import MOST_LINES, told

#: A day of a town is seconds on a quiet core, and minutes on a busy one.
pytestmark = pytest.mark.timeout(600)

HERE = Path(__file__).parent
TRIES = 40


def _counting(is_broken: Callable[[Plan], bool], at_s: float = 1e9) -> tuple[Breaks, list[Plan]]:
    tried: list[Plan] = []

    def one(plan: Plan, _by_s: float | None) -> float | None:
        tried.append(plan)
        return at_s if is_broken(plan) else None

    return one, tried


def _busy_seed() -> Plan:
    """Return the first plan with two hubs, two kiosks, two counters and many strikes."""
    plans = map(drawn, range(1, 500))
    return next(
        one
        for one in plans
        if one.world["hubs"] > 1 and one.world["kiosks"] > 1 and len(one.world["counters"]) > 1 and len(one.acts) > 60
    )


def _needs(plan: Plan) -> list[dict[str, Any]]:
    strikes = [act for act in plan.acts if act["do"] != "arrive"]
    people = [act for act in plan.acts if act["do"] == "arrive"]
    return [strikes[len(strikes) // 2], people[7], people[-3]]


def test_what_has_no_part_in_it_goes() -> None:
    plan = _busy_seed()
    wanted = [(act["do"], act["at"]) for act in _needs(plan)]
    one, tried = _counting(lambda small: set(wanted) <= {(act["do"], act["at"]) for act in small.acts})
    small = shrunk(plan, one, 400)
    assert sorted((act["do"], act["at"]) for act in small.acts) == sorted(wanted)
    assert (small.world["kiosks"], len(small.world["counters"]), small.world["acts"]) == (1, 1, [])
    assert small.world["quality"] == {}
    assert len(tried) <= 400


def test_machines_that_have_a_part_in_it_stay() -> None:
    one, _ = _counting(lambda small: small.world["hubs"] == 2 and small.world["kiosks"] == 2)
    plan = _busy_seed()
    plan.world |= {"hubs": 2, "kiosks": 2}
    small = shrunk(plan, one)
    assert (small.world["hubs"], small.world["kiosks"], small.acts) == (2, 2, [])


def test_no_act_speaks_of_a_machine_that_is_gone() -> None:
    plan = _busy_seed()
    one, tried = _counting(lambda _: True)
    shrunk(plan, one)
    for small in tried:
        kiosks = {f"kiosk-{n + 1}" for n in range(small.world["kiosks"])}
        hubs = {f"hub-{n + 1}" for n in range(small.world["hubs"])}
        pcs = {f"pc-{n + 1}" for n in range(len(small.world["counters"]))}
        machines = kiosks | hubs | pcs | {"internet"}
        named = {act[key] for act in small.acts for key in ("on",) if key in act}
        named |= {name for act in small.acts for name in act.get("between", ())}
        assert named <= machines
        assert all(act.get("kiosk", 1) <= small.world["kiosks"] for act in small.acts)
        assert small.world["who-leads-first"] in hubs


def test_what_comes_after_it_is_left_out_first() -> None:
    plan = _busy_seed()
    one, tried = _counting(lambda _: True, at_s=plan.acts[5]["at"])
    shrunk(plan, one, 2)
    assert tried[1].acts == [act for act in plan.acts if act["at"] <= plan.acts[5]["at"]]


def test_it_ends_after_so_many_tries() -> None:
    chance = iter(range(10_000))
    one, tried = _counting(lambda _: next(chance) % 3 == 0)
    shrunk(_busy_seed(), one, 31)
    assert len(tried) == 31


def test_a_plan_that_breaks_nothing_is_refused() -> None:
    one, _ = _counting(lambda _: False)
    with pytest.raises(ValueError, match="nothing to make smaller"):
        shrunk(_busy_seed(), one)


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_a_fault_comes_back_small_from_among_much_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "_OPEN", "SELECT number FROM hub_counters")  # put in: a closed counter counts as open
    known = read(HERE / "plans" / "lunch.json")
    many = [{**act, "at": act["at"] + 3.5, "person": act["person"] + 500} for act in known.acts if "person" in act]
    strikes = [
        {"do": "kill", "at": 1905.0, "for": 5, "on": "kiosk-1"},
        {"do": "cut", "at": 1950.0, "for": 20, "between": ["pc-1", "internet"]},
        {"do": "kill", "at": 12000.0, "for": 5, "on": "hub-1"},
    ]
    acts = sorted([*known.acts, *many, *strikes], key=lambda act: (act["at"], act["do"]))
    padded = Plan(known.seed, known.world | {"acts": ["transfer-to-counter", "again", "give", "park"]}, acts)
    small = shrunk(padded, partial(breaks, 13), TRIES)
    assert {act["do"] for act in small.acts} == {"arrive", "close-for-lunch"}
    assert len(small.acts) <= len(known.acts)
    assert small.world["acts"] == ["transfer-to-counter"]
    kept = tmp_path / "small.json"
    write(kept, small)
    story = told(small, play(read(kept), until=13).ledger, 13)
    assert len(story) <= MOST_LINES
    assert story[-1].startswith("Promise 13 is broken to ")


def test_a_story_is_told_in_few_lines_whatever_a_plan_has() -> None:
    plan = _busy_seed()
    ledger = Ledger(lambda: "22. 08:00:00", lambda: 1800.0)
    ledger.accuse(13, "A1001", "it waits", "A1002 was called, who came later")
    story = told(plan, ledger, 13)
    assert len(story) == MOST_LINES
    assert "things more." in story[-2]
    assert story[-1] == "Promise 13 is broken to A1001: it waits; A1002 was called, who came later."


def test_a_story_names_who_comes_and_what_befalls_the_town() -> None:
    world = drawn(1).world | {
        "kiosks": 2, "hubs": 2, "who-leads-first": "hub-2", "counters": [["A"], ["B", "C"]],
        "batteries": {"hub-1": "right", "kiosk-2": "ahead"}, "internet": "none", "quality": {"loss": 0.1}, "acts": [],
    }  # fmt: skip
    acts = [
        {"do": "arrive", "at": 1860.0, "person": 0, "kiosk": 1, "service": "clearance", "priority": "none"},
        {"do": "arrive", "at": 1870.0, "person": 1, "kiosk": 2, "service": "water-bill", "priority": "none"},
        {"do": "power", "at": 1900.0, "for": 40, "on": "hub-2"},
        {"do": "cut", "at": DAY_S + 1860.0, "for": 20, "between": ["hub-1", "internet"]},
    ]
    ledger = Ledger(lambda: "22. 08:00:00", lambda: 1800.0)
    ledger.accuse(3, "A1001", "at kiosk-1 and again at kiosk-2", "two people hold it")
    assert told(Plan(1, world, acts), ledger, 3) == [
        "2 kiosks, 2 hubs (hub-2 leads); counter 1 calls A; counter 2 calls B, C.",
        "clocks kiosk-2: ahead; internet: none; quality: loss 0.1.",
        "08:01:00 to 08:01:10: 2 numbers taken (clearance at kiosk-1, water-bill at kiosk-2).",
        "08:01:40: power hub-2, for 40 s.",
        "08:01:00 on day 2: cut hub-1 and internet, for 20 s.",
        "Promise 3 is broken to A1001: at kiosk-1 and again at kiosk-2; two people hold it.",
    ]
