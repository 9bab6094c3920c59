"""One picture in one colour: what labels, icons, scenes and codes are drawn by."""

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from screens.look.frame import Box, Frame
from screens.look.theme import Rgb


class Tinted(Widget):
    """A picture somewhere in its box; nothing before it is drawn."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self.name = ""
        with self.canvas:
            self._colour = Color(0, 0, 0, 0)
            self._rectangle = Rectangle(size=(0, 0))

    def take(self, frame: Frame, box: Box) -> None:
        """Take the place of a box."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)

    def draw_in_the_middle(self, texture: Texture, side_px: int, colour: Rgb) -> None:
        """Draw a square in the middle of the box."""
        self._rectangle.texture, self._rectangle.size = texture, (side_px, side_px)
        self._rectangle.pos = (round(self.center_x - side_px / 2), round(self.center_y - side_px / 2))
        self._colour.rgba = (*colour, 1)

    def draw_below(self, texture: Texture, colour: Rgb) -> None:
        """Draw a picture, as large as it is, in the middle of the lower edge of the box."""
        self._rectangle.texture, self._rectangle.size = texture, texture.size
        self._rectangle.pos = (round(self.center_x - texture.width / 2), round(self.y))
        self._colour.rgba = (*colour, 1)

    @property
    def colour(self) -> Rgb:
        """Return the colour of the ink."""
        red, green, blue, _ = self._colour.rgba
        return (red, green, blue)

    @property
    def is_shown(self) -> bool:
        """Return whether there is anything to see."""
        return bool(self._rectangle.size[0])

    def clear(self) -> None:
        """Draw nothing."""
        self.name = ""
        self._rectangle.texture = None
        self._rectangle.size = (0, 0)
        self._colour.rgba = (0, 0, 0, 0)
