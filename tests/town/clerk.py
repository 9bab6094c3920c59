"""Clerks: they open, call, serve, send on, err, and go home; each decision is drawn by what it is about.

So a run from which something was left out still decides as before in all else.
"""

import asyncio
from random import Random
from typing import TYPE_CHECKING, Any, Final

from tests.town import judging, standing, turns
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
FRESH_S: Final = 1.0


class Clerk:
    """Who sits at a counter, and what he makes of his page."""

    def __init__(self, town: "Town", number: int, pin: str, groups: list[str], page: CounterPage) -> None:
        self.town, self.number, self.pin, self.groups, self.page = town, number, pin, groups, page
        self.is_at_work, self.is_at_lunch = False, False
        self.is_open = False
        self.away: list[Paper] = []
        self._blind_s: float | None = None
        self._stuck_s: float | None = None
        self._called_s = self._pressed_s = 0.0
        self._bored_until = 0.0
        self._steps = 0
        self._asked: list[Paper] = []
        page.on_answer, page.on_forgotten = self.answered, self.forgotten

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
        if now >= self._bored_until or self.is_at_lunch:
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
            self._sees(paper, state)
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

    def _waits_for(self, paper: Paper | None) -> None:
        now, acts = self.town.loop.time(), self.town.acts
        about = "" if paper is None else f"{paper.number} {paper.absences}"
        if "undo" in acts and self.dice("undo", about) < 0.06 and paper is not None and now - self._called_s < 20:
            self.press("undo", ticket=paper.id, version=self._version)
        elif paper is None or (paper.is_here and now - self._called_s > WALKS_S):
            self.press("came")
        elif not paper.is_here and now - self._called_s > NOT_HERE_S:
            self.press("not-here" if self.dice("passes", about) < 0.7 else "next")
        elif "again" in acts and not paper.is_here and 20 < now - self._called_s < 28:
            self.press("again")

    def _serves(self, paper: Paper | None, counter: dict[str, Any]) -> None:
        acts = self.town.acts
        about = "" if paper is None else f"{paper.number} {len(paper.events)}"
        if "slow-clerks" in self.town.rare and self.town.loop.time() - self._called_s < 30 + 60 * self.dice(
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
        ledger, self._pressed_s = self.town.ledger, self.town.loop.time()
        held, named = ledger.at_counter(self.number), ledger.find(self.town.day, more.get("number", ""))
        self._asked = [one for one in (held, named) if one is not None]
        for one in self._asked:
            one.asked += 1
        self.town.pcs[self.number].run(self.page.press(kind, **more))

    @property
    def _is_fresh(self) -> bool:
        """Whether the answer is of now: one that was lost and is heard again speaks of the moment of the press."""
        return self.town.loop.time() - self._pressed_s < FRESH_S

    def _has_answer(self) -> None:
        for one in self._asked:
            one.asked -= 1
        self._asked = []

    # --- what is answered ---------------------------------------------------------------------------------------

    def answered(self, body: dict[str, Any], status: int, said: dict[str, Any]) -> None:
        """Write down what the page was answered, and judge it."""
        self._has_answer()
        town, ledger, kind = self.town, self.town.ledger, body["press"]
        held = ledger.at_counter(self.number)
        named = ledger.papers.get(body.get("ticket") or "") or ledger.find(town.day, body.get("number") or "") or held
        if status != 200:
            ledger.note(f"counter {self.number}: {kind} refused: {said.get('detail', '')}", named)
            self._bored_until = town.loop.time() + 5
            return
        ledger.reached[kind] += 1
        self.is_open = said["counter"]["state"] not in ("closed", "paused")
        if kind in ("next", "out-of-turn"):
            self._called(kind, held, said)
            return
        ledger.note(f"counter {self.number}: {kind} {body.get('to', '')}".rstrip(), named)
        if kind == "give":
            self._gave(said["given"], body)
        elif named is not None:
            self._changed(named, kind, body)

    def _called(self, kind: str, held: Paper | None, said: dict[str, Any]) -> None:
        town, ledger = self.town, self.town.ledger
        if held is not None:
            held.state, held.counter = ("ended" if held.state == "serving" else "passed"), None
            ledger.note(f"counter {self.number}: {held} is finished by {kind}", held)
        ticket = said["counter"]["ticket"]
        if ticket is None:
            self._bored_until = town.loop.time() + 15
            if said.get("call") is None and not town.is_closed_early and self._is_fresh:
                open_ = {one.number for one in town.clerks if one.is_open}
                judging.nobody_waits(ledger, self.number, self.groups, town.day, town.known(), open_)
            return
        self._called_s = town.loop.time()
        paper = ledger.papers.get(ticket["id"])
        ledger.note(f"counter {self.number}: calls {ticket['number']}", paper)
        if paper is None:
            return
        known = town.known() if kind == "next" and self._is_fresh else set()
        judging.called(ledger, paper, self.number, known)
        if kind == "next":
            turns.judge(town, self, paper, self._pressed_s)
            standing.called(town, paper, self.number)
        paper.state, paper.counter, paper.only_counter = "called", self.number, None
        paper.called_s = paper.called_s or town.loop.time()
        paper.is_special = paper.is_special or kind == "out-of-turn"
        town.awaits_announcement(said.get("call"), paper, self.number)

    def _gave(self, given: dict[str, Any], body: dict[str, Any]) -> None:
        town = self.town
        paper = Paper(
            given["number"], town.day, f"counter {self.number}", given["id"], given["service"],
            SERVICES[given["service"]], body["priority"], town.loop.time(), town.label, earlier=None,
        )  # fmt: skip
        if any(number == paper.number for number, _, _ in town.heard):
            paper.heard_s = town.loop.time()  # called before its clerk had the answer
        judging.given(town.ledger, paper)
        town.ledger.note(f"counter {self.number}: gives {paper.number} by hand", paper)

    def _changed(self, paper: Paper, kind: str, body: dict[str, Any]) -> None:
        if kind == "came":
            paper.state, paper.counter = "serving", self.number
        elif kind in ("done", "left"):
            paper.state, paper.counter = "ended", None
        elif kind == "not-here":
            paper.absences, paper.counter = paper.absences + 1, None
            paper.state = "waits" if paper.absences < 2 else "away"
            self._comes_back(paper)
        elif kind == "park":
            paper.state, paper.counter, paper.is_special = "away", None, True
            paper.is_here = False
            self._comes_back(paper)
        elif kind == "transfer":
            to = body["to"]
            paper.state, paper.counter, paper.is_special, paper.absences = "waits", None, True, 0
            paper.queue, paper.only_counter = (paper.queue, to) if isinstance(to, int) else (to, None)
        elif kind == "resume":
            paper.state, paper.counter, paper.is_special, paper.absences = "waits", None, True, 0
        elif kind == "undo":
            paper.state, paper.counter, paper.is_special = "waits", None, True

    def _comes_back(self, paper: Paper) -> None:
        self.away.append(paper)
        self.town.later(self.town.comes_back(paper, 60 + 120 * self.dice("back", paper.number)))

    def forgotten(self, body: dict[str, Any]) -> None:
        """Know nothing of what became of a press: nobody whom it may have touched is judged."""
        self._has_answer()
        ledger = self.town.ledger
        for paper in (ledger.at_counter(self.number), ledger.papers.get(body.get("ticket") or "")):
            if paper is not None:
                paper.unsure = True
                ledger.note(f"counter {self.number}: {body['press']} got no answer", paper)
        if body["press"] in ("next", "out-of-turn"):
            turns.may_have_called(self.town, self)

    def _sees(self, paper: Paper, state: str) -> None:
        """Take from the page who is at the counter, where its clerk knew of somebody else or of nobody."""
        if paper.counter == self.number and paper.state in ("called", "serving"):
            return
        ledger = self.town.ledger
        held = ledger.at_counter(self.number)
        if held is not None and held is not paper:
            held.unsure, held.counter = True, None
        ledger.note(f"counter {self.number}: its page shows {paper} as {state}", paper)
        paper.unsure = True
        paper.state, paper.counter = ("called" if state == "called" else "serving"), self.number
        self._called_s = self.town.loop.time()


async def works(clerk: Clerk) -> None:
    """Have a clerk look at his page every few seconds."""
    while True:
        if not clerk.town.is_busy:
            await asyncio.sleep(30.0)
            continue
        await asyncio.sleep(3.0 + 4.0 * clerk.dice("pace", str(round(clerk.town.loop.time()))))
        await clerk.step()
