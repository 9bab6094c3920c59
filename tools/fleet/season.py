"""The season itself: one clock for all, what the plan says at each hour, who sees to it, and the books at the end."""

from collections.abc import Callable
from datetime import datetime, time
from importlib.metadata import version
from pathlib import Path
from random import Random

from offline_store.issuing.business_day import ZONE
from tools.fleet.books import Books
from tools.fleet.central import FleetCentral
from tools.fleet.centre import Centre, Lost
from tools.fleet.operator import TECHNICIAN, Operator
from tools.fleet.plan import HOURS, Event, Kind, Plan, Size, day_of, is_open
from tools.fleet.world import WorldTime


class Season:
    """A fleet that is played day by day."""

    def __init__(
        self,
        world: WorldTime,
        central: FleetCentral,
        folder: Path,
        size: Size,
        plan: Plan,
        says: Callable[[str], object],
    ) -> None:
        self._world, self._central, self._folder = world, central, folder
        self._size, self._plan, self._says = size, plan, says
        self.happened: list[Event] = []
        self._put_off: list[Event] = []
        self._before: set[tuple[str, str]] = set()

    def set_up(self, seed: int) -> None:
        """Have central know its centres and its technicians; set the machines up, each with its code."""
        command, size = self._central.command, self._size
        codes = [f"centre-{number:02}" for number in range(size.centres)]
        rows = [f"{code},مركز {number},Centre {number},{size.kiosks}" for number, code in enumerate(codes)]
        table = self._folder / "centres.csv"
        table.write_text("\n".join(["code,name_ar,name_en,kiosks", *rows]) + "\n", encoding="utf-8")
        added = {one["centre"]: one["codes"] for one in command("centres", "add", str(table))}
        self._central.safe.parent.mkdir()
        command("backup", "key", "--out", str(self._central.safe))
        version_now = version("homs-kiosk")
        self._centres: list[Centre] = []
        for code in codes:
            command("technician", TECHNICIAN, "--centre", code, "--role", "technician")
            centre = Centre(
                self._world, Random(f"{seed} {code}"), code, self._central.url, self._folder / code, version_now
            )
            centre.places += [centre.add(str(one)) for one in added[code]]
            self._centres.append(centre)
        named = {f"Centre {number}": centre for number, centre in enumerate(self._centres)}
        self.operator = Operator(self._world, self._central, named, version_now)

    def play(self) -> None:
        """Let all days pass."""
        often = self._size.citizens / len(HOURS)
        for day in range(self._size.days):
            self._says(f"{day_of(day)}: {len(self.happened)} events, {len(self.operator.book)} entries in the book")
            self._go_to(day, 2)
            self.operator.night()
            for centre in self._centres:
                centre.night()
            for hour in HOURS:
                self._go_to(day, hour)
                if hour in self._size.looks:
                    self._look(day, hour)
                for centre in self._centres if is_open(day) else ():
                    centre.step(often)
            self._go_to(day, 15)
            self._look(day, 15)

    def _look(self, day: int, hour: int) -> None:
        if not self._central.is_up:
            living = {one for centre in self._centres for one in centre.living}
            self.operator.bring_back(self._before, {one for one, _ in self._before} - living)
        if hour == 8 and day in self._plan.rollouts:
            self._centres[0].fails_at_next_update = day == self._plan.rollouts[-1]
            self.operator.roll_out()
        put_off, self._put_off = self._put_off, []
        for event in [*put_off, *self._plan.at(day, hour)]:
            self._befall(event)
        for centre in self._centres:
            centre.forward()
        if self._central.is_up:
            self.operator.look()

    def _befall(self, event: Event) -> None:
        if event.kind is Kind.CENTRAL_DEATH:
            self._central.settle()
            self._before = self._central.applied()
            self._central.die()
            self.happened.append(event)
            return
        lost: list[Lost] | None = self._centres[event.centre].suffer(event) if self._central.is_up else None
        if lost is None:  # what it would hit is not there: at the next look
            self._put_off.append(event)
            return
        here = self._central.applied() if lost else set()
        self.operator.lost += [one for one in lost if (one.machine, one.item) not in here]
        self.happened.append(event)

    def close(self) -> Books:
        """Mend everything, bring all home, and open the books."""
        self._plan = Plan((), ())
        for hour in (*HOURS, 15):
            self._go_to(self._size.days, hour)
            self._put_off.clear()
            self._look(self._size.days, hour)
        for _ in range(3):
            self._world.go(60)
            for centre in self._centres:
                centre.forward()
            self._central.settle()
        return Books(self._central, self._centres, self.operator.lost)

    def end(self) -> None:
        """Close all that is open."""
        for centre in self._centres:
            centre.end()

    def _go_to(self, day: int, hour: int) -> None:
        self._world.go_to(datetime.combine(day_of(day), time(hour), ZONE))
