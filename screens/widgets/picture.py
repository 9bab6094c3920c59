"""Pictures: icons tinted by the theme, scenes in its colours, and QR codes."""

import io
from functools import lru_cache

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image

from screens import icons
from screens.icons.scenes import draw_scene
from screens.look.frame import Box, Frame
from screens.look.theme import Rgb, as_bytes
from screens.widgets.surface import texture_of


@lru_cache(maxsize=256)
def _icon_texture(name: str, size_px: int, mirrored: bool) -> Texture:
    """Return an icon, remembered: all citizen screens in all languages and both modes show about 210 on one panel."""
    return texture_of(icons.draw(name, size_px, mirrored))


class Icon(Widget):
    """An icon of screens.icons in the middle of its box."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self.name = ""
        with self.canvas:
            self._colour = Color(0, 0, 0, 0)
            self._rectangle = Rectangle(size=(0, 0))

    def show(self, frame: Frame, box: Box, name: str, colour: Rgb | None = None) -> None:
        """Draw the icon as large as the box allows."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        side = max(1, int(min(box.w, box.h)))
        self.name = name
        self._rectangle.texture = _icon_texture(name, side, frame.rtl and name in icons.MIRRORED)
        self._rectangle.size = (side, side)
        self._rectangle.pos = (round(self.center_x - side / 2), round(self.center_y - side / 2))
        self._colour.rgba = (*(colour or frame.palette.primary), 1)

    @property
    def is_shown(self) -> bool:
        """Return whether there is anything to see."""
        return bool(self._rectangle.size[0])

    @property
    def colour(self) -> Rgb:
        """Return the colour of the ink."""
        red, green, blue, _ = self._colour.rgba
        return (red, green, blue)

    def clear(self) -> None:
        """Draw nothing."""
        self.name = ""
        self._rectangle.texture = None
        self._rectangle.size = (0, 0)
        self._colour.rgba = (0, 0, 0, 0)


@lru_cache(maxsize=4)
def _scene_texture(name: str, size_px: int, paper: Rgb, ink: Rgb, place: str | None) -> Texture:
    """Return a scene, remembered: a visit shows one or two of them, each a megabyte."""
    return texture_of(draw_scene(name, size_px, as_bytes(paper), as_bytes(ink), place))


class Scene(Widget):
    """A scene of screens.icons.scenes that stands on the lower edge of its box."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self.name, self.ink = "", (0.0, 0.0, 0.0)
        with self.canvas:
            self._colour = Color(0, 0, 0, 0)
            self._rectangle = Rectangle(size=(0, 0))

    def show(self, frame: Frame, box: Box, name: str, ink: Rgb, place: str | None = None) -> None:
        """Draw it as high as the box; the box is as wide as the scene, or wider."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        self.name, self.ink = name, ink
        texture = _scene_texture(name, int(box.h), frame.palette.surface, ink, place)
        self._rectangle.texture, self._rectangle.size = texture, texture.size
        self._rectangle.pos = (round(self.center_x - texture.width / 2), round(self.y))
        self._colour.rgba = (1, 1, 1, 1)

    def clear(self) -> None:
        """Draw nothing."""
        self.name = ""
        self._rectangle.texture = None
        self._rectangle.size = (0, 0)
        self._colour.rgba = (0, 0, 0, 0)


@lru_cache(maxsize=8)
def _stencil_texture(png: bytes, height_px: int, width_px: int) -> Texture:
    """Return a picture this high, white where it is opaque, repeated to this width where that is more."""
    with Image.open(io.BytesIO(png)) as image:
        mask = image.convert("RGBA").getchannel("A")
    mask = mask.resize((max(1, round(mask.width * height_px / mask.height)), height_px), Image.Resampling.LANCZOS)
    row = Image.new("RGBA", (max(mask.width, width_px), height_px), (255, 255, 255, 0))
    for left in range(0, row.width, mask.width):
        row.paste((255, 255, 255, 255), (left, 0), mask)
    return texture_of(row)


class Stencil(Widget):
    """A municipality's own picture in one colour: its emblem, or its ornament from side to side."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        with self.canvas:
            self._colour = Color(0, 0, 0, 0)
            self._rectangle = Rectangle(size=(0, 0))

    def show(self, frame: Frame, box: Box, png: bytes, colour: Rgb, repeated: bool = False) -> None:
        """Draw it as high as the box, once in its middle, or as often as it is wide."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        texture = _stencil_texture(png, max(1, int(box.h)), int(box.w) if repeated else 1)
        self._rectangle.texture, self._rectangle.size = texture, texture.size
        self._rectangle.pos = (round(self.center_x - texture.width / 2), round(self.y))
        self._colour.rgba = (*colour, 1)

    def clear(self) -> None:
        """Draw nothing."""
        self._rectangle.texture = None
        self._rectangle.size = (0, 0)
        self._colour.rgba = (0, 0, 0, 0)


class QrCode(Widget):
    """A QR code for a phone's camera: dark on white with its quiet zone of 4 modules (ISO/IEC 18004, 9.1)."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self.content = ""
        with self.canvas:
            self._colour = Color(0, 0, 0, 0)
            self._rectangle = Rectangle(size=(0, 0))

    def show(self, frame: Frame, box: Box, content: str) -> None:
        """Draw the code as large as the box allows, in whole pixels a module."""
        import qrcode

        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=1)
        code.add_data(content)
        code.make(fit=True)
        image = code.make_image().get_image().convert("RGBA")
        side = int(min(box.w, box.h) // image.width) * image.width
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        self.content = content
        self._rectangle.texture = texture_of(image)
        self._rectangle.texture.mag_filter = "nearest"
        self._rectangle.size = (side, side)
        self._rectangle.pos = (round(self.center_x - side / 2), round(self.center_y - side / 2))
        self._colour.rgba = (1, 1, 1, 1)

    def clear(self) -> None:
        """Forget the content and its picture."""
        self.content = ""
        self._rectangle.texture = None
        self._rectangle.size = (0, 0)
        self._colour.rgba = (0, 0, 0, 0)
