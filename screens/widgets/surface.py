"""Rounded surfaces without jagged corners: nine-patch pictures drawn by Pillow, tinted and stretched by Kivy."""

from functools import lru_cache

from kivy.graphics import BorderImage, Color
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from screens.frame import Box, Frame
from screens.theme import Rgb

_OVERSAMPLE = 4


def texture_of(image: Image.Image) -> Texture:
    """Return an image as a texture; Kivy counts rows from the bottom, Pillow from the top."""
    texture = Texture.create(size=image.size, colorfmt="rgba")
    texture.blit_buffer(image.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


@lru_cache(maxsize=32)
def _corners(radius_px: int) -> Texture:
    """Return a white rounded square of four corners with this radius and 2 pixels between them."""
    side = (2 * radius_px + 2) * _OVERSAMPLE
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), radius=radius_px * _OVERSAMPLE, fill=255)
    mask = mask.resize((side // _OVERSAMPLE, side // _OVERSAMPLE), Image.Resampling.BOX)
    image = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    image.putalpha(mask)
    return texture_of(image)


class Layer:
    """One rounded rectangle on a canvas."""

    def __init__(self) -> None:
        self._colour = Color(0, 0, 0, 0)
        self._image = BorderImage()

    def show(self, x: float, y: float, w: float, h: float, radius_px: float, colour: Rgb) -> None:
        """Draw it at these pixels from the bottom left."""
        radius = max(1, min(round(radius_px), int(w / 2) - 1, int(h / 2) - 1))
        self._colour.rgba = (*colour, 1)
        self._image.texture = _corners(radius)
        self._image.border = (radius, radius, radius, radius)
        self._image.pos, self._image.size = (round(x), round(y)), (round(w), round(h))

    def hide(self) -> None:
        """Draw nothing."""
        self._colour.rgba = (0, 0, 0, 0)


class Surface(Widget):
    """A rounded panel, with an edge where `edge` is given."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        with self.canvas:
            self._outer, self._inner = Layer(), Layer()

    def show(self, frame: Frame, box: Box, fill: Rgb, edge: Rgb | None = None, radius_mm: float = 4) -> None:
        """Draw it in this box."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        line, radius = (frame.mm(0.5) if edge else 0), frame.mm(radius_mm)
        if edge:
            self._outer.show(self.x, self.y, box.w, box.h, radius, edge)
        else:
            self._outer.hide()
        self._inner.show(self.x + line, self.y + line, box.w - 2 * line, box.h - 2 * line, radius - line, fill)

    def clear(self) -> None:
        """Draw nothing."""
        self._outer.hide()
        self._inner.hide()
