"""A week in the life of one centre: what each day brings, and what the citizens were told."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from common.machine.errors import StoreUnavailable
from kiosk.desk.desk import Issued, new_intention
from offline_store.delivery.connection.delivery_error import DeliveryError
from offline_store.delivery.outbox import dead_items, retry
from offline_store.feed.feed import place
from offline_store.issuing.business_day import ZONE, open_day_by_manager
from offline_store.queue.changes import HUB, changes_for
from tests.kit.desk import App
from tools.week.centre import CENTRE, LiveCentral, WorldTime
from tools.week.citizens import SERVICES, Citizens, Told, app_key
from tools.week.counters import Counters, appointed
from tools.week.hub import HubMachine
from tools.week.machine import FAR_AHEAD, LONG_AGO, Machine, PowerCut

FIRST_DAY = date(2026, 11, 22)  # a Sunday: the working week begins
HOURS = range(8, 15)
RUSH = range(8, 10)
DAMAGED = (3, 1)  # in the night before this day, the disk of this kiosk
CLONED = (4, 2)  # on this day, the disk of this kiosk
CLONED_AT = 11  # o'clock
ACTS_AFTER_THE_RUSH = 4
STOLEN = 2  # on this day of a week the app's key is stolen; the next morning it is revoked


@dataclass
class Town:
    """One centre with its kiosks; `play` lets days pass."""

    world: WorldTime
    central: LiveCentral
    folder: Path
    chance: Random
    kiosks: int = 3
    citizens_an_hour: int = 2
    days: int = 0
    events: Counter[str] = field(default_factory=Counter)
    twins: list[Machine] = field(default_factory=list)
    told_by_twin: list[Told] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # the twin's items, at their first delivery

    def __post_init__(self) -> None:
        self.hub = HubMachine(self.world, self.central, self.folder / "hub")
        self.counters = Counters(self.world, self.hub, appointed(self.central), self.chance)
        self.machines = [Machine(self.world, self.central, self.folder / f"kiosk-{n}") for n in range(self.kiosks)]
        self.citizens = Citizens(self.world, self.chance, self._after_cut, events=self.events)
        for machine in self.machines:  # the installer saw that each has found its hub
            machine.forward()
            machine.tell_hub()
        self._publish_key()

    @property
    def told(self) -> list[Told]:
        """What the citizens were told."""
        return self.citizens.told

    @property
    def on_paper(self) -> dict[str, str]:
        """Which ticket the paper of an order's item names."""
        return self.citizens.on_paper

    @property
    def stolen_orders(self) -> set[str]:
        """The orders of a thief's codes."""
        return self.citizens.stolen_orders

    def play(self, days: int) -> None:
        """Let so many days pass, and then bring everything home."""
        self.days = days
        for day in range(days):
            self._night(day)
            for hour in HOURS:
                self._hour(day, hour)
            self.counters.end_the_day(by_manager=day % 2 == 1)
        self._closing()

    # --- a day --------------------------------------------------------------------------------------------------

    def _at(self, day: int, hour: int) -> datetime:
        return datetime.combine(FIRST_DAY + timedelta(days=day), time(hour), ZONE)

    def _night(self, day: int) -> None:
        """Cut the power at night; in the morning each battery clock shows what it likes, and central has news."""
        stopped = self.world.now
        self.world.go_to(self._at(day, 7))
        for number, machine in enumerate(self.machines):
            machine.cut()
            if (day, number) == DAMAGED:
                machine.damage_disk()
            wrong = [stopped, LONG_AGO, FAR_AHEAD] if day else []  # a kiosk that never had a day needs a clock for it
            machine.boot(self.chance.choice([self.world.now, *wrong]))
            machine.mend_printer()
        self.hub.cut()
        self.hub.boot(self.chance.choice([self.world.now, stopped, LONG_AGO, FAR_AHEAD]))
        self._news(day)
        for number, machine in enumerate(self.machines):
            # In turn the day is opened by central, by the clock alone, and by a manager without any network.
            if (day + number) % 3 == 2:
                label = (FIRST_DAY + timedelta(days=day)).isoformat()
                opened = open_day_by_manager(machine.store, label, machine.clock.now(), "manager-1")
                self.events["opened-by-manager"] += opened is not None
            elif (day + number) % 3 == 1:
                self._forward(machine)

    def _news(self, day: int) -> None:
        today = (FIRST_DAY + timedelta(days=day)).isoformat()
        match day % 7:
            case 0 | 3:
                self.central.publish("business-day", {"date": today})
                if day % 7 == STOLEN + 1:
                    self._revoke_key(day)
            case 1:
                entry = {"code": "water-bill", "names": {"ar": "فاتورة المياه", "en": f"Water bill {day}"}}
                self.central.publish("catalogue", {"services": [entry]})
            case 2:
                self.central.publish("central-keys", {"rotate": ["signing"]})
            case 4:
                self.central.publish("central-keys", {"rotate": ["sealing"]})
            case 5:
                self.citizens.app = App(kid=bytes((0x0B, day % 256)))
                self._publish_key()
            case _:
                self.central.publish("settings", {"kiosk.opens": "08:00"})
        for order_id, number in self.citizens.open_orders[:2]:
            state = self.chance.choice(["ready", "collected", "by_post"])
            about = {"order": order_id, "number": number, "state": state, "centre": CENTRE}
            moment = self.world.now.isoformat().replace("+00:00", "Z")
            self.central.publish("order-state", {**about, "service": "civil-affairs", "at": moment})

    def _revoke_key(self, day: int) -> None:
        """Give the app another key; what is signed with the old one from now on is a thief's."""
        self.citizens.stolen, self.citizens.app = self.citizens.app, App(kid=bytes((0x0C, day % 256)))
        self._publish_key()
        revoked_at = int(self.world.now.timestamp())
        self.central.publish("app-key-revoked", {"kid": self.citizens.stolen.kid.hex(), "revoked_at": revoked_at})
        self.events["keys-revoked"] += 1

    def _publish_key(self) -> None:
        self.central.publish("app-key", app_key(self.citizens.app, self.world.now))

    def _hour(self, day: int, hour: int) -> None:
        self.world.go_to(self._at(day, hour))
        self._trouble_the_hub()
        for number, machine in enumerate(self.machines):
            if self.chance.random() < 0.2:
                machine.spoil_printer(self.chance)
                self.events["printer-faults"] += 1
            if self.chance.random() < 0.3:
                machine.cut_after(self.chance.randrange(60))
            is_cut_off = self.chance.random() < 0.2  # from the hub, as by a cable
            for _ in range(self.citizens_an_hour * (2 if hour in RUSH else 1)):
                self.world.go(self.chance.uniform(20, 120))
                self.citizens.visit(machine)
                if not is_cut_off:
                    self._tell_hub(machine)
                self.counters.goes_on()
            if self.chance.random() < 0.6:
                self._mend(machine)
            if (day, number) == CLONED and hour == CLONED_AT:
                self._clone(machine)
            # One kiosk in turn has no network all day, the others for some hours.
            if number != day % len(self.machines) and self.chance.random() < 0.6:
                self._forward(machine)

        for _ in range(ACTS_AFTER_THE_RUSH):
            self.world.go(self.chance.uniform(60, 240))
            self.counters.goes_on()
        if self.chance.random() < 0.6:
            self._forward_hub()

    def _trouble_the_hub(self) -> None:
        if self.chance.random() < 0.3:
            self.hub.cut_at_commit(self.chance.randrange(30))
        elif self.chance.random() < 0.3:
            self.hub.kill()
            self.events["hub-killed"] += 1

    def _tell_hub(self, machine: Machine) -> None:
        try:
            machine.tell_hub()
        except PowerCut:
            self._after_cut(machine)

    def _forward_hub(self) -> None:
        try:
            self.hub.forward(loses_answers=int(self.chance.random() < 0.25))
        except DeliveryError:
            self.events["answers-to-the-hub-lost"] += 1
        except StoreUnavailable:
            self.counters.light()

    def _mend(self, machine: Machine) -> None:
        try:
            machine.mend_printer()
        except PowerCut:  # while it is written down that a paper came out after all
            self._after_cut(machine)

    def _clone(self, machine: Machine) -> None:
        """Have a copy of the disk run for a while beside the kiosk: both give the same numbers.

        Central hears the kiosk first, and then what the twin says in the same places of the chain.
        """
        machine._statements_left = None
        twin = machine.twin()
        self.twins.append(twin)
        for _ in range(6):
            self.citizens.visit(machine)
        machine.forward()
        for service in SERVICES[:2]:
            answer = twin.desk.issue(service, intention=new_intention())
            assert isinstance(answer, Issued), answer
            self.told_by_twin.append(Told(twin.identity.kiosk, answer.id, answer.number, answer.business_day))
            twin.desk.print_ticket(answer)
        twin.forward()
        self.refused = {row.id for row in dead_items(twin.store)}
        retry(twin.store, min(self.refused))  # a technician tries
        twin.forward()

    def _forward(self, machine: Machine) -> None:
        try:
            machine.forward(loses_answers=int(self.chance.random() < 0.25))
        except DeliveryError:
            self.events["answers-lost"] += 1
        except PowerCut:
            self._after_cut(machine)

    def _after_cut(self, machine: Machine) -> None:
        self.events["power-cuts"] += 1
        machine.end()
        self.world.go(self.chance.uniform(60, 900))
        machine.boot(self.chance.choice([self.world.now, LONG_AGO]))

    # --- the end ------------------------------------------------------------------------------------------------

    def _closing(self) -> None:
        """Everything mended, everything delivered, what central says of late orders heard."""
        for machine in self.machines:
            machine._statements_left = None
            machine.mend_printer()
            machine.cut()
            machine.boot(self.world.now)
        for _ in range(2):
            for machine in self.machines:
                machine.forward()
            self.central.settle()
        self._close_the_books()
        assert all(place(machine.store).cursor is not None for machine in self.machines)

    def _close_the_books(self) -> None:
        """The hub hears of what it was not told yet, ends the last day, and tells central all."""
        self.counters.light()
        while untold := [machine for machine in self.machines if self._has_more_for_the_hub(machine)]:
            self.world.go(5)
            for machine in untold:
                machine.tell_hub()
        self.counters.end_the_day(by_manager=True)
        self.hub.forward()
        self.central.settle()

    def _has_more_for_the_hub(self, machine: Machine) -> bool:
        with self.hub.hub.read() as look:
            return bool(changes_for(machine.store, HUB, look.hub_id, look.term).tickets)

    def end(self) -> None:
        """Close the kiosks and the hub in order."""
        self.counters.end()
        self.hub.end()
        for machine in [*self.machines, *self.twins]:
            machine.end()
