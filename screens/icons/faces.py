"""The icons of three faces, by which a visitor says how it was."""

from collections.abc import Callable

from screens.icons.pen import Pen


def _face(pen: Pen) -> None:
    pen.circle((24, 24), 19.5)
    pen.dot((17, 19), 2.7)
    pen.dot((31, 19), 2.7)


def _sad(pen: Pen) -> None:
    _face(pen)
    pen.curve((15.5, 35), (24, 24), (32.5, 35), width=3.4)


def _neither(pen: Pen) -> None:
    _face(pen)
    pen.line((16, 31), (32, 31), width=3.4)


def _glad(pen: Pen) -> None:
    _face(pen)
    pen.curve((15.5, 28), (24, 39), (32.5, 28), width=3.4)


FACES: dict[str, Callable[[Pen], None]] = {"face-1": _sad, "face-2": _neither, "face-3": _glad}
