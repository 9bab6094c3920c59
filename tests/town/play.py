"""A run: the town is built by its plan, days pass, and what people were told is judged."""

import asyncio
import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from common.machine.errors import StoreError
from tests.town import judging, strikes
from tests.town.central import ADDRESS, CENTRE, TownCentral
from tests.town.chance import one_world
from tests.town.citizen import arrives, comes_tomorrow, shows_again
from tests.town.clerk import Clerk, works
from tests.town.hub import TownHub
from tests.town.kiosk import TownKiosk
from tests.town.ledger import Ledger, Paper
from tests.town.loop import TownLoop
from tests.town.machine import Machine
from tests.town.manager import Manager, list_of
from tests.town.menu import DAY_S, ENDS_S, PHASE_S, PHASES_S, Plan
from tests.town.net import HERE, Net, Unheard, in_place_of_sockets
from tests.town.pace import PACE
from tests.town.pages import BoardPage, CounterPage, Page
from tests.town.pc import Pc

ZONE: Final = ZoneInfo("Asia/Damascus")
FIRST_DAY: Final = date(2026, 11, 22)  # a Sunday
RESTS_S: Final = 60.0
BEFORE_S: Final = 45.0
ANNOUNCED_WITHIN_S: Final = 30.0


class Town:
    """One centre and central, as a plan has them."""

    def __init__(self, plan: Plan, loop: TownLoop, folder: Path) -> None:
        self.plan, self.loop, self.folder = plan, loop, folder
        self.acts = frozenset(plan.world["acts"])
        self.net = Net(Random(f"{plan.seed} net"))
        self.ledger = Ledger(self._clock, loop.time)
        self.central = TownCentral(self.net, folder / "central")
        self.day, self.is_busy = 0, False
        self._busy_since = 0.0
        self.machines: dict[str, Machine] = {}
        self.hubs: list[TownHub] = []
        self.kiosks: list[TownKiosk] = []
        self.clerks: list[Clerk] = []
        self.pcs: dict[int, Pc] = {}
        self.heard: dict[tuple[str, int, str], int] = {}
        self.kiosk_heard_s: dict[str, float] = {}
        self._background: set[asyncio.Task[None]] = set()
        self.broken_parts = 0
        self.struck: Counter[str] = Counter()
        self.under_way = 0
        self.internet_s = 0.0
        self.stopped: set[str] = set()
        self.is_closed_early = self.was_closed_early = False

    # --- time ---------------------------------------------------------------------------------------------------

    def _clock(self) -> str:
        local = self.loop.now.astimezone(ZONE)
        return f"{local:%d. %H:%M:%S}"

    @property
    def date(self) -> date:
        """The true business date."""
        return FIRST_DAY + timedelta(days=self.day)

    @property
    def label(self) -> str:
        """The true business date as papers have it."""
        return self.date.isoformat()

    def is_busy_for(self, seconds: float) -> bool:
        """Whether people have come and gone for so long now."""
        return self.is_busy and self.loop.time() - self._busy_since > seconds

    async def until(self, moment_s: float) -> None:
        """Let time pass until a moment of the run."""
        await asyncio.sleep(max(0.0, moment_s - self.loop.time()))

    def later(self, what: Coroutine[Any, Any, None]) -> None:
        """Have something happen beside all else."""
        task = self.loop.create_task(what)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # --- building -----------------------------------------------------------------------------------------------

    async def build(self) -> None:
        """Enrol and set up everything, at half past seven of the first day."""
        world, central = self.plan.world, self.central
        await central.start()
        addresses = [f"http://127.0.{n + 1}.1:8090" for n in range(world["hubs"])]
        first = int(world["who-leads-first"][-1]) - 1
        self.hubs = [self._machine(TownHub, f"hub-{n + 1}") for n in range(world["hubs"])]
        for hub, address in zip(self.hubs, addresses, strict=True):
            hub.address = address
        for hub in (self.hubs[first], *(one for one in self.hubs if one is not self.hubs[first])):
            await hub.enrol(await central.code("hub"))
        self.kiosks = [self._machine(TownKiosk, f"kiosk-{n + 1}") for n in range(world["kiosks"])]
        for kiosk in self.kiosks:
            await kiosk.enrol(await central.code())
        await self._publish(world)
        for machine in [*self.hubs, *self.kiosks]:
            await machine.start(boots=True)
        start = addresses[first]
        if "page-at-standby" in self.acts:
            start = addresses[-1 - first] if len(addresses) > 1 else start
        await self._staff(world, addresses, addresses[first], start)
        if world["internet"] == "none":
            await asyncio.sleep(130)  # the installer sees that all have heard central
            strikes.no_internet(self)
            for machine in [*self.hubs, *self.kiosks]:
                await machine.stop(power=True)
                await machine.start(boots=True)

    def _machine[M: Machine](self, kind: type[M], name: str) -> M:
        machine = kind(self.loop, self.net, self.folder / name, name, self.plan.world["batteries"].get(name, "right"))
        self.machines[name] = machine
        return machine

    async def _publish(self, world: dict[str, Any]) -> None:
        counters = [
            {"number": n + 1, "names": {"ar": str(n + 1), "en": str(n + 1)}, "groups": groups}
            for n, groups in enumerate(world["counters"])
        ]
        await self.central.publish("counters", {"centre": CENTRE, "counters": counters})
        await self.central.publish("settings", {"kiosk.opens": "08:00", "kiosk.closes": "14:00"})

    async def _staff(self, world: dict[str, Any], addresses: list[str], first: str, start: str) -> None:
        for n, groups in enumerate(world["counters"]):
            chance = Random(f"{self.plan.seed} page {n}")
            page = CounterPage(self.net, chance, addresses, start if n == 0 else first, n + 1)
            pc = self.pcs[n + 1] = Pc(self.loop, self.net, self.folder, f"pc-{n + 1}", page)
            self.machines[pc.name] = pc
            self.clerks.append(Clerk(self, n + 1, await self.central.appoint(f"clerk {n + 1}"), groups, page))
        self.board = BoardPage(self.net, Random(f"{self.plan.seed} board"), addresses, first)
        self.board.on_call = lambda call: judging.announced(self.ledger, self.heard, call, self.day)
        self.pc_of_board = Pc(self.loop, self.net, self.folder, "pc-board", self.board)
        typed = Page(self.net, Random(0), addresses, first)
        self.pc_of_manager = Pc(self.loop, self.net, self.folder, "pc-manager", typed)
        self.manager = Manager(self, await self.central.appoint("manager", "manager"), typed)
        self.machines |= {one.name: one for one in (self.pc_of_board, self.pc_of_manager)}

    # --- days ---------------------------------------------------------------------------------------------------

    async def play(self) -> None:
        """Let all days pass."""
        strikes.quality(self)
        for act in self.plan.acts:
            self.later(self._at(act))
        for clerk in self.clerks:
            self.later(works(clerk))
        self.later(self.manager.works())
        self.later(self._watch_kiosks())
        for day in range(self.plan.world["days"]):
            await self._one_day(day)

    async def _at(self, act: dict[str, Any]) -> None:
        await self.until(act["at"])
        if act["do"] == "arrive":
            await arrives(self, act)
        else:
            self.ledger.faults[act["do"]] += 1
            await strikes.befall(self, act)

    async def _one_day(self, day: int) -> None:
        begins = day * DAY_S
        await self.until(begins)
        self.day = day
        self.was_closed_early, self.is_closed_early = self.is_closed_early, False
        PACE.quiet()
        if day == 1 and self.plan.world["internet"] == "the first day":
            strikes.no_internet(self)
        if day > 0 and self.ledger.is_calm(judging.HEALED_S):
            for view in (await self._boards()).values():
                judging.still_open(self.ledger, view)
        for machine in self.machines.values():
            if not machine.is_up and not strikes.is_struck(self, machine.name):
                await machine.start(boots=True)
        self.manager.is_at_work = True
        for clerk in self.clerks:
            clerk.is_at_work = clerk.is_at_lunch = False
        for number, phase in enumerate(PHASES_S):
            await self._phase(begins + phase, is_first=number == 0)
        await self._at_rest(begins)
        await self._go_home(begins)

    async def _phase(self, at_s: float, *, is_first: bool) -> None:
        await self.until(at_s - BEFORE_S)
        PACE.busy()
        for page in (self.board, *(clerk.page for clerk in self.clerks)):
            page.wakes()
        self.is_busy, self._busy_since = True, self.loop.time()
        for clerk in self.clerks:
            clerk.is_at_work = True
        if is_first and self.day > 0:
            comes_tomorrow(self)
        await self.until(at_s + PHASE_S)
        self.is_busy = False
        PACE.quiet()

    async def _at_rest(self, begins: float) -> None:
        """A minute after the last rush ask everybody what he says of each number."""
        PACE.busy()
        await asyncio.sleep(RESTS_S)
        PACE.quiet()
        if not self.ledger.is_calm(judging.HEALED_S):
            return
        self.ledger.reached["at-rest"] += 1
        for kiosk in self.kiosks:
            if kiosk.is_up and not kiosk.is_dying:
                self.print_list(kiosk, promise=20)
                shows_again(self, kiosk)
        await self._compare_boards()
        await self._look_at_phones()

    async def _look_at_phones(self) -> None:
        """Open the page of every number of the day on a phone, where the centre has had its internet for long."""
        hubs = [one for one in self.hubs if one.is_up and not self.net.are_connected(one.name, "central")]
        if hubs or self.loop.time() - self.internet_s < judging.HEALED_S:
            return
        for paper in [one for one in self.ledger.papers.values() if one.day == self.day and one.token]:
            try:
                answer = await self.net.ask("GET", f"{ADDRESS}/t/{paper.token}?lang=en", {})
            except Unheard:
                continue  # the page is opened again some day
            found = re.search(rb'<body data-state="([^"]*)"', answer.body)
            if answer.status == 200 and found is not None:
                judging.phoned(self.ledger, paper, found[1].decode())

    async def _compare_boards(self) -> None:
        judging.boards(self.ledger, await self._boards())

    async def _boards(self) -> dict[str, dict[str, Any]]:
        """Return what a board at each hub that can be heard would show."""
        views = {}
        for hub in self.hubs:
            if hub.is_up:
                try:
                    answer = await self.net.ask("GET", f"{hub.address}/v1/state", {}, patience_s=5.0)
                except Unheard:
                    continue
                if answer.status == 200:
                    views[hub.name] = json.loads(answer.body)
        return views

    async def _go_home(self, begins: float) -> None:
        await self.until(begins + ENDS_S - 300)
        for clerk in self.clerks:
            forgets = "forget-close" in self.acts and clerk.dice("forgets", str(self.day)) < 0.5
            clerk.is_at_work = False
            page = clerk.page
            if (
                not forgets
                and page.view is not None
                and self.pcs[clerk.number].is_up
                and not page.view["counter"]["ticket"]
            ):
                clerk.press("close")
        await self.until(begins + ENDS_S + 600)
        self.manager.is_at_work = False
        for paper in self.ledger.waiting(self.day):
            paper.state = "home"
        PACE.night()
        for pc in [*self.pcs.values(), self.pc_of_board, self.pc_of_manager]:
            await pc.stop(power=True)
        if "off-at-night" in self.acts:
            for machine in [*self.hubs, *self.kiosks]:
                await machine.stop(power=True)

    # --- what people and strikes ask of it ----------------------------------------------------------------------

    async def _watch_kiosks(self) -> None:
        while True:
            await PACE.sleep(8.0 if self.is_busy else PACE.step_s)
            for kiosk in self.kiosks:
                if kiosk.is_up and not kiosk.is_dying and kiosk.news.word() is not None:
                    self.kiosk_heard_s[kiosk.name] = self.loop.time()

    def known(self) -> set[str]:
        """Return the ids of papers that the hub must know of, and may call: of services that never stood still."""
        heard = self.kiosk_heard_s
        return {
            one.id
            for one in self.ledger.papers.values()
            if one.service not in self.stopped
            and (not one.place.startswith("kiosk") or heard.get(one.place, 0.0) > one.given_s + judging.KNOWN_AFTER_S)
        }

    def up_since(self, machine: Machine) -> float:
        """Return since when a machine and a hub that leads have been up, later than which nothing was heard."""
        is_led = any(hub.is_up for hub in self.hubs) and self.manager.view is not None
        return machine.since_s if is_led else self.loop.time()

    def print_list(self, kiosk: TownKiosk, *, promise: int) -> list[str]:
        """Print a kiosk's waiting list, and judge it."""
        if not kiosk.is_up:
            return []
        try:
            numbers = list_of(kiosk)
        except StoreError:
            return []
        own = [one for one in self.ledger.papers.values() if one.place == kiosk.name and one.day == self.day]
        heard_s = self.kiosk_heard_s.get(kiosk.name, 0.0)
        judging.printed(self.ledger, kiosk.name, numbers, own, heard_s, promise=promise)
        return numbers

    def awaits_announcement(self, call: int | None, paper: Paper, counter: int) -> None:
        """Have somebody in the hall listen for a call."""
        if call is not None:
            self.later(self._listens(paper, counter, self.loop.time(), self.board.origin))

    async def _listens(self, paper: Paper, counter: int, called_s: float, origin: str) -> None:
        board, before = self.board, sum(self.heard.values())
        was_there = self.pc_of_board.is_up and board.view is not None and not board.is_lost
        await asyncio.sleep(ANNOUNCED_WITHIN_S)
        is_there = board.view is not None and not board.is_lost and board.origin == origin
        if not (was_there and is_there and self.ledger.is_calm(90.0)) or paper.unsure:
            return
        heard = [key for key in self.heard if key[0] == paper.number and key[1] == counter]
        if not heard and board.view is not None and self.clerks[counter - 1].page.origin == origin:
            said = f"called to counter {counter}"
            self.ledger.accuse(11, paper.number, said, f"the board said {before} others and not this", [paper])

    async def comes_back(self, paper: Paper, after_s: float) -> None:
        """Have somebody come back who was away."""
        await asyncio.sleep(after_s)
        paper.is_here = True

    def called_unknown(self) -> None:
        """Know that somebody may have been called of whom no clerk was told: of the first in line nobody is judged."""
        for paper in self.ledger.waiting(self.day):
            paper.unsure = True

    def counter_released(self, number: int) -> None:
        """Know that a hub waits no longer for what a counter did last."""
        paper = self.ledger.at_counter(number)
        if paper is not None:
            paper.unsure = True

    def name_of(self, address: str) -> str:
        """Return which hub is at an address."""
        return next(one.name for one in self.hubs if one.address == address)

    async def end(self) -> None:
        """Close everything."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        for machine in self.machines.values():
            await machine.stop(power=False)
        await self.central.stop()


class Played:
    """What became of a run."""

    def __init__(self, plan: Plan, ledger: Ledger) -> None:
        self.plan, self.ledger = plan, ledger

    @property
    def digest(self) -> str:
        """Return what tells two runs apart."""
        return hashlib.sha256("\n".join(self.ledger.trace).encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        """Return the line that is printed."""
        ledger = self.ledger
        return {
            "seed": self.plan.seed,
            "options": self.plan.options,
            "days": self.plan.world["days"],
            "events": ledger.events,
            "faults": dict(sorted(ledger.faults.items())),
            "reached": dict(sorted(ledger.reached.items())),
            "broken": ledger.as_json(),
        }


def play(plan: Plan, until: int | None = None) -> Played:
    """Play a run in this process, to its last moment, or until a promise of this number is broken."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    begins = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE) + timedelta(hours=7, minutes=30)
    loop, shared = TownLoop(begins), Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="town-", dir=shared if shared.is_dir() else None))
    try:
        with one_world(loop, str(plan.seed)):
            town = Town(plan, loop, folder)
            loop.set_exception_handler(lambda _, about: _part_failed(town, about))

            async def whole() -> None:
                HERE.set("office")
                PACE.begin()
                await town.build()
                days, found = asyncio.ensure_future(town.play()), asyncio.Event()
                town.ledger.on_broken = lambda promise: found.set() if promise == until else None
                ends = asyncio.ensure_future(found.wait())
                await asyncio.wait([days, ends], return_when=asyncio.FIRST_COMPLETED)
                if days.done():
                    days.result()
                for task in (days, ends):
                    task.cancel()
                await asyncio.gather(days, ends, return_exceptions=True)
                await town.end()

            with in_place_of_sockets(town.net):
                loop.run_until_complete(whole())
            town.ledger.faults.update(town.net.faults)
            return Played(plan, town.ledger)
    finally:
        loop.close()
        structlog.reset_defaults()
        shutil.rmtree(folder, ignore_errors=True)


def _part_failed(town: Town, about: dict[str, Any]) -> None:
    """Write down that a program fell over: no promise speaks of it, and nobody may miss it."""
    error = about.get("exception")
    town.broken_parts += 1
    text = f"{about.get('message')}: {type(error).__name__ if error else ''} {str(error)[:200]}"
    town.ledger.note(text)
    town.ledger.accuse(9, str(about.get("message"))[:60], text, "it runs on as long as its machine does")
