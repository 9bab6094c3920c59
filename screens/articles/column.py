"""Blocks stacked in a column, at the largest scale at which all of them fit.

A block says how high it is at a scale and draws itself; the column looks for the scale. No Kivy here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil

from screens.look.frame import Box, Frame
from screens.look.theme import BIG_TEXT

LARGEST, SMALLEST = 1.48, 0.4
"""A tall panel has room: everything grows by up to this before space is left empty."""
NUMBER_AT = 0.24
"""Where on the panel a number begins whose paper is on its way, and so stays when it is in the slot."""
_STEP = 0.06
ABOVE = 0.42
"""How much of what is left lies above a group: its middle by the eye is a little above that by the ruler."""
_AIR = 0.84
"""How much of its space a column may fill while its letters are larger than they need be."""


@dataclass
class Block:
    """One part of a column: how high it wants to be in a width at a scale, and how it is drawn."""

    name: str
    height: Callable[[float, float], float]
    draw: Callable[[Box, float], None]
    gap_mm: float = 5
    is_ornament: bool = False
    letters: Callable[[float, float], Mapping[str, int]] = lambda _w, _scale: {}
    """The size of each of its texts in a width at a scale; 0 for one whose longest word that width does not hold."""
    most: Callable[[float], float] | None = None
    """How high it may become in a width where room is left: a picture says more the larger it is."""


@dataclass(frozen=True)
class Letters:
    """How large letters are: the scale of each block by its name, what is said by its words, buttons by their names."""

    scales: Mapping[str, float] = field(default_factory=dict)
    said_px: Mapping[str, float] = field(default_factory=dict)
    buttons_px: Mapping[str, int] = field(default_factory=dict)

    def larger(self, said: float, on_buttons: float) -> "Letters":
        """Return these half as large again, or so much of that."""
        return Letters(
            {name: scale * said for name, scale in self.scales.items()},
            {words: int(BIG_TEXT * size * said) for words, size in self.said_px.items()},
            {name: ceil(BIG_TEXT * size * on_buttons) for name, size in self.buttons_px.items()},
        )


@dataclass
class Column:
    """Blocks and their place.

    Its letters are no smaller than `least`; `least_w` is the width below which those of a number would be.
    """

    blocks: list[Block]
    box: Box
    least: Letters = field(default_factory=Letters)
    least_w: float = 0
    scale: float = field(init=False, default=LARGEST)
    fits: bool = field(init=False, default=False)
    _number_y: float | None = field(init=False, default=None)
    _heights: list[float] = field(init=False, default_factory=list)
    _gaps: list[float] = field(init=False, default_factory=list)

    def fit(self, frame: Frame) -> "Column":
        """Find the scale; the ornament goes where the column fits in no other way."""
        if {block.name for block in self.blocks} & {"number", "slot", "sign"} == {"number", "slot"}:
            self._number_y = NUMBER_AT * frame.theme.height_px
        self._measure(frame)
        if not self.fits and any(block.is_ornament for block in self.blocks):
            self.blocks = [block for block in self.blocks if not block.is_ornament]
            self._measure(frame)
        return self

    @property
    def spare(self) -> float:
        """Return how much of the height is left."""
        return max(0.0, self.box.h - self._total)

    def grow(self, room: float) -> float:
        """Let the first picture have up to this much more height; return what it took."""
        for index, block in enumerate(self.blocks):
            if block.most is not None:
                more = max(0.0, min(room, block.most(self.box.w) - self._heights[index]))
                self._heights[index] += more
                return more
        return 0.0

    def above(self, spare: float) -> float:
        """Return how much of what is left lies above."""
        if self._number_y is None:
            return spare * ABOVE
        before = [block.name for block in self.blocks].index("number")
        y = self.box.y + sum(self._heights[:before]) + sum(self._gaps[:before])
        return min(spare, max(0.0, self._number_y - y))

    def move(self, y: float) -> None:
        """Let it begin here and be as high as what is in it; one too high keeps its box."""
        if self.spare:
            self.box = Box(self.box.x, y, self.box.w, self._total + 1)  # not less, as parts of pixels add up

    def draw(self) -> None:
        """Draw the blocks, a little above the middle of the space; one too high is for the audit to find."""
        box = Box(self.box.x, self.box.y, self.box.w, self.box.h)
        total = self._total
        box.cut_top(self.above(max(0, box.h - total)))
        squeeze = min(1, box.h / total) if total > box.h + 0.5 else 1
        for block, height, gap in zip(self.blocks, self._heights, self._gaps, strict=True):
            block.draw(box.cut_top(height * squeeze, gap * squeeze), self.scale)

    @property
    def _total(self) -> float:
        return sum(self._heights) + sum(self._gaps[:-1])

    def _measure(self, frame: Frame) -> None:
        least = max((self.least.scales.get(block.name, SMALLEST) for block in self.blocks), default=SMALLEST)
        plain = 1 / BIG_TEXT if frame.theme.easy else 1.0
        self.scale = max(LARGEST, least)
        while True:
            self._heights = [block.height(self.box.w, self.scale) for block in self.blocks]
            self._gaps = [frame.mm(block.gap_mm * self.scale * plain) for block in self.blocks]
            has_air = self._total <= self.box.h * (_AIR if self.scale > plain else 1)
            if has_air or self.scale <= least:
                letters = [pair for block in self.blocks for pair in block.letters(self.box.w, self.scale).items()]
                is_wide = all(size and size >= self.least.said_px.get(said, 0) for said, size in letters)
                self.fits = is_wide and self._total <= self.box.h and self.box.w >= self.least_w
                if is_wide or self.scale <= least:
                    return
            self.scale = max(least, self.scale - _STEP)
