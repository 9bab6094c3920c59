"""What comes into the hall from outside, drawn from a run's seed: orders, claims, bills, and what befalls their ways.

It is drawn by a chance of its own: what the hall's menu draws stays as it is.
"""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.town.hours import BEGINS_S, DAY_S, PHASE_S, PHASES_S, SERVICES

#: What people do with the code of an order; half of them, in a run that has orders, never happen.
ORDERS: Final = (
    "again", "at-once", "elsewhere", "tomorrow", "copied-wrong", "unpaid", "ready", "collected", "other-centre",
    "by-post", "expired",
)  # fmt: skip
#: What people do with appointments.
CLAIMS: Final = (
    "at-kiosk", "cancel", "two-kiosks", "twice", "late", "early", "for-tomorrow", "a-day-late", "bad-copy",
    "seats-changed",
)  # fmt: skip
#: What people do with bills, what becomes of these at their biller, and who lies.
PAYMENTS: Final = (
    "bank", "late", "never", "twice", "wrong-amount", "two-kiosks", "leaves", "asks-again", "elsewhere", "amount",
    "refuses", "reversed", "wallet-lies", "biller-lies", "wallet-silent",
)  # fmt: skip
#: What befalls the ways outside the hall.
OUTSIDE_STRIKES: Final = (
    "cut-app", "cut-wallet", "cut-biller", "wallet-away", "biller-away", "central-killed", "central-killed-at-commit",
    "internet-cut-while-paying",
)  # fmt: skip

_LASTING: Final = (20, 120, 900, 3000)
type _One = Callable[[Random, list[str], int, int, dict[str, Any]], list[dict[str, Any]]]


def outside_world(seed: int, world: dict[str, Any]) -> dict[str, Any]:
    """Return which of all this there is in a run."""
    chance = Random(f"town {seed} outside")
    has = {name: chance.random() < 0.5 for name in ("orders", "claims", "payments")}
    return {
        "orders": _half(chance, ORDERS) if has["orders"] else None,
        "claims": _half(chance, CLAIMS) if has["claims"] else None,
        "payments": _half(chance, PAYMENTS) if has["payments"] else None,
        "strikes": _half(chance, OUTSIDE_STRIKES),
        "often": chance.choice((3, 6, 10)),
    }


def outside_acts(seed: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what happens of it, and when."""
    drawn = world["outside"]
    acts = _strikes(Random(f"town {seed} outside strikes"), drawn, world["days"])
    if drawn["orders"] is not None:
        acts += _each(_one_order, Random(f"town {seed} orders"), drawn["orders"], drawn["often"], world)
    if drawn["claims"] is not None:
        acts += _claims(Random(f"town {seed} claims"), drawn["claims"], drawn["often"], world)
    if drawn["payments"] is not None:
        acts += _each(_one_bill, Random(f"town {seed} bills"), drawn["payments"], drawn["often"], world)
    return acts


def _half(chance: Random, names: tuple[str, ...]) -> list[str]:
    return sorted(one for one in names if chance.random() < 0.5)


def _in_a_rush(chance: Random, day: int) -> float:
    return round(day * DAY_S + chance.choice(PHASES_S) + chance.uniform(0, PHASE_S * 0.75), 1)


def _strikes(chance: Random, drawn: dict[str, Any], days: int) -> list[dict[str, Any]]:
    if all(drawn[one] is None for one in ("orders", "claims", "payments")):
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


def _each(one: _One, chance: Random, kinds: list[str], often: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Draw so many of a kind for each day; their numbers say of which."""
    return [
        act
        for day in range(world["days"])
        for number in range(day * 100, day * 100 + often)
        for act in one(chance, kinds, number, day, world)
    ]


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


def _claims(chance: Random, kinds: list[str], often: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for day in range(world["days"]):
        for number in range(day * 100, day * 100 + often):
            found += _one_claim(chance, kinds, number, day, world)
        if _is(chance, kinds, "seats-changed", 0.7):
            found.append({"do": "seats-changed", "at": day * DAY_S + BEGINS_S + 5400, "seats": chance.choice((0, 1))})
    return found


def _one_claim(chance: Random, kinds: list[str], number: int, day: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    rush = chance.choice(PHASES_S[1:])
    seat = rush + chance.choice((-900, 0, 0, 900))
    if _is(chance, kinds, "early", 0.2):
        seat = rush + 3600
    elif _is(chance, kinds, "late", 0.3):
        seat = rush - 4500
    for_day = day + 1 if day + 1 < world["days"] and _is(chance, kinds, "for-tomorrow", 0.4) else day
    shown_day = for_day + 1 if for_day + 1 < world["days"] and _is(chance, kinds, "a-day-late", 0.3) else for_day
    kiosk, booked = 1 + chance.randrange(world["kiosks"]), day * DAY_S + round(chance.uniform(700, 3000), 1)
    by = "kiosk" if _is(chance, kinds, "at-kiosk", 0.5) else "app"
    acts = [
        {
            "do": "book", "at": booked, "claim": number, "by": by, "kiosk": kiosk,
            "service": chance.choice(list(SERVICES)), "seat_s": for_day * DAY_S + seat,
        }
    ]  # fmt: skip
    if _is(chance, kinds, "cancel", 0.25):
        acts.append({"do": "cancel-claim", "at": booked + chance.choice((300, 2400)), "claim": number, "kiosk": kiosk})
    first = round(shown_day * DAY_S + rush + chance.uniform(0, PHASE_S * 0.6), 1)

    def show(at: float, kiosk: int, wrong: int | None = None) -> dict[str, Any]:
        return {"do": "show-claim", "at": at, "claim": number, "kiosk": kiosk, "wrong": wrong}

    acts.append(show(first, kiosk))
    if _is(chance, kinds, "bad-copy", 0.2):
        acts.append(show(first - 4, kiosk, chance.randrange(4, 200)))
    if _is(chance, kinds, "twice", 0.3):
        acts.append(show(first + 9, kiosk))
    if _is(chance, kinds, "two-kiosks", 0.5):
        acts.append(show(first + chance.choice((0.5, 15, 40)), 1 + kiosk % world["kiosks"]))
    return acts


def _one_bill(chance: Random, kinds: list[str], number: int, day: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    hows = ["at-once", "at-once", *(one for one in ("late", "never", "twice", "wrong-amount") if one in kinds)]
    comes: dict[str, Any] = {
        "do": "pay", "at": _in_a_rush(chance, day), "bill": number, "kiosk": 1 + chance.randrange(world["kiosks"]),
        "payer": "bank" if _is(chance, kinds, "bank", 0.3) else "wallet", "pays": chance.choice(hows),
        "stays": chance.choice((15, 40)) if _is(chance, kinds, "leaves", 0.4) else 900,
        "tells": 0 if _is(chance, kinds, "wallet-silent", 0.4) else chance.choice((1, 1, 2)),
    }  # fmt: skip
    acts = [comes]
    if _is(chance, kinds, "two-kiosks", 0.3):
        other = {"at": comes["at"] + chance.choice((5, 60, 700)), "kiosk": 1 + comes["kiosk"] % world["kiosks"]}
        acts.append(comes | other | {"pays": chance.choice(hows)})
    if _is(chance, kinds, "asks-again", 0.5):
        acts.append({"do": "asks-payment", "at": comes["at"] + chance.choice((50, 400, 3600)), "bill": number})
    for what, share in (("elsewhere", 0.15), ("amount", 0.15), ("refuses", 0.15), ("reversed", 0.2)):
        if _is(chance, kinds, what, share):
            after = chance.choice((3, 30)) if what != "reversed" else 1500
            acts.append({"do": "at-biller", "at": comes["at"] + after, "bill": number, "what": what})
    return acts
