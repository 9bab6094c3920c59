"""Clerks: they open, call, serve, send on, err, and go home; each decision is drawn by what it is about.

So a run from which something was left out still decides as before in all else.
"""

import asyncio
from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.town.clerk_told import Told
from tests.town.counter_page import CounterPage
from tests.town.hours import SERVICES
from tests.town.ledger import Paper
from tests.town.net import Unheard

if TYPE_CHECKING:
    from tests.town.town import Town

STUCK_S: Final = 330.0
OTHER_ADDRESS_AFTER_S: Final = 40.0
WALKS_S: Final = 6.0
NOT_HERE_S: Final = 62.0


class Clerk:
    """Who sits at a counter, and what he makes of his page."""

    def __init__(self, town: "Town", number: int, pin: str, groups: list[str], page: CounterPage) -> None:
        self.town, self.number, self.pin, self.groups, self.page = town, number, pin, groups, page
        self.is_at_work, self.is_at_lunch = False, False
        self.is_open = False
        self.away: list[Paper] = []
        self._blind_s: float | None = None
        self._stuck_s: float | None = None
        self.called_s = 0.0
        self.bored_until = 0.0
        self._steps = self._asked_late = 0
        self._told = Told(town, self)
        page.on_answer, page.on_forgotten = self._told.answered, self._told.forgotten
        page.is_still_wanted = self._is_still_wanted

    def _is_still_wanted(self, body: dict[str, Any]) -> bool:
        self._asked_late += 1
        self.town.ledger.reached["asked-about-a-late-press"] += 1
        return self.dice("late", f"{body['press']} {self.town.day} {self._asked_late}") < 0.5

    def dice(self, what: str, about: str = "") -> float:
        """Return a number between 0 and 1 that depends on what is decided alone."""
        return Random(f"{self.town.plan.seed} clerk {self.number} {what} {about}").random()

    async def step(self) -> None:
        """Look at the page and do the next thing."""
        town, page, now = self.town, self.page, self.town.loop.time()
        if not self.is_at_work or not town.pcs[self.number].is_up:
            self._blind_s = self._stuck_s = None
            return
        if page.needs_login:
            self._stuck_s = now if self._stuck_s is None else self._stuck_s
            self._judge_stuck(now - self._stuck_s, "nobody can log in")
            await self._log_in()
            return
        if page.view is None:
            await self._without_a_page(now)
            return
        self._blind_s = None
        if page.pending is not None:
            self._stuck_s = now if self._stuck_s is None else self._stuck_s
            self._judge_stuck(now - self._stuck_s, f"{page.pending['body']['press']} is sent again and again")
            return
        self._stuck_s = None
        if now >= self.bored_until or self.is_at_lunch:
            self._act(page.view["counter"])

    async def _without_a_page(self, now: float) -> None:
        page = self.page
        self._blind_s = now if self._blind_s is None else self._blind_s
        blind_s = now - self._blind_s
        self._judge_stuck(blind_s, "the page stays empty")
        if blind_s > OTHER_ADDRESS_AFTER_S and int(blind_s // OTHER_ADDRESS_AFTER_S) > self._steps:
            self._steps = int(blind_s // OTHER_ADDRESS_AFTER_S)
            page.turn_to(page.addresses[self._steps % len(page.addresses)])
        elif blind_s < OTHER_ADDRESS_AFTER_S:
            self._steps = 0

    def _judge_stuck(self, seconds: float, said: str) -> None:
        """Promise 12: once what was broken is mended, people are called again within five minutes."""
        town = self.town
        if seconds > STUCK_S and town.ledger.is_calm(STUCK_S) and town.is_busy_for(STUCK_S / 3):
            papers = [one for one in town.ledger.waiting(town.day) if one.queue in self.groups][:3]
            if papers:
                who = f"counter {self.number}"
                town.ledger.accuse(12, who, said, "nothing has been broken for five minutes", papers)

    async def _log_in(self) -> None:
        try:
            pc = self.town.pcs[self.number]
            status, said = await pc.on_it(self.page.log_in(self.pin, self.number))
        except Unheard:
            return
        if status != 201:
            self.town.ledger.note(
                f"counter {self.number}: log-in refused: {said.get('type', '')} {said.get('detail', '')}"
            )
            if status == 409 and said.get("may_take_over"):
                await self._take_over()

    async def _take_over(self) -> None:
        try:
            await self.town.pcs[self.number].on_it(self.page.log_in(self.pin, self.number, take_over=True))
        except Unheard:
            return

    @property
    def _version(self) -> int:
        return 0 if self.page.view is None else int(self.page.view["counter"]["version"])

    # --- what is pressed ----------------------------------------------------------------------------------------

    def _act(self, counter: dict[str, Any]) -> None:
        state, ticket = counter["state"], counter["ticket"]
        paper = None if ticket is None else self.town.ledger.papers.get(ticket["id"])
        if ticket is not None and paper is not None:
            self._told.sees(paper, state)
        if state in ("closed", "paused"):
            if not self.is_at_lunch:
                self.press("open")
        elif state == "open":
            self._free()
        elif state == "called":
            self._waits_for(paper)
        else:
            self._serves(paper, counter)

    def _free(self) -> None:
        town, acts = self.town, self.town.acts
        if self.is_at_lunch:
            self.press("close")
            return
        if self.page.view is not None and self.page.view["in_doubt"] is not None:
            self.press("still-here", here=self._are_still_here(self.page.view["in_doubt"]))
            return
        back = next((one for one in self.away if one.is_here and one.state == "away"), None)
        if back is not None:
            self.away.remove(back)
            self.press("resume", number=back.number, version=self._version)
            return
        self._steps += 1
        dice = self.dice("free", f"{town.day} {self._steps}")
        waiting = [one for one in town.ledger.waiting(town.day) if one.queue in self.groups and not one.unsure]
        if "give" in acts and dice < 0.06:
            service = next(code for code, letter in SERVICES.items() if letter == self.groups[0])
            priority = "elderly" if "priority" in acts and dice < 0.03 else "none"
            self.press("give", service=service, priority=priority)
        elif "out-of-turn" in acts and dice > 0.96 and waiting:
            number, version = waiting[-1].number, self._version
            self.press("out-of-turn", number=number, reason="ill", version=version)
        else:
            self.press("next")

    def _are_still_here(self, label: str) -> bool:
        """Look into the hall: are those from before here, or did they go home yesterday?"""
        town = self.town
        papers = town.ledger.papers.values()
        if any(one.day == town.day and one.called_s is not None for one in papers):
            return True
        return not any(one.day < town.day and one.label == label for one in papers)

    def _waits_for(self, paper: Paper | None) -> None:
        now, acts = self.town.loop.time(), self.town.acts
        about = "" if paper is None else f"{paper.number} {paper.absences}"
        if "undo" in acts and self.dice("undo", about) < 0.06 and paper is not None and now - self.called_s < 20:
            self.press("undo", ticket=paper.id, version=self._version)
        elif paper is None or (paper.is_here and now - self.called_s > WALKS_S):
            self.press("came")
        elif not paper.is_here and now - self.called_s > NOT_HERE_S:
            self.press("not-here" if self.dice("passes", about) < 0.7 else "next")
        elif "again" in acts and not paper.is_here and 20 < now - self.called_s < 28:
            self.press("again")

    def _serves(self, paper: Paper | None, counter: dict[str, Any]) -> None:
        acts = self.town.acts
        about = "" if paper is None else f"{paper.number} {len(paper.events)}"
        if "slow-clerks" in self.town.rare and self.town.loop.time() - self.called_s < 30 + 60 * self.dice(
            "takes", about
        ):
            return
        dice = self.dice("serves", about)
        others = [one for one in self.town.clerks if one is not self]
        if "transfer" in acts and dice < 0.12 and others:
            letter = others[int(dice * 1000) % len(others)].groups[0]
            self.press("transfer", to=letter, first=dice < 0.06)
        elif "transfer-to-counter" in acts and dice < 0.22 and others:
            self.press("transfer", to=others[int(dice * 1000) % len(others)].number, first=False)
        elif "park" in acts and dice < 0.3:
            self.press("park", where="copies")
        elif "left" in acts and dice < 0.34:
            self.press("left")
        else:
            self.press("done")

    def press(self, kind: str, **more: Any) -> None:
        """Press a key of the page, which sends it until it is answered."""
        self._told.presses(more.get("number", ""))
        self.town.pcs[self.number].run(self.page.press(kind, **more))


async def works(clerk: Clerk) -> None:
    """Have a clerk look at his page every few seconds."""
    while True:
        if not clerk.town.is_busy:
            await asyncio.sleep(30.0)
            continue
        await asyncio.sleep(3.0 + 4.0 * clerk.dice("pace", str(round(clerk.town.loop.time()))))
        await clerk.step()
