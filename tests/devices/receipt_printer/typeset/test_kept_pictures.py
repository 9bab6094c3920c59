"""Which lines of a paper become one picture that the printer may keep, and what stays in memory of a private one."""

import io

import pytest
from PIL import Image

from devices.paper import Emblem, Op, Paper, Qr, Rule, Space, Text
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.profile import Layout
from devices.receipt_printer.typeset import raster, typesetting
from devices.receipt_printer.typeset.composition import Graphic, StoredKey, compose, graphics
from devices.receipt_printer.typeset.job_writer import JobWriter
from devices.receipt_printer.typeset.pieces import Feed, pieces_of
from devices.receipt_printer.typeset.typesetting import Picture
from tests.devices.receipt_printer.preview import preview

KEEPS = Layout(profiles.parse('name = "x"\ndpi = 203\nnv_graphics = true', "ours"), 384)
IN_RAM = Layout(profiles.parse('name = "x"\ndpi = 203\nram_graphics = true', "ours"), 384)
FORGETS = Layout(profiles.parse('name = "x"\ndpi = 203', "ours"), 384)


def emblem(width: int, height: int, high_mm: float = 5.0) -> Emblem:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), (0, 0, 0, 255)).save(file, "PNG")
    return Emblem(file.getvalue(), high_mm)


SQUARE = emblem(1, 1)
FIXED, OTHER = Text("صالح", 4.0, fixed=True), Text("لهذا اليوم", 5.0, fixed=True)
PLAIN = Text("رقمك", 4.0)


def wanted(*ops: Op, layout: Layout = KEEPS) -> list[Picture]:
    return [graphic.picture for graphic in compose(Paper("x", ops), layout, {}).wanted]


def ink_of(*ops: Op) -> Image.Image:
    """Return the ink of what is set on its own, cut to its rows and to whole bytes in the middle."""
    sheet = preview(Paper("x", ops), KEEPS)
    left, top, right, bottom = sheet.convert("L").point([255 - grey for grey in range(256)]).getbbox() or (0, 0, 0, 0)
    middle, half = 192, max(192 - left, right - 192)
    half = (half + 3) // 4 * 4
    return sheet.crop((middle - half, top, middle + half, bottom))


@pytest.mark.parametrize(
    ("ops", "runs"),
    [
        ((FIXED,), [(FIXED,)]),
        ((FIXED, OTHER), [(FIXED, OTHER)]),
        ((FIXED, Space(2), Rule(0.5), OTHER), [(FIXED, Space(2), Rule(0.5), OTHER)]),
        ((SQUARE, FIXED), [(SQUARE, FIXED)]),
        ((FIXED, PLAIN, OTHER), [(FIXED,), (OTHER,)]),
        ((PLAIN, FIXED, Space(2)), [(FIXED,)]),
        ((FIXED, Space(2), PLAIN), [(FIXED,)]),
        ((Space(2), PLAIN, Qr("x")), []),
        ((Rule(0.5), FIXED, Rule(0.5), Qr("x"), SQUARE), [(FIXED,), (SQUARE,)]),
    ],
)
def test_fixed_lines_that_stand_together_are_one_picture_with_what_is_between_them(
    ops: tuple[Op, ...], runs: list[tuple[Op, ...]]
) -> None:
    found = wanted(*ops)
    assert len(found) == len(runs)
    for picture, run in zip(found, runs, strict=True):
        image, expected = picture.image(), ink_of(*run)
        assert image.height == expected.height
        assert image.width % 8 == 0
        grey = image.convert("L").point([255 - each for each in range(256)])
        box = grey.getbbox()
        theirs = expected.convert("L").point([255 - each for each in range(256)])
        assert box is not None
        assert box[2] - box[0] <= 384
        assert grey.crop(box).tobytes() == theirs.crop(theirs.getbbox()).tobytes()
    assert wanted(*ops, layout=IN_RAM) == found
    assert wanted(*ops, layout=FORGETS) == []


@pytest.mark.parametrize(
    ("one", "is_wanted"),
    [
        (emblem(1, 6, 5.88), False),
        (emblem(1, 6, 6.01), True),
        (emblem(3, 10, 100.1), True),
        (emblem(1, 3, 100.1), False),
    ],
)
def test_a_picture_is_worth_keeping_from_48_to_24000_bytes(one: Emblem, is_wanted: bool) -> None:
    sizes = [len(typesetting.stencil(one.png, KEEPS.profile.dots(one.height_mm)).data)]
    assert sizes[0] in (47, 48, 24_000, 800 * 34)
    assert [len(picture.data) for picture in wanted(one)] == (sizes if is_wanted else [])


def test_a_kept_picture_is_named_with_the_blank_rows_around_it() -> None:
    ops = (Space(2), FIXED, Space(3), Text("12", 3.0), OTHER)
    plain = compose(Paper("x", ops), KEEPS, {})
    one, other = plain.wanted
    keys = {one.digest: StoredKey(b"AA", True), other.digest: StoredKey(b"BB", False)}
    first = typesetting.paragraph(FIXED.text, 32, FIXED.weight, "rtl", 384)[0]
    second = typesetting.paragraph(OTHER.text, 40, OTHER.weight, "rtl", 384)[0]
    writer = JobWriter(KEEPS)
    writer.pieces([Feed(16)])
    writer.stored(first.above, one.picture, b"AA", first.below, lasting=True)
    writer.pieces([Feed(24), *pieces_of([Text("12", 3.0)], KEEPS)])
    writer.stored(second.above, other.picture, b"BB", second.below, lasting=False)
    data = writer.end()
    job = compose(Paper("x", ops), KEEPS, keys)
    assert (job.data, job.rows, job.wanted) == (data, writer.rows, ())
    assert job.rows == plain.rows
    half = compose(Paper("x", ops), KEEPS, {one.digest: StoredKey(b"AA", True)})
    assert half.wanted == (other,)


def test_papers_want_each_picture_once_and_a_digest_tells_size_and_dots() -> None:
    papers = [Paper("x", (FIXED, PLAIN, OTHER)), Paper("y", (OTHER, PLAIN, FIXED))]
    assert [graphic.picture for graphic in graphics(papers, KEEPS)] == wanted(*papers[0].ops)
    alike = [Picture(16, 1, b"ab"), Picture(8, 2, b"ab"), Picture(16, 1, b"aB")]
    assert len({Graphic(picture).digest for picture in alike}) == 3


@pytest.mark.parametrize("private", [True, False])
def test_nothing_of_a_private_line_stays_in_memory_once_its_job_is_made(private: bool) -> None:
    compose(Paper("x", (PLAIN, Text("سلمى", 4.0, private=private), PLAIN)), KEEPS, {})
    kept = [cache.cache_info().currsize for cache in (typesetting.line, typesetting._length, raster.bands)]
    assert [size == 0 for size in kept] == [private] * 3
