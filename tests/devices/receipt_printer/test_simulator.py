"""The simulated printer command by command: what stands on the paper, what it answers, and how each fault shows."""

import pytest
from PIL import Image

from devices.receipt_printer import commands, profile
from devices.receipt_printer.profile import Profile
from devices.receipt_printer.simulator.simulated_roll import Sheet
from devices.receipt_printer.simulator.simulator import PrinterSimulator

EPSON = profile.load("epson-tm-t20iii")
PLAIN = profile.load("generic-80mm")
BAR = commands.raster(2, 3, b"\xff\xf0" * 3)  # 12 dots of 16, in three rows
CUT = commands.FULL_CUT


def _ink(sheet: Sheet) -> tuple[int, int, int, int] | None:
    """Return the box of what is black."""
    return sheet.image.convert("L").point([255 if v == 0 else 0 for v in range(256)]).getbbox()


def _printed(data: bytes, of: Profile = EPSON) -> tuple[PrinterSimulator, Sheet]:
    simulator = PrinterSimulator(of)
    assert simulator.receive(data + CUT) == b""
    assert simulator.unknown == []
    (sheet,) = simulator.sheets
    return simulator, sheet


@pytest.mark.parametrize(
    ("data", "ink", "height"),
    [
        (BAR, (0, 0, 12, 3), 3),
        (commands.feed(7) + BAR, (0, 7, 12, 10), 10),
        (commands.feed(300) + BAR, (0, 300, 12, 303), 303),
        (BAR + commands.feed(5) + BAR, (0, 0, 12, 11), 11),
        (commands.raster(2, 3, b"\xff\xf0" * 3, doubled=True), (0, 0, 24, 6), 6),
        (commands.margin(40) + BAR, (40, 0, 52, 3), 3),
        (commands.CENTRE + BAR, (280, 0, 292, 3), 3),
        (commands.area(100) + commands.CENTRE + BAR, (42, 0, 54, 3), 3),
        (commands.area(100) + commands.margin(500) + commands.CENTRE + BAR, (530, 0, 542, 3), 3),
        (commands.CENTRE + commands.INITIALIZE + BAR, (0, 0, 12, 3), 3),
        (commands.CENTRE + b"\x1ba\x00" + BAR, (0, 0, 12, 3), 3),
    ],
)
def test_a_picture_stands_where_margin_width_and_feeds_put_it(
    data: bytes, ink: tuple[int, int, int, int], height: int
) -> None:
    _, sheet = _printed(data)
    assert (_ink(sheet), sheet.image.size) == (ink, (576, height))


def test_what_is_wider_than_its_room_is_clipped_and_named() -> None:
    wide = commands.raster(73, 1, b"\xff" * 73)
    for data in (wide, commands.margin(570) + BAR, commands.area(8) + BAR):
        simulator = PrinterSimulator(EPSON)
        simulator.receive(data + CUT)
        assert simulator.unknown == [b"wider than the paper"]
    simulator = PrinterSimulator(EPSON)
    simulator.receive(commands.raster(72, 1, b"\xff" * 72) + commands.margin(560) + BAR + CUT)
    assert simulator.unknown == []


def test_letters_are_printed_by_the_next_feed_or_cut_as_large_as_is_set() -> None:
    _, sheet = _printed(b"AB" + commands.feed(30) + b"C")
    assert (sheet.texts, sheet.codes, sheet.image.size) == (("AB", "C"), (), (576, 54))
    _, large = _printed(commands.character_size(3, 2) + b"AB")
    assert large.image.size == (576, 48)
    box, twice = _ink(sheet), _ink(large)
    assert box is not None
    assert twice is not None
    assert 24 < twice[2] <= 72
    small = _printed(b"II")[1].image.crop((0, 0, 24, 24))
    _, bold = _printed(commands.emphasized(on=True) + b"II")
    assert _black(bold.image) > _black(small)
    _, half = _printed(commands.emphasized(on=True) + b"I" + commands.emphasized(on=False) + b"I")
    assert _black(small) < _black(half.image) < _black(bold.image)
    smooth = _printed(commands.character_size(4, 4) + commands.SMOOTH + b"S")[1].image
    assert smooth.tobytes() != _printed(commands.character_size(4, 4) + b"S")[1].image.tobytes()
    assert _printed(b"AB" + commands.feed(30) + BAR)[1].image.size == (576, 33)
    assert _printed(b"AB" + commands.feed(3) + BAR)[1].image.size == (576, 27), "a line takes its height at least"


def _black(image: Image.Image) -> int:
    return image.convert("L").histogram()[0]


def test_a_code_has_its_module_size_and_a_printer_without_codes_says_so() -> None:
    _, sheet = _printed(commands.qr("HELLO", 4))
    assert sheet.codes == ("HELLO",)
    ink = _ink(sheet)
    assert ink is not None
    assert (ink[2] - ink[0]) % 4 == 0
    larger = _ink(_printed(commands.qr("HELLO", 8))[1])
    assert larger is not None
    assert larger[2] - larger[0] == 2 * (ink[2] - ink[0])
    other = PrinterSimulator(PLAIN)
    other.receive(commands.qr("HELLO", 4))
    assert set(other.unknown) == {b"GS ( k"}


def test_graphics_are_kept_by_key_told_in_lists_and_the_lasting_ones_outlive_a_cut_of_power() -> None:
    simulator = PrinterSimulator(EPSON)
    picture = b"\xff" * 4
    for key, lasting in ((b"AA", True), (b"BB", False)):
        simulator.receive(commands.define_graphic(key, 8, 4, picture, lasting=lasting))
    assert (set(simulator.nv), set(simulator.ram), simulator.nv_writes) == ({b"AA"}, {b"BB"}, 1)
    assert simulator.room == 256 * 1024 - 26
    assert simulator.receive(commands.NV_ROOM) == b"\x371262118\x00"
    assert simulator.receive(commands.RAM_ROOM) == b"\x372262118\x00"
    assert simulator.receive(commands.NV_KEYS) == b"\x37\x72\x40AA\x00"
    assert simulator.receive(commands.ACKNOWLEDGE) == b""
    assert simulator.receive(commands.RAM_KEYS) == b"\x37\x73\x40BB\x00"
    simulator.receive(commands.ACKNOWLEDGE)
    simulator.receive(commands.print_graphic(b"AA", lasting=True) + commands.print_graphic(b"BB", lasting=True) + CUT)
    assert [_ink(sheet) for sheet in simulator.sheets] == [(0, 0, 8, 4)], "no such key prints nothing"
    simulator.lose_power()
    assert simulator.receive(BAR) == b""
    simulator.gain_power()
    assert (set(simulator.nv), set(simulator.ram)) == ({b"AA"}, set())
    simulator.receive(b"\x1d(L\x04\x000BAA")
    assert simulator.nv == {}
    assert simulator.receive(commands.NV_KEYS) == b"\x37\x72\x40\x00"
    simulator.receive(b"x")
    assert simulator.unknown == [b"no answer to a key list"]
    other = PrinterSimulator(PLAIN)
    assert other.receive(commands.NV_KEYS + commands.RAM_KEYS) == b""
    assert other.unknown == [b"GS ( L"] * 2


def test_a_long_list_of_keys_is_told_in_blocks_of_forty() -> None:
    simulator = PrinterSimulator(EPSON)
    keys = [f"{number:02}".encode() for number in range(90)]
    for key in keys:
        simulator.receive(commands.define_graphic(key, 8, 1, b"\xff", lasting=False))
    found = simulator.receive(commands.RAM_KEYS)
    assert found == b"\x37\x73\x41" + b"".join(keys[:40]) + b"\0"
    assert simulator.receive(commands.ACKNOWLEDGE) == b"\x37\x73\x41" + b"".join(keys[40:80]) + b"\0"
    assert simulator.receive(commands.ACKNOWLEDGE) == b"\x37\x73\x40" + b"".join(keys[80:]) + b"\0"
    assert simulator.receive(commands.ACKNOWLEDGE + BAR + CUT) == b""
    assert len(simulator.sheets) == 1


def test_it_says_who_it_is_how_much_paper_there_is_and_which_job_has_come_to_its_end() -> None:
    simulator = PrinterSimulator(EPSON, serial="S1")
    assert simulator.receive(commands.SERIAL_NUMBER) == b"\x5fS1\x00"
    assert simulator.receive(b"\x1dIC") == b"\x5fTM-T20III\x00"
    assert simulator.receive(b"\x1dIX") == b""
    assert simulator.receive(commands.PAPER_STATUS) == b"\x00"
    simulator.faults.near_end = True
    assert simulator.receive(commands.PAPER_STATUS) == b"\x03"
    assert simulator.receive(commands.process_id(b"abcd")) == b"\x37\x22abcd\x00"
    assert PrinterSimulator(EPSON, serial="").receive(commands.SERIAL_NUMBER) == b""
    without = PrinterSimulator(EPSON, process_id=False)
    assert without.receive(commands.process_id(b"abcd")) == b""
    assert without.unknown == [b"GS ( H"]
    assert without.receive(b"\x01\x00") == b""
    assert without.unknown == [b"GS ( H", b"\x01"]


@pytest.mark.parametrize("cut", [1, 2, 3, 7])
def test_a_job_reads_the_same_in_whatever_pieces_it_comes(cut: int) -> None:
    job = commands.INITIALIZE + commands.PAGE_437 + commands.motion_units(203) + commands.CENTRE + BAR + b"A1"
    job += (
        commands.feed(260) + commands.qr("HELLO", 3) + commands.define_graphic(b"AA", 8, 2, b"\xff\xff", lasting=True)
    )
    job += commands.print_graphic(b"AA", lasting=True) + commands.PARTIAL_CUT
    whole, pieces = PrinterSimulator(EPSON), PrinterSimulator(EPSON)
    whole.receive(job)
    for at in range(0, len(job), cut):
        pieces.receive(job[at : at + cut])
    assert (whole.unknown, pieces.unknown, pieces.received) == ([], [], len(job))
    assert [sheet.image.tobytes() for sheet in pieces.sheets] == [sheet.image.tobytes() for sheet in whole.sheets]
    assert whole.sheets[0].texts == ("A1",)
