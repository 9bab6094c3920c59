"""What can be touched: a rounded face on a darker lip, with an icon and words. Pressed, it sinks onto its lip."""

from typing import Literal

from kivy.uix.widget import Widget

from screens.look.frame import Box, Frame
from screens.look.theme import Palette, Rgb
from screens.widgets.face import (
    COUNT,
    LIP_MM,
    NOTE,
    Face,
    best_arrangement,
    count_size,
    icon_column,
    icon_gap_px,
    inside,
    set_words,
    stack_air_px,
    stacked_icon_px,
    words_room,
)
from screens.widgets.label import Align, Placing, TextLabel, height_of
from screens.widgets.picture import Icon
from screens.widgets.surface import RADIUS_MM, Surface

_RING_MM, _MOAT_MM = 2.0, 0.7
"""The focus is a ring that keeps clear of the button, so that it stands out from every colour of button."""


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
        self._ring, self._moat = Surface(), Surface()
        self._lip, self._plate, self._badge = Surface(), Surface(), Surface()
        self._icon, self._mark, self._person = Icon(), Icon(), Icon()
        self.label, self.note, self.count = TextLabel(), TextLabel(), TextLabel()
        below, above = (
            (self._ring, self._moat, self._lip, self._plate),
            (self._badge, self._icon, self._mark, self._person),
        )
        for part in (*below, *above, self.label, self.note, self.count):
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
    def spoken(self) -> str:
        """Return what speech says of it."""
        return self.face.spoken or " ".join(part for part in (self.face.text, self.face.note) if part)

    @property
    def has_picture(self) -> bool:
        """Return whether its icon is shown: the words come first where both have no room."""
        return self._icon.is_shown

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
        is_flat = frame.palette.surface == frame.palette.ground  # in high contrast an edge says it all
        depth = frame.mm(LIP_MM) if self.enabled and self.face.kind != "ghost" and not is_flat else 0
        box = self._box
        plate = Box(box.x, box.y + (depth if self.pressed else 0), box.w, box.h - depth)
        if self.focused:
            for part, wide, colour in (
                (self._ring, frame.mm(_RING_MM), frame.palette.focus),
                (self._moat, frame.mm(_MOAT_MM), frame.palette.ground),
            ):
                around = Box(box.x - wide, box.y - wide, box.w + 2 * wide, box.h + 2 * wide)
                part.show(frame, around, colour, None, 5, covers=True)
        else:
            self._ring.clear()
            self._moat.clear()
        if depth:
            # Only as much of it as the plate's lower corners let through: the rest would lie under the plate.
            whole = Box(box.x, box.y + depth, box.w, box.h - depth)
            self._lip.show(frame, whole.cut_bottom(depth + frame.mm(2 * RADIUS_MM)), lip)
        else:
            self._lip.clear()
        self._plate.show(frame, plate, fill, edge, covers=bool(depth) or self.focused)
        self._fill(frame, plate, ink)

    def _fill(self, frame: Frame, plate: Box, ink: Rgb) -> None:
        """Lay icon, words, second line and the mark of a chosen toggle onto the plate."""
        inner = inside(frame, plate)
        tint = self.face.tint or frame.palette.primary
        icon_colour = ink if self.face.kind == "main" or not self.enabled else tint
        if self.selected:
            beside, side = Box(inner.x, inner.y, inner.w, inner.h), frame.mm(6)
            mark = beside.cut_end(frame.mm(8), frame.mm(2))
            if set_words(frame, self.face, best_arrangement(frame, self.face, beside), beside).fits:
                inner = beside
            else:  # a narrow button: the mark goes into the corner above the words
                mark = Box(plate.x + plate.w - side - frame.mm(1.5), plate.y + frame.mm(1.5), side, side)
            self._mark.show(frame, mark, "check", icon_colour)
        else:
            self._mark.clear()
        arrangement = best_arrangement(frame, self.face, inner)
        has_icon = self.face.icon is not None and arrangement != "words"
        words = set_words(frame, self.face, arrangement, inner)
        note = height_of(frame, self.face.note, words_room(frame, self.face, arrangement, inner)[0], NOTE)
        high, gap = words.height_px + note, icon_gap_px(frame, arrangement, inner.h)
        level = max(high, self.face.words_px) if arrangement == "stack" else high
        self._person.clear()
        self.count.clear()
        if self.face.count and self.face.count_at == "end":
            wide, tall, _ = count_size(frame, self.face.count)
            self._show_count(frame, inner.cut_end(wide, gap).centred(wide, tall), "start")
        if not has_icon:
            self._icon.clear()
            self._badge.clear()
            inner = inner.centred(inner.w, min(inner.h, high))
        elif arrangement == "stack":
            side = stacked_icon_px(frame, inner.h)
            air = stack_air_px(frame, inner.h)
            inner = inner.centred(inner.w, min(inner.h, air + side + gap + level))
            inner.cut_top(air)
            space = inner.cut_top(side, gap)
            self._show_icon(frame, Box(space.x, space.y, space.w, space.h), icon_colour)
            beside = space.cut_end((space.w - side) / 2 - frame.mm(2))
            self._show_count(frame, beside.cut_bottom(count_size(frame, self.face.count)[1]), "start")
            inner = inner.cut_top(high)
        else:
            side, wide = icon_column(frame, self.face, inner.w, inner.h)
            if arrangement == "centre":
                inner = inner.centred(min(inner.w, wide + gap + words.width_px + 2), inner.h)
            self._show_column(frame, inner.cut_start(wide, gap), side, icon_colour)
            inner = inner.centred(inner.w, min(inner.h, high))
        self._show_words(frame, inner, ink, note, "start" if has_icon and arrangement != "stack" else "centre")

    def _show_words(self, frame: Frame, box: Box, ink: Rgb, note_px: int, align: Align) -> None:
        """Write the words and below them the second line."""
        if self.face.note:
            soft = frame.palette.warn if self.face.warns else frame.palette.soft_ink
            colour = ink if self.face.kind == "main" or not self.enabled else soft
            self.note.show(frame, box.cut_bottom(note_px), self.face.note, NOTE, colour, Placing(align))
        else:
            self.note.clear()
        direction: Literal["ltr"] | None = "ltr" if self.face.ltr else None
        size = self.face.size_px
        self.label.show(frame, box, self.face.text, self.face.style, ink, Placing(align, 0.5, direction, size))

    def _show_column(self, frame: Frame, space: Box, side: int, colour: Rgb) -> None:
        """Draw the icon that stands beside the words, and below it how many wait."""
        high = count_size(frame, self.face.count)[1] if self.face.count_at == "icon" else 0
        space = space.centred(space.w, min(space.h, side + high))
        self._show_icon(frame, space.cut_top(side), colour)
        if high:
            self._show_count(frame, space.cut_top(high), "centre")

    def _show_count(self, frame: Frame, space: Box, align: Align) -> None:
        """Write how many wait, beside the sign of a person."""
        wide, high, person = count_size(frame, self.face.count)
        if not wide:
            return
        line = space.centred(wide, high) if align == "centre" else space.cut_start(wide)
        self._person.show(frame, line.cut_start(person, 2).centred(person, person), "person", frame.palette.soft_ink)
        self.count.show(frame, line, self.face.count, COUNT, frame.palette.soft_ink, Placing(direction="ltr"))

    def _show_icon(self, frame: Frame, space: Box, colour: Rgb) -> None:
        """Draw the icon, on a tinted ground where the button is a tile."""
        side = min(space.w, space.h)
        is_badged = self.face.kind == "tile" and side >= frame.mm(11)
        if is_badged and self.enabled:
            self._badge.show(frame, space.centred(side, side), frame.palette.tint, None, 3.5)
        else:
            self._badge.clear()
        side *= 0.7 if is_badged else 1
        self._icon.show(frame, space.centred(side, side), self.face.icon or "", colour)
