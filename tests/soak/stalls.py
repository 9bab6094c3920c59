"""Says where the screen's thread stood when it stood still, and whether it ran then or waited for the machine."""

import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

LOOK_S = 0.02
LATE_S = 0.25


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
                stack = traceback.extract_stack(sys._current_frames()[self._ident])
                frames = tuple(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in stack[-6:])
