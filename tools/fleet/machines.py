"""The machines of one centre of the fleet: what befalls them, and what is lost with each."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from hub.log.event import read_events
from offline_store.delivery.outbox import list_items
from offline_store.disk.database import Store
from tools.fleet.hub import HubMachine
from tools.fleet.kiosk import KioskMachine
from tools.fleet.world import FleetTime, Known


@dataclass(frozen=True, slots=True)
class Lost:
    """An item that will never be at central, or not be applied there, and why."""

    machine: str
    item: str
    kind: str
    number: str | None
    why: str


@dataclass
class Kept:
    """What the machines of a centre have made; complete once they are gone or all is over."""

    made: dict[str, dict[str, str]] = field(default_factory=dict)  # machine -> item -> its state
    calls: list[tuple[str, str, int]] = field(default_factory=list)  # hub, ticket, counter: an entry a call

    def take(self, machine: str, store: Store) -> None:
        """Read what a machine has in its outbox."""
        rows = list_items(store, include_acknowledged=True)
        self.made.setdefault(machine, {}).update({row.id: row.state for row in rows})

    def take_hub(self, machine: str, store: Store) -> None:
        """Read what a hub has in its outbox and in its log."""
        self.take(machine, store)
        with store.read() as connection:
            events = [one for one in read_events(connection) if one.kind == "called"]
        self.calls += [(machine, one.ticket or "", one.counter or 0) for one in events]


def unacknowledged(machine: str, store: Store, why: str) -> list[Lost]:
    """Return what is lost where a machine is gone now, but for what central has and could not say."""
    rows = list_items(store, include_acknowledged=True)
    return [Lost(machine, row.id, row.kind, row.number, why) for row in rows if row.state != "acknowledged"]


State = Literal["on", "dark", "dead", "stolen"]


@dataclass
class Place[M: (KioskMachine, HubMachine)]:
    """Where a machine stands in a centre, and how it is."""

    machine: M
    state: State = "on"
    until: datetime | None = None

    @property
    def id(self) -> str:
        """The id that central gave the machine."""
        return id_of(self.machine)


def id_of(machine: KioskMachine | HubMachine) -> str:
    """Return the id that central gave."""
    return machine.identity.kiosk if isinstance(machine, KioskMachine) else machine.hub.store.identity.kiosk


@dataclass
class Machines:
    """A centre's kiosks and hub, each in its place."""

    world: FleetTime
    known: Known
    folder: Path
    version: str
    kept: Kept = field(default_factory=Kept)
    fails_at_next_update: bool = False
    is_cut_off: bool = False

    def __post_init__(self) -> None:
        self._made = 0
        self.kiosks: list[Place[KioskMachine]] = []
        self.hub = Place(self._hub())

    def add_kiosk(self) -> Place[KioskMachine]:
        """Set a new machine up with the next code."""
        self._made += 1
        machine = KioskMachine(self.world, self.known, self.folder / f"kiosk-{self._made}")
        machine.says = {"version": self.version}
        machine.forward()  # the installer saw that it hears central, and its hub
        machine.tell_hub()
        return Place(machine)

    def new_hub(self) -> None:
        """Set a new hub up in the place of the dead one."""
        self.hub = Place(self._hub())

    def _hub(self) -> HubMachine:
        self._made += 1
        machine = HubMachine(self.world, self.known, self.folder / f"hub-{self._made}")
        machine.says = {"version": self.version}
        return machine

    def running(self) -> list[Place[KioskMachine]]:
        """Return the kiosks that are on."""
        return [one for one in self.kiosks if one.state == "on"]

    def cut_power(self, hours: int) -> None:
        """Have the power of all fail, for so long."""
        until = self.world.now + timedelta(hours=hours)
        for place in self.running():
            place.machine.cut()
            place.state, place.until = "dark", until
        if self.hub.state == "on":
            self.hub.machine.cut()
            self.hub.state, self.hub.until = "dark", until

    def power_is_back(self, shows: Callable[[], datetime]) -> None:
        """Start what is dark and need not be any more, each with a battery clock that shows something."""
        everyone: list[Place[Any]] = [*self.kiosks, self.hub]
        for place in everyone:
            if place.state == "dark" and place.until is not None and place.until <= self.world.now:
                place.machine.boot(shows())
                place.state = "on"

    def set_line(self, *, is_cut: bool) -> None:
        """Cut the line to central, or mend it."""
        self.is_cut_off = is_cut
        everyone: list[Place[Any]] = [*self.kiosks, self.hub]
        for place in everyone:
            place.machine.is_cut_off = is_cut

    def damage(self, place: Place[KioskMachine]) -> list[Lost]:
        """Lose the first page of a kiosk's store; return what its salvage did not bring back."""
        machine = place.machine
        self.kept.take(place.id, machine.store)
        before = unacknowledged(place.id, machine.store, "its store was damaged")
        machine.cut()
        machine.damage_disk()
        machine.boot(self.world.now)
        saved = {row.id for row in list_items(machine.store, include_acknowledged=True)}
        return [one for one in before if one.item not in saved]

    def lose_kiosk(self, place: Place[KioskMachine], *, is_stolen: bool) -> list[Lost]:
        """Have a kiosk go: its disk dies, or a thief has it. Return what is lost with it."""
        self.kept.take(place.id, place.machine.store)
        lost = unacknowledged(place.id, place.machine.store, "it was stolen" if is_stolen else "its disk died")
        place.state = "stolen" if is_stolen else "dead"
        if not is_stolen:
            place.machine.end()
            shutil.rmtree(place.machine.folder)
        return lost

    def lose_hub(self) -> list[Lost]:
        """Have the hub's disk die. Return what is lost with it."""
        hub = self.hub.machine
        self.kept.take_hub(self.hub.id, hub.hub.store)
        lost = unacknowledged(self.hub.id, hub.hub.store, "its disk died")
        self.hub.state = "dead"
        hub.end()
        shutil.rmtree(hub.folder)
        return lost
