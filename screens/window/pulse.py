"""The beat of the window's loop: proves that it turns, and counts where it stood still."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from kivy.uix.widget import Widget

_log = logging.getLogger(__name__)
BEAT_S = 0.1
STALL_S = 0.25


class Pulse:
    """Told about ten times a second that the loop turns. `at` is the last beat (monotonic), `stalls` their number."""

    def __init__(self) -> None:
        self.at = 0.0
        self.stalls = 0

    def beat(self) -> None:
        """Note a beat; one that comes late is a stall."""
        now = time.monotonic()
        late = now - self.at - BEAT_S if self.at else 0.0
        self.at = now
        if late > STALL_S:
            self.stalls += 1
            _log.warning("the screen stood still for %d ms", late * 1000)


async def turn[T](
    stage: Widget, main: Coroutine[Any, Any, T], beats: Sequence[tuple[Callable[[float], None], float]]
) -> T | None:
    """Turn both until one of them ends; return what `main` returned, None where the window was closed.

    Args:
        stage: what the window shows.
        main: what asks.
        beats: what is called again and again, each with its seconds.
    """
    from kivy.base import EventLoop, async_runTouchApp
    from kivy.clock import Clock

    timers = [Clock.schedule_interval(beat, seconds) for beat, seconds in beats]
    window = asyncio.ensure_future(async_runTouchApp(stage, async_lib="asyncio"))
    task = asyncio.ensure_future(main)
    try:
        await asyncio.wait({window, task}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        return None if task.cancelled() else task.result()
    finally:
        for timer in timers:
            timer.cancel()
        EventLoop.quit = True
        await window
