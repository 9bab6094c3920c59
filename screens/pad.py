"""Digits by touch: a display and a number pad of big keys, never mirrored, whatever the language."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from screens.articles import showpieces
from screens.articles.story import Article
from screens.look.frame import BUTTON, DISPLAY, KEY, STRONG, TITLE, Box, Frame, Style
from screens.look.text import NARROW_SPACE, fitted
from screens.screen import Screen
from screens.widgets.face import Face, held
from screens.widgets.label import height_of, width_of

_SIGN_GAP_MM = 8.0
_KEY_MM, _LARGE_KEY_MM, _TINY_KEY_MM = 34.0, 40.0, 26.0
_ROOMY_MM = 200
_DIGITS = replace(DISPLAY, capitals=True)
_WORD = replace(BUTTON, primary=False)
"""The words on the keys below the digits, which have a picture too."""


@dataclass(frozen=True)
class Entry:
    """What is asked for: its heading, a warning, how many digits, and whether they are covered (a PIN)."""

    title: str
    warning: str = ""
    length: int = 10
    shortest: int = 10
    covered: bool = False
    delete: str = ""
    ok: str = ""
    icon: str = ""
    """A sign above the heading, where there is room for it."""


class PadScreen(Screen):
    """Asks for digits and answers them as text. `entry` makes an Entry of the prompt."""

    def __init__(self, entry: Callable[[Any, Frame], Entry]) -> None:
        super().__init__()
        self._entry = entry
        self._digits = ""
        self._is_covered = False
        self._has_read = False

    def resume(self) -> None:
        """Begin with an empty display."""
        self._digits, self._has_read = "", False

    def forget(self) -> None:
        """Drop a covered number at once; another waits for the end of its visit, since an aside may lead back to it."""
        if self._is_covered:
            self._digits = ""
        super().forget()

    @property
    def typed(self) -> str:
        """The digits, where they aren't covered."""
        return "" if self._is_covered else self._digits

    def answer(self) -> str:
        """Return what has been typed."""
        return self._digits

    def arrange(self, prompt: Any, box: Box) -> None:
        """Lay out heading and display above the pad, or beside it on a lying panel."""
        frame, entry = self.frame, self._entry(prompt, self.frame)
        self._is_covered = entry.covered
        if frame.theme.easy and self._is_small and entry.warning:
            if not self._has_read:
                self._say_first(entry, box)
                return
            entry = replace(entry, warning="")
        is_tiny = frame.theme.easy and frame.theme.tiny
        high = self._title_above_px(entry, box) if is_tiny else 0
        text, pad = self._parted(entry, Box(box.x, box.y + high, box.w, box.h - high))
        if frame.theme.easy and not (high or self._holds(entry, text)):
            if not self._has_read:
                self._say_first(entry, box)
                return
            entry = replace(entry, title="", icon="")
        if high:
            self.label("title", box.cut_top(high), entry.title, TITLE, align="centre")
            entry = replace(entry, title="", icon="")
        self.heading(entry, text)
        if is_tiny:
            self._large_keys(entry, pad)
        else:
            self._pad(entry, pad)

    def _parted(self, entry: Entry, box: Box) -> tuple[Box, Box]:
        """Return the room of heading and display and that of the keys: below, or beside it on a lying panel."""
        frame, gap = self.frame, self.frame.mm(4)
        if frame.theme.easy and frame.theme.tiny:  # the words of the keys stand beside the digits
            pad = box.cut_end(3 * (frame.mm(20) + frame.mm(3)) + self._words_px(entry), gap)
            return box, pad
        if frame.theme.wide:
            text = box.cut_start((box.w - gap) * (0.39 if frame.theme.tiny else 0.46), frame.mm(8))
            if frame.theme.low:
                box.cut_top(max(0, frame.theme.height_px - frame.theme.reach_px - box.y))
            pad = box
        else:
            share = 0.5 if frame.theme.low else 0.55 if frame.theme.easy else 0.6
            key = _LARGE_KEY_MM if frame.theme.easy else _KEY_MM
            pad = box.cut_bottom(min(box.h * share, frame.mm(4 * key + 3 * 4)), frame.mm(6))
            text = box
        widest = pad.w if frame.theme.easy else min(pad.w, frame.mm(3 * 52 + 2 * 4))
        keys = pad.centred(widest, min(pad.h, frame.mm(4 * 40 + 3 * 4)))
        return Box(text.x, keys.y, text.w, keys.h) if frame.theme.wide else text, keys

    def _title_above_px(self, entry: Entry, box: Box) -> int:
        """Return the height of a heading above the keys that is no smaller than usually; 0 where they have no room."""
        look = replace(self.frame.type(TITLE), floor_px=self.frame.least(TITLE).wish_px)
        for key_mm in (_TINY_KEY_MM, 20.0):
            room = box.h - 3 * self.frame.mm(key_mm) - 3 * self.frame.mm(3)
            title = fitted(entry.title, int(box.w), int(room), look)
            if title.fits:
                return title.height_px
        return 0

    def _words_px(self, entry: Entry) -> int:
        words = max(width_of(self.frame, word, _WORD) for word in (entry.ok, entry.delete))
        return max(self.frame.mm(20), words + self.frame.mm(5))

    def _holds(self, entry: Entry, text: Box) -> bool:
        """Return whether what is asked has room above what has been typed."""
        look, room = self.frame.type(self._title), text.h - self._display_px(entry, text) - self._display_gap_px
        if self._is_small:
            look = replace(look, floor_px=self.frame.nearly(self._title).wish_px)
        return fitted(entry.title, int(text.w), int(room), look).fits

    @property
    def _is_small(self) -> bool:
        """Whether large letters leave no room for what was wrong beside the keys."""
        theme = self.frame.theme
        return min(theme.width_px, theme.height_px) < theme.mm(_ROOMY_MM) or (theme.wide and theme.low)

    def _say_first(self, entry: Entry, box: Box) -> None:
        """Say what is asked, and what was wrong, on a page before that of the keys."""
        frame = self.frame
        row = box.cut_bottom(frame.mm(24), frame.mm(4)).centred(min(box.w, frame.mm(90)), frame.mm(24))
        face = Face(frame.say("common.next_page"), "next", arrangement="centre")
        self.button("next_page", row, face, self._read)
        warning = box.cut_bottom(height_of(frame, entry.warning, box.w, STRONG, box.h / 2), frame.mm(3))
        self.label("warning", warning, entry.warning, STRONG, frame.palette.bad, "centre")
        self.label("title", box, entry.title, TITLE, align="centre")

    def _large_keys(self, entry: Entry, pad: Box) -> None:
        """Draw the keys of large letters on a tiny panel: their words stand beside the digits."""
        gap = self.frame.mm(3)
        side = pad.cut_end(self._words_px(entry), gap)
        cells = [self.frame.unmirrored(pad, cell) for cell in pad.grid(3, 3, gap)]
        self._keys(entry, [*cells, *side.grid(1, 3, gap)])

    def _read(self) -> None:
        self._has_read = True

    @property
    def _title(self) -> Style:
        return TITLE if self.frame.theme.wide or self._is_small else DISPLAY

    @property
    def _display_side_px(self) -> int:
        return self.frame.mm(1 if self.frame.theme.tiny else 4)

    @property
    def _display_gap_px(self) -> int:
        return self.frame.mm(3 if self.frame.theme.tiny else 5)

    def _display_px(self, entry: Entry, box: Box) -> float:
        """Return the height of what has been typed."""
        frame, theme = self.frame, self.frame.theme
        if not theme.easy:
            return min(frame.mm(18 if theme.tiny else 30), box.h * (0.34 if entry.title else 1))
        if theme.wide:  # on as many lines as they need there
            look = replace(frame.least(_DIGITS) if theme.tiny else frame.nearly(_DIGITS), direction="ltr")
            typed = NARROW_SPACE.join("0" * entry.length)
            lines = fitted(typed, int(box.w) - 2 * self._display_side_px, 10_000, look)
            return min(lines.height_px + frame.mm(5 if theme.tiny else 7), box.h)
        return min(fitted("0", 10_000, 10_000, frame.type(_DIGITS)).height_px + frame.mm(7), box.h)

    def heading(self, entry: Entry, box: Box) -> None:
        """Draw what is asked, what was wrong, and what has been typed."""
        frame, palette = self.frame, self.frame.palette
        tiny, title = frame.theme.tiny, self._title
        display = box.cut_bottom(self._display_px(entry, box), self._display_gap_px)
        if entry.warning:
            asked = fitted(entry.title, int(box.w), 10_000, frame.least(title)).height_px
            least = fitted(entry.warning, int(box.w), 10_000, frame.least(STRONG)).height_px
            most = min(max(least, box.h - asked - frame.mm(4)), box.h * (0.56 if tiny or frame.theme.easy else 0.5))
            high = min(height_of(frame, entry.warning, box.w, STRONG), most)
            row = box.cut_bottom(high, frame.mm(3))
            self.label("warning", row, entry.warning, STRONG, palette.bad, "centre")
        high = height_of(frame, entry.title, box.w, title)
        disc = frame.mm(34 if frame.theme.easy else 52)
        if entry.icon and box.h > disc + high + frame.mm(2 * _SIGN_GAP_MM):
            # What is asked lies nearer to where it is typed than to the strip.
            box.cut_top((box.h - disc - high - frame.mm(_SIGN_GAP_MM)) * 0.7)
            showpieces.sign(self, Article(entry.icon, entry.title)).draw(box.cut_top(disc, frame.mm(_SIGN_GAP_MM)), 1)
            self.label("title", box.cut_top(high), entry.title, title, align="centre")
        elif entry.title:
            self.label("title", box, entry.title, title, align="centre", middle=0.6)
        self.surface("display_card", display, palette.surface, palette.primary, 5)
        shown = "•" * len(self._digits) if entry.covered else self._digits
        # How long a covered number is, is for its owner to know.
        wanted = entry.shortest if entry.covered else entry.length
        rest = "_" * (wanted - len(self._digits)) if wanted <= 11 else ""
        spread = NARROW_SPACE.join(shown + rest)
        inner = display.inset(self._display_side_px, 0)
        inner.cut_bottom(frame.mm(2))  # what stands for a digit hangs below the line
        self.label("digits", inner, spread, _DIGITS, palette.primary, "centre", direction="ltr")

    def _pad(self, entry: Entry, whole: Box) -> None:
        frame = self.frame
        self._keys(
            entry,
            [frame.unmirrored(whole, cell) for cell in whole.grid(3, 4, frame.mm(3 if frame.theme.tiny else 4))],
        )

    def _keys(self, entry: Entry, cells: list[Box]) -> None:
        """Draw nine digits and below or beside them the key that deletes, zero and the key that goes on."""
        frame = self.frame
        full, ready = len(self._digits) >= entry.length, len(self._digits) >= entry.shortest
        # A covered number is never said aloud, digit by digit neither.
        spoken = frame.say("speech.covered_digit") if entry.covered else ""
        for digit, cell in zip("123456789", cells, strict=False):
            self._key(digit, cell, not full, spoken)
        erase = Face(entry.delete, "erase", "", "quiet", "stack", _WORD)
        ok = Face(entry.ok, "check", "", "main", "stack", _WORD)
        if frame.theme.easy:
            erase, ok = held(frame, [erase, ok], [cells[9], cells[11]], frame.nearly(_WORD).wish_px)
        self.button("delete", cells[9], erase, self._erase, bool(self._digits))
        self._key("0", cells[10], not full, spoken)
        self.button("ok", cells[11], ok, self.answer(), ready)

    def _key(self, digit: str, cell: Box, enabled: bool, spoken: str = "") -> None:
        face = Face(digit, None, "", "plain", "words", KEY, spoken=spoken, ltr=True)
        self.button(f"digit:{digit}", cell, face, lambda: self._type(digit), enabled)

    def _type(self, digit: str) -> None:
        self._digits += digit

    def _erase(self) -> None:
        self._digits = self._digits[:-1]
