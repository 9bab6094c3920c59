"""The icons of people and of what they hold: phone, code, ticket, card, paper."""

from collections.abc import Callable

from screens.icons.pen import Pen


def _person(pen: Pen) -> None:
    pen.circle((24, 14), 8)
    pen.arc((24, 43), 17, 185, 355)
    pen.line((7, 42), (41, 42))


def _accessibility(pen: Pen) -> None:
    pen.circle((24, 24), 20.5)
    pen.dot((24, 12.5), 3.4)
    pen.line((13, 18.5), (24, 21), (35, 18.5), width=3.4)
    pen.line((24, 21), (24, 28), width=4.4)
    pen.line((24, 28), (18.5, 38), width=3.4)
    pen.line((24, 28), (29.5, 38), width=3.4)


def _priority(pen: Pen) -> None:
    pen.circle((20, 9), 5)
    pen.line((20, 17), (18, 29), (13, 43), width=3.2)
    pen.line((18, 29), (26, 34), (28, 43), width=3.2)
    pen.line((20, 18), (27, 25), (34, 25), width=3.2)
    pen.line((35, 23), (35, 43), width=3.2)


def _wheelchair(pen: Pen) -> None:
    pen.dot((19, 7.5), 4)
    pen.line((19, 14), (20, 27), (32, 27), (38, 39), (42, 37), width=3.2)
    pen.line((20, 20), (30, 20), width=3.2)
    pen.arc((20, 32), 11.5, 20, 245, 3.2)


def _pregnant(pen: Pen) -> None:
    pen.circle((21, 9), 5)
    pen.line((19, 17), (16, 30), (18, 43), width=3.2)
    pen.curve((21, 17), (37, 25), (26, 33), width=3.2)
    pen.line((26, 33), (27, 43), width=3.2)


def _phone(pen: Pen) -> None:
    pen.box(12, 4, 24, 40, 4)
    pen.line((21, 39), (27, 39), width=2.4)
    for x, y in ((17, 11), (26, 11), (17, 20)):
        pen.box(x, y, 5, 5, 0.6, 2)
    pen.dot((28.5, 22.5), 1.6)
    pen.dot((24.5, 28.5), 1.6)
    pen.dot((31, 28.5), 1.6)
    pen.dot((18.5, 29.5), 1.6)


def _qr(pen: Pen) -> None:
    for x, y in ((6, 6), (28, 6), (6, 28)):
        pen.box(x, y, 13, 13, 2)
        pen.dot((x + 6.5, y + 6.5), 2.6)
    for x, y in ((29, 29), (41, 29), (35, 35), (29, 41), (41, 41)):
        pen.slab(x - 2.2, y - 2.2, 4.4, 4.4, 0.6)


def _keypad(pen: Pen) -> None:
    for row, y in enumerate((7, 18, 29, 40)):
        for x in (11, 24, 37) if row < 3 else (24,):
            pen.dot((x, y), 3.4)


def _ticket(pen: Pen) -> None:
    pen.line((5, 13), (43, 13), (43, 20), width=2.8)
    pen.arc((43, 24), 4, 270, 90)
    pen.line((43, 28), (43, 36), (5, 36), (5, 28))
    pen.arc((5, 24), 4, 90, -90)
    pen.line((5, 20), (5, 13))
    for y in (18, 24.5, 31):
        pen.dot((30, y), 1.5)


def _printer(pen: Pen) -> None:
    pen.line((13, 17), (13, 5), (35, 5), (35, 17))
    pen.line((13, 35), (6, 35), (6, 17), (42, 17), (42, 35), (35, 35))
    pen.box(13, 28, 22, 15, 1.5)
    pen.dot((36, 23), 1.9)


def _paper_out(pen: Pen) -> None:
    _printer(pen)
    pen.line((19, 32.5), (29, 38.5), width=2.6)
    pen.line((29, 32.5), (19, 38.5), width=2.6)


def _card(pen: Pen) -> None:
    """An identity card: a face, and the code that is read."""
    pen.box(4, 8, 40, 32, 4)
    pen.dot((14, 15.5), 3.2)
    pen.arc((14, 26), 5.5, 195, 345)
    pen.line((25, 15.5), (37, 15.5))
    pen.line((25, 21.5), (32, 21.5))
    for x, wide in ((10, 3), (15.5, 1.5), (19.5, 4), (26, 1.5), (30, 3), (35.5, 2.5)):
        pen.slab(x, 29, wide, 6.5, 0.4)


THINGS: dict[str, Callable[[Pen], None]] = {
    "person": _person,
    "accessibility": _accessibility,
    "elderly": _priority,
    "disabled": _wheelchair,
    "pregnant": _pregnant,
    "phone": _phone,
    "qr": _qr,
    "keypad": _keypad,
    "ticket": _ticket,
    "printer": _printer,
    "paper-out": _paper_out,
    "card": _card,
}
