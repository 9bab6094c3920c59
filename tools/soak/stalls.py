"""Says where the screen's thread stood when it stood still, and whether it ran then or waited for the machine."""

import sys
import threading
import time
import traceback
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any, Self

LOOK_S = 0.02
LATE_S = 0.25
FRAMES = 6


def innermost(frame: FrameType) -> tuple[str, ...]:
    """Return where a frame and the five that called it stand, the outermost first, as `base_events.py:2042 _run_once`.

    `traceback` would read the source of each and keep it: on a busy machine that was most of what a soak saw grow.
    """
    found = islice(traceback.walk_stack(frame), FRAMES)
    return tuple(f"{Path(at.f_code.co_filename).name}:{line} {at.f_code.co_name}" for at, line in found)[::-1]


@dataclass(frozen=True, slots=True)
class Stall:
    """One stall: how long, how much of it the thread ran, and its innermost frames half-way."""

    seconds: float
    ran_s: float
    at: tuple[str, ...]


class StallWatch:
    """Looks at the heartbeat of a window from a thread of its own. Begin it on the window's thread."""

    def __init__(self, ui: Any) -> None:
        self._ui = ui
        self._ident = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._ident)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="stall watch", daemon=True)
        self.found: list[Stall] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(5)

    def _watch(self) -> None:
        beat, began, ran = self._ui.pulse.at, time.monotonic(), time.clock_gettime(self._clock)
        frames: tuple[str, ...] = ()
        while not self._end.wait(LOOK_S):
            now = time.monotonic()
            if self._ui.pulse.at != beat:
                late = now - began - 0.1
                if late > LATE_S and frames:
                    self.found.append(Stall(late, time.clock_gettime(self._clock) - ran, frames))
                beat, began, ran, frames = self._ui.pulse.at, now, time.clock_gettime(self._clock), ()
            elif now - began > 0.2 and not frames:
                frames = innermost(sys._current_frames()[self._ident])
