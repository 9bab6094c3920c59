"""The panel itself: the window on it, its sides, and whether what was put on it last can be seen."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.graphics.opengl import glFinish, glFlush

from screens.look.theme import Theme
from screens.window import turning
from screens.window.kivy_setup import open_window


class Panel:
    """One picture at a time on a real or an offscreen window.

    Attributes:
        window: Kivy's window.
        theme: its sides are the window's, once `fit` was called.
        is_turned: whether a panel of this width and height in pixels stands on its side.
        is_drawn: whether what was put last has reached the panel.
        on_first_frame: called once, when the first picture has.
        on_flip: called with each frame that reaches it.
    """

    def __init__(self, theme: Theme, is_turned: Callable[[int, int], bool]) -> None:
        self.window: Any = open_window()
        self.is_turned = is_turned
        self.theme = turning.turn(self.window, is_turned, theme)
        self.is_drawn = False
        self.on_first_frame: Callable[[], None] = lambda: None
        self.on_flip: Callable[[], None] = lambda: None
        self._holds_picture = False
        self._flipped = asyncio.Event()

    def fit(self) -> None:
        """Take over the panel's sides, as it is turned by now; a full screen learns its own only after a moment."""
        self.theme = turning.turn(self.window, self.is_turned, self.theme)

    def put(self) -> None:
        """Put what the window's canvas holds on the panel at once: the loop's next turn would be up to 25 ms later."""
        self.is_drawn, self._holds_picture = False, True
        self.window.canvas.ask_update()
        asyncio.get_running_loop().call_soon(self._draw_now)

    def bind(self) -> None:
        """Follow the window's frames from now on."""
        self.window.bind(on_draw=self._before_draw, on_flip=self._on_flip)

    def unbind(self) -> None:
        """Follow them no more."""
        self.window.unbind(on_draw=self._before_draw, on_flip=self._on_flip)

    async def next_flip(self) -> None:
        """Wait until another frame has reached the panel."""
        self._flipped.clear()
        await self._flipped.wait()

    def screenshot(self, path: Path) -> None:
        """Write what is on the panel as a PNG, as a person before it sees it."""
        turning.seen(self.window).save(path)

    def _draw_now(self) -> None:
        # Whether the canvas still wants it says nothing: a screenshot has it drawn too, and put before nobody.
        if not self.is_drawn:
            self.window.dispatch("on_draw")
            self.window.dispatch("on_flip")

    def _before_draw(self, *_: object) -> None:
        # One frame at a time: a driver that never waits (offscreen, software) else keeps 4 MB for each undrawn one.
        glFinish()

    def _on_flip(self, *_: object) -> None:
        glFlush()  # the frame is being drawn from here on, beside everything else
        if not self.is_drawn and self._holds_picture:
            self.is_drawn = True
            self.on_first_frame()
            self.on_first_frame = lambda: None
        self.on_flip()
        self._flipped.set()
