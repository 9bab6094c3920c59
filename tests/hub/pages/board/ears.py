"""Ears in front of a board: they hear what its audio elements play, not what the page says of itself."""

from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page

from tests.hub.hall import Hall
from tests.hub.voice.address import seq_in
from tests.hub.voice.recorded import clips_at, clips_of

_SCRIPT: Final = Path(__file__).with_name("ears.js").read_text(encoding="utf-8")
_HEARD_WITHIN_MS: Final = 30_000
_STEP_MS: Final = 20
# An element says that it plays somewhat after it began to, and that it has ended somewhat after it has.
_SLACK_S: Final = 0.3
SAID_AT_MOST: Final = 2  # the board says a call twice while nothing else waits


@dataclass
class Sound:
    """One time that an element was asked to play: what became of it, in milliseconds of the browser's clock."""

    address: str
    asked: float
    begun: float | None = None
    ended: float | None = None
    cut: float | None = None
    failed: str | None = None
    played: float = 0.0
    length: float = 0.0
    levels: list[list[int]] | None = None

    @property
    def is_over(self) -> bool:
        """Whether no more will come of it."""
        return self.failed is not None or self.levels is not None


@dataclass
class Ears:
    """What was heard from the pages of a browser's context, over reloads too."""

    sounds: dict[str, Sound] = field(default_factory=dict)

    def hear(self, told: dict[str, Any]) -> None:
        """Take in what a page's elements tell."""
        name = told.pop("sound")
        if "address" in told:
            self.sounds[name] = Sound(**told)
        else:
            for what, value in told.items():
                setattr(self.sounds[name], what, value)

    def announced(self) -> list[int]:
        """Return the calls that were announced, each once, in their order.

        Raises AssertionError where a sound was cut off, is silent, says another call than it should, began before the
        one ahead of it was over, or was repeated more than a call is.
        """
        sounds = list(self.sounds.values())
        for sound in sounds:
            assert sound.is_over, f"{sound} goes on"
            assert sound.failed is None, sound
            assert sound.cut is None, f"cut off: {sound}"
            assert sound.length > 0, sound
            assert sound.played >= sound.length - _SLACK_S, f"cut off: {sound}"
        for one, following in pairwise(sounds):
            assert (one.ended or 0) <= (following.begun or 0), f"{following} began within {one}"
        runs = [(seq, sum(1 for _ in same)) for seq, same in groupby(seq_in(sound.address) for sound in sounds)]
        assert max((length for _, length in runs), default=0) <= SAID_AT_MOST, runs
        return [seq for seq, _ in runs]

    def said(self, seq: int) -> list[str]:
        """Name the clips that a call's announcement was made of, the same each time."""
        heard = [clips_at(sound.levels or []) for sound in self.sounds.values() if seq_in(sound.address) == seq]
        assert all(one == heard[0] for one in heard), heard
        return heard[0]


_EARS: Final[WeakKeyDictionary[BrowserContext, Ears]] = WeakKeyDictionary()


def listen(page: Page) -> Page:
    """Listen to a page from its next document on."""
    ears = _EARS[page.context] = Ears()
    page.context.expose_binding("toEars", lambda _, told: ears.hear(told))
    page.context.add_init_script(_SCRIPT)
    return page


def until_heard(page: Page, *seqs: int, within_ms: int = _HEARD_WITHIN_MS) -> None:
    """Wait until calls were heard to their end, and the board is silent again."""
    ears = _EARS[page.context]
    for _ in range(within_ms // _STEP_MS):
        over = {seq_in(sound.address) for sound in ears.sounds.values() if sound.is_over}
        if over >= set(seqs) and all(sound.is_over for sound in ears.sounds.values()):
            return
        page.wait_for_timeout(_STEP_MS)
    raise AssertionError(f"{seqs} were not heard: {list(ears.sounds.values())}")


def heard(page: Page) -> list[int]:
    """Return the calls that a page has announced, in their order; see `Ears.announced`."""
    return _EARS[page.context].announced()


def says_what_was_called(page: Page, hall: Hall) -> None:
    """Raise AssertionError where the sound of a call tells another number or counter than the hub's log has."""
    ears = _EARS[page.context]
    with hall.hub.read() as look:
        query = "SELECT seq, number, counter FROM hub_events WHERE kind IN ('called', 'called-again')"
        called = {row.seq: (row.number, row.counter) for row in look.connection.exec_driver_sql(query)}
    for seq in ears.announced():
        assert ears.said(seq) == clips_of(*called[seq]), f"{called[seq]} was called"
