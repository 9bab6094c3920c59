"""A text in a box: wrapped or shrunk to fit, aligned to the reading side, drawn by screens.look.text."""

import logging
import math
from dataclasses import dataclass, replace
from typing import Literal

from screens.look.frame import BODY, Box, Frame, Style
from screens.look.text import LINE_EM, Direction, Setting, Type, draw_lines, fitted, line_width, margin_px, typeset
from screens.look.theme import Rgb
from screens.widgets.surface import texture_of
from screens.widgets.tinted import Tinted

Align = Literal["start", "centre", "end"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a text stands in its box, and how.

    `middle` places it from 0 (top) to 1 (bottom); `size_px` fixes the em, so that neighbours look alike.
    """

    align: Align = "start"
    middle: float = 0.5
    direction: Direction | None = None
    size_px: int | None = None
    max_lines: int = 99


class TextLabel(Tinted):
    """One text. `setting` says how it was set and whether it fits; audits and speech read `text`."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setting: Setting | None = None
        self.is_primary = True
        self._drawn: tuple[str, Type, int, int, float] | None = None

    def show(
        self,
        frame: Frame,
        box: Box,
        text: str,
        style: Style = BODY,
        colour: Rgb | None = None,
        placing: Placing = Placing(),
    ) -> int:
        """Draw `text` in `box` and return the height it took, in pixels."""
        self.take(frame, box)
        look, size_px, middle = frame.type(style, placing.direction, placing.max_lines), placing.size_px, placing.middle
        if size_px is not None:
            look = replace(look, wish_px=size_px, floor_px=min(size_px, look.floor_px))
        self.is_primary = style.primary
        side = {"start": 1.0 if frame.rtl else 0.0, "centre": 0.5, "end": 0.0 if frame.rtl else 1.0}[placing.align]
        self._draw(text, look, side)
        if self.setting is None:
            return 0
        wide, high, margin = self.setting.width_px, self.setting.height_px, margin_px(self.setting)
        spare = box.h - high
        bottom = self.top - high - spare * middle
        self._rectangle.size = (wide, high + 2 * margin)
        self._rectangle.pos = (round(self.x + (box.w - wide) * side), round(bottom) - margin)
        self._colour.rgba = (*(colour or frame.palette.ink), 1)
        return high

    def _draw(self, text: str, look: Type, side: float) -> None:
        """Set and draw the text, unless this very text stands there already."""
        key = (text, look, int(self.width), int(self.height), side)
        if key == self._drawn:
            return
        self.clear()
        if not text:
            return
        self.text, self._drawn = text, key
        self.setting = typeset(text, int(self.width), int(self.height), look)
        if not self.setting.fits:
            _log.warning("a text is too long for its box: %d characters in %d x %d", len(text), self.width, self.height)
        self._rectangle.texture = texture_of(draw_lines(self.setting, look, side))

    @property
    def ink(self) -> tuple[float, float, float, float]:
        """Return x, y, width and height of the lines in pixels, without the room for vowel signs."""
        margin = margin_px(self.setting) if self.setting else 0
        (x, y), (w, h) = self._rectangle.pos, self._rectangle.size
        return (x, y + margin, w, h - 2 * margin)

    def clear(self) -> None:
        """Forget the text and its picture."""
        super().clear()
        self.text, self.setting, self._drawn = "", None, None


def height_of(frame: Frame, text: str, width_px: float, style: Style = BODY, max_h: float = 10_000) -> int:
    """Return the height that a text would take in this width."""
    return fitted(text, int(width_px), int(max_h), frame.type(style)).height_px if text else 0


def letters_in(frame: Frame, width_px: float, *said: tuple[str, Style]) -> dict[str, int]:
    """Return the size at which each text has no word wider than this; 0 where it has one at its smallest."""
    set_ = {text: fitted(text, int(width_px), 10_000, frame.type(style)) for text, style in said if text}
    return {text: one.size_px if one.fits else 0 for text, one in set_.items()}


def line_px(frame: Frame, style: Style) -> int:
    """Return the height of one line at the smallest size that this style may shrink to."""
    return math.ceil(frame.type(style).floor_px * LINE_EM)


def width_of(frame: Frame, text: str, style: Style) -> int:
    """Return the width of a text in one line at the smallest size that it may shrink to."""
    look = frame.type(style)
    return line_width(text, look.floor_px, look.weight, look.direction)
