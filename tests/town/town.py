"""A town: one centre and central, who is there, what time it is, and what is known of all of it."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from common.machine.errors import StoreError
from tests.town import judging, later_days
from tests.town.board_page import BoardPage
from tests.town.central import TownCentral
from tests.town.clerk import Clerk
from tests.town.hub import TownHub
from tests.town.kiosk import TownKiosk
from tests.town.ledger import Ledger, Paper
from tests.town.loop import TownLoop
from tests.town.machine import Machine
from tests.town.manager import Manager, list_of
from tests.town.menu import Plan
from tests.town.net import Net
from tests.town.office import Office
from tests.town.outside import Outside
from tests.town.pc import Pc
from tests.town.standing import Standing

ZONE: Final = ZoneInfo("Asia/Damascus")
FIRST_DAY: Final = date(2026, 11, 22)  # a Sunday
ANNOUNCED_WITHIN_S: Final = 30.0


class Town:
    """One centre and central, as a plan has them."""

    board: BoardPage
    pc_of_board: Pc
    manager: Manager
    pc_of_manager: Pc

    def __init__(self, plan: Plan, loop: TownLoop, folder: Path) -> None:
        self.plan, self.loop, self.folder = plan, loop, folder
        self.acts = frozenset(plan.world["acts"])
        self.rare = frozenset(plan.world.get("rare", ()))
        self.standing = Standing()
        self.office = Office()
        self.net = Net(Random(f"{plan.seed} net"))
        self.ledger = Ledger(self._clock, loop.time)
        self.central = TownCentral(self.net, folder / "central")
        self.day, self.is_busy = 0, False
        self.busy_since = 0.0
        self.machines: dict[str, Machine] = {}
        self.hubs: list[TownHub] = []
        self.kiosks: list[TownKiosk] = []
        self.clerks: list[Clerk] = []
        self.pcs: dict[int, Pc] = {}
        self.heard: dict[tuple[str, int, str], int] = {}
        self.kiosk_heard_s: dict[str, float] = {}
        self.kiosk_hears: dict[str, str] = {}  # which hub
        self._background: dict[asyncio.Task[None], None] = {}
        self.broken_parts = 0
        self.struck: Counter[str] = Counter()
        self.under_way = 0
        self.central_hears_s = 0.0  # since when
        self.stopped: set[str] = set()
        self.is_closed_early = self.was_closed_early = False
        self.closed_early_s = 0.0
        self.outside = Outside(self)

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
        return self.is_busy and self.loop.time() - self.busy_since > seconds

    async def until(self, moment_s: float) -> None:
        """Let time pass until a moment of the run."""
        await asyncio.sleep(max(0.0, moment_s - self.loop.time()))

    def later(self, what: Coroutine[Any, Any, None]) -> None:
        """Have something happen beside all else."""
        task = self.loop.create_task(what)
        self._background[task] = None
        task.add_done_callback(self._background.pop)

    # --- what people and strikes ask of it ----------------------------------------------------------------------

    def known(self, hub: str | None = None) -> set[str]:
        """Return the ids of papers that the hub must know of, and may call: of services that never stood still.

        `hub`: the one that is asked; a kiosk that has not heard of its lead yet has told it of none.
        """
        heard = {name: at_s for name, at_s in self.kiosk_heard_s.items() if hub in (None, self.kiosk_hears.get(name))}
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

    def sends_home(self) -> None:
        """Close the day before its time, as all who wait are told."""
        self.is_closed_early, self.closed_early_s = True, self.loop.time()
        later_days.go_home(self, is_early=True)

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
        await self.outside.end()
        await self.central.stop()
