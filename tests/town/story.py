"""A small plan as it is told: the town, what happened to it by the clock, and what was broken to whom."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.town.hours import DAY_S
from tests.town.ledger import Ledger
from tests.town.menu import Plan

MOST_LINES: Final = 15
_BEGINS: Final = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)  # of the first day, as the hall's clocks have it


def told(plan: Plan, ledger: Ledger, promise: int) -> list[str]:
    """Return at most `MOST_LINES` lines: the world, what happens, and how the promise is broken."""
    one = next(one for one in ledger.broken if one.promise == promise)
    ends = [f"Promise {promise} is broken to {one.who}: {one.said}; {one.was}."]
    world, acts = _world(plan.world), _happens(plan.acts)
    room = MOST_LINES - len(world) - len(ends)
    if len(acts) > room:
        acts = [*acts[: room - 1], f"and {len(acts) - room + 1} things more."]
    return [*world, *acts, *ends]


def _world(world: dict[str, Any]) -> list[str]:
    counters = "; ".join(f"counter {n} calls {', '.join(one)}" for n, one in enumerate(world["counters"], 1))
    first = world["who-leads-first"] if world["hubs"] > 1 else ""
    led = f" ({first} leads)" if first else ""
    lines = [f"{_counted(world['kiosks'], 'kiosk')}, {_counted(world['hubs'], 'hub')}{led}; {counters}."]
    wrong = [f"{name}: {battery}" for name, battery in world["batteries"].items() if battery != "right"]
    known = {"internet": "all days", "quality": {}, "acts": []}
    other = [f"{name}: {_plain(world[name])}" for name, usual in known.items() if world.get(name, usual) != usual]
    if wrong or other:
        lines.append("; ".join([*(["clocks " + ", ".join(wrong)] if wrong else []), *other]) + ".")
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _happens(acts: list[dict[str, Any]]) -> list[str]:
    """Return a line for each act; people who come one after the other share one."""
    lines: list[str] = []
    people: list[dict[str, Any]] = []
    for act in [*acts, {"do": "", "at": 0.0}]:
        if act["do"] == "arrive":
            people.append(act)
            continue
        if people:
            lines.append(_come(people))
            people = []
        if act["do"]:
            lines.append(f"{_time(act['at'])}: {_happened(act)}.")
    return lines


def _come(people: list[dict[str, Any]]) -> str:
    at = _time(people[0]["at"]) + (f" to {_time(people[-1]['at'])}" if len(people) > 1 else "")
    wishes = ", ".join(f"{one['service']} at kiosk-{one['kiosk']}" for one in people[:4])
    more = f" and {len(people) - 4} more" if len(people) > 4 else ""
    return f"{at}: {_counted(len(people), 'number')} taken ({wishes}{more})."


def _happened(act: dict[str, Any]) -> str:
    where = act.get("on") or " and ".join(act.get("between", ()))
    rest = {key: one for key, one in act.items() if key not in ("do", "at", "for", "on", "between")}
    said = ", ".join(f"{key} {one}" for key, one in rest.items())
    lasts = f"for {act['for']} s" if "for" in act else ""
    return ", ".join(one for one in (f"{act['do']} {where}".strip(), said, lasts) if one)


def _time(at_s: float) -> str:
    moment = _BEGINS + timedelta(seconds=at_s)
    day = int(at_s // DAY_S)
    return f"{moment:%H:%M:%S}" + (f" on day {day + 1}" if day else "")
