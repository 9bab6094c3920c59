"""Pictures: icons tinted by the theme, scenes in its colours, and QR codes."""

import io
from functools import lru_cache

from kivy.graphics.texture import Texture
from PIL import Image

from screens import icons
from screens.icons.scenes import draw_scene
from screens.look.frame import Box, Frame
from screens.look.theme import Rgb, as_bytes
from screens.widgets.surface import texture_of
from screens.widgets.tinted import Tinted

_AS_IT_IS: Rgb = (1.0, 1.0, 1.0)


@lru_cache(maxsize=256)
def _icon_texture(name: str, size_px: int, mirrored: bool) -> Texture:
    """Return an icon, remembered: all citizen screens in all languages and both modes show about 210 on one panel."""
    return texture_of(icons.draw(name, size_px, mirrored))


class Icon(Tinted):
    """An icon of screens.icons in the middle of its box."""

    def show(self, frame: Frame, box: Box, name: str, colour: Rgb | None = None) -> None:
        """Draw the icon as large as the box allows."""
        self.take(frame, box)
        side = max(1, int(min(box.w, box.h)))
        self.name = name
        texture = _icon_texture(name, side, frame.rtl and name in icons.MIRRORED)
        self.draw_in_the_middle(texture, side, colour or frame.palette.primary)


@lru_cache(maxsize=4)
def _scene_texture(name: str, size_px: int, paper: Rgb, ink: Rgb, place: str | None) -> Texture:
    """Return a scene, remembered: a visit shows one or two of them, each a megabyte."""
    return texture_of(draw_scene(name, size_px, as_bytes(paper), as_bytes(ink), place))


class Scene(Tinted):
    """A scene of screens.icons.scenes that stands on the lower edge of its box."""

    ink: Rgb = (0.0, 0.0, 0.0)

    def show(self, frame: Frame, box: Box, name: str, ink: Rgb, place: str | None = None) -> None:
        """Draw it as high as the box; the box is as wide as the scene, or wider."""
        self.take(frame, box)
        self.name, self.ink = name, ink
        self.draw_below(_scene_texture(name, int(box.h), frame.palette.surface, ink, place), _AS_IT_IS)


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


class Stencil(Tinted):
    """A municipality's own picture in one colour: its emblem, or its ornament from side to side."""

    def show(self, frame: Frame, box: Box, png: bytes, colour: Rgb, repeated: bool = False) -> None:
        """Draw it as high as the box, once in its middle, or as often as it is wide."""
        self.take(frame, box)
        self.draw_below(_stencil_texture(png, max(1, int(box.h)), int(box.w) if repeated else 1), colour)


class QrCode(Tinted):
    """A QR code for a phone's camera: dark on white with its quiet zone of 4 modules (ISO/IEC 18004, 9.1)."""

    content = ""

    def show(self, frame: Frame, box: Box, content: str) -> None:
        """Draw the code as large as the box allows, in whole pixels a module."""
        import qrcode

        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=1)
        code.add_data(content)
        code.make(fit=True)
        image = code.make_image().get_image().convert("RGBA")
        side = int(min(box.w, box.h) // image.width) * image.width
        self.take(frame, box)
        self.content = content
        texture = texture_of(image)
        texture.mag_filter = "nearest"
        self.draw_in_the_middle(texture, side, _AS_IT_IS)

    def clear(self) -> None:
        """Forget the content and its picture."""
        super().clear()
        self.content = ""
