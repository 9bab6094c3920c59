"""Making a failing run smaller: without a kind of thing, a person, an act, as long as the same promise breaks."""

import copy
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.town.campaign import write
from tests.town.menu import Plan
from tests.town.play import play

MOST_TRIES = 120


def shrunk(plan: Plan, fails: Callable[[Plan], bool], most: int = MOST_TRIES) -> Plan:
    """Return the smallest plan found that still fails, within so many tries."""
    left = most

    def still(smaller: Plan) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(smaller)

    for way in (_fewer_days, _calm_net, _good_clocks, _fewer_habits, _without_kinds):
        for smaller in way(plan):
            if still(smaller):
                plan = smaller
                if way is not _without_kinds:
                    break
    return _fewer_acts(plan, still)


def _changed(plan: Plan, **world: Any) -> Plan:
    return Plan(plan.seed, copy.deepcopy(plan.world) | world, copy.deepcopy(plan.acts))


def _fewer_days(plan: Plan) -> Iterator[Plan]:
    if plan.world["days"] > 1:
        yield _changed(plan, days=1)


def _calm_net(plan: Plan) -> Iterator[Plan]:
    if plan.world["quality"]:
        yield _changed(plan, quality={})


def _good_clocks(plan: Plan) -> Iterator[Plan]:
    right = dict.fromkeys(plan.world["batteries"], "right")
    if right != plan.world["batteries"]:
        yield _changed(plan, batteries=right)


def _fewer_habits(plan: Plan) -> Iterator[Plan]:
    yield _changed(plan, acts=[])
    half = plan.world["acts"][: len(plan.world["acts"]) // 2]
    yield _changed(plan, acts=half)
    yield _changed(plan, acts=[one for one in plan.world["acts"] if one not in half])


def _without_kinds(plan: Plan) -> Iterator[Plan]:
    kinds = sorted({act["do"] for act in plan.acts} - {"arrive"})
    for kind in kinds:
        yield Plan(plan.seed, plan.world, [act for act in plan.acts if act["do"] != kind])


def _fewer_acts(plan: Plan, still: Callable[[Plan], bool]) -> Plan:
    """Leave out acts by halves, then ever smaller shares of them (delta debugging)."""
    size = max(1, len(plan.acts) // 2)
    while True:
        start, was_shrunk = 0, False
        while start < len(plan.acts):
            smaller = Plan(plan.seed, plan.world, plan.acts[:start] + plan.acts[start + size :])
            if still(smaller):
                plan, was_shrunk = smaller, True
            else:
                start += size
        if size == 1 and not was_shrunk:
            return plan
        size = max(1, size // 2) if not was_shrunk or size > 1 else 1


def breaks(promise: int, plan: Plan) -> bool:
    """Whether a run of this plan breaks that promise."""
    return any(one.promise == promise for one in play(plan).ledger.broken)


def shrunk_to(path: Path, chosen: Iterator[Plan]) -> int:
    """Make the first of these runs that breaks a promise smaller, and keep it."""
    for plan in chosen:
        broken = play(plan).ledger.broken
        if not broken:
            continue
        first = broken[0].promise
        small = shrunk(plan, partial(breaks, first))
        write(path, small)
        print(f"promise {first}: {len(plan.acts)} acts, {len(small.acts)} are left: {path}", file=sys.stderr)
        return 1
    return 0
