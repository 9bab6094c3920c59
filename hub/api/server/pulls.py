"""How far the standbys hold this hub's log: pages keep what they were answered since then, for the next hub."""

import threading
from collections.abc import Iterable


class Pulls:
    """Up to which seq each follower has pulled under a term. Threads may ask side by side."""

    def __init__(self) -> None:
        """Begin with nobody heard: until then nothing is known to be held elsewhere."""
        self._term = 0
        self._held: dict[str, int] = {}
        self._lock = threading.Lock()

    def note(self, term: int, follower: str, held: int) -> None:
        """Note that a follower asks for what comes after a seq."""
        with self._lock:
            if term != self._term:
                self._term, self._held = term, {}
            self._held[follower] = held

    def held_by_all(self, term: int, hubs: Iterable[str]) -> int:
        """Return the seq up to which every one of these hubs that has pulled holds the log; 0 where none has."""
        with self._lock:
            if term != self._term:
                return 0
            return min((self._held[hub] for hub in hubs if hub in self._held), default=0)
