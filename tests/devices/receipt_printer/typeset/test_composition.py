"""Papers become the fewest bytes that a printer understands, and none that it misunderstands."""

import random

import pytest
from escpos.printer import Dummy
from PIL import Image

from common.city.brand.brand import brand
from devices.paper import Emblem, Number, Paper, Qr, Text
from devices.receipt_printer import commands, profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset import composition, raster
from devices.receipt_printer.typeset.composition import StoredKey
from devices.receipt_printer.typeset.pieces import Ink, Native, pieces_of
from devices.receipt_printer.typeset.typesetting import Picture
from tests.devices.receipt_printer.preview import preview
from tests.kit.printers import NAMES, PAPER, paper_mm


def _printed(job: bytes, name: str) -> Image.Image:
    simulator = PrinterSimulator(profile.load(name))
    simulator.receive(job)
    simulator.tear_off()
    assert simulator.unknown == []
    assert len(simulator.sheets) == 1
    return simulator.sheets[0].image


@pytest.mark.parametrize("name", NAMES)
def test_rasters_on_paper_are_the_preview(name: str) -> None:
    """All pictures, bands and shifts included, land where the typesetting put them."""
    layout = profile.layout(profile.load(name), paper_mm(name))
    only_pictures = Paper("x", tuple(op for op in PAPER.ops if isinstance(op, Text) and not op.text.isascii()))
    printed = _printed(composition.compose(only_pictures, layout, {}).data, name)
    sheet = preview(only_pictures, layout)
    # The sheet ends with its last ink; the preview goes on to the end of the last line.
    assert 0 <= sheet.height - printed.height < 20
    assert sheet.crop((0, 0, sheet.width, printed.height)).tobytes() == printed.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_no_job_holds_a_real_time_command(name: str) -> None:
    chance = random.Random(10)
    layout = profile.layout(profile.load(name), paper_mm(name))
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي "
    for _ in range(30):
        text = "".join(chance.choice(letters) for _ in range(40))
        job = composition.compose(Paper("x", (Text(text, chance.uniform(3, 8)),)), layout, {}).data
        assert not any(sequence in job for sequence in commands.REAL_TIME)


@pytest.mark.parametrize("sequence", commands.REAL_TIME)
@pytest.mark.parametrize("bytes_apart", [0, 1, 7])
def test_a_picture_made_of_real_time_commands_is_sent_without_them(sequence: bytes, bytes_apart: int) -> None:
    row = (sequence + b"\x20" * bytes_apart) * 8
    picture = Picture(len(row) * 8, 12, row * 12)
    placed, _ = raster.placed(picture, 128, 40, 0, 4000)
    graphic = raster.safe_graphic(picture)
    stored = commands.define_graphic(b"AA", graphic.width, graphic.rows, graphic.data, lasting=True)
    for data in (placed, raster.centred(picture, 128), stored):
        assert not any(each in data for each in commands.REAL_TIME)


def test_the_qr_commands_are_those_of_python_escpos() -> None:
    theirs = Dummy(profile="TM-T20II")
    theirs.qr("https://status.example/t/1", native=True, size=5, ec=1)
    assert commands.qr("https://status.example/t/1", 5) == theirs.output


@pytest.mark.parametrize("name", NAMES)
def test_stored_lines_make_the_same_paper_of_fewer_bytes(name: str) -> None:
    layout = profile.layout(profile.load(name), paper_mm(name))
    plain = composition.compose(PAPER, layout, {})
    keys = {g.digest: StoredKey(bytes((65, 65 + n)), True) for n, g in enumerate(plain.wanted)}
    stored = composition.compose(PAPER, layout, keys)
    if not layout.profile.nv_graphics:
        assert keys == {}
        assert stored == plain
        return
    assert len(stored.data) < 1300
    assert stored.wanted == ()
    simulator = PrinterSimulator(layout.profile)
    for graphic in plain.wanted:
        p, key = graphic.picture, keys[graphic.digest].key
        simulator.receive(commands.define_graphic(key, p.width, p.rows, p.data, lasting=True))
    simulator.receive(stored.data)
    assert simulator.sheets[0].image.tobytes() == _printed(plain.data, name).tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_a_job_leaves_the_printer_as_after_switching_on(name: str) -> None:
    """Whatever else prints there, a technician's own test too, finds no margin, no large letters, no small units."""
    layout = profile.layout(profile.load(name), paper_mm(name))
    job = composition.compose(PAPER, layout, {}).data
    assert job.endswith(commands.INITIALIZE + commands.AUTOMATIC_STATUS_ON * layout.profile.automatic_status)
    cut = {"partial": commands.PARTIAL_CUT, "full": commands.FULL_CUT, "none": b""}[layout.profile.cutter]
    assert cut in job[-16:]


@pytest.mark.parametrize("name", NAMES)
def test_the_printers_own_letters_are_never_stretched(name: str) -> None:
    """Digits of any size and small print are left to the printer, at once or twice its size; words are not."""
    layout = profile.layout(profile.load(name), paper_mm(name))
    sizes = (3.0, 3.6, 4.4, 5.0, 6.0, 8.0)
    natives = {
        (op.text, op.size_mm): (piece.scale_x, piece.scale_y)
        for op in (Text(text, size, direction="ltr") for text in ("2026/11/24", "Valid today") for size in sizes)
        for piece in pieces_of([op], layout)
        if isinstance(piece, Native)
    }
    if not layout.profile.native_text:
        assert natives == {}
        return
    assert all(scale_x == scale_y for scale_x, scale_y in natives.values())
    assert [size for text, size in natives if text == "2026/11/24"] == list(sizes)
    assert [size for text, size in natives if text == "Valid today"] == [3.0]


def test_another_text_is_another_graphic() -> None:
    layout = profile.layout(profile.load("epson-tm-t20iii"), 80)
    papers = [Paper("x", (Text(text, 4.0, fixed=True),)) for text in ("صالح اليوم", "صالح غداً", "صالح اليوم")]
    first, second, third = (composition.compose(paper, layout, {}).wanted[0].digest for paper in papers)
    assert first != second
    assert first == third


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", ["B2014", "B2·014", "A1·0000", "1001"])
def test_the_number_is_twelve_millimetres_high_and_inside_the_paper(name: str, number: str) -> None:
    for mm in (58, 80) if paper_mm(name) == 80 else (58,):
        layout = profile.layout(profile.load(name), mm)
        printed = _printed(composition.compose(Paper("x", (Number(number),)), layout, {}).data, name)
        ink = printed.convert("L").point([255 if v == 0 else 0 for v in range(256)]).getbbox()
        assert ink is not None
        assert ink[2] <= layout.width_dots
        # The simulator's own letters stand for the printer's font; its digits are 15 rows of 24, as emupos has them.
        assert layout.profile.millimetres(ink[3] - ink[1]) >= 12.0


@pytest.mark.parametrize(
    ("model", "is_fast", "is_drawn"),
    [("", False, False), ("", True, True), ("nv_graphics = true", False, True), ("ram_graphics = true", False, True)],
)
def test_an_emblem_is_left_out_where_it_would_take_too_long(model: str, is_fast: bool, is_drawn: bool) -> None:
    emblem = Emblem(brand().picture("emblem") or b"", 9.0)
    layout = profile.layout(profile.parse(f'name = "x"\n{model}', "ours"), 80, is_fast=is_fast)
    assert any(isinstance(piece, Ink) for piece in pieces_of([emblem], layout)) is is_drawn


def test_pictures_go_out_in_slices_that_small_buffers_hold() -> None:
    layout = profile.layout(profile.load("pos-5890"), 58)
    job = composition.compose(Paper("x", (Qr("x" * 100, 1.2),)), layout, {}).data
    at = job.index(b"\x1dv0")
    heights = []
    while at >= 0:
        wide, rows = int.from_bytes(job[at + 4 : at + 6], "little"), int.from_bytes(job[at + 6 : at + 8], "little")
        heights.append(rows)
        at = job.find(b"\x1dv0", at + 8 + wide * rows)
    assert len(heights) > 1
    assert max(heights) <= 128


def test_digits_that_the_printers_own_letters_cannot_make_tall_enough_are_drawn() -> None:
    small = profile.parse('name = "x"\nmax_scale = 2', "ours")
    pieces = list(pieces_of([Number("B2014")], profile.layout(small, 80)))
    assert not [piece for piece in pieces if isinstance(piece, Native)]
