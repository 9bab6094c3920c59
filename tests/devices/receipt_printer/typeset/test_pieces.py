"""What each thing on a paper is made of, at every bound of size, width and of what the printer can do by itself."""

import io
from typing import Any

import pytest
from PIL import Image

from devices.paper import Banner, Emblem, Number, Op, Qr, Rule, Space, Text, Weight
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.profile import Layout
from devices.receipt_printer.typeset import typesetting
from devices.receipt_printer.typeset.pieces import Feed, Ink, Native, NativeQr, Piece, pieces_of

TEXT = "font_a = [12, 24]\ndigit_rows = 15\n"
LONG = "x" * 100  # 41 modules: 49 with the white around them


def layout(width: int = 576, more: str = "", *, is_fast: bool = False) -> Layout:
    return Layout(profiles.parse(f'name = "x"\ndpi = 203\n{TEXT}{more}', "ours"), width, is_fast)


def made(op: Op, *given: Any, **more: Any) -> list[Piece]:
    return list(pieces_of([op], layout(*given, **more)))


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), (0, 0, 0, 255)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("number", "width", "more", "piece"),
    [
        (Number("B2014"), 576, "", Native("B2014", 7, 7, True, 31, 31)),
        (Number("B2·014"), 576, "", Native("B2·014", 7, 7, True, 31, 31)),
        (Number("B2014"), 384, "", Native("B2014", 6, 7, True, 31, 31)),
        (Number("B2014"), 359, "", Native("B2014", 5, 7, True, 31, 31)),
        (Number("B2014", 1.87), 576, "", Native("B2014", 1, 1, True, 4, 4)),
        (Number("B2014", 2.0), 576, "", Native("B2014", 2, 2, True, 9, 9)),
        (Number("B2014"), 576, "max_scale = 7", Native("B2014", 7, 7, True, 31, 31)),
        (Number("B2014"), 576, "max_scale = 6", None),
        (Number("B2014"), 576, "native_text = false", None),
        (Number("B2é14"), 576, "", None),
        (Number("1" * 32), 384, "", Native("1" * 32, 1, 7, True, 31, 31)),
        (Number("1" * 33), 384, "", None),
    ],
)
def test_a_number_is_the_printers_own_where_it_can_be_high_enough(
    number: Number, width: int, more: str, piece: Native | None
) -> None:
    drawn = Ink(typesetting.digits(number.text, 96, width, None))
    assert made(number, width, more) == [piece or drawn]


def test_the_sign_of_a_group_stands_above_the_printers_own_digits_and_before_those_that_are_drawn() -> None:
    number, sign = Number("A1·7", sign="cross"), [Ink(typesetting.sign("cross", 40)), Feed(12)]
    beside = [Ink(typesetting.digits("A1·7", 96, 576, "cross"))]
    alone = [Ink(typesetting.digits("A1·7", 96, 479, None))]
    assert made(number) == [*sign, Native("A1·7", 7, 7, True, 31, 31)]
    assert made(number, 576, "native_text = false") == beside
    assert made(number, is_fast=True) == beside
    assert made(number, 480, is_fast=True) == [Ink(typesetting.digits("A1·7", 96, 480, "cross"))]
    assert made(number, 479, is_fast=True) == [*sign, *alone]
    assert made(Number("A1·7"), 479, is_fast=True) == alone


@pytest.mark.parametrize(
    ("text", "more", "piece"),
    [
        (Text("Valid today", 3.2), "", Native("Valid today", 1, 1, False, 0, 0)),
        (Text("Valid today", 3.3), "", None),
        (Text("2026/11/24", 4.9), "", Native("2026/11/24", 1, 1, False, 0, 0)),
        (Text("2026/11/24", 5.0, Weight.MEDIUM), "", Native("2026/11/24", 2, 2, True, 0, 0)),
        (Text("2026/11/24", 5.0, Weight.BOLD), "max_scale = 1", Native("2026/11/24", 1, 1, True, 0, 0)),
        (Text("1" * 48, 3.0), "", Native("1" * 48, 1, 1, False, 0, 0)),
        (Text("1" * 49, 3.0), "", None),
        (Text("1" * 24, 5.0), "", Native("1" * 24, 2, 2, False, 0, 0)),
        (Text("1" * 25, 5.0), "", None),
        (Text("12\t34", 3.0), "", None),
        (Text("١٢", 3.0), "", None),
        (Text("12", 3.0), "native_text = false", None),
        (Text("12", 3.0, fixed=True), "", Native("12", 1, 1, False, 0, 0)),
        (Text("12", 3.0, fixed=True), "nv_graphics = true", None),
        (Text("12", 3.0, fixed=True), "ram_graphics = true", None),
        (Text("12", 3.0), "nv_graphics = true", Native("12", 1, 1, False, 0, 0)),
    ],
)
def test_a_text_is_the_printers_own_where_it_is_small_or_digits_and_no_kept_picture(
    text: Text, more: str, piece: Native | None
) -> None:
    size = round(text.size_mm * 203 / 25.4)
    lines = typesetting.paragraph(text.text, size, text.weight, "rtl", 576)
    drawn = [each for line in lines for each in (Feed(line.above), Ink(line.picture), Feed(line.below))]
    assert made(text, 576, more) == ([Feed(5), piece] if piece else drawn)


@pytest.mark.parametrize(
    ("data", "module_mm", "width", "native", "drawn"),
    [
        ("x", 0.6, 576, 5, 4),
        ("x", 0.1, 576, 2, 2),
        ("x", 2.0, 576, 16, 16),
        ("x", 2.2, 576, 16, 16),
        (LONG, 1.2, 576, 10, 10),
        (LONG, 1.2, 343, 7, 6),
        (LONG, 1.2, 342, 6, 6),
        (LONG, 1.2, 97, 2, 2),
    ],
)
def test_a_code_has_its_module_within_paper_and_white_and_an_even_one_where_it_is_drawn(
    data: str, module_mm: float, width: int, native: int, drawn: int
) -> None:
    assert typesetting.qr_side(LONG) == 41
    code = Qr(data, module_mm)
    assert made(code, width) == [Feed(4 * native), NativeQr(data, native), Feed(4 * native)]
    picture = typesetting.qr_picture(data, drawn)
    assert made(code, width, "native_qr = false") == [Feed(4 * drawn), Ink(picture), Feed(4 * drawn)]


def test_blanks_rules_and_banners_take_their_millimetres_and_an_emblem_has_a_gap_below() -> None:
    emblem = Emblem(png(4, 4), 5.0)
    drawn = [Ink(typesetting.stencil(emblem.png, 40)), Feed(8)]
    assert made(Space(2.0)) == [Feed(16)]
    assert made(Rule(0.25)) == [Ink(typesetting.rule(576, 2))]
    assert made(Banner("copy", 4.5, "ltr")) == [Ink(typesetting.banner("copy", 36, "ltr", 576))]
    assert made(emblem) == []
    assert made(emblem, is_fast=True) == drawn
    assert made(emblem, 576, "nv_graphics = true") == drawn
    assert made(emblem, 576, "ram_graphics = true") == drawn
