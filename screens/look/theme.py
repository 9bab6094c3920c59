"""One visual language: sizes in millimetres of the real panel, and colours, in one place.

Sizes follow the reference of the standards: targets of 20 mm (Colle & Hiszem 2004), capital letters of 4.8 mm (Section
508, 402.4) and 0.7 degrees at the viewing distance (EN 301 549, 5.1.4). Colours keep 7:1 for text and 3:1 for edges
(WCAG 2.2, 1.4.6 and 1.4.11). Arabic has no capitals, and its bodies are lower than what those rules measure: the
smallest of its letters that has to be told from others by its inside, ه, fills 20 minutes of arc as well, which is what
ISO 9241-303 recommends for the height of letters. No Kivy here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from common.city.brand import look as common
from common.city.brand.look import USUAL
from screens.look.text import CAP_HEIGHT_EM, HEH_HEIGHT_EM

Rgb = common.Rgb
rgb = common.rgb
Slot = Literal["below", "left", "right"]

MM_PER_INCH = 25.4
CAPITAL_FLOOR_MM = 4.8
PRIMARY_DEGREES = 0.7
BODY_DEGREES = 20 / 60
BIG_TEXT = 1.5


def as_bytes(colour: Rgb) -> tuple[int, int, int]:
    """Return a colour as three numbers from 0 to 255."""
    red, green, blue = (round(255 * part) for part in colour)
    return red, green, blue


@dataclass(frozen=True)
class Palette:
    """The colours, by what they are for."""

    ground: Rgb
    surface: Rgb
    ink: Rgb
    soft_ink: Rgb
    edge: Rgb
    tint: Rgb
    primary: Rgb
    primary_low: Rgb
    on_primary: Rgb
    pressed: Rgb
    good: Rgb
    warn: Rgb
    warn_tint: Rgb
    bad: Rgb
    bad_tint: Rgb
    focus: Rgb
    band: Rgb
    on_band: Rgb
    disabled_ink: Rgb


def palette_of(look: Mapping[str, str]) -> Palette:
    """Return a look, `#RRGGBB` by the palette's names, as screens draw it."""
    return Palette(**{name: rgb(colour) for name, colour in look.items()})


CALM = palette_of(USUAL)
"""Deep green on warm white."""

HIGH_CONTRAST = Palette(
    ground=rgb("#000000"),
    surface=rgb("#000000"),
    ink=rgb("#FFFFFF"),
    soft_ink=rgb("#FFFFFF"),
    edge=rgb("#FFFFFF"),
    tint=rgb("#1E1E1E"),
    primary=rgb("#FFD60A"),
    primary_low=rgb("#C9A800"),
    on_primary=rgb("#000000"),
    pressed=rgb("#4A3F00"),
    good=rgb("#7CFFB2"),
    warn=rgb("#FFD60A"),
    warn_tint=rgb("#1E1E1E"),
    bad=rgb("#FFB4AB"),
    bad_tint=rgb("#1E1E1E"),
    focus=rgb("#5CD6FF"),
    band=rgb("#000000"),
    on_band=rgb("#FFFFFF"),
    disabled_ink=rgb("#B8B8B8"),
)


@dataclass(frozen=True)
class Mark:
    """What a group of services is known by besides its letter; the sign is an icon."""

    letter: str
    colour: Rgb
    sign: str


@dataclass(frozen=True)
class Theme:
    """The panel and the mode that the citizen chose; every size on the screen comes from here, in pixels."""

    width_px: int = 1080
    height_px: int = 1920
    diagonal_in: float = 21.5
    viewing_distance_mm: float = 500
    slot: Slot = "below"
    easy: bool = False
    """Big text and high contrast, switched together with the voice by one labelled button."""
    low: bool = False
    """Whether everything that can be touched lies within reach from a wheelchair."""
    motion: bool = True
    """Whether screens may move into their places."""
    marks: tuple[Mark, ...] = ()
    calm: Palette = CALM
    """The colours of the usual look: a municipality's own, or those that come with the kiosk."""
    emblem: bytes | None = None
    """A municipality's emblem and the ornament of its border: PNG, opaque where there is ink."""
    ornament: bytes | None = None
    authority: tuple[tuple[str, str], ...] = ()
    """Whose kiosk this is, by language code; empty where nobody has said it."""

    def mark_of(self, number: str) -> Mark | None:
        """Return the mark of the group that a number, or a letter, belongs to; None where it has none."""
        return next((mark for mark in self.marks if number[:1] == mark.letter), None)

    def mark_colour(self, number: str) -> Rgb:
        """Return the colour of a number's group; in high contrast, and without a mark, that of all that can be done."""
        mark = self.mark_of(number)
        return self.palette.primary if mark is None or self.easy else mark.colour

    @cached_property
    def px_per_mm(self) -> float:
        """Return the pixels in a millimetre of this panel."""
        return math.hypot(self.width_px, self.height_px) / (self.diagonal_in * MM_PER_INCH)

    @property
    def palette(self) -> Palette:
        """Return the colours of the present mode."""
        return HIGH_CONTRAST if self.easy else self.calm

    @property
    def moves(self) -> bool:
        """Return whether screens move: not for who has asked for large letters, to whom it may be too much."""
        return self.motion and not self.easy

    @property
    def wide(self) -> bool:
        """Return whether the panel lies on its long side."""
        return self.width_px > self.height_px

    @property
    def tall(self) -> bool:
        """Return whether the panel is high enough for whitespace, and for low reach to matter."""
        return self.height_px > 200 * self.px_per_mm

    @property
    def tiny(self) -> bool:
        """Return whether the panel is so low (10 inches, lying) that a heading costs a row of tiles."""
        return self.height_px < 150 * self.px_per_mm

    @property
    def gap_mm(self) -> float:
        """Return the space between two targets."""
        return 4.0 if self.tall else 3.0

    @property
    def reach_px(self) -> float:
        """Return how far up from the lower edge controls may lie within low reach.

        The lower half; on a panel under 20 inches the lowest 238 mm, which is what half of a 21.5-inch panel measures.
        """
        half = self.height_px / 2
        return half if self.diagonal_in >= 20 else min(self.height_px, max(half, 238 * self.px_per_mm))

    def mm(self, millimetres: float) -> int:
        """Return millimetres as whole pixels, rounded up so that no size falls below its rule."""
        return math.ceil(millimetres * self.px_per_mm - 1e-6)

    def em(self, capital_mm: float) -> int:
        """Return the font size in pixels whose capital H is this high."""
        return math.ceil(capital_mm * self.px_per_mm / CAP_HEIGHT_EM - 1e-6)

    def capital_mm(self, em_px: float) -> float:
        """Return how high a capital H of this font size is, in millimetres."""
        return em_px * CAP_HEIGHT_EM / self.px_per_mm

    @cached_property
    def floor(self) -> int:
        """Return the smallest font size that any citizen's text may have, half as large again in the easy mode."""
        return self._bigger(max(self.em(CAPITAL_FLOOR_MM), self._body_floor))

    @cached_property
    def primary_floor(self) -> int:
        """Return the smallest font size of text that must be read to go on: 0.7 degrees, never below the floor."""
        return max(self.floor, self._bigger(self.em(self.primary_mm)))

    @property
    def _body_floor(self) -> int:
        """Return the font size whose ه fills 20 minutes of arc at the viewing distance."""
        return math.ceil(self._seen_mm(BODY_DEGREES) * self.px_per_mm / HEH_HEIGHT_EM - 1e-6)

    def _bigger(self, em_px: int) -> int:
        return math.ceil(em_px * BIG_TEXT) if self.easy else em_px

    def _seen_mm(self, degrees: float) -> float:
        return 2 * self.viewing_distance_mm * math.tan(math.radians(degrees / 2))

    @property
    def primary_mm(self) -> float:
        """Return the capital height in millimetres that fills 0.7 degrees at the viewing distance."""
        return self._seen_mm(PRIMARY_DEGREES)

    def wish(self, capital_mm: float) -> int:
        """Return the font size a text wishes for: as given, half as large again in the easy mode."""
        return self.em(capital_mm * (BIG_TEXT if self.easy else 1.0))

    def with_easy(self, easy: bool, low: bool = False) -> "Theme":
        """Return the same panel with the easy mode, and low reach, on or off."""
        return replace(self, easy=easy, low=low and self.tall)
