"""When to try again: full-jitter back-off, so that a district whose power returns does not call in one second."""

import random
from dataclasses import dataclass, field

BASE_S = 1.0
CAP_S = 300.0
SLOW_S = 600.0
MAX_RETRY_AFTER_S = 900.0
JUST_BOOTED_S = 300.0
BOOT_SPREAD_S = 30.0


@dataclass(slots=True)
class Backoff:
    """Delays between attempts, in seconds: full jitter under a ceiling that doubles from 1 s to 5 minutes.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("Full Jitter").
    """

    uniform: random.Random = field(default_factory=random.SystemRandom)
    attempt: int = 0

    def after_failure(self, retry_after_s: float | None = None) -> float:
        """Return how long to wait after one more failure, at least what the server asked for, within bounds."""
        ceiling = min(CAP_S, BASE_S * 2 ** min(self.attempt, 16))
        self.attempt += 1
        delay = self.uniform.uniform(0, ceiling)
        if retry_after_s is None:
            return delay
        # An unsigned answer must not silence a kiosk for days. The jitter comes on top: all were told the same second.
        return min(max(retry_after_s, 0.0), MAX_RETRY_AFTER_S) + delay

    def after_refusal(self) -> float:
        """Return the wait after central would not hear this kiosk at all: people have to act, so slowly, not never."""
        return self.uniform.uniform(SLOW_S / 2, SLOW_S)

    def at_boot(self, boottime_s: float) -> float:
        """Return the wait before a process's first attempt: spread out where the machine has just got its power."""
        return self.uniform.uniform(0, BOOT_SPREAD_S) if boottime_s < JUST_BOOTED_S else 0.0

    def reset(self) -> None:
        """Begin again at the shortest delay: something went well, the link came back, or someone asked."""
        self.attempt = 0
