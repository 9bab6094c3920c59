"""What can be touched: a rounded face on a darker lip, with an icon and words. Pressed, it sinks onto its lip."""

from dataclasses import dataclass
from typing import Literal

from kivy.uix.widget import Widget

from screens.frame import BUTTON, Box, Frame, Style
from screens.text import Setting, Type, typeset
from screens.theme import Palette, Rgb
from screens.widgets.label import Align, TextLabel, height_of
from screens.widgets.picture import Icon
from screens.widgets.surface import Surface

Kind = Literal["main", "plain", "tile", "quiet", "ghost"]
Arrangement = Literal["row", "stack", "centre", "words"]

LIP_MM = 1.2
_EDGE_MM = 0.5


@dataclass(frozen=True)
class Face:
    """What is on a button: its words, an icon, a second line, and how they lie."""

    text: str
    icon: str | None = None
    note: str = ""
    kind: Kind = "plain"
    arrangement: Arrangement = "row"
    style: Style = BUTTON
    size_px: int | None = None
    spoken: str = ""
    """What is said instead of the words, where they are no words (a digit, a sign)."""
    ltr: bool = False
    """Whether the words keep left-to-right order in every language (digits, Latin words)."""


class TouchButton(Widget):
    """One target. `name` finds it, `answer` is what a touch on it gives; a disabled one says why in its note."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self.name = ""
        self.answer: object = None
        self.enabled = True
        self.selected = False
        self.pressed = False
        self.focused = False
        self.face = Face("")
        self._frame: Frame | None = None
        self._box = Box(0, 0, 0, 0)
        self._ring, self._lip, self._plate, self._badge = Surface(), Surface(), Surface(), Surface()
        self._icon, self._mark = Icon(), Icon()
        self.label, self.note = TextLabel(), TextLabel()
        for part in (self._ring, self._lip, self._plate, self._badge, self._icon, self._mark, self.label, self.note):
            self.add_widget(part)

    def show(
        self,
        frame: Frame,
        box: Box,
        name: str,
        face: Face,
        answer: object,
        enabled: bool = True,
        selected: bool = False,
    ) -> None:
        """Draw the button in this box and say what it answers."""
        self.pos, self.size = (frame.left(box), frame.bottom(box)), (box.w, box.h)
        self.name, self.face, self.answer, self.enabled, self.selected = name, face, answer, enabled, selected
        self._frame, self._box, self.pressed = frame, box, False
        self._paint()

    def press(self, pressed: bool) -> None:
        """Show that a finger is on it, or no longer."""
        if pressed != self.pressed:
            self.pressed = pressed
            self._paint()

    def focus(self, focused: bool) -> None:
        """Show that the keys are on it, or no longer."""
        if focused != self.focused:
            self.focused = focused
            self._paint()

    @property
    def is_shown(self) -> bool:
        """Return whether it is on the screen at all."""
        return self._frame is not None

    @property
    def spoken(self) -> str:
        """Return what speech says of it."""
        return self.face.spoken or " ".join(part for part in (self.face.text, self.face.note) if part)

    def clear(self) -> None:
        """Take it off the screen and forget what it said."""
        self._frame, self.answer, self.name, self.face = None, None, "", Face("")
        self.pressed = self.focused = self.selected = False
        self.pos, self.size = (0, 0), (0, 0)
        for part in self.children:
            part.clear()

    def colours(self) -> tuple[Rgb, Rgb, Rgb | None, Rgb]:
        """Return fill, lip, edge and ink of the present state."""
        if self._frame is None:
            raise ValueError("a button that isn't shown has no colours")
        palette = self._frame.palette
        if not self.enabled:
            return palette.tint, palette.tint, palette.edge, palette.disabled_ink
        if self.face.kind == "main":
            return (
                (palette.primary_low if self.pressed else palette.primary),
                palette.primary_low,
                None,
                palette.on_primary,
            )
        return self._light_colours(palette)

    def _light_colours(self, palette: Palette) -> tuple[Rgb, Rgb, Rgb | None, Rgb]:
        ink = palette.ink if self.face.kind == "tile" else palette.primary
        edge = palette.primary if self.selected or self.pressed else palette.edge
        fill = palette.surface
        if self.pressed:
            fill = palette.pressed
        elif self.selected or self.face.kind == "quiet":
            fill = palette.tint
        elif self.face.kind == "ghost":
            fill = palette.ground
        return fill, edge, edge, ink

    def _paint(self) -> None:
        frame = self._frame
        if frame is None:
            return
        fill, lip, edge, ink = self.colours()
        depth = frame.mm(LIP_MM) if self.enabled and self.face.kind != "ghost" else 0
        box = self._box
        plate = Box(box.x, box.y + (depth if self.pressed else 0), box.w, box.h - depth)
        if self.focused:
            ring = frame.mm(1.2)
            self._ring.show(
                frame, Box(box.x - ring, box.y - ring, box.w + 2 * ring, box.h + 2 * ring), frame.palette.focus, None, 5
            )
        else:
            self._ring.clear()
        self._lip.show(frame, Box(box.x, box.y + depth, box.w, box.h - depth), lip)
        self._plate.show(frame, plate, fill, edge)
        self._fill(frame, plate, ink)

    def _fill(self, frame: Frame, plate: Box, ink: Rgb) -> None:
        """Lay icon, words, note and the mark of a chosen toggle onto the plate."""
        inner = plate.inset(frame.mm(3), frame.mm(1.2))
        icon_colour = ink if self.face.kind == "main" or not self.enabled else frame.palette.primary
        if self.selected:
            self._mark.show(frame, inner.cut_end(frame.mm(8), frame.mm(2)), "check", icon_colour)
        else:
            self._mark.clear()
        if self.face.note:
            note = inner.cut_bottom(inner.h * 0.44) if self.face.arrangement != "row" else None
        else:
            note = None
        {"stack": self._stack, "row": self._row, "centre": self._centre, "words": self._centre}[self.face.arrangement](
            frame, inner, ink, icon_colour
        )
        self._note(frame, note, ink)

    def _note(self, frame: Frame, box: Box | None, ink: Rgb) -> None:
        """Write the second line, where it has not been written beside an icon already."""
        if not self.face.note:
            self.note.clear()
        elif box is not None:
            colour = ink if self.face.kind == "main" or not self.enabled else frame.palette.soft_ink
            self.note.show(frame, box, self.face.note, NOTE, colour, "centre", 0.0)

    def _stack(self, frame: Frame, inner: Box, ink: Rgb, icon_colour: Rgb) -> None:
        """Icon above words, together in the middle."""
        side = stacked_icon_px(frame, inner.h)
        gap = frame.mm(2 if inner.h > frame.mm(40) else 0.5)
        rest = inner.h - side - gap
        high = self._height(frame, inner.w, rest)
        inner = inner.centred(inner.w, side + gap + high)
        self._show_icon(frame, inner.cut_top(side, gap), icon_colour)
        self._show_words(frame, inner, ink, "centre", 0.0)

    def _row(self, frame: Frame, inner: Box, ink: Rgb, icon_colour: Rgb) -> None:
        """Icon where reading starts, words beside it, a second line below them."""
        if self.face.icon:
            side = row_icon_px(frame, inner.w, inner.h, self.face.kind == "tile")
            self._show_icon(frame, inner.cut_start(side, frame.mm(4)), icon_colour)
        if self.face.note:
            high = min(self._height(frame, inner.w, inner.h * 0.56), inner.h * 0.56)
            low = min(height_of(frame, self.face.note, inner.w, NOTE, inner.h - high), inner.h - high)
            inner = inner.centred(inner.w, high + low)
            self._show_words(frame, inner.cut_top(high), ink, "start", 0.5)
            colour = ink if self.face.kind == "main" or not self.enabled else frame.palette.soft_ink
            self.note.show(frame, inner, self.face.note, NOTE, colour, "start", 0.5)
        else:
            self._show_words(frame, inner, ink, "start", 0.5)

    def _centre(self, frame: Frame, inner: Box, ink: Rgb, icon_colour: Rgb) -> None:
        """Icon and words side by side, together in the middle."""
        if not self.face.icon or self.face.arrangement == "words":
            self._icon.clear()
            self._badge.clear()
            self._show_words(frame, inner, ink, "centre", 0.5)
            return
        side, gap = row_icon_px(frame, inner.w, inner.h, False), frame.mm(4)
        room = inner.w - side - gap
        wide = min(room, self._set(frame, room, inner.h).width_px + 2)
        group = inner.centred(side + gap + wide, inner.h)
        self._show_icon(frame, group.cut_start(side, gap), icon_colour)
        self._show_words(frame, group, ink, "start", 0.5)

    def _set(self, frame: Frame, width: float, height: float) -> Setting:
        look = frame.type(self.face.style, "ltr" if self.face.ltr else None)
        if self.face.size_px is not None:
            look = Type(self.face.size_px, min(self.face.size_px, look.floor_px), look.weight, look.direction)
        return typeset(self.face.text, int(width), int(height), look)

    def _height(self, frame: Frame, width: float, height: float) -> int:
        return self._set(frame, width, height).height_px

    def _show_icon(self, frame: Frame, space: Box, colour: Rgb) -> None:
        """Draw the icon, on a tinted round ground where the button is a tile."""
        side = min(space.w, space.h)
        if self.face.kind == "tile" and self.enabled and side >= frame.mm(11):
            self._badge.show(frame, space.centred(side, side), frame.palette.tint, None, 3.5)
            side *= 0.7
        else:
            self._badge.clear()
        self._icon.show(frame, space.centred(side, side), self.face.icon or "", colour)

    def _show_words(self, frame: Frame, box: Box, ink: Rgb, align: Align, middle: float) -> None:
        direction: Literal["ltr"] | None = "ltr" if self.face.ltr else None
        self.label.show(
            frame, box, self.face.text, self.face.style, ink, align, middle, direction, size_px=self.face.size_px
        )


NOTE = Style(4.8, "regular", False)


def stacked_icon_px(frame: Frame, height_px: float) -> int:
    """Return the side of an icon that stands above its words, in a plate of this height."""
    return int(min(frame.mm(32), height_px * 0.46))


def row_icon_px(frame: Frame, width_px: float, height_px: float, is_tile: bool) -> int:
    """Return the side of an icon that stands beside its words."""
    return int(min(frame.mm(22 if is_tile else 16), height_px * (0.84 if is_tile else 0.7), width_px * 0.28))
