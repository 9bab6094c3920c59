"""The Ui of one visit: answers the controls that are on every screen, and warns before time runs out.

Warning after 45 s without a touch (30 s where personal data is shown), then 20 s to answer by one touch; "more time"
doubles the limit, as often as the citizen likes. Data entry only: what has been accepted is finished without a limit.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from devices.protocols import Scan
from kiosk.flows.context import Memory
from kiosk.flows.ended import Cancelled, CodeHeld, Interrupted, TimedOut, WentBack
from kiosk.flows.race import first_of
from kiosk.prompts.choosing import Start
from kiosk.prompts.state import (
    CentreClosed,
    ChooseLanguage,
    NotAnOrder,
    OutOfService,
    PowerGoing,
    StillThere,
    VoiceOptions,
)
from kiosk.prompts.ui import (
    VOICE_STEPS,
    AdjustVoice,
    AskForHelp,
    Back,
    Control,
    Display,
    Home,
    Notice,
    OpenLanguages,
    OpenMaintenance,
    Prompt,
    SetAccessible,
    SetLow,
    SetSpeech,
    SetVoice,
    SwitchLanguage,
)

LIMIT_S = 45.0
PERSONAL_LIMIT_S = 30.0
ANSWER_S = 20
ASIDE_S = 5.0
_RESTS = (Start, CentreClosed, OutOfService, PowerGoing)  # what stands while nobody is there
_MOST_S = 600.0  # however often it is doubled, a kiosk that was left comes back within ten minutes


class VisitUi:
    """What flows talk to during one visit.

    Args:
        display: draws.
        memory: the visit's own; the look is changed there.
        sleep: waits, in seconds.
        help_citizen: the help flow, run over whatever is shown.
        held_code: waits for an order's code that is held to the reader; None: it was a code of something else.
    """

    def __init__(
        self,
        display: Display,
        memory: Memory,
        sleep: Callable[[float], Awaitable[None]],
        help_citizen: Callable[[], Awaitable[None]],
        held_code: Callable[[], Coroutine[Any, Any, Scan | None]],
    ) -> None:
        self._display = display
        self._memory = memory
        self._sleep = sleep
        self._help_citizen = help_citizen
        self._held_code = held_code
        self._touched = asyncio.Event()
        self._stretch = 1.0
        self._beside = 0  # how deep in help, languages or voice: help can be asked for on a help ticket's screens, too
        self._came_back = asyncio.Event()  # set, and another one, whenever one of these is left
        self._deed = asyncio.Event()  # set when what was accepted in help, and is carried out now, has been
        self._is_untouched = True
        display.on_touch = self._on_touch

    async def ask[A](self, prompt: Prompt[A]) -> A:
        """Ask, answering controls here. Raises WentBack, Cancelled, TimedOut, Interrupted, CodeHeld."""
        # A scan leads away from the start screen without a touch.
        self._is_untouched = self._is_untouched and isinstance(prompt, _RESTS)
        while True:
            in_time = self._ask_in_time(prompt)
            answer = await (first_of(in_time, self._code_comes()) if prompt.takes_code else in_time)
            if isinstance(answer, NotAnOrder):
                await self._say_briefly(answer)
                continue
            match answer:
                case Back():
                    if prompt.has_back:
                        raise WentBack
                case Home():
                    raise Cancelled
                case OpenMaintenance():
                    raise Interrupted
                case SwitchLanguage() | SetAccessible() | SetSpeech() | SetLow() | SetVoice():
                    self._take_look(answer)
                    if isinstance(prompt, VoiceOptions | ChooseLanguage):  # what it was asked for is done
                        raise WentBack
                case AdjustVoice() | OpenLanguages():
                    await (self._adjust_voice() if isinstance(answer, AdjustVoice) else self._choose_language())
                case AskForHelp():
                    if prompt.has_help:
                        await self._help()
                case _:
                    self._is_untouched = False
                    return answer

    async def ask_briefly[A, B](
        self, prompt: Prompt[A], seconds: Callable[[], float], event: Callable[[], Awaitable[B]] | None = None
    ) -> A | B | None:
        """Ask, and go on with None once nobody has touched anything for that long, or with what the event brings."""
        asked = self.ask(prompt) if event is None else self.ask_until(prompt, event, in_peace=True)
        return await first_of(asked, self._unattended(seconds))

    async def ask_until[A, B](
        self, prompt: Prompt[A], event: Callable[[], Awaitable[B]], *, in_peace: bool = False
    ) -> A | B:
        """Ask, and take what the event brings for an answer too, once no help that was accepted is cut short by it.

        `in_peace`: nor one that is only read, nor the choice of a language or a voice.
        """
        return await first_of(self.ask(prompt), self._in_turn(event, self._beside if in_peace else None))

    async def help_is_over(self) -> None:
        """Return once nothing stands over what was asked first: no help, languages or voice."""
        while self._beside:
            await self._came_back.wait()

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Let no event that was waited for before end what is done in here: a number on disk has to be shown."""
        outer, self._deed = self._deed, asyncio.Event()
        try:
            yield
        finally:
            self._deed.set()
            self._deed = outer

    def show(self, notice: Notice) -> None:
        """Show a notice."""
        self._display.show(notice)

    def _look(self, **changes: object) -> None:
        self._is_untouched = False
        self._touched.set()  # a headset that is plugged in touches nothing
        self._memory.look = replace(self._memory.look, **changes)  # type: ignore[arg-type]
        self._display.set_look(self._memory.look)

    def _take_look(self, answer: object) -> None:
        """Change the look where that is what was touched, or what a headset has said."""
        match answer:
            case SwitchLanguage(language):
                self._look(language=language)
            case SetAccessible(is_on):
                self._look(is_accessible=is_on)
            case SetSpeech(is_on):
                if is_on != self._memory.look.has_speech:  # a headset may be unplugged that nobody used
                    self._look(has_speech=is_on, volume=0, speed=0)
            case SetLow(is_on):
                self._look(is_low=is_on)
            case SetVoice(louder, faster):
                self._speak(louder, faster)

    def _speak(self, louder: int, faster: int) -> None:
        look = self._memory.look
        volume, speed = (
            max(-VOICE_STEPS, min(VOICE_STEPS, step)) for step in (look.volume + louder, look.speed + faster)
        )
        self._look(volume=volume, speed=speed)

    async def _choose_language(self) -> None:
        with self._aside(), suppress(WentBack):
            await self.ask(ChooseLanguage())

    async def _adjust_voice(self) -> None:
        before = None
        while self._memory.look.has_speech and self._memory.look != before:  # unchanged, it was Back
            before = self._memory.look
            with self._aside(), suppress(WentBack):
                await self.ask(VoiceOptions(before.volume, before.speed))
                return

    async def _code_comes(self) -> NotAnOrder:
        scan = await self._held_code()
        if scan is None:
            return NotAnOrder()
        raise CodeHeld(scan)

    async def _say_briefly(self, aside: Prompt[object]) -> None:
        """Say something over what is shown, which goes on by itself after a moment or a touch."""
        answer = await first_of(self._display.ask(aside), self._sleep_for(ASIDE_S))
        if isinstance(answer, OpenMaintenance):
            raise Interrupted
        self._take_look(answer)

    async def _help(self) -> None:
        with self._aside(), suppress(WentBack):  # back to the screen that help was asked on
            await self._help_citizen()

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Count what stands over something else that is asked."""
        self._beside += 1
        try:
            yield
        finally:
            self._beside -= 1
            self._came_back.set()
            self._came_back = asyncio.Event()

    async def _ask_in_time[A](self, prompt: Prompt[A]) -> A | Control:
        while True:
            # A kiosk that nobody has touched yet waits for ever: that is its rest.
            if self._is_untouched or prompt.is_patient:
                return await self._display.ask(prompt)
            answer = await first_of(self._display.ask(prompt), self._quiet(prompt))
            if answer is not None:
                return answer
            await self._warn()

    async def _quiet(self, prompt: Prompt[object]) -> None:
        """Return once nobody has touched anything for the limit."""
        limit = min((PERSONAL_LIMIT_S if prompt.is_personal else LIMIT_S) * self._stretch, _MOST_S)
        while True:
            self._touched.clear()
            if await first_of(self._touched.wait(), self._sleep_for(limit)) is None:
                return

    async def _unattended(self, seconds: Callable[[], float]) -> None:
        """Return once nobody has touched anything for that long, help that is asked for meanwhile left out."""
        depth = self._beside
        while True:
            self._touched.clear()
            if await first_of(self._touched.wait(), self._sleep_for(seconds())) is None and self._beside == depth:
                return

    async def _in_turn[B](self, event: Callable[[], Awaitable[B]], depth: int | None) -> B:
        """Return what the event brings; where `depth` is given, once no more than that stands over what is asked."""
        outer = self._deed
        result = await event()
        while self._deed is not outer or (depth is not None and self._beside > depth):
            await (self._came_back if self._deed is outer else self._deed).wait()
        return result

    async def _warn(self) -> None:
        warning = StillThere(ANSWER_S)
        answer = await first_of(self._display.ask(warning), self._sleep_for(ANSWER_S))
        if isinstance(answer, OpenMaintenance):
            raise Interrupted
        if answer is None:
            raise TimedOut
        if answer == "end" or isinstance(answer, Home):
            raise Cancelled
        self._take_look(answer)
        # Any touch shows that somebody is there.
        self._stretch *= 2

    async def _sleep_for(self, seconds: float) -> None:
        await self._sleep(seconds)

    def _on_touch(self) -> None:
        self._touched.set()
