"""Touches made by a script: real touch events, put into Kivy's event loop beside those of the panel."""

import asyncio
from collections import deque
from pathlib import Path
from typing import Any

from kivy.base import EventLoop
from kivy.input.motionevent import MotionEvent
from kivy.input.provider import MotionEventProvider

from kiosk.prompts.ui import Notice, Prompt
from screens.window import turning
from screens.window.panel import Panel
from screens.window.stage import Stage

PRESS_S = 0.06


class ScriptedTouch(MotionEvent):
    """One finger; places are shares of width and height from the lower left."""

    def __init__(self, uid: int, x: float, y: float) -> None:
        super().__init__("script", uid, (x, y), is_touch=True, type_id="touch")
        self.profile = ["pos"]
        self.ended = asyncio.Event()
        self.last = (x, y)  # as queued, which the event loop may not have taken yet

    def depack(self, args: tuple[float, float]) -> None:
        """Take over a new place."""
        self.sx, self.sy = args
        super().depack(args)


class ScriptedTouches(MotionEventProvider):
    """An input provider that gives out what a script has queued, once a frame, in order."""

    def __init__(self) -> None:
        super().__init__("script", "")
        self._queue: deque[tuple[str, ScriptedTouch, tuple[float, float]]] = deque()
        self._count = 0
        self._empty = asyncio.Event()

    def update(self, dispatch_fn: Any) -> None:
        """Hand queued events to the event loop."""
        while self._queue:
            kind, touch, place = self._queue.popleft()
            touch.move(place)
            dispatch_fn(kind, touch)
            if kind == "end":
                touch.ended.set()
        self._empty.set()

    def down(self, x: float, y: float) -> ScriptedTouch:
        """Put a finger down at shares of the window from the lower left; return it, to be moved and lifted."""
        self._count += 1
        touch = ScriptedTouch(self._count, x, y)
        self._queue.append(("begin", touch, (x, y)))
        return touch

    def move(self, touch: ScriptedTouch, x: float, y: float) -> None:
        """Move a finger."""
        touch.last = (x, y)
        self._queue.append(("update", touch, (x, y)))

    def up(self, touch: ScriptedTouch) -> None:
        """Lift a finger where it has been moved to."""
        self._queue.append(("end", touch, touch.last))

    async def tap(self, x: float, y: float) -> None:
        """Touch as a finger does: down, a moment, up. Returns once the event loop has taken the last event."""
        touch = self.down(x, y)
        await asyncio.sleep(PRESS_S)
        self.up(touch)
        await touch.ended.wait()

    async def taken(self) -> None:
        """Wait until the event loop has taken everything that was queued."""
        self._empty.clear()
        await self._empty.wait()

    def attach(self) -> None:
        """Join the event loop's input providers."""
        EventLoop.add_input_provider(self)


class Watched:
    """What scripts and tests need of a display: what is on it, waiting for it, a finger, a picture."""

    panel: Panel
    stage: Stage
    touches: ScriptedTouches
    _shown: Prompt[Any] | Notice | None

    @property
    def shown(self) -> Prompt[Any] | Notice | None:
        """Return what is on the panel."""
        return self._shown

    @property
    def is_drawn(self) -> bool:
        """Return whether what was shown last has reached the panel."""
        return self.panel.is_drawn

    @property
    def window(self) -> Any:
        """Return Kivy's window."""
        return self.panel.window

    async def wait_for(self, name: str, timeout_s: float = 10.0) -> None:
        """Wait until the prompt or notice of this name has been drawn and, if a prompt, takes touches."""
        async with asyncio.timeout(timeout_s):
            while self._shown is None or self._shown.name != name or not self._is_ready():
                await self.panel.next_flip()

    def _is_ready(self) -> bool:
        return self.panel.is_drawn and (self.stage.is_open or isinstance(self._shown, Notice))

    async def press(self, name: str, timeout_s: float = 10.0) -> None:
        """Touch the button of this name as a finger does, once it is on the panel and takes touches."""
        async with asyncio.timeout(timeout_s):
            while (target := self.stage.find(name)) is None or not target.enabled or not self.stage.is_open:
                await self.panel.next_flip()
            await asyncio.sleep(self.stage.deaf_s(target))
        place = turning.share(self.window, target.center_x, target.center_y)
        if self.stage.explores and not target.focused:  # the first touch only says what it is
            await self.touches.tap(*place)
        await self.touches.tap(*place)

    def screenshot(self, path: Path) -> None:
        """Write what is on the panel as a PNG, as a person before it sees it, with everything in its place."""
        self.stage.motion.end()
        self.panel.screenshot(path)
