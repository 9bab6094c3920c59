"""Where things lie: boxes cut from a rectangle, in pixels from the top at the side where reading starts.

A screen is laid out once, as if for a left-to-right language; `Frame.place` alone turns it round for Arabic, so every
screen is mirrored by construction. A widget placed with `mirrored=False` boxes inside (the number pad) keeps its order.
"""

from dataclasses import dataclass, replace
from math import ceil

from kiosk.language import Language
from kiosk.prompts.ui import Text, Words
from screens.look.text import FIRST_STEP, Direction, Type, Weight
from screens.look.theme import Palette, Theme


@dataclass
class Box:
    """A rectangle: x from the reading side, y from the top, width and height, all in pixels. Cutting shrinks it."""

    x: float
    y: float
    w: float
    h: float

    def cut_top(self, h: float, gap: float = 0) -> "Box":
        """Take a strip of height `h` off the top, leaving out `gap` below it."""
        h = min(h, self.h)
        piece = Box(self.x, self.y, self.w, h)
        self.y += h + gap
        self.h = max(0, self.h - h - gap)
        return piece

    def cut_bottom(self, h: float, gap: float = 0) -> "Box":
        """Take a strip of height `h` off the bottom, leaving out `gap` above it."""
        h = min(h, self.h)
        piece = Box(self.x, self.y + self.h - h, self.w, h)
        self.h = max(0, self.h - h - gap)
        return piece

    def cut_start(self, w: float, gap: float = 0) -> "Box":
        """Take a strip of width `w` off the side where reading starts."""
        w = min(w, self.w)
        piece = Box(self.x, self.y, w, self.h)
        self.x += w + gap
        self.w = max(0, self.w - w - gap)
        return piece

    def cut_end(self, w: float, gap: float = 0) -> "Box":
        """Take a strip of width `w` off the side where reading ends."""
        w = min(w, self.w)
        piece = Box(self.x + self.w - w, self.y, w, self.h)
        self.w = max(0, self.w - w - gap)
        return piece

    def inset(self, x: float, y: float | None = None) -> "Box":
        """Return the box without a margin."""
        y = x if y is None else y
        return Box(self.x + x, self.y + y, max(0, self.w - 2 * x), max(0, self.h - 2 * y))

    def centred(self, w: float, h: float) -> "Box":
        """Return a box of this size in the middle."""
        return Box(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    def grid(self, columns: int, rows: int, gap: float, row_gap: float | None = None) -> "list[Box]":
        """Return equal cells, row by row; `row_gap` lies between rows where that is another than between columns."""
        below = gap if row_gap is None else row_gap
        w, h = (self.w - gap * (columns - 1)) / columns, (self.h - below * (rows - 1)) / rows
        return [
            Box(self.x + (w + gap) * column, self.y + (h + below) * row, w, h)
            for row in range(rows)
            for column in range(columns)
        ]


@dataclass(frozen=True)
class Style:
    """How large and heavy a text wants to be: capital height in millimetres; `primary` keeps 0.7 degrees."""

    capital_mm: float
    weight: Weight = "regular"
    primary: bool = True
    capitals: bool = False
    """Whether it is only for digits and capitals: they have nothing below the line, and lines as low as that."""

    def scaled(self, scale: float) -> "Style":
        """Return the same, so many times as large. Asked for thousands of times a screen, so not by `replace`."""
        return Style(self.capital_mm * scale, self.weight, self.primary, self.capitals)


SMALL_MM, TEXT_MM, MIDDLE_MM, TITLE_MM, DISPLAY_MM = SIZES_MM = (4.8, 6.4, 7.6, 9.0, 11.0)
"""The five sizes of letters, before a column has grown or shrunk all that is in it together."""
DISPLAY = Style(DISPLAY_MM, "bold")
TITLE = Style(TITLE_MM, "bold")
BODY = Style(TEXT_MM, "regular")
STRONG = Style(TEXT_MM, "semibold")
BUTTON = Style(TEXT_MM, "semibold")
MAIN = Style(MIDDLE_MM, "semibold")
"""The words of a screen's main button, where it has the width of an upright panel."""
KEY = Style(DISPLAY_MM, "semibold", capitals=True)
SMALL = Style(SMALL_MM, "regular", primary=False)
SMALL_STRONG = Style(SMALL_MM, "semibold", primary=False)


@dataclass(frozen=True)
class Frame:
    """What a screen is drawn with: the theme, the language, and all languages that this kiosk speaks."""

    theme: Theme
    language: Language
    languages: tuple[Language, ...]
    has_voice: bool = True
    """Whether this machine can speak."""
    explores: bool = False
    """Whether it does, so that a first touch only says what it is on."""

    @property
    def next_language(self) -> Language | None:
        """Return what the language button changes to: one button leads through all, for no panel has room for more."""
        at = [language.code for language in self.languages].index(self.language.code)
        return None if len(self.languages) == 1 else self.languages[(at + 1) % len(self.languages)]

    def without_easy(self) -> "Frame":
        """Return the same without large letters."""
        return replace(self, theme=self.theme.with_easy(False, self.theme.low))

    def say(self, msgid: str, **values: object) -> str:
        """Return a text of the catalogue in the present language."""
        return self.language.text(msgid, **values)

    def tell(self, text: Text) -> str:
        """Return a prompt's text in the present language."""
        return self.language.text(text.msgid, **text.values)

    def words(self, words: Words) -> str:
        """Return a text that comes as data in the present language."""
        return self.language.words(words)

    @property
    def rtl(self) -> bool:
        """Return whether this language is read from the right."""
        return self.language.direction == "rtl"

    @property
    def direction(self) -> Direction:
        """Return the base direction of running text."""
        return self.language.direction

    @property
    def palette(self) -> Palette:
        """Return the colours."""
        return self.theme.palette

    def mm(self, millimetres: float) -> int:
        """Return millimetres in pixels."""
        return self.theme.mm(millimetres)

    def type(self, style: Style, direction: Direction | None = None, max_lines: int = 99) -> Type:
        """Return the font sizes between which a text of this style may move on this panel."""
        floor = self.theme.primary_floor if style.primary else self.theme.floor
        wish = max(floor, self.theme.wish(style.capital_mm))
        return Type(wish, floor, style.weight, direction or self.direction, max_lines, style.capitals)

    def least(self, style: Style) -> Type:
        """Return the same, wishing for no more than its size without large letters: what room is reckoned for."""
        look = self.type(style)
        usual = self.theme.em(style.capital_mm) if self.theme.easy else 0
        return replace(look, wish_px=max(look.floor_px, usual))

    def unmirrored(self, whole: Box, cell: Box) -> Box:
        """Return where a cell of `whole` must be placed to lie there as in a left-to-right language (number pads)."""
        return Box(2 * whole.x + whole.w - cell.x - cell.w, cell.y, cell.w, cell.h) if self.rtl else cell

    def left(self, box: Box) -> float:
        """Return where the box starts from the left edge of the panel."""
        return self.theme.width_px - box.x - box.w if self.rtl else box.x

    def bottom(self, box: Box) -> float:
        """Return where the box ends, counted from the bottom edge as Kivy does."""
        return self.theme.height_px - box.y - box.h

    def nearly(self, style: Style) -> Type:
        """Return the same, wishing in large letters for nearly half as large again: what room is reckoned for then."""
        look = self.type(style)
        return replace(look, wish_px=max(look.floor_px, ceil(look.wish_px * FIRST_STEP) if self.theme.easy else 0))
