"""Bands and job bytes read back: every dot where it was meant, within bytes, rows and paper, for the fewest bytes."""

import random
from itertools import pairwise

import pytest

from devices.receipt_printer import commands
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.profile import Layout
from devices.receipt_printer.typeset import raster, typesetting
from devices.receipt_printer.typeset.job_writer import JobWriter, parting
from devices.receipt_printer.typeset.pieces import Feed, Ink, Native, NativeQr
from devices.receipt_printer.typeset.typesetting import Picture

BAND_COST = 12


def ink_of(picture: Picture, left: int = 0) -> set[tuple[int, int]]:
    """Return column and row of each black dot in full size."""
    scale = 2 if picture.doubled else 1
    found = set()
    for row in range(picture.rows):
        for column in range(picture.row_bytes * 8):
            if picture.data[row * picture.row_bytes + column // 8] & 0x80 >> column % 8:
                places = [(column * scale + x, row * scale + y) for x in range(scale) for y in range(scale)]
                found |= {(left + x, y) for x, y in places}
    return found


def read_back(data: bytes, margin: int) -> tuple[set[tuple[int, int]], list[tuple[int, int]], int]:
    """Return the ink of GS L and GS v 0 commands, the rows and right edge of each picture, and the last margin."""
    at, top = 0, 0
    ink: set[tuple[int, int]] = set()
    sizes = []
    while at < len(data):
        if data[at : at + 2] == b"\x1dL":
            margin, at = int.from_bytes(data[at + 2 : at + 4], "little"), at + 4
            continue
        assert data[at : at + 3] == b"\x1dv0"
        scale = 2 if data[at + 3] == 3 else 1
        wide, rows = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (4, 6))
        picture = Picture(wide * 8, rows, data[at + 8 : at + 8 + wide * rows], scale == 2)
        ink |= {(x, top + y) for x, y in ink_of(picture, margin)}
        sizes.append((rows * scale, margin + wide * 8 * scale))
        top, at = top + rows * scale, at + 8 + wide * rows
    return ink, sizes, margin


def some_pictures() -> list[Picture]:
    """Return pictures of which none has to be changed lest it hold a real-time command."""
    chance = random.Random(2)
    found = []
    for _ in range(60):
        width, rows, density = chance.randint(1, 40), chance.randint(1, 9), chance.choice((0.02, 0.2, 0.8))
        lines = [[chance.random() < density for _ in range(width)] for _ in range(rows)]
        data = b"".join(
            int("".join("01"[dot] for dot in line).ljust((width + 7) // 8 * 8, "0"), 2).to_bytes((width + 7) // 8)
            for line in lines
        )
        found.append(Picture(width, rows, data, chance.random() < 0.4))
    return found


PICTURES = some_pictures()


@pytest.mark.parametrize("left", [0, 3, 24])
def test_a_placed_picture_lies_where_it_was_put_in_pieces_that_stay_on_the_paper(left: int) -> None:
    for picture in PICTURES:
        scale = 2 if picture.doubled else 1
        paper = left + (picture.row_bytes * 8 * scale)
        data, margin = raster.placed(picture, 6, left, 17, paper)
        ink, sizes, last = read_back(data, 17)
        assert ink == ink_of(picture, left)
        assert last == margin
        assert all(rows <= 6 and right <= paper for rows, right in sizes)
        margins = [17] + [int.from_bytes(part[:2], "little") for part in data.split(b"\x1dL")[1:]]
        assert all(one != other for one, other in pairwise(margins)), "a margin is set only where it changes"


def test_a_centred_picture_is_sent_in_steps_with_as_much_white_on_both_sides() -> None:
    for picture in PICTURES:
        scale = 2 if picture.doubled else 1
        spare = (picture.row_bytes * 8 - picture.width) // 2 * scale
        ink, sizes, _ = read_back(raster.centred(picture, 6), 0)
        assert ink == ink_of(picture, spare)
        step = 6 // scale * scale
        rows = picture.rows * scale
        assert [high for high, _ in sizes] == [min(step, rows - top) for top in range(0, rows, step)]


def test_bands_cost_the_fewest_bytes_of_all_ways_to_cut() -> None:
    def width(picture: Picture, begin: int, end: int) -> int:
        columns = {x for x, y in ink_of(Picture(picture.width, picture.rows, picture.data)) if begin <= y < end}
        return max(1, (max(columns) - min(columns) + 8) // 8) if columns else 1

    for picture in PICTURES:
        cheapest = [0]
        for end in range(1, picture.rows + 1):
            ways = (
                cheapest[begin] + BAND_COST + (end - begin) * width(picture, begin, end)
                for begin in range(max(0, end - 4), end)
            )
            cheapest.append(min(ways))
        found = raster.bands(picture, 4)
        assert sum(BAND_COST + len(band.picture.data) for band in found) == cheapest[-1]
        assert sum(band.picture.rows for band in found) == picture.rows
        assert all(band.picture.rows <= 4 and band.picture.doubled is picture.doubled for band in found)


@pytest.mark.parametrize("sequence", commands.REAL_TIME)
def test_where_no_shift_helps_single_dots_are_added_beside_black_ones(sequence: bytes) -> None:
    bits = "".join(f"{int.from_bytes(sequence, 'big') << shift:024b}" for shift in range(8))
    picture = Picture(len(bits), 4, int(bits, 2).to_bytes(len(bits) // 8, "big") * 4)
    data, _ = raster.placed(picture, 128, 16, 0, 4000)
    safe = raster.safe_graphic(picture)
    stored = commands.define_graphic(b"AA", safe.width, safe.rows, safe.data, lasting=True)
    assert not any(each in data + stored for each in commands.REAL_TIME)
    for ink, meant in ((read_back(data, 0)[0], ink_of(picture, 16)), (ink_of(safe), ink_of(picture))):
        assert meant < ink
        assert all((x - 1, y) in meant for x, y in ink - meant)
        assert len(ink - meant) <= 4 * 3


def test_a_height_that_looks_like_a_real_time_command_is_made_another_by_a_blank_row() -> None:
    picture = Picture(8, 0x0410, b"\x80" * 0x0410)
    ink, sizes, _ = read_back(raster.centred(picture, 2000), 0)
    assert (ink, sizes) == (ink_of(picture), [(0x0411, 8)])


def test_a_kept_picture_has_the_dots_of_the_picture() -> None:
    for picture in PICTURES:
        safe = raster.safe_graphic(picture)
        assert (safe.width % 8, safe.rows) == (0, picture.rows)
        first = min((x for x, _ in ink_of(safe)), default=0) - min((x for x, _ in ink_of(picture)), default=0)
        assert 0 <= first < 16
        assert ink_of(safe) == ink_of(picture, first)


# --- jobs -----------------------------------------------------------------------------------------------------------

PROFILE = 'name = "x"\nfont_a = [12, 24]\ndpi = 203\n'
ON = commands.INITIALIZE + commands.AUTOMATIC_STATUS_ON
BAR = Picture(16, 2, b"\xff" * 4)


def writer(more: str = "") -> JobWriter:
    return JobWriter(Layout(profiles.parse(PROFILE + more, "ours"), 96))


@pytest.mark.parametrize(
    ("more", "begins", "ends"),
    [
        ("", b"", commands.PARTIAL_CUT + ON),
        ('cutter = "full"\nsmoothing = true', commands.SMOOTH, commands.FULL_CUT + ON),
        ('cutter = "none"\ntear_off_mm = 15\nmargins = false', commands.CENTRE, commands.feed(120) + ON),
    ],
)
def test_a_job_begins_with_its_units_and_area_and_ends_as_after_switching_on(
    more: str, begins: bytes, ends: bytes
) -> None:
    job = writer(more)
    assert job.end() == ON + commands.motion_units(203) + commands.area(96) + begins + ends
    assert job.rows == 120
    assert ends.startswith(parting(job._profile))


def test_without_automatic_status_none_is_asked_for() -> None:
    data = writer("automatic_status = false").end()
    assert data.startswith(commands.INITIALIZE + commands.motion_units(203))
    assert data.endswith(commands.PARTIAL_CUT + commands.INITIALIZE)


def body(job: JobWriter) -> tuple[bytes, int]:
    rows, data = job.rows, job.end()
    start = len(ON + commands.motion_units(203) + commands.area(96))
    return data[start : -len(commands.PARTIAL_CUT + ON)], job.rows - rows


def test_pieces_are_centred_fed_apart_and_counted() -> None:
    job = writer()
    job.pieces([Feed(5), Feed(3), Ink(BAR), Feed(7), NativeQr("x", 2), Ink(Picture(8, 1, b"\xff", doubled=True))])
    side = typesetting.qr_side("x") * 2
    assert side == 42
    assert job.rows == 8 + 2 + 7 + 42 + 2
    job.stored(4, BAR, b"AB", 6, lasting=True)
    job.stored(0, BAR, b"AC", 1, lasting=False)
    assert job.rows == 61 + 4 + 2 + 6 + 2
    assert body(job) == (
        commands.feed(8) + commands.margin(40) + commands.raster(2, 2, BAR.data)
        + commands.feed(7) + commands.margin(27) + commands.qr("x", 2)
        + commands.margin(40) + commands.raster(1, 1, b"\xff", doubled=True)
        + commands.feed(4) + commands.print_graphic(b"AB", lasting=True)
        + commands.feed(6) + commands.print_graphic(b"AC", lasting=False) + commands.feed(1),
        1 + 120,
    )  # fmt: skip


def test_the_printers_own_letters_take_the_blank_rows_of_their_cells_for_those_beside_them() -> None:
    job = writer()
    job.pieces([Feed(20), Native("B1", 2, 2, True, 9, 9), Feed(5), Feed(14), Native("2·3", 1, 1), Feed(2)])
    assert body(job) == (
        commands.feed(11) + commands.margin(24) + commands.character_size(2, 2)
        + commands.emphasized(on=True) + b"B1" + commands.emphasized(on=False) + commands.feed(48 + 10)
        + commands.margin(30) + commands.character_size(1, 1) + commands.PAGE_437 + b"2\xfa3" + commands.feed(24 + 2),
        26 + 120,
    )  # fmt: skip
    narrow = writer()
    narrow.pieces([Feed(3), Native("1", 1, 1, above=9), Native("2", 1, 1, above=9), Native("123456789", 1, 1)])
    assert body(narrow)[0] == (
        commands.margin(42) + b"1" + commands.feed(24) + b"2" + commands.feed(24)
        + commands.margin(0) + b"123456789" + commands.feed(24)
    )  # fmt: skip
    centred = writer("margins = false")
    centred.pieces([Native("1", 1, 1), Ink(BAR)])
    assert body(centred)[0] == commands.CENTRE + b"1" + commands.feed(24) + commands.raster(2, 2, BAR.data)
