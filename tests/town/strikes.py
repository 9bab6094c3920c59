"""What befalls a town: machines die, lines break, disks lie; people close early, interrupt, go to lunch."""

import asyncio
from typing import TYPE_CHECKING, Any

from tests.town import disks, judging, standing
from tests.town.machine import Machine

if TYPE_CHECKING:
    from tests.town.town import Town

_HARMLESS = ("interrupt", "early-close", "close-for-lunch", "fail-back")


def quality(town: "Town") -> None:
    """Make the net as bad as the plan has it."""
    for name, value in town.plan.world["quality"].items():
        setattr(town.net.quality, name, value)


def is_struck(town: "Town", machine: str) -> bool:
    """Whether a machine is kept off by something."""
    return town.struck[machine] > 0


async def befall(town: "Town", act: dict[str, Any]) -> None:
    """Have a thing of the plan happen, to its end."""
    if act["do"] in _HARMLESS:
        await _WISHES[act["do"]](town, act)
        return
    if act["do"] == "internet":  # the hall needs none
        await _internet(town, act)
        return
    settled(town, 1)
    try:
        await _STRIKES[act["do"]](town, act)
    finally:
        settled(town, -1)


async def off(town: "Town", machine: Machine, *, power: bool) -> None:
    """Have a machine be off, or its program alone, until `on`."""
    town.struck[machine.name] += 1
    if machine.name.startswith("pc-") and machine.is_up:
        _forgets(town, machine)
    await machine.stop(power=power)
    if power and "torn-writes" in town.rare and not machine.name.startswith("pc-"):
        disks.tear(machine, f"{town.plan.seed} {machine.name} {town.loop.time()}")


def _forgets(town: "Town", pc: Machine) -> None:
    """Know that a page is gone with what it kept: of whom its counter touched lately nobody is judged."""
    for paper in town.ledger.papers.values():
        if paper.counter is not None and f"pc-{paper.counter}" == pc.name:
            paper.unsure = True


async def on(town: "Town", machine: Machine, *, boots: bool) -> None:
    """Start it again, unless something else keeps it off."""
    town.struck[machine.name] -= 1
    if town.struck[machine.name] <= 0 and not machine.is_up:
        await machine.start(boots=boots)


async def _kill(town: "Town", act: dict[str, Any]) -> None:
    machine = town.machines[act["on"]]
    town.ledger.world(f"{machine.name} is killed for {act['for']} s")
    await off(town, machine, power=False)
    await asyncio.sleep(act["for"])
    await on(town, machine, boots=False)


async def _kill_at_commit(town: "Town", act: dict[str, Any]) -> None:
    machine = town.machines[act["on"]]
    if machine.is_up:
        machine.dies_at_commit(act["commit"], after=act["after"])
        await asyncio.sleep(15)
        if machine.is_dying:
            town.ledger.world(f"{machine.name} died {'after' if act['after'] else 'before'} a commit")
            await off(town, machine, power=False)
            await asyncio.sleep(act["for"])
            await on(town, machine, boots=False)
        machine._commits_left = None


async def _power(town: "Town", act: dict[str, Any]) -> None:
    machine = town.machines[act["on"]]
    town.ledger.world(f"{machine.name} has no power for {act['for']} s")
    await off(town, machine, power=True)
    await _lasts(town, act["for"], is_core_left=any(hub.is_up for hub in town.hubs))
    town.ledger.world(f"{machine.name} has power")
    await on(town, machine, boots=True)


async def _lasts(town: "Town", seconds: float, *, is_core_left: bool) -> None:
    """Let something be broken for so long. Where a core is left it is no excuse: that has to be right meanwhile."""
    if is_core_left:
        settled(town, -1)
    await asyncio.sleep(seconds)
    if is_core_left:
        settled(town, 1)


def settled(town: "Town", more: int) -> None:
    """Count what is just breaking or being mended."""
    town.under_way += more
    town.ledger.calm_since = None if town.under_way else town.loop.time()


async def _building(town: "Town", act: dict[str, Any]) -> None:
    town.ledger.world(f"the building has no power for {act['for']} s")
    for machine in town.machines.values():
        await off(town, machine, power=True)
    await asyncio.sleep(act["for"])
    town.ledger.world("the building has power")
    for machine in town.machines.values():
        await on(town, machine, boots=True)


async def _cut(town: "Town", act: dict[str, Any]) -> None:
    one, other = act["between"]
    is_both = act["do"] == "cut"
    town.ledger.world(
        f"from {one} to {other} nothing gets through for {act['for']} s" + (", nor back" if is_both else "")
    )
    ways = town.net.divide(one, other, both_ways=is_both)
    if other == "internet":
        ways += town.net.divide(one, "central", both_ways=is_both)
    hubs = {hub.name for hub in town.hubs}
    await _lasts(town, act["for"], is_core_left={one, other} <= hubs)
    town.net.mend(ways)
    town.central_hears_s = town.loop.time()
    town.ledger.world(f"{one} and {other} hear each other")


async def _internet(town: "Town", act: dict[str, Any]) -> None:
    town.ledger.world(f"the centre has no internet for {act['for']} s")
    ways = no_internet(town)
    await asyncio.sleep(act["for"])
    town.net.mend(ways)
    town.central_hears_s = town.loop.time()
    town.ledger.world("the centre has internet")


def no_internet(town: "Town") -> list[tuple[str, str]]:
    """Cut the centre off from all outside; return what mends it."""
    ways = []
    for name in town.machines:
        ways += town.net.divide(name, "internet", both_ways=True)
        ways += town.net.divide(name, "central", both_ways=True)
    return ways


async def _damage(town: "Town", act: dict[str, Any]) -> None:
    machine = town.machines[act["on"]]
    town.ledger.world(f"{machine.name} loses its power for {act.get('off', 40)} s, and a page of its disk")
    _forgets_all(town, machine, "is_doubted")
    town.ledger.reached["damaged-leader"] += machine in town.hubs and town.manager.leads(machine)
    town.ledger.reached["damaged-without-internet"] += not town.net.are_connected(machine.name, "internet")
    await off(town, machine, power=True)
    machine.damage(act["page"])
    await _lasts(town, act.get("off", 40), is_core_left="off" in act and any(hub.is_up for hub in town.hubs))
    await on(town, machine, boots=True)


async def _put_back(town: "Town", act: dict[str, Any]) -> None:
    machine = town.machines[act["on"]]
    if not machine.is_up or machine.name.startswith("kiosk"):
        return
    machine.copy_aside()
    await asyncio.sleep(min(act["for"], 3000))
    town.ledger.world(f"{machine.name} is put back to a copy of its disk, {min(act['for'], 3000)} s old")
    _forgets_all(town, machine)
    town.ledger.reached["leader-put-back"] += town.manager.leads(machine)
    await off(town, machine, power=True)
    machine.put_back()
    await asyncio.sleep(40)
    await on(town, machine, boots=True)


def _forgets_all(town: "Town", machine: Machine, what: str = "unsure") -> None:
    """Know that a hub's disk is gone where nobody else had a copy of it: of nobody is judged what it did.

    Of a page alone that is lost few may suffer: see `turns`.
    """
    others = [one for one in town.hubs if one.name != machine.name and one.is_up]
    has_copy = any(town.net.are_connected(machine.name, one.name) for one in others)
    hears_central = town.central.is_up and not town.office.lacks(town.loop.time())
    hears_central = hears_central and town.net.are_connected(machine.name, "internet")
    hears_central = hears_central and town.loop.time() - town.central_hears_s >= judging.HEALED_S  # it has all by now
    if machine.name.startswith("hub") and not has_copy and not hears_central:
        for paper in town.ledger.papers.values():
            setattr(paper, what, True)


# --- what people do once ------------------------------------------------------------------------------------------


async def _interrupt(town: "Town", act: dict[str, Any]) -> None:
    if await standing.stops(town, act["service"]):
        await asyncio.sleep(act["for"])
        await standing.works_again(town, act["service"])


async def _early_close(town: "Town", _act: dict[str, Any]) -> None:
    if await town.pc_of_manager.on_it(town.manager.close_day()):
        town.sends_home()


async def _lunch(town: "Town", act: dict[str, Any]) -> None:
    clerk = town.clerks[act["counter"] - 1]
    clerk.is_at_lunch = True
    await asyncio.sleep(act["for"])
    clerk.is_at_lunch = False


async def _fail_back(town: "Town", _act: dict[str, Any]) -> None:
    if town.pc_of_manager.is_up:
        await town.pc_of_manager.on_it(town.manager.fail_back())


_WISHES = {"interrupt": _interrupt, "early-close": _early_close, "close-for-lunch": _lunch, "fail-back": _fail_back}
_STRIKES = {
    "kill": _kill, "kill-at-commit": _kill_at_commit, "power": _power, "power-building": _building, "cut": _cut,
    "cut-one-way": _cut, "internet": _internet, "damage": _damage, "put-back": _put_back,
    "disk-full": disks.takes_nothing, "disk-read-only": disks.takes_nothing,
}  # fmt: skip
