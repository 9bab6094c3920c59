"""A pen with round ends for icons and scenes: coordinates on a grid, drawn four times too large and then reduced."""

import math

from PIL import Image, ImageDraw

GRID = 48
STROKE = 2.8
_OVERSAMPLE = 4

Point = tuple[float, float]


class Pen:
    """Draws strokes and filled shapes of one picture, `size_px` high; `grid` is how many units wide and high it is."""

    def __init__(self, size_px: int, grid: tuple[int, int] = (GRID, GRID)) -> None:
        wide, high = grid
        self._size = (round(size_px * wide / high), size_px)
        self._scale = size_px * _OVERSAMPLE / high
        self._mask = Image.new("L", (self._size[0] * _OVERSAMPLE, size_px * _OVERSAMPLE), 0)
        self._draw = ImageDraw.Draw(self._mask)

    def line(self, *points: Point, closed: bool = False, width: float = STROKE, ink: int = 255) -> None:
        """Draw a stroke through the points, with round ends and corners; `ink` 0 cuts out of what lies below."""
        way = [*points, points[0]] if closed else list(points)
        scaled = [self._at(x, y) for x, y in way]
        self._draw.line(scaled, fill=ink, width=max(1, round(width * self._scale)))
        for x, y in scaled:
            half = width * self._scale / 2
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill=ink)

    def arc(self, centre: Point, radius: float, start: float, end: float, width: float = STROKE) -> None:
        """Draw part of a circle clockwise from `start` to `end` degrees, 0 = right, 90 = down."""
        steps = max(8, round(abs(end - start) / 5))
        angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
        self.line(*((centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles), width=width)

    def circle(self, centre: Point, radius: float, width: float = STROKE) -> None:
        """Draw a circle's outline."""
        self.arc(centre, radius, 0, 360, width)

    def dot(self, centre: Point, radius: float = 2.0, ink: int = 255) -> None:
        """Draw a filled circle."""
        x, y = self._at(*centre)
        r = radius * self._scale
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    def box(self, x: float, y: float, w: float, h: float, r: float = 3, width: float = STROKE) -> None:
        """Draw a rectangle's outline with round corners; x, y, w, h are those of the middle of the stroke."""
        half = width / 2
        outer = (*self._at(x - half, y - half), *self._at(x + w + half, y + h + half))
        self._draw.rounded_rectangle(
            outer, radius=(r + half) * self._scale, outline=255, width=max(1, round(width * self._scale))
        )

    def slab(self, x: float, y: float, w: float, h: float, r: float = 1, ink: int = 255) -> None:
        """Draw a filled rectangle with round corners."""
        self._draw.rounded_rectangle((*self._at(x, y), *self._at(x + w, y + h)), radius=r * self._scale, fill=ink)

    def shape(self, *points: Point, ink: int = 255) -> None:
        """Draw a filled polygon."""
        self._draw.polygon([self._at(x, y) for x, y in points], fill=ink)

    def curve(self, start: Point, pull: Point, end: Point, width: float = STROKE) -> None:
        """Draw a quadratic curve from `start` to `end`, pulled towards `pull`."""
        way = []
        for step in range(17):
            t = step / 16
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            way.append((a * start[0] + b * pull[0] + c * end[0], a * start[1] + b * pull[1] + c * end[1]))
        self.line(*way, width=width)

    def finish(self, ink: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
        """Return the picture as ink of this colour, white to be tinted, whose alpha is what was drawn."""
        mask = self._mask.resize(self._size, Image.Resampling.BOX)
        image = Image.new("RGBA", mask.size, (*ink, 0))
        image.putalpha(mask)
        return image

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x * self._scale, y * self._scale)
