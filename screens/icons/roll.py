"""The four steps of changing the roll: a printer from the side, the person who changes it stands at the right."""

from collections.abc import Callable

from screens.icons.pen import Pen, Point

_HINGE: Point = (6, 26)


def _tray(pen: Pen) -> None:
    pen.line(_HINGE, (6, 43), (42, 43), (42, 30))


def _open_cover(pen: Pen) -> None:
    pen.line(_HINGE, (12, 5), (17, 5), width=3.4)


def _roll(pen: Pen, x: float, y: float) -> None:
    pen.circle((x, y), 8)
    pen.dot((x, y), 2.2)


def _arrow(pen: Pen, x: float, tail: float, tip: float) -> None:
    """Draw a vertical arrow whose head is at `tip`."""
    back = 5 if tail > tip else -5
    pen.line((x, tail), (x, tip), width=3.4)
    pen.line((x - 5, tip + back), (x, tip), (x + 5, tip + back), width=3.4)


def _open(pen: Pen) -> None:
    _tray(pen)
    _open_cover(pen)
    _arrow(pen, 30, 24, 8)


def _remove(pen: Pen) -> None:
    _tray(pen)
    _open_cover(pen)
    _roll(pen, 27, 27)
    _arrow(pen, 27, 14, 3)


def _insert(pen: Pen) -> None:
    """The paper leaves the roll from below and goes up at the front; the strokes are the side that is printed on."""
    _tray(pen)
    _open_cover(pen)
    _roll(pen, 19, 29)
    pen.curve((19, 37), (36, 37), (36, 22))
    pen.line((36, 22), (36, 6))
    for y in (8, 14, 20):
        pen.line((41, y), (45, y))


def _close(pen: Pen) -> None:
    _tray(pen)
    pen.line(_HINGE, (8, 21), (32, 21), (32, 30), width=3.4)
    pen.line((37.5, 31), (37.5, 9))
    _arrow(pen, 20, 3, 15)


ROLL: dict[str, Callable[[Pen], None]] = {
    "roll-open": _open,
    "roll-remove": _remove,
    "roll-insert": _insert,
    "roll-close": _close,
}
