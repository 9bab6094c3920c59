"""How often to ask for the feed: at once where an answer says that there is news, soon after some came, else seldom.

Central's answer to each batch names the newest message that is for this kiosk. So a kiosk that delivers hears of all
with it, and only a kiosk with nothing to say has to ask; each poll costs central more than the items of an hour.
"""

from typing import Final

from msgspec import UnsetType

SOON_S: Final = 20.0
IDLE_S: Final = 180.0
SLOWER: Final = 1.5


class FeedPace:
    """When the feed is due, by seconds of a clock that never stands still or goes back."""

    def __init__(self) -> None:
        self._due_at = float("-inf")
        self._pause_s = SOON_S
        self._heard_through = 0
        self._is_marked = False

    def is_due(self, now_s: float) -> bool:
        """Whether to ask now. Of a central that gives no marks it is always due: nothing else would tell."""
        return not self._is_marked or now_s >= self._due_at

    def wait_s(self, now_s: float) -> float:
        """How long nothing is due; at most the pause, for a central without marks the short one."""
        return min(max(self._due_at - now_s, 1.0), IDLE_S) if self._is_marked else SOON_S

    def heard(self, now_s: float, through: int, *, is_news: bool) -> None:
        """Note that the feed was heard to its end, which is message `through`."""
        self._heard_through = through
        self._pause_s = SOON_S if is_news else min(self._pause_s * SLOWER, IDLE_S)
        self._due_at = now_s + self._pause_s

    def told(self, newest: int | UnsetType) -> None:
        """Note what an answer says of the newest message that is for this kiosk."""
        if isinstance(newest, UnsetType):
            return
        self._is_marked = True
        if newest > self._heard_through:
            self._due_at = float("-inf")
