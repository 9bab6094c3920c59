"""The rarer half of the menu: worlds in which plain faults meet, drawn per run beside what `menu` draws.

Nothing here is made for one fault: a world says what may happen at all, and chance when, to which machine, and with
what else at once.
"""

from random import Random
from typing import Any, Final

from tests.town import office_menu
from tests.town.hours import BEGINS_S, DAY_S, ENDS_S, HEALED_S, PHASE_S, PHASES_S, SERVICES

#: How often each of them exists in a run.
WORLDS: Final = {
    "slow-clerks": 0.5,  # a visit takes minutes, so that people wait over a rush, and to the end of the day
    "long-rush": 0.3,
    "rows": 0.5,  # one misfortune after the other, to whichever machine has the part then
    "three-hubs": 0.12,
    "many-kiosks": 0.05,
    "many-days": 0.1,
    "dark-nights": 0.15,  # no power at night, no internet until half past ten, battery clocks as they are
    "stop-numbers": 0.3,  # services that give no numbers while they stand still
    "quota": 0.12,
    "comes-later": 0.3,  # who was sent home comes on the second or third day after
    "standstill": 0.08,
    "central-order": 0.15,
    "wrong-day": 0.12,  # the manager opens a day that is not today's
    "technician": 0.2,  # a kiosk without a day is given one by hand, now and then a wrong one
    "slow-manager": 0.4,  # what was called by voice is entered minutes after the hub is back
    "range-at-once": 0.3,  # numbers called by voice are entered from the first to the last
    "takes-back-late": 0.2,
    "out-of-step": 0.6,  # machines look at moments of their own
    "paper": 0.4,  # a paper takes its seconds to be printed
    "torn-writes": 0.2,
    "sick-disks": 0.15,
    "taps-again": 0.3,  # people touch again and again before the screen changes
    "printer-fails": 0.35,  # a kiosk's printer has no paper, a jam, an open cover or no line for a while
    **office_menu.WORLDS,
}
#: States of these worlds that a campaign has to come by, and at least how often in a thousand days.
RARE_STATES: Final = {
    "range-at-once": 3,
    "central-order": 20,
    "wrong-day-opened": 10,
    "paper-of-the-third-day": 5,
    "paper-broke-off": 10,
    "standby-dead-for-long": 20,
    "day-opened-at-a-kiosk": 2,
    "disk-full": 30,
    "disk-read-only": 30,
    "row-leader-power": 30,
    "row-leader-damage": 20,
    "row-standby-power": 30,
    "row-standby-damage": 20,
    "refused-interrupted": 5,
    "refused-quota_full": 5,
    "tapped-again": 100,
    "shown-after-a-cut": 100,
    "paper-failed": 50,
    "paper-found-again": 20,
    **office_menu.STATES,
}
#: In a run with rows: what befalls whom, how long after the one before, and for how long.
_ROW_OF: Final = ("power", "power", "power", "kill", "damage", "cut", "internet")
_ROLES: Final = ("leader", "leader", "standby", "standby", "kiosk")
_GAPS_S: Final = (3, 10, 25, 50, 110, 600, 2400)
_LASTING_S: Final = (8, 25, 60, 130, 130, 600, 3000, 9000)


def widen(seed: int, world: dict[str, Any], days: int | None) -> None:
    """Draw which of the rarer worlds there are in this run, and change its shape by them; `days`: as many, if said.

    Each is drawn for itself: a further one on the menu changes none of the others.
    """
    world["rare"] = rare = sorted(one for one, share in WORLDS.items() if _chance(seed, one).random() < share)
    chance = _chance(seed, "shape")
    world["rush"] = 400.0 if "long-rush" in rare else PHASE_S
    if "three-hubs" in rare:
        world["hubs"], world["who-leads-first"] = 3, chance.choice(("hub-1", "hub-2", "hub-3"))
    if "many-kiosks" in rare:
        world["kiosks"] = chance.choice((4, 5, 6, 9))
    if "dark-nights" in rare:
        _darken(chance, world)
    if days is None and ({"many-days", "standstill"} & set(rare)):
        world["days"], world["citizens"] = chance.choice((3, 4, 5, 6)), 12
    elif days is None and ({"dark-nights", "comes-later", "quota"} & set(rare)):
        world["days"] = max(2, world["days"])


def _darken(chance: Random, world: dict[str, Any]) -> None:
    world["acts"] = sorted({*world["acts"], "off-at-night"})
    world["internet"] = "all days"
    poor = chance.choice(("dead", "file", "ahead", "hours-ahead", "mixed"))
    for kind, many in (("hub", world["hubs"]), ("kiosk", world["kiosks"])):
        for n in range(many):
            battery = poor if poor != "mixed" else chance.choice(("right", "dead", "file", "ahead", "hours-ahead"))
            world["batteries"][f"{kind}-{n + 1}"] = battery


def acts(seed: int, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Draw what happens in these worlds."""
    found: list[dict[str, Any]] = []
    for one in world["rare"]:
        if one in _ACTS:
            found += _ACTS[one](_chance(seed, f"{one} acts"), world)
    return found


def _rows(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for _ in range(chance.choice((1, 2, 2))) for step in _row(chance, world)]


def _row(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    at = _moment(chance, world)
    found = []
    for _ in range(chance.choice((3, 3, 4, 5))):
        lasts = chance.choice(_LASTING_S)
        if world["heals"]:
            lasts = max(5, min(lasts, int(HEALED_S - at % DAY_S)))
        step = {"do": "of-role", "at": round(at, 1), "what": chance.choice(_ROW_OF), "role": chance.choice(_ROLES)}
        found.append(step | {"for": lasts, "page": chance.randrange(400)})
        at += chance.choice(_GAPS_S) + (lasts if chance.random() < 0.4 else 0)
    return found


def _mornings(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines that are down each night, and come back some time in the morning."""
    found = []
    for day in range(1, world["days"]):
        begins = (day - 1) * DAY_S + ENDS_S + 900
        ends = day * DAY_S + PHASES_S[1] + chance.choice((-900, 30, 60, 2000))
        found.append({"do": "internet", "at": begins, "for": int(ends - begins)})
    return found


def _standstill(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    lasts = chance.choice((600, DAY_S, 2 * DAY_S, 4 * DAY_S))
    return [{"do": "interrupt", "at": _moment(chance, world, 0), "service": _service(chance), "for": lasts}]


def _central_order(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    act = {"do": "central-order", "at": _moment(chance, world), "service": _service(chance)}
    return [act | {"for": chance.choice((300, 4000, 9000))}]


def _opens_day(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    ahead = chance.choice((-1, 1, 1, 30, 365))
    return [{"do": "opens-day", "at": _moment(chance, world) + chance.choice((0, 0, 3600)), "ahead": ahead}]


def _technician(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for day in range(world["days"]):
        at = day * DAY_S + BEGINS_S + chance.choice((20, 100, 9050))
        kiosk = 1 + chance.randrange(world["kiosks"])
        found.append({"do": "technician", "at": at, "kiosk": kiosk, "choice": chance.choice((0, 0, 1, 3))})
    return found


def _sick_disks(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for on in ("hub-1", f"kiosk-{world['kiosks']}", f"hub-{world['hubs']}"):
        kind = chance.choice(("disk-full", "disk-read-only"))
        found.append({"do": kind, "at": _moment(chance, world), "on": on, "for": chance.choice((20, 200, 1200))})
    return found


def _printer_fails(chance: Random, world: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for _ in range(chance.choice((2, 4, 6))):
        on = f"kiosk-{1 + chance.randrange(world['kiosks'])}"
        ails = chance.choice(("no paper", "no paper", "a jam", "an open cover", "no line"))
        act = {"do": "printer-fails", "at": _moment(chance, world), "on": on, "ails": ails}
        found.append(act | {"for": chance.choice((30, 100, 200, 2000)), "keeps": chance.random() < 0.5})
    return found


def _chance(seed: int, what: str) -> Random:
    return Random(f"town {seed} rare {what}")


def _moment(chance: Random, world: dict[str, Any], day: int | None = None) -> float:
    day = chance.randrange(world["days"]) if day is None else day
    return round(day * DAY_S + chance.choice(PHASES_S[:2]) + chance.uniform(-30, world["rush"]), 1)


def _service(chance: Random) -> str:
    return chance.choice(sorted(SERVICES))


_ACTS: Final = {
    "rows": _rows, "dark-nights": _mornings, "standstill": _standstill, "central-order": _central_order,
    "wrong-day": _opens_day, "technician": _technician, "sick-disks": _sick_disks, "printer-fails": _printer_fails,
    **office_menu.ACTS,
}  # fmt: skip
