"""What befalls whichever machine has a part in that moment, and what people do wrong in good faith."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from central.publishing import service_orders
from common.machine.errors import StoreError
from kiosk.maintenance.hardware.power_time import days_to_open
from offline_store.issuing.business_day import current_day, open_day_by_manager
from tests.town import office, roll, slips, strikes
from tests.town.central import CENTRE
from tests.town.kiosk import TownKiosk
from tests.town.loop import blocking

if TYPE_CHECKING:
    from tests.town.town import Town

TRIED_AGAIN_S: Final = 20.0


async def befall(town: "Town", act: dict[str, Any]) -> None:
    """Have a thing of the plan happen, to its end."""
    kind = _KINDS.get(act["do"])
    await (strikes.befall(town, act) if kind is None else kind(town, act))


def may_lose_disk(act: dict[str, Any], name: str) -> bool:
    """Whether an act may cost a machine what is on its disk, or all since a copy."""
    if act["do"] == "of-role":
        return bool(act["what"] == "damage") and name.startswith("kiosk" if act["role"] == "kiosk" else "hub")
    return act["do"] in ("damage", "put-back", "replaced") and act.get("on") == name


async def _of_role(town: "Town", act: dict[str, Any]) -> None:
    """Find out who has the part now, and strike it."""
    name, others = _has_role(town, act["role"])
    lasts = min(act["for"], 40) if act["what"] == "kill" else act["for"]
    strike = {"do": act["what"], "on": name, "for": lasts, "page": act["page"], "off": lasts}
    town.ledger.reached[f"row-{act['role']}-{act['what']}"] += 1
    if act["what"] == "cut":
        strike["between"] = [name, others[0] if others else "internet"]
    await strikes.befall(town, strike)


def _has_role(town: "Town", role: str) -> tuple[str, list[str]]:
    """Return the machine that leads, one that follows it, or a kiosk; and the other hubs."""
    hubs = sorted(town.hubs, key=lambda one: (not town.manager.leads(one), not one.is_up, one.name))
    names = [one.name for one in hubs]
    if role == "kiosk":
        return town.kiosks[0].name, names
    chosen = names[0] if role == "leader" or len(names) == 1 else names[1]
    return chosen, [one for one in names if one != chosen]


async def _central_order(town: "Town", act: dict[str, Any]) -> None:
    """Have the office say that a service stands still everywhere, and later that it works again."""
    service = act["service"]
    await _at_central(town, lambda one: service_orders.interrupt(one, service, "registry-line", [CENTRE]))
    town.ledger.world(f"central says that {service} stands still")
    town.ledger.reached["central-order"] += 1
    town.stopped.add(service)
    await asyncio.sleep(act["for"])
    await _at_central(town, lambda one: service_orders.works_again(one, service, [CENTRE]))
    town.ledger.world(f"central says that {service} works again")


async def _at_central(town: "Town", what: Callable[[AsyncConnection], Awaitable[object]]) -> None:
    """Do something at central, once it is there."""
    while True:
        with contextlib.suppress(OSError):
            if town.central.is_up and not town.central.is_dying:
                await town.central.do(what)
                town.office.did(town.loop.time(), lambda: _at_central(town, what))
                return
        await asyncio.sleep(TRIED_AGAIN_S)


async def _opens_day(town: "Town", act: dict[str, Any]) -> None:
    if town.manager.is_at_work and town.pc_of_manager.is_up:
        await town.pc_of_manager.on_it(slips.opens_day(town, act["ahead"]))


async def _technician(town: "Town", act: dict[str, Any]) -> None:
    """Have somebody open a day at a kiosk whose screen asks for one, from those that it offers."""
    kiosk = town.kiosks[act["kiosk"] - 1]
    if kiosk.is_up and not kiosk.is_dying and kiosk.screen_says() is not None:
        with contextlib.suppress(StoreError, OSError):  # its screen says so: nothing was opened
            await kiosk.on_it(blocking(_open_at, town, kiosk, act["choice"]))


def _open_at(town: "Town", kiosk: TownKiosk, choice: int) -> None:
    stamp = kiosk.clock.now()
    with kiosk.store.read() as connection:
        day = current_day(connection)
    offered = days_to_open(None if day is None else day.date, stamp)
    right = [one for one in offered if one == town.date]
    if not offered or (choice == 0 and not right):
        return
    typed = right[0] if choice == 0 else offered[min(choice, len(offered) - 1)]
    opened = open_day_by_manager(kiosk.store, typed.isoformat(), stamp, "technician")
    done = "opened" if opened is not None else "refused"
    town.ledger.world(f"{kiosk.name}: a technician opens {typed.isoformat()}: {done}")
    town.ledger.reached["day-opened-at-a-kiosk"] += 1


_KINDS = {
    "of-role": _of_role, "central-order": _central_order, "opens-day": _opens_day, "technician": _technician,
    "printer-fails": roll.fails, **office.KINDS,
}  # fmt: skip
