"""What comes into the hall from outside, drawn from a run's seed: orders, claims, bills, and what befalls their ways.

It is drawn by a chance of its own: what the hall's menu draws stays as it is.
"""

from random import Random
from typing import Any, Final

from tests.town.hours import BEGINS_S, DAY_S, PHASE_S, PHASES_S, SERVICES

#: What people do with the code of an order; half of them, in a run that has orders, never happen.
ORDERS: Final = (
    "again", "at-once", "elsewhere", "tomorrow", "copied-wrong", "unpaid", "ready", "collected", "other-centre",
    "by-post", "expired",
)  # fmt: skip
#: What befalls the ways outside the hall.
OUTSIDE_STRIKES: Final = ("cut-app", "central-killed", "central-killed-at-commit")

_LASTING: Final = (20, 120, 900, 3000)


def outside_world(seed: int, world: dict[str, Any]) -> dict[str, Any]:
    """Return which of all this there is in a run."""
    chance = Random(f"town {seed} outside")
    has = {name: chance.random() < 0.5 for name in ("orders",)}
    return {
        "orders": _half(chance, ORDERS) if has["orders"] else None,
        "strikes": _half(chance, OUTSIDE_STRIKES),
        "often": chance.choice((3, 6, 10)),
    }


def outside_acts(seed: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what happens of it, and when."""
    drawn = world["outside"]
    acts = _strikes(Random(f"town {seed} outside strikes"), drawn, world["days"])
    if drawn["orders"] is not None:
        acts += _orders(Random(f"town {seed} orders"), drawn["orders"], drawn["often"], world)
    return acts


def _half(chance: Random, names: tuple[str, ...]) -> list[str]:
    return sorted(one for one in names if chance.random() < 0.5)


def _in_a_rush(chance: Random, day: int) -> float:
    return round(day * DAY_S + chance.choice(PHASES_S) + chance.uniform(0, PHASE_S * 0.75), 1)


def _strikes(chance: Random, drawn: dict[str, Any], days: int) -> list[dict[str, Any]]:
    if not any(drawn[one] is not None for one in ("orders",)):
        return []
    found = []
    for kind in drawn["strikes"]:
        for _ in range(1 + chance.randrange(2)):
            at = _in_a_rush(chance, chance.randrange(days)) - 30
            strike: dict[str, Any] = {"do": kind, "at": at, "for": chance.choice(_LASTING)}
            if kind == "central-killed-at-commit":
                strike |= {"commit": chance.randrange(40), "after": chance.random() < 0.5}
            found.append(strike)
    return found


def _orders(chance: Random, kinds: list[str], often: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for day in range(world["days"]):
        for number in range(day * 100, day * 100 + often):
            found += _one_order(chance, kinds, number, day, world)
    return found


def _one_order(chance: Random, kinds: list[str], number: int, day: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    made = day * DAY_S + BEGINS_S - 600
    order = {
        "do": "order", "at": made, "order": number, "service": chance.choice(list(SERVICES)),
        "is_paid": not _is(chance, kinds, "unpaid", 0.3), "to": "homs-main", "lives_s": 30 * 86_400,
    }  # fmt: skip
    if _is(chance, kinds, "other-centre", 0.15):
        order["to"] = "homs-hamra"
    elif _is(chance, kinds, "by-post", 0.15):
        order["to"] = "post"
    if _is(chance, kinds, "expired", 0.1):
        order["lives_s"] = 60
    kiosk, first = 1 + chance.randrange(world["kiosks"]), _in_a_rush(chance, day)
    acts = [order, _shows(number, first, kiosk)]
    if _is(chance, kinds, "at-once", 0.4):
        acts.append(_shows(number, first, kiosk, times=3))
    if _is(chance, kinds, "again", 0.5):
        acts.append(_shows(number, max(first, _in_a_rush(chance, day)) + 2, kiosk))
    if _is(chance, kinds, "elsewhere", 0.4):
        acts.append(_shows(number, _in_a_rush(chance, day), 1 + kiosk % world["kiosks"]))
    if _is(chance, kinds, "tomorrow", 0.5) and day + 1 < world["days"]:
        acts.append(_shows(number, _in_a_rush(chance, day + 1), kiosk))
    if _is(chance, kinds, "copied-wrong", 0.3):
        acts.append(_shows(number, _in_a_rush(chance, day), kiosk, wrong=chance.randrange(4, 200)))
    for state in ("ready", "collected"):
        if _is(chance, kinds, state, 0.4):
            told = round(made + chance.uniform(0, PHASES_S[-1] - BEGINS_S), 1)
            acts.append({"do": "app-tells", "at": told, "order": number, "state": state})
    return acts


def _is(chance: Random, kinds: list[str], kind: str, share: float) -> bool:
    return chance.random() < share and kind in kinds


def _shows(number: int, at: float, kiosk: int, *, wrong: int | None = None, times: int = 1) -> dict[str, Any]:
    return {"do": "show-order", "at": at, "order": number, "kiosk": kiosk, "wrong": wrong, "times": times}
