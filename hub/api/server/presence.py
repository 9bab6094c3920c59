"""Who is connected: counters' pages, by which working time runs, and the board that is seen and heard."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from common.web.problem import Problem

MOST_OF_STRANGERS: Final = 40
MAX_OF_ONE: Final = 4
# A counter that pressed this lately has a page, though its stream may just be reconnecting.
PRESSED_WITHIN_S: Final = 60.0
KIOSK_SILENT_AFTER_S: Final = 30.0


class Reach(NamedTuple):
    """From how many metres a board should be read, and from how many its screen can be."""

    wanted_m: float
    serves_m: float


class Presence:
    """The streams that are open now."""

    def __init__(self) -> None:
        """Begin with nobody here."""
        self._of_one: Counter[str] = Counter()
        self._by_view: Counter[str] = Counter()
        self._strangers = 0
        self._speakers = 0
        self._reaches: Counter[Reach] = Counter()
        self._pressed_at: float | None = None
        self.board_heard_at: str | None = None
        self._began_s: float | None = None
        self._kiosks: dict[str, float] = {}
        self._refused_days: dict[str, str] = {}

    @contextmanager
    def stream(
        self, view: str, client: str, *, is_known: bool, speaks: bool = False, reach: Reach | None = None
    ) -> Iterator[None]:
        """Count a stream while it is open.

        Args:
            view: what is looked at.
            client: the session, or the address of one who has none.
            is_known: a session, or a board that the manager has named. These have places of their own.
            speaks: a board that says the calls.
            reach: the distance of a board's hall and of its screen, where it told them.

        Raises:
            Problem: 429 where there are too many of this client, or of strangers.
        """
        if self._of_one[client] >= MAX_OF_ONE or (not is_known and self._strangers >= MOST_OF_STRANGERS):
            raise Problem(429, "too-many-streams", "close another page of this hub first", {"Retry-After": "5"})
        self._of_one[client] += 1
        self._by_view[view] += 1
        self._strangers += not is_known
        self._speakers += speaks and is_known
        reaches = [reach] if reach is not None and is_known else []
        self._reaches.update(reaches)
        try:
            yield
        finally:
            self._of_one[client] -= 1
            self._by_view[view] -= 1
            self._strangers -= not is_known
            self._speakers -= speaks and is_known
            self._reaches.subtract(reaches)
            self._reaches += Counter()
            self._of_one += Counter()  # forget those of whom none is left

    def pressed(self, boottime_s: float) -> None:
        """Note that a counter pressed."""
        self._pressed_at = boottime_s

    def kiosk_heard(self, kiosk: str, boottime_s: float) -> None:
        """Note that a kiosk told something, or that it had nothing to tell."""
        self._kiosks[kiosk] = boottime_s

    def silent_kiosks(self, kiosks: Iterable[str], boottime_s: float) -> dict[str, int]:
        """Return for how many seconds each of these has been silent that should have spoken long ago."""
        if self._began_s is None:
            self._began_s = boottime_s
        since = {one: boottime_s - self._kiosks.get(one, self._began_s) for one in kiosks}
        return {one: int(silent_s) for one, silent_s in since.items() if silent_s > KIOSK_SILENT_AFTER_S}

    def note_day(self, kiosk: str, refused: str | None) -> None:
        """Note the day of a kiosk that is not believed here; None once what it tells is."""
        if refused is None:
            self._refused_days.pop(kiosk, None)
        else:
            self._refused_days[kiosk] = refused

    def refused_days(self, kiosks: Iterable[str]) -> dict[str, str]:
        """Return the day that is not believed of each of these kiosks that tells of one."""
        return {one: self._refused_days[one] for one in kiosks if one in self._refused_days}

    def counters_work(self, boottime_s: float) -> bool:
        """Whether a counter's page is connected."""
        lately = self._pressed_at is not None and boottime_s - self._pressed_at < PRESSED_WITHIN_S
        return self._by_view["counter"] > 0 or lately

    @property
    def streams(self) -> dict[str, int]:
        """How many streams are open, by view."""
        return {view: count for view, count in self._by_view.items() if count}

    @property
    def board_reach(self) -> Reach | None:
        """How far the connected board is read that falls shortest of its hall; None where none has told."""
        return min(self._reaches, key=lambda one: one.serves_m - one.wanted_m, default=None)

    @property
    def board_speaks(self) -> bool:
        """Whether a board that counts is connected and speaks."""
        return self._speakers > 0
