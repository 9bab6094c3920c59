"""A screen that answers a touch comes the way one reads, or goes back against it: a thumb's width in 0.2 s.

It is the canvas that is moved, not what is on it: a touch lands where everything will be. At rest nothing is scheduled.
"""

import time
from collections.abc import Callable
from typing import Any, Literal

from kivy.clock import Clock

from screens.screen import Screen

DURATION_S = 0.2
TOO_SLOW_S = 0.06
"""A machine that takes longer for a frame shows the screen in its place at once: three jumps are no movement."""

type Way = Literal["on", "back"]


class Motion:
    """Moves one screen at a time into its place."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._screen: Screen | None = None
        self._distance_px = self._began_s = self._last_s = 0.0
        self._event: Any = None

    @property
    def is_on(self) -> bool:
        """Whether anything moves."""
        return self._event is not None

    def begin(self, screen: Screen, distance_px: float) -> None:
        """Show a screen this far to the right of its place (below 0: to the left), and bring it there."""
        self.end()
        screen.shift(distance_px)
        self._screen, self._distance_px, self._began_s = screen, distance_px, 0.0
        self._event = Clock.schedule_interval(self.step, 0)

    def step(self, _dt: float = 0.0) -> None:
        """Draw the next frame where it is to be by now; the first one counts from when it is there."""
        now = self._now()
        late, self._last_s = now - self._last_s, now
        if not self._began_s:
            self._began_s = now
            return
        share = (now - self._began_s) / DURATION_S
        if share >= 1 or late > TOO_SLOW_S:
            self.end()
        elif self._screen is not None:
            self._screen.shift(self._distance_px * (1 - share) ** 3)

    def end(self) -> None:
        """Put the screen into its place."""
        if self._event is not None:
            self._event.cancel()
            self._event = None
        if self._screen is not None:
            self._screen.shift(0)
            self._screen = None
