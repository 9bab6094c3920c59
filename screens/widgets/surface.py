"""Rounded surfaces without jagged corners: nine-patch pictures drawn by Pillow, tinted and stretched by Kivy.

Where no graphics card helps, a frame costs what it paints: what lies under something else is left out.
"""

from functools import lru_cache
from itertools import product

from kivy.graphics import BorderImage, Color, Mesh
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from screens.look.frame import Box, Frame
from screens.look.theme import Rgb

RADIUS_MM = 4.0
_OVERSAMPLE = 4


def texture_of(image: Image.Image) -> Texture:
    """Return an image as a texture; Kivy counts rows from the bottom, Pillow from the top."""
    texture = Texture.create(size=image.size, colorfmt="rgba")
    texture.blit_buffer(image.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


@lru_cache(maxsize=32)
def _corners(radius_px: int, line_px: int = 0) -> Texture:
    """Return a white rounded square of four corners with this radius and 2 pixels between them, or its outline."""
    side = (2 * radius_px + 2) * _OVERSAMPLE
    mask = Image.new("L", (side, side), 0)
    fill, width = (None, line_px * _OVERSAMPLE) if line_px else (255, 1)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, side - 1, side - 1), radius=radius_px * _OVERSAMPLE, fill=fill, outline=255, width=width
    )
    mask = mask.resize((side // _OVERSAMPLE, side // _OVERSAMPLE), Image.Resampling.BOX)
    image = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    image.putalpha(mask)
    return texture_of(image)


def _bounded(radius_px: float, w: float, h: float) -> int:
    return max(1, min(round(radius_px), int(w / 2) - 1, int(h / 2) - 1))


class Layer:
    """One rounded rectangle on a canvas."""

    def __init__(self) -> None:
        self._colour = Color(0, 0, 0, 0)
        self._image = BorderImage(size=(0, 0))

    def show(self, x: float, y: float, w: float, h: float, radius_px: float, colour: Rgb) -> None:
        """Draw it at these pixels from the bottom left."""
        radius = _bounded(radius_px, w, h)
        self._colour.rgba = (*colour, 1)
        self._image.texture = _corners(radius)
        self._image.border = (radius, radius, radius, radius)
        self._image.pos, self._image.size = (round(x), round(y)), (round(w), round(h))

    def hide(self) -> None:
        """Draw nothing: without a size alone, the corners would still be drawn."""
        self._colour.rgba = (0, 0, 0, 0)
        self._image.size = (0, 0)


class Rim:
    """The rim of such a rectangle, as wide as its radius: what an edge shows around what lies on it."""

    def __init__(self) -> None:
        self._colour = Color(0, 0, 0, 0)
        self._mesh = Mesh(mode="triangles")

    def show(self, x: float, y: float, w: float, h: float, radius_px: float, colour: Rgb, line_px: int = 0) -> None:
        """Draw it at these pixels from the bottom left; with `line_px` only a line of it, where nothing lies on it."""
        radius = _bounded(radius_px, w, h)
        self._colour.rgba = (*colour, 1)
        self._mesh.texture = _corners(radius, line_px)
        share = radius / (2 * radius + 2)
        cuts = [0, share, 1 - share, 1]
        across, up = (
            [round(low), round(low) + radius, round(low) + round(size) - radius, round(low) + round(size)]
            for low, size in ((x, w), (y, h))
        )
        self._mesh.vertices = [
            value
            for row, column in product(range(4), repeat=2)
            for value in (across[column], up[row], cuts[column], cuts[row])
        ]
        self._mesh.indices = _RIM

    def hide(self) -> None:
        """Draw nothing."""
        self._mesh.indices = []


_RIM = [
    corner
    for row, column in product(range(3), repeat=2)
    if (row, column) != (1, 1)
    for first in (4 * row + column,)
    for corner in (first, first + 1, first + 5, first, first + 5, first + 4)
]
"""Two triangles for each of the nine patches but the middle one; the 16 corners are counted row by row."""


class Surface(Widget):
    """A rounded panel, with an edge where `edge` is given."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        with self.canvas:
            self._outer, self._inner = Rim(), Layer()

    def show(
        self,
        frame: Frame,
        box: Box,
        fill: Rgb,
        edge: Rgb | None = None,
        radius_mm: float = RADIUS_MM,
        covers: bool = False,
    ) -> None:
        """Draw it in this box; the ground's own colour only where it has something to cover."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        line, radius = (frame.mm(0.5) if edge else 0), frame.mm(radius_mm)
        is_bare = fill == frame.palette.ground and not covers
        if edge:
            self._outer.show(self.x, self.y, box.w, box.h, radius, edge, int(line) if is_bare else 0)
        else:
            self._outer.hide()
        if is_bare:
            self._inner.hide()
            return
        self._inner.show(self.x + line, self.y + line, box.w - 2 * line, box.h - 2 * line, radius - line, fill)

    def clear(self) -> None:
        """Draw nothing."""
        self._outer.hide()
        self._inner.hide()
