"""The season itself: one clock for all, what the plan says at each hour, who sees to it, and the books at the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_store.issuing.business_day import ZONE
from tests.kit.desk import App
from tools.fleet.books import Books
from tools.fleet.central import FleetCentral
from tools.fleet.citizens import app_key
from tools.fleet.counters import GROUPS, Staff, counters_of
from tools.fleet.crew import Crew
from tools.fleet.hall import STEPS
from tools.fleet.machines import Lost
from tools.fleet.operator import TECHNICIAN, Operator
from tools.fleet.plan import CLOSES_SHORT, HOURS, Event, Kind, Plan, Size, day_of
from tools.fleet.said import SetUp
from tools.fleet.world import WorldTime

KNOCK_AT: Final = (8, 11, 14)  # on closed days machines are on, and somebody tries


@dataclass
class Season:
    """A fleet that is played day by day."""

    world: WorldTime
    central: FleetCentral
    crew: Crew
    folder: Path
    size: Size
    plan: Plan
    seed: int
    says: Callable[[str], object]
    happened: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.version = version("homs-kiosk")
        self.codes = [f"centre-{number:02}" for number in range(self.size.centres)]
        names = {f"Centre {number}": code for number, code in enumerate(self.codes)}
        self.operator = Operator(self.world, self.central, self.crew, names, self.version)
        self._put_off: list[Event] = []
        self._before: set[tuple[str, str]] = set()

    def set_up(self) -> None:
        """Have central know its centres, their staff and calendar; set the machines up, each with its code."""
        command, folder = self.central.command, self.folder
        table = folder / "centres.csv"
        rows = [f"{code},مركز {number},Centre {number},{self.size.kiosks}" for number, code in enumerate(self.codes)]
        table.write_text("\n".join(["code,name_ar,name_en,kiosks", *rows]) + "\n", encoding="utf-8")
        added = {one["centre"]: one["codes"] for one in command("centres", "add", str(table))}
        key = Ed25519PrivateKey.generate()
        self._publish("app-key", app_key(App(key), self.world.now))
        self.central.safe.parent.mkdir()
        command("backup", "key", "--out", str(self.central.safe))
        crew = []
        for code in self.codes:
            self._publish("counters", counters_of(code))
            command("technician", TECHNICIAN, "--centre", code, "--role", "technician")
            pins = {number: str(self._pin(f"clerk {number}", code, "clerk")) for number in GROUPS}
            staff = Staff(pins, self._pin("manager", code, "manager"))
            (hub,) = command("enrolment-code", "--centre", code, "--role", "hub")
            codes = (str(hub["code"]), *map(str, added[code]))
            secret = key.private_bytes_raw()
            crew.append(
                SetUp(code, self.central.live.url, codes, staff, secret, self.version, self.size.citizens, self.seed)
            )
        self.crew.build(crew)
        self._publish_calendar()
        self.crew.all("forward")

    def _pin(self, name: str, centre: str, role: str) -> str:
        (said,) = self.central.command("clerk", name, "--centre", centre, "--role", role)
        return str(said["pin"])

    def _publish(self, kind: str, content: object, *words: str) -> None:
        path = self.folder / f"{kind}.json"
        path.write_bytes(msgspec.json.encode(content))
        self.central.command("publish", kind, str(path), *words)

    def _publish_calendar(self) -> None:
        def named(day: Any, **more: Any) -> dict[str, Any]:
            return {"date": day.isoformat(), "names": {"ar": "عطلة", "en": "Special day"}, **more}

        closed = [named(day, closed=True) for day in sorted(self.plan.holidays)]
        for index, code in enumerate(self.codes):
            short = [
                named(day, opens="08:00", closes=f"{CLOSES_SHORT}:00")
                for of, day in self.plan.short_days
                if of == index
            ]
            self._publish("calendar", {"centre": code, "days": closed + short})

    # --- days ---------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let all days pass."""
        for day in range(self.size.days):
            self.says(f"{day_of(day)}: {len(self.happened)} events, {len(self.operator.book)} entries in the book")
            self._go_to(day, time(2))
            self.operator.night()
            self.crew.all("night")
            if self.plan.is_open(day):
                self._working_day(day)
            else:
                for hour in KNOCK_AT:
                    self._go_to(day, time(hour))
                    self.crew.all("knock")
                    self._look(day, hour)

    def _working_day(self, day: int) -> None:
        for hour in HOURS:
            self._go_to(day, time(hour))
            if hour in self.size.looks:
                self._look(day, hour)
            for step in range(1, STEPS):
                self._go_to(day, time(hour, step * 60 // STEPS))
                self.crew.all("step")
        self._go_to(day, time(15))
        self.crew.all("evening", by_manager=day % 2 == 1)
        self._look(day, 15)

    def _look(self, day: int, hour: int) -> None:
        if not self.central.is_up:
            living = {one for of in self.crew.all("living").values() for one in of}
            self.operator.bring_back(self._before, {one for one, _ in self._before} - living)
        if hour == 8 and day in self.plan.rollouts:
            if day == self.plan.rollouts[-1]:
                self.crew.ask(self.codes[0], "fail_next_update")
            self.operator.roll_out()
        for event in [*self._put_off, *self.plan.at(day, hour)]:
            self._befall(event)
        self.crew.all("forward")
        if self.central.is_up:
            self.operator.look()

    def _befall(self, event: Event) -> None:
        if event in self._put_off:
            self._put_off.remove(event)
        if event.kind is Kind.CENTRAL_DEATH:
            self.central.live.settle()
            self._before = self.central.applied()
            self.central.die()
            self.happened.append(event)
            return
        lost: list[Lost] | None = (
            self.crew.ask(self.codes[event.centre], "suffer", event) if self.central.is_up else None
        )
        if lost is None:  # what it would hit is off: an hour later
            self._put_off.append(event)
            return
        here = self.central.applied() if lost else set()
        self.operator.lost += [one for one in lost if (one.machine, one.item) not in here]
        self.happened.append(event)

    def close(self) -> Books:
        """Mend everything, bring all home, and open the books."""
        day = self.size.days
        for hour in range(8, 16):
            self._go_to(day, time(hour))
            if not self.central.is_up:
                self._look(day, hour)
            self.crew.all("forward")
            self.operator.look()
        while any(self.crew.all("untold").values()):
            self.world.go(5)
        self.crew.all("evening", by_manager=True)
        for _ in range(2):
            self.world.go(60)
            self.crew.all("forward")
            self.central.live.settle()
        said = self.crew.all("reckon")
        return Books(self.central.live, self.plan, day + 1, said, self.operator.lost)

    def _go_to(self, day: int, at: time) -> None:
        self.world.go_to(datetime.combine(day_of(day), at, ZONE))
