"""What the people of a town know: papers in hands, calls heard, presses answered. No table is looked into.

A paper's `state` is what its owner and the clerks were told last. Where somebody was told nothing (an answer that never
came, a PC that went off with what it kept) it is `unsure`, and nobody is judged by it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

State = Literal["waits", "called", "serving", "away", "passed", "ended", "void", "home"]
ELSEWHERE = ("called", "serving")


class HasEvents(Protocol):
    """Whom something happened to."""

    events: list[str]


class Told(HasEvents, Protocol):
    """What somebody outside holds; `told_s`: when something was said of it last."""

    told_s: float


@dataclass
class Paper:
    """A number that somebody was given."""

    number: str
    day: int
    place: str  # the kiosk's name, or `counter 2`
    id: str
    service: str
    queue: str
    priority: str
    given_s: float
    label: str
    before: int | None = None
    token: str | None = None
    earlier: "Paper | None" = None
    state: State = "waits"
    counter: int | None = None
    only_counter: int | None = None
    absences: int = 0
    unsure: bool = False
    is_doubted: bool = False  # a page of a hub's disk was lost: what it says of this one alone may be wrong
    asked: int = 0  # presses about it that have no answer yet
    is_special: bool = False  # in front, out of turn, carried: its place is not its age
    heard_s: float = -1e9  # when the board said it last
    called_s: float | None = None  # when a clerk called it first
    last_s: float = 0.0  # when something was said of it last
    is_kept: bool = False  # sent home with the word that its place is kept
    is_by_voice: bool = False  # called by somebody who stood up, where no hub was left
    is_taken_back: bool = False  # by its owner at the kiosk: it waits for nothing more
    is_here: bool = True  # its owner sits in the hall
    passed_by: set[str] = field(default_factory=set)
    events: list[str] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """Whether its state is what it was told to be, and nobody waits for an answer about it."""
        return not (self.unsure or self.asked or self.is_doubted)

    def take_back(self) -> None:
        """End it where it waits; at a counter it ends as soon as its clerk lets it go. Nobody is judged by it."""
        self.is_taken_back = self.unsure = True
        if self.state == "waits":
            self.state = "void"

    def goes_back(self, state: Literal["waits", "away"]) -> None:
        """Leave the counter it was called to, for a queue or for a while."""
        self.state, self.counter = "void" if self.is_taken_back else state, None

    def __str__(self) -> str:
        return self.number


@dataclass
class Broken:
    """A promise that was broken: who suffers, what was said, what was so."""

    promise: int
    who: str
    said: str
    was: str
    events: list[str]
    at_s: float  # of the run


@dataclass
class Ledger:
    """All that was told. `clock` says the time as people read it."""

    clock: Callable[[], str]
    now: Callable[[], float]
    papers: dict[str, Paper] = field(default_factory=dict)  # by the ticket's id
    by_number: dict[tuple[int, str], Paper] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    events: int = 0
    calm_since: float | None = 0.0
    on_broken: Callable[[int], None] = lambda _: None
    _said: set[tuple[int, str]] = field(default_factory=set)

    def note(self, text: str, *papers: Paper | None) -> None:
        """Write down what happened, for everybody whom it touches."""
        line = f"{self.clock()} {text}"
        self.events += 1
        self.trace.append(line)
        for paper in papers:
            if paper is not None:
                paper.last_s = self.now()
                paper.events.append(line)

    def world(self, text: str) -> None:
        """Write down what happened to the town, for all who wait."""
        line = f"{self.clock()} {text}"
        self.events += 1
        self.trace.append(line)
        for paper in self.papers.values():
            if paper.state in ("waits", "called", "serving", "away"):
                paper.events.append(line)

    def accuse(self, promise: int, who: str, said: str, was: str, papers: Iterable[HasEvents] = ()) -> None:
        """Write down a broken promise, once for each whom it was broken to."""
        if (promise, who) in self._said:
            return
        self._said.add((promise, who))
        lines = [line for paper in papers for line in paper.events]
        touched = sorted(set(lines), key=self.trace.index)[-20:] if lines else self.trace[-20:]
        self.broken.append(Broken(promise, who, said, was, touched, self.now()))
        self.on_broken(promise)
        self.trace.append(f"{self.clock()} PROMISE {promise} {who}: {said}; {was}")

    def is_calm(self, seconds: float) -> bool:
        """Whether nothing has been broken for so long."""
        return self.calm_since is not None and self.now() - self.calm_since >= seconds

    def find(self, day: int, number: str) -> Paper | None:
        """Return the paper of a number of a day."""
        return self.by_number.get((day, number))

    def at_counter(self, counter: int) -> Paper | None:
        """Return whose paper is at a counter, as far as its clerk was told."""
        return next((one for one in self.papers.values() if one.counter == counter and one.state in ELSEWHERE), None)

    def waiting(self, day: int) -> list[Paper]:
        """Return the papers of a day whose owners wait, in the order in which they were given."""
        return [one for one in self.papers.values() if one.day == day and one.state == "waits"]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the broken promises as they are printed."""
        return [
            {"promise": one.promise, "who": one.who, "said": one.said, "was": one.was, "events": one.events}
            for one in self.broken
        ]
