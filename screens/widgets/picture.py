"""Pictures: icons tinted by the theme, and QR codes."""

from functools import lru_cache

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from screens import icons
from screens.look.frame import Box, Frame
from screens.look.theme import Rgb
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
