"""The menu of a run, drawn from its seed: which faults and acts exist at all, how often, and the centre's shape.

All that befalls the town is drawn up front as data, so that a failing run can be made smaller by leaving some out.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any, Final

from tests.town import rare
from tests.town.clock import BATTERIES
from tests.town.hours import DAY_S, HEALED_S, PHASES_S, SERVICES
from tests.town.outside_menu import outside_acts, outside_world

#: What may befall a town: half of them, in each run, never do.
STRIKES: Final = (
    "kill", "power", "power-building", "cut", "cut-one-way", "internet", "damage", "put-back", "kill-at-commit",
)  # fmt: skip
#: What people may do besides taking numbers and calling them.
ACTS: Final = (
    "transfer", "transfer-to-counter", "park", "undo", "not-here", "left", "again", "give", "take-back", "out-of-turn",
    "show-again", "interrupt", "early-close", "forget-close", "close-for-lunch", "voice", "wrong-range", "wrong-date",
    "priority", "fail-back", "off-at-night", "page-at-standby", "second-day",
)  # fmt: skip
#: What is rarer than that, as it ends the day for everybody.
SELDOM: Final = {"early-close": 0.2}
#: How bad the net is; none of them, in half of the runs.
QUALITIES: Final = ("loss", "lost_answers", "repeats", "late")


@dataclass
class Plan:
    """A run as data: the seed of what is drawn on the way, the world, and what happens in it."""

    seed: int
    world: dict[str, Any]
    acts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def options(self) -> dict[str, Any]:
        """What is printed with the seed."""
        return self.world

    def as_data(self) -> dict[str, Any]:
        """Return it as it is kept in a file."""
        return asdict(self)


def drawn(seed: int, days: int | None = None) -> Plan:
    """Draw a run."""
    chance = Random(f"town {seed}")
    world = _world(chance, days)
    rare.widen(seed, world, days)
    acts = [*_arrivals(chance, world), *_strikes(chance, world), *_wishes(chance, world), *rare.acts(seed, world)]
    world["outside"] = outside_world(seed, world)
    acts += outside_acts(seed, world)
    return Plan(seed, world, sorted(acts, key=lambda one: (one["at"], one["do"])))


def _world(chance: Random, days: int | None) -> dict[str, Any]:
    hubs = chance.choice((1, 2, 2, 2))
    kiosks = chance.choice((1, 2, 2, 3))
    counters = chance.choice((1, 2, 3, 3))
    is_clock_bad = chance.random() < 0.5
    machines = [f"hub-{n + 1}" for n in range(hubs)] + [f"kiosk-{n + 1}" for n in range(kiosks)]
    batteries = {
        one: chance.choice(BATTERIES) if is_clock_bad and chance.random() < 0.6 else "right" for one in machines
    }
    groups = [["A"], ["B"], ["C"]] if chance.random() < 0.3 else [["A", "B"], ["B", "A", "C"], ["C", "A"]]
    if counters < 3:
        groups = [["A", "B", "C"], ["C", "B", "A"]][:counters]
    acts = sorted(one for one in ACTS if chance.random() < SELDOM.get(one, 0.5))
    strikes = sorted(one for one in STRIKES if chance.random() < 0.5)
    quality = {one: round(chance.uniform(0.01, 0.15), 3) for one in QUALITIES if chance.random() < 0.25}
    return {
        "days": days or (2 if "second-day" in acts else 1),
        "hubs": hubs,
        "kiosks": kiosks,
        "counters": groups,
        "citizens": chance.choice((20, 30, 40, 40)),
        "batteries": batteries,
        "acts": acts,
        "strikes": strikes,
        "often": chance.choice((1, 2, 4)),
        "quality": quality,
        "internet": chance.choice(("all days", "all days", "the first day", "none")),
        "who-leads-first": chance.choice(("hub-1", "hub-2")) if hubs > 1 else "hub-1",
        "heals": chance.random() < 0.8,
        "patience": chance.choice((20, 60, 200)),  # of the manager, before he lets another hub lead
    }


def _moments(chance: Random, world: dict[str, Any]) -> Callable[[], float]:
    def one() -> float:
        day, phase = chance.randrange(world["days"]), chance.choice(PHASES_S[:2])
        return round(day * DAY_S + phase + chance.uniform(-40, world["rush"]), 1)

    return one


def _arrivals(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for day in range(world["days"]):
        for person in range(world["citizens"]):
            phase = chance.choice((*PHASES_S, *PHASES_S[:2]))
            is_preferred = "priority" in world["acts"] and chance.random() < 0.15
            found.append(
                {
                    "do": "arrive",
                    "at": round(day * DAY_S + phase + chance.uniform(0, world["rush"] * 0.75), 1),
                    "person": day * 1000 + person,
                    "kiosk": 1 + chance.randrange(world["kiosks"]),
                    "service": chance.choice(list(SERVICES)),
                    "priority": chance.choice(("elderly", "disabled")) if is_preferred else "none",
                }
            )
    return found


def _strikes(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    at = _moments(chance, world)
    hubs = [f"hub-{n + 1}" for n in range(world["hubs"])]
    kiosks = [f"kiosk-{n + 1}" for n in range(world["kiosks"])]
    pcs = [f"pc-{n + 1}" for n in range(len(world["counters"]))]
    lasting = (20, 45, 120, 900, 3000, 9000, 20_000)
    found: list[dict[str, Any]] = []
    for kind in world["strikes"]:
        for _ in range(1 + chance.randrange(world["often"])):
            strike: dict[str, Any] = {"do": kind, "at": at(), "for": chance.choice(lasting)}
            if world["heals"]:
                strike["for"] = min(strike["for"], int(HEALED_S - strike["at"] % DAY_S))
            on = chance.choice([*hubs, *hubs, *kiosks])
            if kind in ("power", "damage", "put-back"):
                strike["on"] = on if kind != "power" else chance.choice([*hubs, *hubs, *kiosks, *pcs])
            elif kind in ("kill", "kill-at-commit"):
                strike |= {"on": on, "for": chance.choice((5, 15, 40))}
            elif kind.startswith("cut"):
                others = [one for one in [*hubs, *kiosks, *pcs, "internet"] if one != on]
                strike["between"] = [on, chance.choice(others)]
            if kind == "kill-at-commit":
                strike |= {"commit": chance.randrange(12), "after": chance.random() < 0.5}
            if kind == "damage":
                strike["page"] = chance.randrange(400)
            found.append(strike)
    return found


def _wishes(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    at = _moments(chance, world)
    found: list[dict[str, Any]] = []
    for kind in ("interrupt", "early-close", "close-for-lunch", "fail-back"):
        if kind in world["acts"]:
            wish: dict[str, Any] = {"do": kind, "at": at()}
            if kind == "interrupt":
                wish |= {"service": chance.choice(list(SERVICES)), "for": chance.choice((120, 3000, 9000))}
            elif kind == "close-for-lunch":
                wish |= {"counter": 1 + chance.randrange(len(world["counters"])), "for": chance.choice((300, 9000))}
            elif kind == "fail-back":
                wish["at"] += 3600
            found.append(wish)
    return found
