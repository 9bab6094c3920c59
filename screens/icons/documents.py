"""The icons of the registry's documents, for who can't read which is which."""

from collections.abc import Callable

from screens.icons.pen import Pen
from screens.icons.services import sheet


def _person(pen: Pen, x: float, y: float, head: float, shoulders: float) -> None:
    """Draw head and shoulders; `y` is where the shoulders end."""
    pen.circle((x, y - shoulders - head - 2.5), head)
    pen.arc((x, y), shoulders, 180, 360)


def _extract(pen: Pen) -> None:
    sheet(pen)
    _person(pen, 24, 37, 4.5, 8)


def _family(pen: Pen) -> None:
    for x, y, head, shoulders in ((11, 34, 5, 8), (37, 34, 5, 8), (24, 43, 3.6, 6)):
        _person(pen, x, y, head, shoulders)


def _birth(pen: Pen) -> None:
    pen.arc((25, 22), 16, 0, 180)
    pen.line((9, 22), (41, 22))
    pen.arc((25, 22), 16, 270, 360)
    pen.line((25, 22), (25, 6))
    pen.line((9, 22), (4, 14))
    for x in (17, 33):
        pen.circle((x, 41.5), 2.6)


def _marriage(pen: Pen) -> None:
    pen.circle((16.5, 29), 11.5)
    pen.circle((31.5, 29), 11.5)
    pen.line((16.5, 17), (12.5, 11.5), (14.5, 8), (18.5, 8), (20.5, 11.5), closed=True, width=2.4)


def _divorce(pen: Pen) -> None:
    pen.circle((11.5, 26), 8)
    pen.circle((36.5, 26), 8)
    for y in (8, 19, 30, 41):
        pen.line((24, y), (24, y + 3), width=2.4)


def _death(pen: Pen) -> None:
    pen.line((12, 42), (12, 20))
    pen.arc((24, 19), 12, 180, 360)
    pen.line((36, 20), (36, 42))
    pen.line((5, 42), (43, 42))
    for y in (22, 29):
        pen.line((19, y), (29, y))


DOCUMENTS: dict[str, Callable[[Pen], None]] = {
    "extract": _extract,
    "family": _family,
    "birth": _birth,
    "marriage": _marriage,
    "divorce": _divorce,
    "death": _death,
}
