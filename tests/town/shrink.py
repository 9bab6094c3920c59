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

    for kind in sorted({act["do"] for act in plan.acts} - {"arrive"}):
        smaller = Plan(plan.seed, plan.world, [act for act in plan.acts if act["do"] != kind])
        plan = smaller if still(smaller) else plan
    for world in _simpler(plan.world):
        smaller = Plan(plan.seed, copy.deepcopy(plan.world) | world, plan.acts)
        plan = smaller if still(smaller) else plan
    for habit in plan.world["acts"]:
        kept = [one for one in plan.world["acts"] if one != habit]
        smaller = Plan(plan.seed, copy.deepcopy(plan.world) | {"acts": kept}, plan.acts)
        plan = smaller if still(smaller) else plan
    return _fewer_acts(plan, still)


def _simpler(world: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return what may stand in the place of parts of a world: fewer days, a good net, right clocks, few habits."""
    if world["days"] > 1:
        yield {"days": 1}
    if world["quality"]:
        yield {"quality": {}}
    right = dict.fromkeys(world["batteries"], "right")
    if right != world["batteries"]:
        yield {"batteries": right}
    if world["internet"] != "all days":
        yield {"internet": "all days"}
    yield {"acts": []}


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
    return any(one.promise == promise for one in play(plan, until=promise).ledger.broken)


def shrunk_to(path: Path, chosen: Iterator[Plan], promise: int | None = None) -> int:
    """Make the first of these runs that breaks a promise, or `promise`, smaller, and keep it."""
    for plan in chosen:
        broken = play(plan).ledger.broken
        if not broken:
            continue
        wanted = promise or broken[0].promise
        small = shrunk(plan, partial(breaks, wanted))
        write(path, small)
        print(f"promise {wanted}: {len(plan.acts)} acts, {len(small.acts)} are left: {path}", file=sys.stderr)
        return 1
    return 0
