"""The beat of the window's loop: proves that it turns, and counts where it stood still."""

import logging
import time

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
