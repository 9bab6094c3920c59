"""What a clerk makes of his page's answers: what he was told is written down for whom it touches, and judged."""

from typing import TYPE_CHECKING, Any, Final

from tests.town import judging, standing, turns
from tests.town.hours import SERVICES
from tests.town.ledger import Paper

if TYPE_CHECKING:
    from tests.town.clerk import Clerk
    from tests.town.town import Town

FRESH_S: Final = 1.0


class Told:
    """What the clerk at a counter has been told by his page."""

    def __init__(self, town: "Town", clerk: "Clerk") -> None:
        self.town, self.clerk = town, clerk
        self.number = clerk.number
        self._pressed_s = 0.0
        self._asked: list[Paper] = []

    def presses(self, number: str) -> None:
        """Know that a press is on its way that touches who is at the counter, and whose number it names."""
        ledger, self._pressed_s = self.town.ledger, self.town.loop.time()
        held, named = ledger.at_counter(self.number), ledger.find(self.town.day, number)
        self._asked = [one for one in (held, named) if one is not None]
        for one in self._asked:
            one.asked += 1

    @property
    def _is_fresh(self) -> bool:
        """Whether the answer is of now: one that was lost and is heard again speaks of the moment of the press."""
        return self.town.loop.time() - self._pressed_s < FRESH_S

    def _has_answer(self) -> None:
        for one in self._asked:
            one.asked -= 1
        self._asked = []

    def answered(self, body: dict[str, Any], status: int, said: dict[str, Any]) -> None:
        """Write down what the page was answered, and judge it."""
        self._has_answer()
        town, ledger, kind = self.town, self.town.ledger, body["press"]
        held = ledger.at_counter(self.number)
        named = ledger.papers.get(body.get("ticket") or "") or ledger.find(town.day, body.get("number") or "") or held
        if status != 200:
            ledger.note(f"counter {self.number}: {kind} refused: {said.get('detail', '')}", named)
            self.clerk.bored_until = town.loop.time() + 5
            if held is not None and said.get("type") == "/problems/another-ticket":
                held.unsure = True  # the hub has lost that it is here: what the clerk does next says nothing of it
            return
        ledger.reached[kind] += 1
        self.clerk.is_open = said["counter"]["state"] not in ("closed", "paused")
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
            self.clerk.bored_until = town.loop.time() + 15
            if said.get("call") is None and not town.is_closed_early and self._is_fresh:
                open_ = {one.number for one in town.clerks if one.is_open}
                judging.nobody_waits(ledger, self.number, self.clerk.groups, town.day, town.known(), open_)
            return
        self.clerk.called_s = town.loop.time()
        paper = ledger.papers.get(ticket["id"])
        ledger.note(f"counter {self.number}: calls {ticket['number']}", paper)
        if paper is None:
            return
        known = town.known() if kind == "next" and self._is_fresh else set()
        judging.called(ledger, paper, self.number, known)
        if kind == "next":
            turns.judge(town, self.clerk, paper, self._pressed_s)
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
            paper.unsure = True  # called before its clerk had the answer: what became of it meanwhile he was not told
        judging.given(town.ledger, paper)
        town.ledger.note(f"counter {self.number}: gives {paper.number} by hand", paper)

    def _changed(self, paper: Paper, kind: str, body: dict[str, Any]) -> None:
        if kind == "came":
            paper.state, paper.counter = "serving", self.number
        elif kind in ("done", "left"):
            paper.state, paper.counter = "ended", None
        elif kind == "not-here":
            paper.absences += 1
            paper.goes_back("waits" if paper.absences < 2 else "away")
            self._comes_back(paper)
        elif kind == "park":
            paper.goes_back("away")
            paper.is_special, paper.is_here = True, False
            self._comes_back(paper)
        elif kind == "transfer":
            to = body["to"]
            paper.goes_back("waits")
            paper.is_special, paper.absences = True, 0
            paper.queue, paper.only_counter = (paper.queue, to) if isinstance(to, int) else (to, None)
        elif kind == "resume" and paper.state == "away":  # else another counter called him before this answer came
            paper.goes_back("waits")
            paper.is_special, paper.absences = True, 0
        elif kind == "undo":
            paper.goes_back("waits")
            paper.is_special = True

    def _comes_back(self, paper: Paper) -> None:
        self.clerk.away.append(paper)
        self.town.later(self.town.comes_back(paper, 60 + 120 * self.clerk.dice("back", paper.number)))

    def forgotten(self, body: dict[str, Any]) -> None:
        """Know nothing of what became of a press: nobody whom it may have touched is judged."""
        ledger, named = self.town.ledger, [one for one in self._asked if one.number == body.get("number")]
        self._has_answer()
        for paper in (ledger.at_counter(self.number), ledger.papers.get(body.get("ticket") or ""), *named):
            if paper is not None:
                paper.unsure = True
                ledger.note(f"counter {self.number}: {body['press']} got no answer", paper)
        if body["press"] in ("next", "out-of-turn"):
            turns.may_have_called(self.town, self.clerk)

    def sees(self, paper: Paper, state: str) -> None:
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
        self.clerk.called_s = self.town.loop.time()
