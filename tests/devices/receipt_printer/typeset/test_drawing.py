"""Where the ink of signs, bars, codes and numbers lies, dot by dot."""

import io
from typing import get_args

import pytest
from PIL import Image, ImageChops

from devices.paper import Sign, Weight
from devices.receipt_printer.typeset import typesetting
from devices.receipt_printer.typeset.typesetting import Picture

type Dots = list[list[bool]]


def dots(picture: Picture) -> Dots:
    """Black is true, in full size."""
    image = picture.image().convert("L")
    scale = 2 if picture.doubled else 1
    return [
        [image.getpixel((x // scale, y // scale)) == 0 for x in range(image.width * scale)]
        for y in range(image.height * scale)
    ]


@pytest.mark.parametrize(
    ("name", "share"),
    [("square", 1.0), ("circle", 0.785), ("triangle", 0.5), ("diamond", 0.5), ("hexagon", 0.75), ("cross", 0.555)],
)
def test_a_sign_fills_its_square_evenly_by_its_share(name: Sign, share: float) -> None:
    picture = typesetting.sign(name, 48)
    drawn = dots(picture)
    assert (picture.width, picture.rows, picture.doubled) == (48, 48, False)
    assert sum(map(sum, drawn)) / 48**2 == pytest.approx(share, abs=0.03)
    assert _unlike(drawn, [row[::-1] for row in drawn]) < 0.03, "left and right are alike"
    assert sum(map(any, drawn)) >= 47
    assert all(map(any, zip(*drawn, strict=True)))
    if name == "triangle":
        assert sum(drawn[2]) < 5 < 43 < sum(drawn[-2]), "its point is above"
    else:
        assert _unlike(drawn, drawn[::-1]) < 0.03


def _unlike(one: Dots, other: Dots) -> float:
    """Return the share of dots that differ."""
    pairs = [(a, b) for rows in zip(one, other, strict=True) for a, b in zip(*rows, strict=True)]
    return sum(a != b for a, b in pairs) / len(pairs)


def test_every_sign_has_a_share_above() -> None:
    assert set(get_args(Sign.__value__)) == {"square", "circle", "triangle", "diamond", "hexagon", "cross"}


def test_a_number_has_its_sign_before_it_in_the_middle_of_its_height() -> None:
    alone, both = typesetting.digits("17", 96, 576), typesetting.digits("17", 96, 576, "square")
    assert (both.rows, both.doubled, both.width) == (alone.rows, True, 32 + 16 + alone.width)
    image = both.image()
    top = (both.rows - 32) // 2
    assert ImageChops.invert(image.convert("L")).crop((0, 0, 48, both.rows)).getbbox() == (0, top, 32, top + 32)
    assert image.crop((48, 0, both.width, both.rows)).tobytes() == alone.image().tobytes()


def test_a_number_is_as_high_as_asked_by_a_hair_and_narrowed_where_it_is_too_wide() -> None:
    for height in (40, 41, 96):
        wide = typesetting.digits("0", height, 576)
        assert height <= wide.rows * 2 <= height + 4
    whole, narrowed = typesetting.digits("A10000", 96, 576), typesetting.digits("A10000", 96, 200)
    assert (narrowed.width, narrowed.rows) == (100, whole.rows)
    assert typesetting.digits("A10000", 96, whole.width * 2) == whole


@pytest.mark.parametrize(
    ("width", "rows", "expected"),
    [
        (16, 2, Picture(8, 1, b"\xff", doubled=True)),
        (32, 4, Picture(16, 2, b"\xff" * 4, doubled=True)),
        (16, 3, Picture(16, 3, b"\xff" * 6)),
        (24, 2, Picture(24, 2, b"\xff" * 6)),
        (20, 1, Picture(20, 1, b"\xff" * 3)),
    ],
)
def test_a_rule_is_drawn_at_half_its_size_where_that_gives_the_same(width: int, rows: int, expected: Picture) -> None:
    assert typesetting.rule(width, rows) == expected


@pytest.mark.parametrize("width", [400, 150])
def test_a_banner_is_white_words_on_a_bar_that_reaches_a_pad_around_them(width: int) -> None:
    lines = typesetting.paragraph("copy of paper", 20, Weight.BOLD, "ltr", width - 20)
    pictures = [line.picture for line in (lines if width == 150 else lines[:1])]
    bar = typesetting.banner("copy of paper", 20, "ltr", width)
    wide = max(picture.width for picture in pictures) + 20
    high = sum(picture.rows for picture in pictures) + 5 * (len(pictures) - 1) + 10
    expected = Image.new("1", (wide, high), 0)
    top = 5
    for picture in pictures:
        ink = ImageChops.invert(picture.image().convert("L")).convert("1")
        expected.paste(ink, ((wide - picture.width) // 2, top))
        top += picture.rows + 5
    assert (bar.width, bar.rows, bar.doubled) == (wide, high, False)
    assert bar.image().tobytes() == expected.tobytes()


def test_a_banner_of_one_long_word_is_as_wide_as_the_paper_and_no_wider() -> None:
    assert typesetting.banner("W" * 60, 20, "ltr", 150).width <= 150
    two = typesetting.paragraph("aaa bbb", 20, Weight.BOLD, "ltr", 40)
    assert len(two) == 2
    assert typesetting.banner("aaa bbb", 20, "ltr", 60).rows == sum(line.picture.rows for line in two) + 5 + 10


@pytest.mark.parametrize(
    ("size", "side", "width"), [((4, 4), 40, 40), ((4, 8), 40, 20), ((8, 4), 40, 80), ((1, 99), 40, 1)]
)
def test_a_stencil_keeps_its_proportions_and_is_black_where_the_png_is_opaque(
    size: tuple[int, int], side: int, width: int
) -> None:
    file = io.BytesIO()
    Image.new("RGBA", size, (255, 255, 255, 255)).save(file, "PNG")
    picture = typesetting.stencil(file.getvalue(), side)
    assert (picture.width, picture.rows) == (width, side)
    assert all(all(row) for row in dots(picture))
    clear = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(clear, "PNG")
    assert not any(any(row) for row in dots(typesetting.stencil(clear.getvalue(), side)))


@pytest.mark.parametrize("module", [2, 3, 4, 5, 8])
def test_a_code_is_drawn_module_by_module_at_half_its_size_where_that_is_even(module: int) -> None:
    data = "https://status.example/t/1"
    side = typesetting.qr_side(data)
    picture = typesetting.qr_picture(data, module)
    assert (picture.doubled, side) == (module % 2 == 0, 25)
    assert (picture.width, picture.rows) == ((side * module // 2,) * 2 if picture.doubled else (side * module,) * 2)
    drawn, finest = dots(picture), dots(typesetting.qr_picture(data, 1))
    assert [row[::module] for row in drawn[::module]] == finest
    assert all(drawn[y][x] == finest[y // module][x // module] for y in range(side * module) for x in (0, 1, side))
    assert finest[0][:8] == [True] * 7 + [False], "the finder in its corner is black"


def test_a_line_says_how_far_its_ink_lies_from_top_and_bottom() -> None:
    low, high, deep, blank = (typesetting.line(text, 40, Weight.REGULAR, "ltr", 400) for text in ("x", "l", "p", " "))
    whole = blank.above + blank.below
    assert blank.picture == Picture(8, 1, b"\0")
    assert [line.above + line.picture.rows + line.below for line in (low, high, deep)] == [whole] * 3
    assert low.above > high.above > 0
    assert low.below > deep.below > 0
    assert abs(low.below - high.below) <= 1
    squeezed = typesetting.line("xxxx", 40, Weight.REGULAR, "ltr", 20)
    assert (squeezed.picture.width, squeezed.picture.rows) == (20, low.picture.rows)


def test_a_picture_knows_its_bytes_and_rows_on_paper() -> None:
    picture = Picture(9, 2, b"\x80\x80\x00\x00")
    assert (picture.row_bytes, picture.paper_rows, Picture(8, 2, b"", doubled=True).paper_rows) == (2, 2, 4)
    assert dots(picture) == [[True, *[False] * 7, True], [False] * 9]
    assert Picture(8, 1, b"").row_bytes == 1
