"""What may stand in the place of a plan: with a machine less, with less that can go wrong, or cut off in time."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.town.hours import DAY_S
from tests.town.menu import Plan

type Simpler = Callable[[Plan], Plan | None]
#: Of each part of a world, what is simplest. What is not named here is left out, as in plans from before it was drawn.
_SIMPLEST: Final[dict[str, Any]] = {"quality": {}, "internet": "all days", "strikes": [], "acts": [], "rare": []}
_NEEDED: Final = frozenset(
    {"days", "hubs", "kiosks", "counters", "batteries", "citizens", "heals", "often", "patience", "who-leads-first"}
)


def cut_off(plan: Plan, broke_s: float) -> Plan:
    """Return a plan without what happens after the moment in which it breaks."""
    days = min(plan.world["days"], 1 + int(broke_s // DAY_S))
    return Plan(plan.seed, plan.world | {"days": days}, [act for act in plan.acts if act["at"] <= broke_s])


def without_a_kiosk(plan: Plan) -> Plan | None:
    """Take the last kiosk out: who went there goes to the first one."""
    last = plan.world["kiosks"]
    if last == 1:
        return None
    acts = [act | ({"kiosk": 1} if act.get("kiosk") == last else {}) for act in plan.acts]
    return _without_machine(plan, acts, f"kiosk-{last}", {"kiosks": last - 1})


def without_a_hub(plan: Plan) -> Plan | None:
    """Take the last hub out; the first one leads where that one did."""
    last = plan.world["hubs"]
    if last == 1:
        return None
    leads = plan.world["who-leads-first"]
    changed = {"hubs": last - 1, "who-leads-first": "hub-1" if leads == f"hub-{last}" else leads}
    return _without_machine(plan, plan.acts, f"hub-{last}", changed)


def without_a_counter(plan: Plan) -> Plan | None:
    """Take the last counter out; the first one calls its groups too."""
    first, *others = plan.world["counters"]
    if not others:
        return None
    more = [one for one in others[-1] if one not in first]
    acts = [act for act in plan.acts if act.get("counter") != len(others) + 1]
    return _without_machine(plan, acts, f"pc-{len(others) + 1}", {"counters": [[*first, *more], *others[:-1]]})


def _without_machine(plan: Plan, acts: list[dict[str, Any]], name: str, changed: dict[str, Any]) -> Plan:
    batteries = {one: battery for one, battery in plan.world["batteries"].items() if one != name}
    left = [act for act in acts if act.get("on") != name and name not in act.get("between", ())]
    return Plan(plan.seed, plan.world | {"batteries": batteries} | changed, left)


def without_strikes(plan: Plan) -> Plan | None:
    """Let nothing befall the town: people come, and that is all."""
    kept = [act for act in plan.acts if act["do"] == "arrive"]
    return None if len(kept) == len(plan.acts) else Plan(plan.seed, plan.world, kept)


def plainest_world(plan: Plan) -> Plan | None:
    """Make all that a world has as plain as can be, but for its machines."""
    return _plainer(plan, [*_parts(plan), "batteries"])


def _parts(plan: Plan) -> list[str]:
    return [one for one in plan.world if one not in _NEEDED and plan.world[one] != _SIMPLEST.get(one)]


def plainer_worlds(plan: Plan) -> Iterator[Simpler]:
    """Return what makes a world plainer: each part, each habit, each clock."""
    parts = _parts(plan)
    for part in [*parts, "batteries"]:
        yield lambda now, part=part: _plainer(now, [part])  # type: ignore[misc]
    for part in ("acts", "rare"):
        for habit in plan.world.get(part, ()):
            yield lambda now, part=part, habit=habit: _without_habit(now, part, habit)  # type: ignore[misc]
    for name in plan.world["batteries"]:
        yield lambda now, name=name: _with_right_clock(now, name)  # type: ignore[misc]


def _plainer(plan: Plan, parts: list[str]) -> Plan | None:
    world = {key: value for key, value in plan.world.items() if key not in parts}
    world |= {part: _SIMPLEST[part] for part in parts if part in _SIMPLEST}
    world.setdefault("batteries", {})
    return None if world == plan.world else Plan(plan.seed, world, plan.acts)


def _without_habit(plan: Plan, part: str, habit: str) -> Plan | None:
    kept = [one for one in plan.world.get(part, ()) if one != habit]
    return None if kept == plan.world.get(part, []) else Plan(plan.seed, plan.world | {part: kept}, plan.acts)


def _with_right_clock(plan: Plan, name: str) -> Plan | None:
    batteries = {one: battery for one, battery in plan.world["batteries"].items() if one != name}
    return (
        None
        if batteries == plan.world["batteries"]
        else Plan(plan.seed, plan.world | {"batteries": batteries}, plan.acts)
    )
