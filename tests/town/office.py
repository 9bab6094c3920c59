"""What operators do at central: they bring a copy back, and put another machine where a kiosk or a hub stood."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from common.machine.errors import CannotBeDone, StoreError
from offline_store.delivery.connection.delivery_error import DeliveryError
from tests.town import strikes
from tests.town.hub import TownHub
from tests.town.kiosk import TownKiosk

if TYPE_CHECKING:
    from tests.town.town import Town

TRIED_AGAIN_S: Final = 60.0
SENT_AGAIN_S: Final = 1800.0  # so long kiosks and hubs take to hear of it, and to send again what central lacks
NOT_HEARD_S: Final = 60.0


class Office:
    """Those who run central of a town. What was done since a copy is done again after that was brought back."""

    def __init__(self) -> None:
        self.copied_s: float | None = None
        self.set_back_s: float | None = None
        self._since: list[tuple[float, Callable[[], Awaitable[object]]]] = []

    def did(self, at_s: float, what: Callable[[], Awaitable[object]]) -> None:
        """Remember what is said to central, and by no machine, as it has to be said again after a restore."""
        self._since.append((at_s, what))

    def lacks(self, now_s: float) -> bool:
        """Whether central may lack what machines have told it, as it was set back a moment ago."""
        return self.set_back_s is not None and now_s - self.set_back_s < SENT_AGAIN_S

    def done_since(self, copied_s: float) -> list[Callable[[], Awaitable[object]]]:
        """Return what was done since a copy, and forget it: it is done again."""
        found = [what for at_s, what in self._since if at_s >= copied_s]
        self._since = [one for one in self._since if one[0] < copied_s]
        return found


# --- a copy that is brought back ------------------------------------------------------------------------------------


async def copies(town: "Town", _act: dict[str, Any]) -> None:
    """Make a copy of central, as a timer does at night."""
    console, central = town.outside.console, town.central
    if not central.is_up or central.is_dying:
        return
    settings = console.file("etc-central")
    settings.mkdir(exist_ok=True)
    await console.says("backup", "--to", str(console.file("copies")), "--settings", str(settings))
    town.office.copied_s = town.loop.time()
    town.ledger.note("central is copied")


async def restores(town: "Town", act: dict[str, Any]) -> None:
    """Lose central, and bring the copy back by the steps that deploy/backup.md has."""
    office, central, copied_s = town.office, town.central, town.office.copied_s
    if copied_s is None or not central.is_up or central.is_dying:
        return
    minutes = (town.loop.time() - copied_s) / 60
    town.ledger.world(f"central is lost; in {act['for']} s a copy is brought back that is {minutes:.0f} minutes old")
    await central.stop()
    await town.outside.recurring.end()
    await asyncio.sleep(act["for"])
    await town.outside.console.says("bring-back", str(town.outside.console.file("copies")), "--really")
    await central.start()
    if town.outside.is_there:
        await town.outside.recurring.begin()
    office.set_back_s = town.loop.time()
    town.central_hears_s = office.set_back_s + SENT_AGAIN_S  # what phones read is judged once central has all again
    town.ledger.world("central is there again, as it was when it was copied")
    town.ledger.reached["central-restored"] += 1
    town.outside.was_set_back(copied_s)
    for again in office.done_since(copied_s):
        await again()


# --- another machine in its place -----------------------------------------------------------------------------------


async def replaces(town: "Town", act: dict[str, Any]) -> None:
    """Revoke a kiosk or a hub, and enrol it again, or a new machine in its place."""
    machine = town.machines[act["on"]]
    assert isinstance(machine, TownKiosk | TownHub)
    if isinstance(machine, TownHub) and (len(town.hubs) < 2 or town.manager.leads(machine)):
        return  # who leads is never taken away: another one is let lead before that
    town.ledger.world(f"{machine.name} is taken away for {act['for']} s, to be enrolled {act['how']}")
    _are_unheard(town, machine)
    strikes.settled(town, 1)
    if act["how"] != "where it stands":
        await strikes.off(town, machine, power=True)
    await _revokes(town, machine.id)
    await asyncio.sleep(act["for"])
    if act["how"] == "where it stands":
        await strikes.off(town, machine, power=False)
        _are_unheard(town, machine, act["for"])
    if act["how"] == "as a new machine" or isinstance(machine, TownHub):  # no hub goes on with a revoked one's log
        machine.gets_a_new_disk()
    machine.forgets_copy()
    await _enrols(town, machine)
    await strikes.on(town, machine, boots=True)
    strikes.settled(town, -1)
    town.ledger.world(f"{machine.name} is enrolled {act['how']}")
    town.ledger.reached[f"{machine.name.split('-')[0]}-replaced"] += 1


def _are_unheard(town: "Town", machine: TownKiosk | TownHub, since_s: float = 0.0) -> None:
    """Know that numbers of a revoked kiosk of which no hub has heard are called by none."""
    heard_s = min(town.kiosk_heard_s.get(machine.name, 0.0), town.loop.time() - since_s)
    for paper in town.ledger.papers.values():
        if paper.place == machine.name and paper.given_s > heard_s - NOT_HEARD_S:
            paper.unsure = True


async def _revokes(town: "Town", name: str) -> None:
    """Turn a kiosk or a hub away by its id."""
    await _at_central(town, lambda: town.outside.console.says("revoke", name))
    town.ledger.note(f"{name} is revoked")
    town.office.did(town.loop.time(), lambda: _revokes(town, name))


async def _enrols(town: "Town", machine: TownKiosk | TownHub) -> None:
    """Spend a code of central's, once both hear each other."""
    role = "hub" if isinstance(machine, TownHub) else "kiosk"

    async def enrol() -> None:
        machine.clock.boot()
        await machine.enrol(await town.central.code("hub" if role == "hub" else "kiosk"))

    await _at_central(town, enrol)
    town.office.did(town.loop.time(), lambda: _enrols_again(town, machine))


async def _enrols_again(town: "Town", machine: TownKiosk | TownHub) -> None:
    """Enrol a machine once more that was enrolled since the copy: on its own disk, so that it gets back its place."""
    strikes.settled(town, 1)
    await strikes.off(town, machine, power=False)
    await _enrols(town, machine)
    await strikes.on(town, machine, boots=False)
    strikes.settled(town, -1)
    town.ledger.world(f"{machine.name} is enrolled once more")
    town.ledger.reached["enrolled-once-more"] += 1


async def _at_central(town: "Town", what: Callable[[], Awaitable[object]]) -> None:
    """Do something with central until it is done."""
    while True:
        if town.central.is_up and not town.central.is_dying:
            try:
                await what()
            except (OSError, StoreError, DeliveryError, CannotBeDone) as error:
                town.ledger.note(f"at central: {type(error).__name__}: {str(error)[:160]}")
            else:
                return
        await asyncio.sleep(TRIED_AGAIN_S)


KINDS: Final[dict[str, Callable[["Town", dict[str, Any]], Awaitable[None]]]] = {
    "central-copied": copies, "central-restored": restores, "replaced": replaces,
}  # fmt: skip
