"""The icons of the fifteen services: what a person would draw on a note to say which one it is."""

from collections.abc import Callable

from screens.icons.pen import Pen


def sheet(pen: Pen, x: float = 10, y: float = 5, w: float = 28, h: float = 38) -> None:
    """Draw a sheet of paper with a turned corner."""
    fold = 9
    pen.line((x, y), (x + w - fold, y), (x + w, y + fold), (x + w, y + h), (x, y + h), closed=True)
    pen.line((x + w - fold, y), (x + w - fold, y + fold), (x + w, y + fold))


def _document(pen: Pen) -> None:
    sheet(pen)
    for y in (22, 28, 34):
        pen.line((16, y), (32 if y < 34 else 26, y))


def _civil_affairs(pen: Pen) -> None:
    pen.box(4, 9, 40, 30, 4)
    pen.circle((15, 20), 4)
    pen.arc((15, 33), 7.5, 190, 350)
    for y, end in ((18, 38), (24, 38), (30, 34)):
        pen.line((27, y), (end, y))


def _state_employees(pen: Pen) -> None:
    pen.circle((24, 11), 6.5)
    pen.arc((24, 42), 18, 190, 350)
    pen.line((6, 42), (42, 42))
    pen.line((24, 25), (20.5, 29), (24, 38), (27.5, 29), closed=True, width=2.2)


def _judicial_record(pen: Pen) -> None:
    pen.line((24, 6), (24, 41))
    pen.line((14, 42), (34, 42))
    pen.line((8, 13), (40, 13))
    for x in (10, 38):
        pen.line((x, 13), (x - 6.5, 28))
        pen.line((x, 13), (x + 6.5, 28))
        pen.arc((x, 27), 7, 8, 172)
        pen.line((x - 7, 28), (x + 7, 28))


def _clearance(pen: Pen) -> None:
    sheet(pen)
    pen.line((17, 28), (22.5, 34), (32, 22), width=3.4)


def _plan_copy(pen: Pen) -> None:
    pen.box(5, 7, 38, 34, 3)
    pen.line((5, 22), (20, 22), (20, 41))
    pen.line((20, 22), (20, 7))
    pen.line((30, 7), (30, 18))
    pen.line((30, 26), (30, 30), (43, 30))
    pen.line((20, 22), (24, 22))


def _licence_copy(pen: Pen) -> None:
    pen.box(6, 6, 22, 36, 2)
    for y in (14, 22, 30):
        for x in (13, 21):
            pen.dot((x, y), 1.9)
    pen.slab(14.5, 35, 5, 7)
    pen.line((28, 20), (42, 20), (42, 42), (28, 42))
    pen.dot((35, 28), 1.9)
    pen.dot((35, 35), 1.9)


def _key(pen: Pen, x: float, y: float) -> None:
    pen.circle((x, y), 5.5)
    pen.line((x + 5.5, y), (x + 19, y), (x + 19, y + 5.5))
    pen.line((x + 13, y), (x + 13, y + 4.5))


def _lease_copy(pen: Pen) -> None:
    pen.line((10, 20), (10, 5), (29, 5), (38, 14), (38, 20))
    pen.line((29, 5), (29, 14), (38, 14))
    pen.line((10, 39), (10, 43), (38, 43), (38, 39))
    _key(pen, 14.5, 29)


def _lease_registration(pen: Pen) -> None:
    pen.line((4, 24), (24, 6), (44, 24))
    pen.line((9, 20), (9, 42), (39, 42), (39, 20))
    _key(pen, 16.5, 29)


def _mukhtar_seal(pen: Pen) -> None:
    pen.circle((24, 10.5), 6)
    pen.line((21.5, 16.5), (19, 27))
    pen.line((26.5, 16.5), (29, 27))
    pen.line((10, 35), (10, 31), (13.5, 27.5), (34.5, 27.5), (38, 31), (38, 35), closed=True)
    pen.line((8, 42), (40, 42), width=3.4)


def _water_bill(pen: Pen) -> None:
    pen.curve((24, 4), (11, 19), (10, 29))
    pen.curve((24, 4), (37, 19), (38, 29))
    pen.arc((24, 29.5), 14, 0, 180)
    pen.arc((24, 29.5), 7.5, 85, 175)


def _electricity_bill(pen: Pen) -> None:
    pen.line((27, 4), (10, 27), (22, 27), (19, 44), (38, 19), (25.5, 19), closed=True)


def _telephone_bill(pen: Pen) -> None:
    pen.line((13, 5), (20, 5.5), (22, 15), (17, 19))
    pen.curve((17, 19), (20, 27), (29, 31))
    pen.line((29, 31), (33, 26), (42.5, 28), (43, 35))
    pen.curve((43, 35), (43, 43), (36, 43))
    pen.curve((36, 43), (22, 42), (13, 33))
    pen.curve((13, 33), (5, 24), (5, 12))
    pen.curve((5, 12), (5, 5), (13, 5))


def _electricity_meter(pen: Pen) -> None:
    pen.box(7, 5, 34, 38, 4)
    pen.box(13, 11, 22, 9, 1.5, 2.4)
    for x in (18, 24, 30):
        pen.line((x, 14), (x, 17), width=2.2)
    pen.line((25.5, 24), (19, 31.5), (24, 31.5), (22.5, 38), (29, 30), (24.5, 30), closed=True, width=2)


def _commercial_bank(pen: Pen) -> None:
    pen.line((24, 5), (43, 17), (5, 17), closed=True)
    for x in (11, 19.7, 28.3, 37):
        pen.line((x, 22), (x, 34))
    pen.line((8, 38), (40, 38))
    pen.line((5, 43), (43, 43))


def _vehicle_insurance(pen: Pen) -> None:
    pen.line(
        (4, 38), (4, 29), (8, 26), (12, 17), (15, 15), (33, 15), (36, 17), (40, 26), (44, 29), (44, 38), closed=True
    )
    pen.line((9, 26), (39, 26))
    pen.dot((12.5, 32), 2.2)
    pen.dot((35.5, 32), 2.2)
    pen.line((19, 32), (29, 32))
    pen.line((9, 38), (9, 42), (13, 42), (13, 38))
    pen.line((35, 38), (35, 42), (39, 42), (39, 38))
    pen.arc((24, 15), 11.5, 215, 325, 2.4)


SERVICES: dict[str, Callable[[Pen], None]] = {
    "document": _document,
    "civil-affairs": _civil_affairs,
    "state-employees": _state_employees,
    "judicial-record": _judicial_record,
    "clearance": _clearance,
    "plan-copy": _plan_copy,
    "licence-copy": _licence_copy,
    "lease-copy": _lease_copy,
    "lease-registration": _lease_registration,
    "mukhtar-seal": _mukhtar_seal,
    "water-bill": _water_bill,
    "electricity-bill": _electricity_bill,
    "telephone-bill": _telephone_bill,
    "electricity-meter": _electricity_meter,
    "commercial-bank": _commercial_bank,
    "vehicle-insurance": _vehicle_insurance,
}
