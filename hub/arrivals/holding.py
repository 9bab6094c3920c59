"""Through which change of each kiosk this hub's log goes: what a disk has lost of it is told again from there.

A kiosk counts its changes and tells them in order, so the greatest revision held says how far it was heard. It learns
of a new log by the mark; until it is known to have, it hears where that log stood before anything was taken into it,
for what comes first may stand behind a gap.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from common.protocol.queue.call import Held
from common.protocol.queue.hub_statement import HubStatement
from hub.engine.act import Act, Look
from offline_store.disk.sql import run


@dataclass(slots=True)
class _OfKiosk:
    before: int  # anything was taken under this mark
    newest: int
    is_answered: bool = False


class Holding:
    """How far each kiosk is held, since this process began. Threads may ask side by side."""

    def __init__(self) -> None:
        """Begin with no kiosk known."""
        self._known: dict[tuple[str, str], _OfKiosk] = {}
        self._lock = threading.Lock()

    def begin(self, look: Act | Look, kiosk: str) -> None:
        """See how far a kiosk is held before the first of its words under this mark is taken."""
        key = look.life, kiosk
        if key not in self._known:
            query = "SELECT coalesce(max(revision), 0) FROM hub_tickets WHERE kiosk = ?"
            held = int(run(look.connection, query, (kiosk,)).fetchone()[0])
            with self._lock:
                self._known.setdefault(key, _OfKiosk(held, held))

    def took(self, mark: str, kiosk: str, revisions: Iterable[int]) -> None:
        """Note what was taken and is on disk."""
        with self._lock:
            known = self._known[mark, kiosk]
            known.newest = max([known.newest, *revisions])

    def held(self, mark: str, kiosk: str, followed: HubStatement | None) -> Held:
        """Return how far a kiosk is held, as it is told. `followed` is what it passes on: whose log it has heard."""
        with self._lock:
            known = self._known[mark, kiosk]
            has_heard = known.is_answered if followed is None else followed.mark == mark
            known.is_answered = True
            return Held(mark, known.newest if has_heard else known.before)
