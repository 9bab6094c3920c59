"""One centre of the fleet: its kiosks, what befalls them and what is lost with each, and who mends them."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, Literal

from kiosk.desk.answers import Issued
from offline_store.chain.audit import verify_chain
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.delivery.outbox import OutboxRow, list_items
from offline_store.disk.database import Store
from offline_store.updates import wanted_version
from tools.fleet.kiosk import KioskMachine
from tools.fleet.plan import Event, Kind
from tools.fleet.world import WorldTime

SERVICES: Final = ("civil-affairs", "state-employees", "water-bill", "plan-copy", "commercial-bank", "judicial-record")
BADLY: Final = "the new version did not start"


@dataclass(frozen=True, slots=True)
class Lost:
    """An item that will never be at central, or not be applied there, and why."""

    machine: str
    item: str
    number: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """A number that a citizen was told."""

    kiosk: str
    ticket: Issued


@dataclass
class Place:
    """Where a kiosk stands, and how it is."""

    machine: KioskMachine
    state: Literal["on", "dead", "stolen"] = "on"


@dataclass
class Centre:
    """A centre's kiosks, each in its place."""

    world: WorldTime
    chance: Random
    code: str
    central: str
    folder: Path
    version: str
    places: list[Place] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    made: dict[str, dict[str, str]] = field(default_factory=dict)  # machine -> item -> its state
    events: Counter[str] = field(default_factory=Counter)
    fails_at_next_update: bool = False
    _made: int = 0
    _line_until: datetime | None = None

    @property
    def is_cut_off(self) -> bool:
        """Whether the line to central is cut."""
        return self._line_until is not None and self.world.now < self._line_until

    def add(self, code: str) -> Place:
        """Set a new kiosk up with a code."""
        self._made += 1
        machine = KioskMachine(self.world, self.code, self.central, code, self.folder / f"{self.code}-{self._made}")
        machine.says = {"version": self.version}
        machine.forward()  # the installer saw that it hears central
        return Place(machine)

    @property
    def running(self) -> list[KioskMachine]:
        """The kiosks that are on."""
        return [one.machine for one in self.places if one.state == "on"]

    @property
    def living(self) -> list[str]:
        """Their ids."""
        return [one.id for one in self.running]

    # --- a day --------------------------------------------------------------------------------------------------

    def step(self, often: float) -> None:
        """Let an hour's citizens come, so many to a kiosk on average."""
        for machine in self.running:
            for _ in range(int(often) + (self.chance.random() < often % 1)):
                self.told.append(Told(machine.id, machine.issue(self.chance.choice(SERVICES))))

    def forward(self) -> None:
        """Have every kiosk that is on deliver and hear, as far as it gets."""
        for machine in self.running:
            machine.is_cut_off = self.is_cut_off
            try:
                machine.forward(loses_an_answer=self.chance.random() < 0.1)
            except DeliveryError:
                self.events["not-delivered"] += 1

    def night(self) -> None:
        """Have a kiosk go off and on now and then, and each install the version that central wants."""
        for machine in self.running:
            if self.chance.random() < 0.1:
                machine.restart()
            wanted = wanted_version(machine.store, machine.clock.now())
            if wanted.due and wanted.version is not None and machine.says != {"version": wanted.version}:
                self._install(machine, wanted.version)

    def _install(self, machine: KioskMachine, version: str) -> None:
        assert machine.says is not None
        if self.fails_at_next_update:
            self.fails_at_next_update = False
            failed = {"version": version, "outcome": "failed", "why": BADLY}
            machine.says = {"version": machine.says["version"], "update": failed}
        elif machine.says.get("update", {}).get("version") != version:
            machine.restart()
            machine.says = {"version": version}

    # --- what befalls it ----------------------------------------------------------------------------------------

    def suffer(self, event: Event) -> list[Lost] | None:
        """Have it happen; return what is lost by it, None where it cannot be now: what it would hit is not there."""
        place = self.places[event.kiosk]
        if self.is_cut_off or place.state != "on":
            return None
        if event.kind is Kind.LINE:
            self._line_until = self.world.now + timedelta(hours=event.hours)
            return []
        machine, why = place.machine, {Kind.DAMAGE: "its store was damaged", Kind.THEFT: "it was stolen"}
        self._take(machine)
        before = _unacknowledged(machine, why.get(event.kind, "its disk died"))
        if event.kind is Kind.DAMAGE:
            machine.restart(is_damaged=True)
            saved = {row.id for row in _rows(machine.store)}
            return [one for one in before if one.item not in saved]
        place.state = "stolen" if event.kind is Kind.THEFT else "dead"
        if place.state == "dead":
            machine.end()
            shutil.rmtree(machine.folder)
        return before

    # --- who mends it -------------------------------------------------------------------------------------------

    def tell(self, machine: str) -> str:
        """Say on the telephone how a machine is: on, dead, stolen, cut off."""
        state = self._place(machine).state
        return "cut off" if state == "on" and self.is_cut_off else state

    def replace(self, former: str, code: str) -> str:
        """Set a new machine up where the former stood; return its id."""
        gone = self._place(former)
        index = self.places.index(gone)
        if gone.state == "stolen":  # the thief has heard what he hears
            gone.machine.end()
        self.places[index] = self.add(code)
        return self.places[index].machine.id

    def enrol_again(self, machine: str, code: str) -> str:
        """Enrol a machine that central lacks once more, on its own disk; return its id."""
        place = self._place(machine)
        place.machine.enrol_again(code)
        return place.machine.id

    def thief_tries(self, machine: str) -> str:
        """Have the thief connect a kiosk that was turned away; return what he hears."""
        try:
            self._place(machine).machine.forward()
        except DeliveryError as error:
            return error.code
        return "taken"

    def _place(self, machine: str) -> Place:
        return next(one for one in self.places if one.machine.id == machine)

    # --- the end ------------------------------------------------------------------------------------------------

    def _take(self, machine: KioskMachine) -> None:
        self.made.setdefault(machine.id, {}).update({row.id: row.state for row in _rows(machine.store)})

    def reckon(self) -> list[str]:
        """Read every disk, and say what does not fit."""
        for machine in self.running:
            self._take(machine)
        return [f"{one.id}: {fault}" for one in self.running for fault in verify_chain(one.store)]

    def end(self) -> None:
        """Close all that is open."""
        for place in self.places:
            if place.state != "dead":
                place.machine.end()


def _rows(store: Store) -> list[OutboxRow]:
    return list_items(store, include_acknowledged=True)


def _unacknowledged(machine: KioskMachine, why: str) -> list[Lost]:
    """Return what is lost where a machine is gone now, but for what central has and could not say."""
    return [Lost(machine.id, row.id, row.number, why) for row in _rows(machine.store) if row.state != "acknowledged"]
