"""Draw the pictures of both brands again: `python -m tests.screens.pictures.brands`.

Homs comes with a star of two squares, and a border of it, both older than any office: no seal of one is drawn. The
municipality that is made up has the sun over the sea.
"""

import math
from pathlib import Path

from common.city.brand.brand import SHIPPED
from screens.icons.pen import Pen, Point

OTHER = Path(__file__).parents[3] / "deploy" / "brand" / "brand.toml"
_EMBLEM_PX, _ORNAMENT_PX = 384, 64


def main() -> None:
    """Draw them all."""
    for brand, emblem, ornament in ((SHIPPED, _homs, _homs_border), (OTHER, _harbour, _harbour_border)):
        for name, drawn in (("emblem", emblem()), ("ornament", ornament())):
            drawn.finish().save(brand.with_name(f"{name}.png"), optimize=True)


def _star(pen: Pen, centre: Point, radius: float, width: float) -> None:
    """Draw two squares, one turned by 45 degrees."""
    for turned in (0, 45):
        angles = [math.radians(turned + 45 + 90 * corner) for corner in range(4)]
        corners = [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]
        pen.line(*corners, closed=True, width=width)


def _homs() -> Pen:
    pen = Pen(_EMBLEM_PX)
    _star(pen, (24, 24), 21.5, 2.6)
    _star(pen, (24, 24), 9.5, 2.2)
    pen.dot((24, 24), 2.6)
    return pen


def _homs_border() -> Pen:
    pen = Pen(_ORNAMENT_PX, (96, 48))
    for y in (3, 45):
        pen.line((0, y), (96, y), width=2.4)
    _star(pen, (24, 24), 14, 2.6)
    pen.line((72, 14), (82, 24), (72, 34), (62, 24), closed=True, width=2.6)
    for start, end in ((0, 10), (38, 62), (82, 96)):
        pen.line((start, 24), (end, 24), width=2.6)
    return pen


def _wave(pen: Pen, y: float, left: float, right: float, width: float) -> None:
    for start in range(int(left), int(right), 12):
        pen.curve((start, y), (start + 3, y - 7), (start + 6, y), width)
        pen.curve((start + 6, y), (start + 9, y + 7), (start + 12, y), width)


def _harbour() -> Pen:
    pen = Pen(_EMBLEM_PX)
    pen.circle((24, 24), 21.5, 2.6)
    pen.arc((24, 25), 9, 180, 360, 2.6)
    for degrees in (200, 235, 270, 305, 340):
        away = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        pen.line((24 + 12.5 * away[0], 25 + 12.5 * away[1]), (24 + 16 * away[0], 25 + 16 * away[1]), width=2.4)
    _wave(pen, 29.5, 6, 42, 2.6)
    _wave(pen, 36, 12, 36, 2.6)
    return pen


def _harbour_border() -> Pen:
    pen = Pen(_ORNAMENT_PX, (96, 48))
    for y in (14, 32):
        _wave(pen, y, 0, 96, 2.6)
    return pen


if __name__ == "__main__":
    main()
