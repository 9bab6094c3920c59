"""The building of a town: everything is enrolled, published and started, at half past seven of the first day."""

import asyncio
from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.town import judging, strikes
from tests.town.board_page import BoardPage
from tests.town.central import CENTRE
from tests.town.clerk import Clerk
from tests.town.counter_page import CounterPage
from tests.town.hours import SERVICES
from tests.town.hub import TownHub
from tests.town.kiosk import TownKiosk
from tests.town.machine import Machine
from tests.town.manager import Manager
from tests.town.page import Page
from tests.town.pc import Pc

if TYPE_CHECKING:
    from tests.town.town import Town


QUOTA: Final = 6  # a day at one kiosk


async def build(town: "Town") -> None:
    """Enrol and set up everything, at half past seven of the first day."""
    world, central = town.plan.world, town.central
    town.outside.introduce()
    await central.start()
    addresses = [f"http://127.0.{n + 1}.1:8090" for n in range(world["hubs"])]
    first = int(world["who-leads-first"][-1]) - 1
    town.hubs = [_machine(town, TownHub, f"hub-{n + 1}") for n in range(world["hubs"])]
    for hub, address in zip(town.hubs, addresses, strict=True):
        hub.address = address
    for hub in (town.hubs[first], *(one for one in town.hubs if one is not town.hubs[first])):
        await hub.enrol(await central.code("hub"))
    town.kiosks = [_machine(town, TownKiosk, f"kiosk-{n + 1}") for n in range(world["kiosks"])]
    for kiosk in town.kiosks:
        await kiosk.enrol(await central.code())
    await _publish(town, world)
    await town.outside.build()
    for machine in [*town.hubs, *town.kiosks]:
        await machine.start(boots=True)
    start = addresses[first]
    if "page-at-standby" in town.acts:
        start = addresses[-1 - first] if len(addresses) > 1 else start
    await _staff(town, world, addresses, addresses[first], start)
    if world["internet"] == "none":
        await asyncio.sleep(130)  # the installer sees that all have heard central
        strikes.no_internet(town)
        for machine in [*town.hubs, *town.kiosks]:
            await machine.stop(power=True)
            await machine.start(boots=True)


def _machine[M: Machine](town: "Town", kind: type[M], name: str) -> M:
    machine = kind(town.loop, town.net, town.folder / name, name, town.plan.world["batteries"].get(name, "right"))
    town.machines[name] = machine
    return machine


async def _publish(town: "Town", world: dict[str, Any]) -> None:
    counters = [
        {"number": n + 1, "names": {"ar": str(n + 1), "en": str(n + 1)}, "groups": groups}
        for n, groups in enumerate(world["counters"])
    ]
    await town.central.publish("counters", {"centre": CENTRE, "counters": counters})
    if services := _kept_short(town):
        await town.central.publish("catalogue", {"services": services})
    await town.central.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"})


def _kept_short(town: "Town") -> list[dict[str, Any]]:
    """Return what services say of themselves in the rarer worlds: a quota, or that they give no numbers standing."""
    changed: dict[str, Any] = {"numbers": "stop"} if "stop-numbers" in town.rare else {}
    changed |= {"daily_quota": QUOTA} if "quota" in town.rare else {}
    return [{"code": code} | changed for code in sorted(SERVICES)] if changed else []


async def _staff(town: "Town", world: dict[str, Any], addresses: list[str], first: str, start: str) -> None:
    for n, groups in enumerate(world["counters"]):
        chance = Random(f"{town.plan.seed} page {n}")
        page = CounterPage(town.net, chance, addresses, start if n == 0 else first, n + 1)
        pc = town.pcs[n + 1] = Pc(town.loop, town.net, town.folder, f"pc-{n + 1}", page)
        town.machines[pc.name] = pc
        town.clerks.append(Clerk(town, n + 1, await town.central.appoint(f"clerk {n + 1}"), groups, page))
    town.board = BoardPage(town.net, Random(f"{town.plan.seed} board"), addresses, first)
    town.board.on_call = lambda call: judging.announced(town.ledger, town.heard, call, town.day)
    town.pc_of_board = Pc(town.loop, town.net, town.folder, "pc-board", town.board)
    typed = Page(town.net, Random(0), addresses, first)
    town.pc_of_manager = Pc(town.loop, town.net, town.folder, "pc-manager", typed)
    town.manager = Manager(town, await town.central.appoint("manager", "manager"), typed)
    town.machines |= {one.name: one for one in (town.pc_of_board, town.pc_of_manager)}
