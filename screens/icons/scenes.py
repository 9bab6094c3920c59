"""Five scenes in the icons' pen: what to do with one's hands here, and what happens next, for who does not read.

A machine's own slot and scanner are drawn where its settings say they are: below its screen, left of it, or right.
Each scene is drawn in two layers: what is paper, plastic or skin, and the ink over it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from screens.icons.pen import Pen, Point

GRID = (96, 72)

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Layers:
    """The two layers of a scene. What is filled covers the ink drawn before it."""

    paper: Pen
    ink: Pen

    def sheet(self, x: float, y: float, w: float, h: float, r: float = 3, width: float = 2.4) -> None:
        """Draw a filled rectangle with an outline."""
        self.paper.slab(x, y, w, h, r)
        self.ink.slab(x, y, w, h, r, ink=0)
        self.ink.box(x, y, w, h, r, width)

    def shape(self, *points: Point, width: float = 2.4) -> None:
        """Draw a filled polygon with an outline."""
        self.paper.shape(*points)
        self.ink.shape(*points, ink=0)
        self.ink.line(*points, closed=True, width=width)


def draw_scene(name: str, size_px: int, paper: Colour, ink: Colour, place: str | None = None) -> Image.Image:
    """Return a scene by its name, this high and a third as wide again, in these colours on transparent ground.

    `place` is where slot or scanner are, for the scenes that show one; None shows it without the machine.
    """
    layers = Layers(Pen(size_px, GRID), Pen(size_px, GRID))
    SCENES[name](layers, place)
    picture = layers.paper.finish(paper)
    picture.alpha_composite(layers.ink.finish(ink))
    return picture


def _screen(on: Layers, x: float, y: float, w: float, h: float) -> None:
    """Draw the machine's screen with its tiles."""
    on.sheet(x, y, w, h, 3)
    gap = w / 9
    wide, high = (w - 3 * gap) / 2, (h - 4 * gap) / 3
    for row in range(3):
        for column in range(2):
            left, top = x + gap + column * (wide + gap), y + gap + row * (high + gap)
            on.ink.box(left, top, wide, high, 1, 1.6)


def _machine(on: Layers, place: str | None) -> Point:
    """Draw the machine's screen so that there is room at this place of it; return the middle of that room's top."""
    if place is None:
        return 48, 10
    if place == "below":
        _screen(on, 33, 2.5, 30, 27)
        return 48, 37
    is_right = place == "right"
    _screen(on, 3 if is_right else 61, 8, 32, 52)
    return 64 if is_right else 32, 16


def _arrow(pen: Pen, x: float, tail: float, tip: float) -> None:
    pen.line((x, tail), (x, tip), width=4)
    pen.line((x - 6, tip - 6), (x, tip), (x + 6, tip - 6), width=4)


def _ticket(on: Layers, place: str | None) -> None:
    """Draw a ticket that hangs from the slot, and an arrow along it."""
    x, y = _machine(on, place)
    bottom = min(70.0, y + 40)
    edge = [(x - 12 + step * 4, bottom - (2.5 if step % 2 else 0)) for step in range(7)]
    on.shape((x - 12, y), *edge, (x + 12, y))
    on.ink.line((x - 15, y), (x + 15, y), width=4.6)
    on.ink.line((x - 6, y + 9), (x + 6, y + 9), width=4.6)
    for row, reach in ((16, 7), (22, 5), (28, 7)):
        if y + row < bottom - 5:
            on.ink.line((x - reach, y + row), (x + reach, y + row), width=2)
    _arrow(on.ink, x - 22 if place == "left" else x + 22, y + 6, bottom - 1)


def _beam(on: Layers, place: str | None, spread: float, depth: float) -> Point:
    """Draw the scanner and its light; return the middle of where the light ends."""
    x, y = _machine(on, place)
    on.ink.slab(x - 9, y - 4, 18, 6, 2.5)
    for side in (-1, 0, 1):
        on.ink.line((x + side * 6, y + 5.5), (x + side * spread, y + depth - 3), width=1.8)
    return x, y + depth


def _phone(on: Layers, place: str | None) -> None:
    """Draw a phone whose code is under the scanner."""
    is_low = place == "below"  # then its lower end leaves the picture, as the hand does
    x, top = _beam(on, place, 9, 12)
    h = 27.0 if is_low else 42.0
    on.sheet(x - 11, top, 22, h, 3.5)
    left = x - 6.5
    for dx, dy in ((0.0, 0.0), (8.0, 0.0), (0.0, 8.0)):
        on.ink.box(left + dx, top + 5 + dy, 4.6, 4.6, 0.5, 1.8)
    for dx, dy in ((9, 9), (12, 12), (8.5, 12.5)):
        on.ink.dot((left + dx, top + 5 + dy), 1.3)
    if not is_low:
        on.ink.line((x - 3, top + h - 4), (x + 3, top + h - 4), width=2)
    _grip(on, x + 10, top + (20 if is_low else 27))


def _grip(on: Layers, x: float, y: float) -> None:
    """Draw the thumb of a hand that holds something by its right edge, and the arm that it belongs to."""
    way = ((x - 1, y), (x + 9, y + 7), (x + 20, y + 34))
    on.ink.line(*way, width=10.4)
    on.ink.line(*way, width=5.6, ink=0)
    on.paper.line(*way, width=8)


def _card(on: Layers, place: str | None) -> None:
    """Draw the back of an identity card under the scanner, in a hand."""
    x, top = _beam(on, place, 12, 12)
    on.sheet(x - 18, top, 36, 23, 3)
    for index, wide in enumerate((1.6, 3, 1.6, 1.6, 3, 1.6, 3)):  # the bars of its back
        on.ink.line((x - 12 + index * 3.6, top + 6), (x - 12 + index * 3.6, top + 12), width=wide)
    on.ink.line((x - 12, top + 18), (x + 2, top + 18), width=1.8)
    _grip(on, x + 17, top + 15)


def _counter(on: Layers, _place: str | None) -> None:
    """Draw a counter whose clerk calls: the number stands on the board above and is heard."""
    on.sheet(30, 4, 36, 15, 2.5)
    on.ink.line((38, 11.5), (41, 11.5), width=4.4)
    on.ink.dot((46, 11.5), 1.4)
    for x in (51, 57.5):
        on.ink.line((x, 8), (x, 15), width=3)
    for side, (start, end) in ((1, (-38, 38)), (-1, (142, 218))):
        for radius in (5, 10):
            on.ink.arc((48 + side * 20, 11.5), radius, start, end, 2.2)
    on.paper.dot((48, 31.5), 6)
    on.ink.circle((48, 31.5), 6, 2.4)
    on.paper.dot((48, 54), 12.5)  # no lower than the desk
    on.ink.arc((48, 56), 14, 180, 360, 2.4)
    on.sheet(12, 52, 72, 16, 2.5)
    on.ink.line((19, 60), (77, 60), width=1.8)


def _closed(on: Layers, _place: str | None) -> None:
    """Draw the centre's house by night, its door shut."""
    on.shape((10, 28), (48, 8), (86, 28))
    on.sheet(16, 28, 64, 38, 1)
    on.sheet(38, 39, 20, 27, 1)
    on.ink.line((48, 39), (48, 66), width=2)
    for x in (44.5, 51.5):
        on.ink.dot((x, 53), 1.4)
    for x in (21.5, 63.5):
        on.ink.box(x, 38, 11, 11, 1, 2)
    on.ink.line((6, 66.5), (90, 66.5), width=2.8)
    on.ink.dot((48, 19.5), 4.8)
    on.ink.dot((50.6, 18.4), 4, ink=0)


SCENES: dict[str, Callable[[Layers, str | None], None]] = {
    "ticket": _ticket,
    "phone": _phone,
    "card": _card,
    "counter": _counter,
    "closed": _closed,
}
