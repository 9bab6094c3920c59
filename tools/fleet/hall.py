"""One centre of the fleet, hour by hour: its citizens, its counters, what befalls its machines, who mends them."""

import traceback
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.errors import StoreUnavailable
from hub.log.event import read_events
from offline_store.chain.audit import verify_chain
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.queue.changes import HUB, changes_for
from offline_store.updates import wanted_version
from tests.hub.held import check_store
from tests.kit.desk import App
from tools.fleet.citizens import Citizens
from tools.fleet.counters import Counters
from tools.fleet.kiosk import KioskMachine, PowerCut
from tools.fleet.machines import Lost, Machines, Place
from tools.fleet.plan import HOURS, Event, Kind
from tools.fleet.said import Reckoned, SetUp
from tools.fleet.world import LONG_AGO, FleetTime, Known

BADLY: Final = "the new version did not start"
STEPS: Final = 4  # an hour; at the first of them machines deliver


class Hall:
    """A centre. What its methods say is of the moment to which the process's clock was set."""

    def __init__(self, world: FleetTime, folder: Path, brought: SetUp) -> None:
        self._world, self._chance, self._staff = world, Random(f"{brought.seed} {brought.centre}"), brought.staff
        self._known = Known(brought.centre, brought.central, list(brought.codes))
        self._machines = Machines(world, self._known, folder, brought.version)
        self._machines.kiosks += [self._machines.add_kiosk() for _ in brought.codes[1:]]
        app = App(Ed25519PrivateKey.from_private_bytes(brought.app_key))
        self._citizens = Citizens(world, self._chance, self._after_cut, brought.centre, app)
        self._often = brought.citizens / (len(HOURS) * (STEPS - 1))
        self._line_until, self._is_second_hub = world.now, False
        self._counters = self._at_the_hub()

    def _at_the_hub(self) -> Counters:
        return Counters(self._machines.hub.machine, self._staff, self._chance)

    # --- a day --------------------------------------------------------------------------------------------------

    def recover(self) -> None:
        """Have what is over end: a cut of the power, of the line."""
        if self._machines.is_cut_off and self._line_until <= self._world.now:
            self._machines.set_line(is_cut=False)
        self._machines.power_is_back(lambda: LONG_AGO if self._chance.random() < 0.3 else self._world.now)

    def step(self) -> None:
        """Let some minutes' citizens come, and the clerks act."""
        self.recover()
        for place in self._machines.running():
            if self._chance.random() < 0.04:
                place.machine.cut_after(self._chance.randrange(60))
            if self._chance.random() < self._often:
                self._citizens.visit(place.machine)
                self._tell_hub(place.machine)
        if self._machines.hub.state == "on":
            if self._chance.random() < 0.02:
                self._machines.hub.machine.cut_at_commit(self._chance.randrange(30))
            self._counters.goes_on()

    def _tell_hub(self, machine: KioskMachine) -> None:
        try:
            machine.tell_hub()
        except PowerCut:
            self._after_cut(machine)

    def knock(self) -> None:
        """Have somebody try a kiosk on a day on which the centre is closed."""
        for place in self._machines.running()[:1]:
            self._citizens.visit(place.machine)

    def forward(self) -> None:
        """Have every machine that is on deliver and hear, as far as it gets."""
        self.recover()
        for place in self._machines.running():
            place.machine._statements_left = None
            try:
                place.machine.forward(loses_answers=int(self._chance.random() < 0.1))
                place.machine.tell_hub()
            except DeliveryError:
                self._citizens.events["not-delivered"] += 1
        if self._machines.hub.state == "on":
            self._counters.light()
            try:
                self._machines.hub.machine.forward(loses_answers=int(self._chance.random() < 0.1))
            except (DeliveryError, StoreUnavailable):
                self._citizens.events["not-delivered"] += 1

    def evening(self, *, by_manager: bool) -> None:
        """Close the counters; a manager may end the day."""
        self.recover()
        if self._machines.hub.state == "on":
            self._counters.end_the_day(by_manager=by_manager)

    def night(self) -> None:
        """Have a kiosk lose its power now and then, and each install the version that central wants."""
        for place in self._machines.running():
            machine = place.machine
            if self._chance.random() < 0.1:
                machine.cut()
                machine.boot(self._world.now)
            wanted = wanted_version(machine.store, machine.clock.now())
            if wanted.due and wanted.version is not None and machine.says != {"version": wanted.version}:
                self._install(machine, wanted.version)

    def _install(self, machine: KioskMachine, version: str) -> None:
        assert machine.says is not None
        if self._machines.fails_at_next_update:
            self._machines.fails_at_next_update = False
            failed = {"version": version, "outcome": "failed", "why": BADLY}
            machine.says = {"version": machine.says["version"], "update": failed}
        elif machine.says.get("update", {}).get("version") != version:
            machine.cut()  # the kiosk's process starts again, on the same disk
            machine.boot(self._world.now)
            machine.says = {"version": version}

    def _after_cut(self, machine: KioskMachine) -> None:
        self._citizens.events["power-cuts"] += 1
        machine.end()
        machine.boot(LONG_AGO if self._chance.random() < 0.3 else self._world.now)

    # --- what befalls it ----------------------------------------------------------------------------------------

    def suffer(self, event: Event) -> list[Lost] | None:
        """Have it happen; return what is lost by it, None where it cannot be now: what it would hit is not on."""
        machines, place = self._machines, self._machines.kiosks[event.kiosk]
        is_of_hub = event.kind is Kind.HUB_DEATH
        is_on = machines.hub.state == "on" if is_of_hub else place.state == "on"
        if event.kind is Kind.POWER:
            machines.cut_power(event.hours)
        elif not is_on or machines.is_cut_off:
            return None
        elif event.kind is Kind.LINE:
            self._line_until = self._world.now + timedelta(hours=event.hours)
            machines.set_line(is_cut=True)
        elif is_of_hub:
            self._counters.light()
            self._counters.end()
            return machines.lose_hub()
        elif event.kind is Kind.DAMAGE:
            return machines.damage(place)
        else:
            return machines.lose_kiosk(place, is_stolen=event.kind is Kind.THEFT)
        return []

    def fail_next_update(self) -> None:
        """Have the next kiosk here that installs a version fail."""
        self._machines.fails_at_next_update = True

    # --- who mends it -------------------------------------------------------------------------------------------

    def tell(self, machine: str) -> str:
        """Say on the telephone how a machine is: on, dark, dead, stolen, cut off."""
        place = next(one for one in self._places() if one.id == machine)
        if place is self._machines.hub and place.state == "on" and place.machine.is_dark:
            return "dark"  # its power failed in the middle of this hour's delivery
        return "cut off" if place.state == "on" and self._machines.is_cut_off else place.state

    def has(self, machine: str) -> bool:
        """Return whether this machine stands here, and is on."""
        return machine in self.living()

    def living(self) -> list[str]:
        """Return the machines that are not gone, dark ones too."""
        return [one.id for one in self._places() if one.state in ("on", "dark")]

    def has_line(self) -> bool:
        """Return whether central can be reached."""
        return not self._machines.is_cut_off

    def replace_kiosk(self, former: str, code: str) -> str:
        """Set a new machine up where the former stood; return its id."""
        index = next(index for index, one in enumerate(self._machines.kiosks) if one.id == former)
        self._known.codes.append(code)
        place = self._machines.kiosks[index] = self._machines.add_kiosk()
        return place.id

    def replace_hub(self, code: str) -> str:
        """Set a new hub up; return its id."""
        self._known.codes.append(code)
        self._machines.new_hub()
        self._is_second_hub = True
        self._counters = self._at_the_hub()
        return self._machines.hub.id

    def enrol_again(self, machine: str, code: str) -> str:
        """Enrol a machine that central lacks once more, on its own disk; return its id."""
        self._known.codes.append(code)
        place = next(one for one in self._places() if one.id == machine)
        place.machine.enrol_again()
        return place.id

    def thief_tries(self, machine: str) -> str:
        """Have the thief connect a kiosk that was turned away; return what he hears."""
        place = next(one for one in self._machines.kiosks if one.id == machine)
        try:
            place.machine.forward()
        except DeliveryError as error:
            return error.code
        return "taken"

    def _places(self) -> list[Place[Any]]:
        return [*self._machines.kiosks, self._machines.hub]

    # --- the end ------------------------------------------------------------------------------------------------

    def untold(self) -> bool:
        """Tell the hub what it has not heard yet; return whether something is left."""
        hub = self._machines.hub.machine.hub
        for place in self._machines.running():
            place.machine.tell_hub()
        with hub.read() as look:
            return any(
                changes_for(one.machine.store, HUB, look.hub_id, look.term).tickets for one in self._machines.running()
            )

    def reckon(self) -> Reckoned:
        """Read every disk, and say what does not fit."""
        kept, hub, faults = self._machines.kept, self._machines.hub, list[str]()
        for place in self._machines.running():
            kept.take(place.id, place.machine.store)
            faults += [f"{place.id}: {fault}" for fault in verify_chain(place.machine.store)]
        kept.take_hub(hub.id, hub.machine.hub.store)
        try:
            check_store(hub.machine.hub.store, recalled=self._is_second_hub)
        except AssertionError as error:
            line = traceback.extract_tb(error.__traceback__)[-1].line
            faults.append(f"{hub.id}: its log breaks a promise: {line} {error}")
        with hub.machine.hub.store.read() as connection:
            adopted = {str(one.ticket) for one in read_events(connection) if one.kind == "adopted"}
            ends = {row.id: row.end for row in connection.exec_driver_sql('SELECT id, "end" FROM hub_tickets')}
        events = self._citizens.events + self._counters.events
        return Reckoned(self._citizens.told, kept, ends, adopted, self.living(), events, faults)

    def end(self) -> None:
        """Close all that is open."""
        self._counters.end()
        for place in self._places():
            if place.state in ("on", "stolen"):
                place.machine.end()
