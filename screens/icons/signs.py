"""The icons of actions and states: arrows, marks, power, network, time, places."""

from collections.abc import Callable

from screens.icons.pen import Pen


def _back(pen: Pen) -> None:
    pen.line((40, 24), (9, 24), width=3.6)
    pen.line((22, 11), (9, 24), (22, 37), width=3.6)


def _next(pen: Pen) -> None:
    pen.line((8, 24), (39, 24), width=3.6)
    pen.line((26, 11), (39, 24), (26, 37), width=3.6)


def _down(pen: Pen) -> None:
    pen.line((24, 6), (24, 41), width=5.5)
    pen.line((9, 27), (24, 42), (39, 27), width=5.5)


def _left(pen: Pen) -> None:
    pen.line((42, 24), (7, 24), width=5.5)
    pen.line((21, 9), (6, 24), (21, 39), width=5.5)


def _right(pen: Pen) -> None:
    pen.line((6, 24), (41, 24), width=5.5)
    pen.line((27, 9), (42, 24), (27, 39), width=5.5)


def _check(pen: Pen) -> None:
    pen.line((9, 26), (19, 36), (39, 13), width=5)


def _check_circle(pen: Pen) -> None:
    pen.circle((24, 24), 19.5)
    pen.line((14.5, 25), (21.5, 32), (34, 17), width=4)


def _cross(pen: Pen) -> None:
    pen.line((12, 12), (36, 36), width=4.5)
    pen.line((36, 12), (12, 36), width=4.5)


def _info(pen: Pen) -> None:
    pen.circle((24, 24), 19.5)
    pen.dot((24, 15), 2.7)
    pen.line((24, 23), (24, 34), width=4)


def _question(pen: Pen) -> None:
    pen.circle((24, 24), 19.5)
    pen.arc((24, 19), 6.2, 180, 395, 3.4)
    pen.line((28.9, 22.7), (24, 27), (24, 29.5), width=3.4)
    pen.dot((24, 35.5), 2.4)


def _warning(pen: Pen) -> None:
    pen.line((24, 6), (44, 41), (4, 41), closed=True, width=3.2)
    pen.line((24, 18), (24, 28.5), width=4)
    pen.dot((24, 35), 2.6)


def _clock(pen: Pen) -> None:
    pen.circle((24, 24), 19.5)
    pen.line((24, 12), (24, 24), (32, 29), width=3.4)


def _hourglass(pen: Pen) -> None:
    pen.line((11, 5), (37, 5))
    pen.line((11, 43), (37, 43))
    pen.line((14, 5), (14, 13), (24, 24), (34, 13), (34, 5))
    pen.line((14, 43), (14, 35), (24, 24), (34, 35), (34, 43))
    pen.shape((18, 40), (30, 40), (24, 33))


def _offline(pen: Pen) -> None:
    pen.dot((24, 38), 3)
    pen.arc((24, 38), 11, 225, 315, 3.4)
    pen.arc((24, 38), 20, 225, 315, 3.4)
    pen.arc((24, 38), 29, 225, 315, 3.4)
    pen.line((9, 6), (39, 42), width=8, ink=0)
    pen.line((9, 6), (39, 42), width=3.4)


def _battery(pen: Pen) -> None:
    pen.box(4, 14, 35, 20, 3)
    pen.slab(41, 20, 4, 8, 1.5)
    pen.slab(9, 19, 9, 10, 1)


def _plug(pen: Pen) -> None:
    pen.line((17, 5), (17, 15), width=3.4)
    pen.line((31, 5), (31, 15), width=3.4)
    pen.line((11, 15), (37, 15), (37, 22))
    pen.line((11, 15), (11, 22))
    pen.arc((24, 22), 13, 0, 180)
    pen.line((24, 35), (24, 44), width=3.4)


def _wrench(pen: Pen) -> None:
    pen.line((8, 40), (26, 22), width=7.5)
    pen.arc((32, 16), 9.5, 0, 260, 4.6)


def _more(pen: Pen) -> None:
    for x in (7, 28):
        for y in (7, 28):
            pen.box(x, y, 13, 13, 3)


def _speaker(pen: Pen) -> None:
    pen.line((5, 18), (14, 18), (25, 8), (25, 40), (14, 30), (5, 30), closed=True)
    pen.arc((26, 24), 8, 315, 405)
    pen.arc((26, 24), 16, 315, 405)


def _erase(pen: Pen) -> None:
    pen.line((16, 10), (43, 10), (43, 38), (16, 38), (4, 24), closed=True)
    pen.line((23, 18), (35, 30), width=3.4)
    pen.line((35, 18), (23, 30), width=3.4)


def _moon(pen: Pen) -> None:
    pen.arc((24, 24), 18, 50, 290)
    pen.curve((30.2, 7.1), (16, 24), (35.6, 37.8))


def _post(pen: Pen) -> None:
    pen.box(4, 10, 40, 28, 3)
    pen.line((5, 12), (24, 27), (43, 12))


def _building(pen: Pen) -> None:
    pen.box(8, 6, 32, 36, 2)
    for y in (14, 22):
        for x in (16, 24, 32):
            pen.dot((x, y), 2)
    pen.line((20, 42), (20, 31), (28, 31), (28, 42))


def _hand(pen: Pen) -> None:
    pen.curve((13, 30), (5, 22), (9, 20))
    pen.line((9, 20), (17, 26), (17, 8))
    pen.arc((19.5, 8), 2.5, 180, 360)
    pen.line((22, 8), (22, 22))
    pen.line((22, 20), (35, 23))
    pen.curve((35, 23), (40, 25), (38, 32))
    pen.line((38, 32), (36, 43), (20, 43), (13, 30))


def _cashier(pen: Pen) -> None:
    pen.box(4, 12, 40, 24, 3)
    pen.circle((24, 24), 6)
    pen.dot((11, 24), 2)
    pen.dot((37, 24), 2)


def _bell(pen: Pen) -> None:
    pen.arc((24, 32), 17, 180, 360)
    pen.line((4, 37), (44, 37), width=3.6)
    pen.line((24, 9), (24, 14), width=3.4)
    pen.line((18, 8.5), (30, 8.5), width=3.4)


def _link(pen: Pen) -> None:
    pen.circle((24, 24), 19.5)
    pen.line((5, 24), (43, 24))
    pen.arc((6, 24), 26, -46, 46)
    pen.arc((42, 24), 26, 134, 226)


def _sign_circle(pen: Pen) -> None:
    pen.dot((24, 24), 18)


def _sign_square(pen: Pen) -> None:
    pen.slab(8, 8, 32, 32, 2)


def _sign_triangle(pen: Pen) -> None:
    pen.shape((24, 6), (44, 41), (4, 41))


def _sign_diamond(pen: Pen) -> None:
    pen.shape((24, 3), (43, 24), (24, 45), (5, 24))


def _sign_hexagon(pen: Pen) -> None:
    pen.shape((14, 7), (34, 7), (44, 24), (34, 41), (14, 41), (4, 24))


def _sign_cross(pen: Pen) -> None:
    pen.slab(17, 5, 14, 38, 1)
    pen.slab(5, 17, 38, 14, 1)


SIGNS: dict[str, Callable[[Pen], None]] = {
    "sign-circle": _sign_circle,
    "sign-square": _sign_square,
    "sign-triangle": _sign_triangle,
    "sign-diamond": _sign_diamond,
    "sign-hexagon": _sign_hexagon,
    "sign-cross": _sign_cross,
    "back": _back,
    "next": _next,
    "down": _down,
    "left": _left,
    "right": _right,
    "check": _check,
    "check-circle": _check_circle,
    "cross": _cross,
    "info": _info,
    "question": _question,
    "warning": _warning,
    "clock": _clock,
    "hourglass": _hourglass,
    "offline": _offline,
    "battery": _battery,
    "plug": _plug,
    "wrench": _wrench,
    "more": _more,
    "speaker": _speaker,
    "erase": _erase,
    "moon": _moon,
    "post": _post,
    "building": _building,
    "hand": _hand,
    "cashier": _cashier,
    "bell": _bell,
    "language": _link,
}
