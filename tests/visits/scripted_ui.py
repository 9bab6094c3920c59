"""A citizen by script: a list of (expected prompt, what then happens), on a display without a window.

It fails by the prompt's name when something else is asked, and it can be asked what notices were shown.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from devices.protocols import Card, Scan
from kiosk.prompts.ui import Control, Look, Notice, Prompt, StatusStrip
from tests.kit import told
from tests.visits.offered import is_offered


class HandTime:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    async def sleep(self, seconds: float) -> None:
        """Wait until that much time has been let pass."""
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking those who wait, in order."""
        end = self.now + seconds
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self.now, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
            await _settle()
        self.now = end

    async def until_slept(self, seconds: float) -> None:
        """Wait until somebody sleeps for so long from now: what he did before, in threads too, is done then."""
        while not any(due == self.now + seconds and not future.done() for due, _, future in self._sleepers):  # noqa: ASYNC110 - sleepers are no event
            await asyncio.sleep(0)


async def _settle() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


@dataclass
class HandReaders:
    """Readers into which a test puts codes and cards."""

    scans: asyncio.Queue[Scan] = field(default_factory=asyncio.Queue)
    cards: asyncio.Queue[Card] = field(default_factory=asyncio.Queue)

    async def next_scan(self) -> Scan:
        return await self.scans.get()

    async def next_card(self) -> Card:
        return await self.cards.get()


@dataclass(frozen=True)
class TooLate:
    """An answer to what is offered on the screen, that comes when `act` has changed what lies behind it."""

    answer: Any
    act: Callable[[], Any]


@dataclass(frozen=True)
class Happens:
    """Something that happens instead of an answer; `act` is called once the prompt waits."""

    act: Callable[[], Any]


type Step = tuple[type[Prompt[Any]] | Prompt[Any], Any]


class ScriptedUi:
    """A `kiosk.prompts.Display` that follows a script. When the script has ended, `ended` is set and it waits."""

    is_any = False
    """Whether it answers what no screen offers, too: a visit lives with that."""

    def __init__(self, *steps: Step) -> None:
        self.on_touch: Callable[[], None] | None = None
        self.steps = list(steps)
        self.asked: list[Prompt[Any]] = []
        self.shown: list[Notice] = []
        self.looks: list[Look] = []
        self.strip: StatusStrip | None = None
        self.forgotten = 0
        self._began: dict[type, float] = {}
        self.ended = asyncio.Event()

    async def ask[A](self, prompt: Prompt[A]) -> A | Control:
        told.note(prompt)
        if not self.steps:
            self.asked.append(prompt)
            self.ended.set()
            await asyncio.Event().wait()
        expected, answer = self.steps.pop(0)
        # pytest.fail raises no Exception, so the visit's broad except lets it through.
        if isinstance(expected, type):
            if type(prompt) is not expected:
                pytest.fail(f"{expected.__name__} was expected, {prompt} was asked")
        elif prompt != expected:
            pytest.fail(f"{expected} was expected, {prompt} was asked")
        self.asked.append(prompt)
        self._began[type(prompt)] = time.monotonic()
        if not isinstance(answer, Happens):
            if self.on_touch is not None:
                self.on_touch()
            if isinstance(answer, Exception):
                raise answer
            touched = answer.answer if isinstance(answer, TooLate) else answer
            if not (self.is_any or isinstance(touched, Control.__value__) or is_offered(prompt, touched)):
                pytest.fail(f"{type(prompt).__name__} offers no {touched!r}: nobody can answer it")
            if isinstance(answer, TooLate):
                answer.act()
            return touched  # type: ignore[no-any-return]
        await _settle()
        happened = answer.act()
        if asyncio.iscoroutine(happened):
            # In a task of its own: this very ask may be cancelled by what happens.
            self._happening = asyncio.ensure_future(happened)
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    def show(self, notice: Notice) -> None:
        told.note(notice)
        self.shown.append(notice)
        self._began[type(notice)] = time.monotonic()

    def set_look(self, look: Look) -> None:
        told.note(look)
        self.looks.append(look)

    def set_strip(self, strip: StatusStrip) -> None:
        told.note(strip)
        self.strip = strip

    def forget(self) -> None:
        self.forgotten += 1

    def last[P](self, kind: type[P]) -> P:
        """Return the last prompt or notice of this kind."""
        return next(one for one in reversed([*self.shown, *self.asked]) if isinstance(one, kind))

    def seconds_between(self, one: type, other: type) -> float:
        """Return the real time from the last `one` to the last `other`."""
        return self._began[other] - self._began[one]
