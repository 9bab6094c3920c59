"""Text as it should be: shaped by HarfBuzz, ordered by FriBiDi, with one explicit direction a line.

Everything a screen shows goes through here: measuring and drawing use the same font object and the same direction,
lines are broken in logical order first and each is shaped on its own (Unicode UAX #9, per line). Text stays logical;
nothing is reshaped or reordered before it gets here. No Kivy: the paper and the tests can measure too.
"""

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import batched
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, features

Direction = Literal["rtl", "ltr"]
Weight = Literal["regular", "semibold", "bold"]

CAP_HEIGHT_EM = 0.698
"""Height of a capital H of IBM Plex Sans Arabic, in em (its OS/2 table: sCapHeight 698 of 1000)."""

HEH_HEIGHT_EM = 0.411
"""Height of the body of ه standing alone, above the line, in em: measured, as its tests do again."""

_FILES = {"regular": "Regular", "semibold": "SemiBold", "bold": "Bold"}
LINE_EM = 1.38
"""From one line to the next. The font asks for 1.51 em, of which plain letters (أ to ي) need 1.32."""
_TOP_CUT_EM = 0.13
"""What is left out above the first line, where no plain letter reaches."""
CAPITALS_LINE_EM = 1.0
"""The height of a line of digits and capitals alone: nothing of them hangs far below it."""
_CAPITALS_TOP_CUT_EM = 0.236
"""What is left out above it, so that they stand in its middle: ascent 1.085 - (1.0 + 0.698) / 2."""
MARGIN_EM = 0.36
"""How far vowel signs may reach beyond the lines (أُ above, جارٍ below): pictures of text are that much higher."""
_SIZE_STEP = 1.06
"""Sizes between floor and wish are powers of this factor, so that only few font sizes are ever loaded."""
FIRST_STEP = 1.45 / 1.5
"""The first step down from the wish is shorter: large letters stay nearly half as large again where it is enough."""

NARROW_SPACE = "\N{SIX-PER-EM SPACE}"
_BREAKS = re.compile(f"([ {NARROW_SPACE}])(?!– )")
ELLIPSIS = "…"
_BEFORE_NO_ELLIPSIS = " \n،,.:–-"


class ShapingError(RuntimeError):
    """Letters would come out unjoined or in the wrong order on this machine; the message says what to install."""


def font_path(weight: Weight) -> str:
    """Return where the font file of this weight lies, as installed by its package."""
    return str(files("fontpkg_ibm_plex_sans_arabic") / "files" / f"IBMPlexSansArabic-{_FILES[weight]}.ttf")


@lru_cache(maxsize=128)
def font(size_px: int, weight: Weight = "regular") -> ImageFont.FreeTypeFont:
    """Return the font at an em of `size_px` pixels, always with raqm: the basic engine can't join."""
    return ImageFont.truetype(font_path(weight), size_px, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=8192)
def line_width(line: str, size_px: int, weight: Weight, direction: Direction) -> int:
    """Return the width in pixels of one line as `draw_lines` will draw it.

    Remembered, since shaping is what a new screen costs most; `forget` drops what was measured.
    """
    face = font(size_px, weight)
    left, _top, right, _bottom = face.getbbox(line, direction=direction)
    return math.ceil(right) - math.floor(left)


def forget() -> None:
    """Drop every text that was measured or set: called when a visit ends, since names may be among them."""
    line_width.cache_clear()
    typeset.cache_clear()
    fitted.cache_clear()


def break_lines(text: str, width_px: int, size_px: int, weight: Weight, direction: Direction) -> list[str]:
    """Break logical text into lines no wider than `width_px` where its words allow it; newlines are kept as breaks.

    A dash stays with the word before it: no line begins with one.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, *rest = _BREAKS.split(paragraph)
        for space, word in batched(rest, 2, strict=True):
            longer = f"{line}{space}{word}"
            if line_width(longer, size_px, weight, direction) <= width_px:
                line = longer
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return lines


@dataclass(frozen=True)
class Setting:
    """One text set for one box: its lines, the em it came out at, and whether it stays inside the box."""

    lines: tuple[str, ...]
    size_px: int
    width_px: int
    height_px: int
    fits: bool


@dataclass(frozen=True)
class Type:
    """How a text wants to look: the em it wishes for, the em it may shrink to, weight, direction, most lines.

    `capitals`: it is only digits and capitals, whose lines are lower.
    """

    wish_px: int
    floor_px: int
    weight: Weight = "regular"
    direction: Direction = "rtl"
    max_lines: int = 99
    capitals: bool = False

    def line_px(self, size_px: int) -> int:
        """Return how far it is from one line to the next at this size."""
        return round(size_px * (CAPITALS_LINE_EM if self.capitals else LINE_EM))


@lru_cache(maxsize=4096)
def typeset(text: str, width_px: int, height_px: int, look: Type) -> Setting:
    """Set `text` as `fitted` does, with its lines evened out, so that no single word hangs alone.

    One that does not fit even so (a long name of the feed) ends in an ellipsis: it still says that it does not fit.
    """
    setting = fitted(text, width_px, height_px, look)
    return _even(text, setting, look) if setting.fits else _shortened(text, setting, width_px, height_px, look)


@lru_cache(maxsize=4096)
def fitted(text: str, width_px: int, height_px: int, look: Type) -> Setting:
    """Wrap and, where needed, shrink `text` down to the floor so that it stays inside the box; nothing is left out.

    Whether it fits, and its height then, are those of `typeset`, for a fifth of the measuring.
    """
    size = look.wish_px
    while True:
        setting = _set_at(text, size, width_px, height_px, look)
        if setting.fits or size <= look.floor_px:
            return setting
        nearly = math.ceil(look.wish_px * FIRST_STEP)
        size = max(look.floor_px, nearly if size > nearly else grid_px(size - 1))


def grid_px(size_px: float) -> int:
    """Return the largest font size not above this one that texts shrink to."""
    power = math.floor(math.log(max(size_px, 1)) / math.log(_SIZE_STEP) + 1e-9)
    found = [math.floor(_SIZE_STEP**exponent) for exponent in (power + 1, power)]
    return next((size for size in found if size <= size_px), 1)


def _set_at(text: str, size: int, width: int, height: int, look: Type) -> Setting:
    lines = break_lines(text, width, size, look.weight, look.direction)
    wide = max(line_width(line, size, look.weight, look.direction) for line in lines)
    high = len(lines) * look.line_px(size)
    fits = wide <= width and high <= height and len(lines) <= look.max_lines
    return Setting(tuple(lines), size, wide, high, fits)


def _even(text: str, setting: Setting, look: Type) -> Setting:
    """Narrow a wrapped setting as far as its number of lines allows."""
    count = len(setting.lines)
    if count < 2 or "\n" in text:
        return setting
    best, low, high = setting, setting.width_px // 2, setting.width_px
    for _ in range(4):
        width = (low + high) // 2
        tried = _set_at(text, setting.size_px, width, setting.height_px, look)
        if len(tried.lines) == count and tried.fits:
            best, high = tried, width
        else:
            low = width
    return best


def _shortened(text: str, whole: Setting, width: int, height: int, look: Type) -> Setting:
    """Leave out words from the end until the rest and an ellipsis stay inside; letters, where one word is too long.

    Where the box is lower than a line nothing would, and the whole text is returned.
    """
    words = text.split(" ")
    tries = [" ".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
    tries += [words[0][:count] for count in range(len(words[0]) - 1, 0, -1)]
    for kept in tries:
        setting = _set_at(kept.rstrip(_BEFORE_NO_ELLIPSIS) + ELLIPSIS, whole.size_px, width, height, look)
        if setting.fits:
            return replace(setting, fits=False)
    return whole


def margin_px(setting: Setting) -> int:
    """Return how many pixels a picture of this setting is higher than the setting, above and below."""
    return math.ceil(setting.size_px * MARGIN_EM)


def draw_lines(setting: Setting, look: Type, align: float) -> Image.Image:
    """Draw a setting as white ink on transparent ground, to be tinted; `align` 0 = left, 0.5 = centred, 1 = right.

    The ink goes into the alpha channel alone: blending it with a ground colour would leave a pale fringe.
    """
    margin = margin_px(setting)
    mask = Image.new("L", (max(1, setting.width_px), max(1, setting.height_px) + 2 * margin), 0)
    pen = ImageDraw.Draw(mask)
    face = font(setting.size_px, look.weight)
    pitch = look.line_px(setting.size_px)
    top = margin - round(setting.size_px * (_CAPITALS_TOP_CUT_EM if look.capitals else _TOP_CUT_EM))
    for row, line in enumerate(setting.lines):
        if not line:
            continue
        left, _top, right, _bottom = face.getbbox(line, direction=look.direction)
        x = (setting.width_px - (right - left)) * align - left
        pen.text((round(x), top + row * pitch), line, font=face, fill=255, direction=look.direction)
    image = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    image.putalpha(mask)
    return image


def self_test() -> None:
    """Prove that Arabic letters join on this machine; raise ShapingError otherwise.

    Without FriBiDi Pillow draws unjoined letters without an exception, so the widths of joined and unjoined text are
    compared: لا must become one glyph, and three ب must join.
    """
    if not (features.check("raqm") and features.check("fribidi")):
        raise ShapingError("Arabic letters can't be joined: Pillow finds no raqm or no FriBiDi. Install libfribidi0.")
    joined = font(100)
    loose = ImageFont.truetype(font_path("regular"), 100, layout_engine=ImageFont.Layout.BASIC)
    for text in ("لا", "ببب"):
        try:
            shaped = joined.getlength(text, direction="rtl")
        except (KeyError, ValueError) as error:
            raise ShapingError("Arabic letters can't be ordered: FriBiDi doesn't load. Install libfribidi0.") from error
        if shaped >= 0.9 * loose.getlength(text):
            raise ShapingError(
                f"Arabic letters come out unjoined ({text}). Install libfribidi0 and a Pillow with raqm."
            )
