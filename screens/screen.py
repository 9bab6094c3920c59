"""What every screen is: widgets made once and kept by name, redrawn for each prompt, cleared when the visit ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kivy.graphics import PopMatrix, PushMatrix, Translate
from kivy.uix.widget import Widget

from screens.look.frame import BODY, Box, Frame, Style
from screens.look.theme import Rgb
from screens.widgets.button import TouchButton
from screens.widgets.face import Face
from screens.widgets.label import Align, Placing, TextLabel
from screens.widgets.picture import Icon, QrCode, Scene, Stencil
from screens.widgets.surface import Surface

type Part = Surface | Icon | Scene | Stencil | QrCode | TextLabel | TouchButton

_LAYERS: tuple[tuple[type, ...], ...] = ((Surface,), (Icon, Scene, Stencil, QrCode, TextLabel), (TouchButton,))
"""What lies below what, whichever was needed first."""


class Screen(Widget):
    """A screen of one or more prompt types. Subclasses lay out in `arrange` by asking for parts by name."""

    def __init__(self) -> None:
        super().__init__(size_hint=(None, None))
        self._parts: dict[str, Part] = {}
        self._used: list[str] = []
        self._spare: list[TouchButton] = []  # each is ten widgets, 90 kB
        with self.canvas.before:
            PushMatrix()
            self._shift = Translate(0, 0, 0)
        with self.canvas.after:
            PopMatrix()
        self._grounds = [Widget(size_hint=(None, None)) for _ in _LAYERS]
        for ground in self._grounds:
            self.add_widget(ground)
        self.frame: Frame
        self.usual_box = Box(0, 0, 0, 0)
        """The room that there is without large letters, which are never smaller than those that fill it."""

    def shift(self, x_px: float) -> None:
        """Show everything this far to the right of where it is, and is touched."""
        self._shift.x = round(x_px)

    def draw(self, prompt: Any, frame: Frame, box: Box) -> None:
        """Draw the prompt in this box; parts that it doesn't need are cleared."""
        self.frame, self._used = frame, []
        self.arrange(prompt, box)
        self._clear_unused()

    def arrange(self, prompt: Any, box: Box) -> None:
        """Lay out the prompt."""
        raise NotImplementedError

    def resume(self) -> None:
        """Forget what was chosen on the screen itself (page, digits), for a prompt that is not the one before."""

    @property
    def typed(self) -> str:
        """What stands on the screen by touches that it has answered itself, as it may be said; nothing of a PIN."""
        return ""

    def tick(self) -> bool:
        """Tell, once a second, whether the screen wants to be drawn again (a countdown)."""
        return False

    def forget(self) -> None:
        """Clear every part: the citizen has gone."""
        self._used = []
        self._clear_unused()

    def _clear_unused(self) -> None:
        """Clear what isn't shown now. Its buttons serve under the next names: those of services and items never end."""
        used = set(self._used)
        for name, part in [pair for pair in self._parts.items() if pair[0] not in used]:
            part.clear()
            if isinstance(part, TouchButton):
                self._spare.append(part)
                del self._parts[name]

    @property
    def targets(self) -> list[TouchButton]:
        """Return the buttons shown, in reading order."""
        parts = (self._parts[name] for name in self._used)
        return [part for part in parts if isinstance(part, TouchButton)]

    def part[P: Part](self, kind: type[P], name: str) -> P:
        """Return the part of this name, made on first use."""
        found = self._parts.get(name)
        if not isinstance(found, kind):
            found = self._spare_or_new(kind)
            self._parts[name] = found
        self._used.append(name)
        return found

    def _spare_or_new[P: Part](self, kind: type[P]) -> P:
        spare = next((spare for spare in self._spare if isinstance(spare, kind)), None)
        if spare is not None:
            self._spare.remove(spare)
            return spare
        made = kind()
        layer = next(index for index, kinds in enumerate(_LAYERS) if issubclass(kind, kinds))
        self._grounds[layer].add_widget(made)
        return made

    def surface(self, name: str, box: Box, fill: Rgb, edge: Rgb | None = None, radius_mm: float = 4) -> None:
        """Draw a panel."""
        self.part(Surface, name).show(self.frame, box, fill, edge, radius_mm)

    def icon(self, name: str, box: Box, drawing: str, colour: Rgb | None = None) -> None:
        """Draw an icon."""
        self.part(Icon, name).show(self.frame, box, drawing, colour)

    def scene(self, name: str, box: Box, drawing: str, ink: Rgb, place: str | None = None) -> None:
        """Draw a scene; `place` is where slot or scanner are."""
        self.part(Scene, name).show(self.frame, box, drawing, ink, place)

    def stencil(self, name: str, box: Box, png: bytes, colour: Rgb, repeated: bool = False) -> None:
        """Draw a municipality's own picture in one colour."""
        self.part(Stencil, name).show(self.frame, box, png, colour, repeated)

    def label(
        self,
        name: str,
        box: Box,
        text: str,
        style: Style = BODY,
        colour: Rgb | None = None,
        align: Align = "start",
        **more: Any,
    ) -> int:
        """Draw a text and return its height in pixels. `more`: of its Placing."""
        return self.part(TextLabel, name).show(self.frame, box, text, style, colour, Placing(align, **more))

    def button(
        self, name: str, box: Box, face: Face, answer: object, enabled: bool = True, selected: bool = False
    ) -> TouchButton:
        """Draw a button. A callable answer is carried out on the screen itself, any other answers the prompt."""
        button = self.part(TouchButton, name)
        button.show(self.frame, box, name, face, answer, enabled, selected)
        return button


@dataclass(frozen=True)
class Screens:
    """The screen of each prompt of a feature, made when it is first needed."""

    by_prompt: Mapping[type, Callable[[], Screen]]
