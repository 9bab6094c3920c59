"""What the printer keeps is printed for just the text that it was made of, whatever crashes or is exchanged."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from devices.paper import Paper, Text
from devices.protocols import NotPrinted, Printed
from devices.receipt_printer import commands
from devices.receipt_printer.dialogue.graphics import NV_WRITES_A_DAY, StoredGraphics, key_for
from devices.receipt_printer.typeset import composition
from devices.receipt_printer.typeset.composition import LARGEST_GRAPHIC
from tests.kit.printers import PAPER, Bench


def _store_all(bench: Bench) -> None:
    while bench.printer.store_next_graphic():
        pass


def test_the_second_paper_uploads_nothing_and_looks_the_same(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    bench.printer.print(PAPER)
    _store_all(bench)
    writes = bench.simulator.nv_writes
    assert writes == 2
    began = bench.simulator.received
    assert isinstance(bench.printer.print(PAPER), Printed)
    assert bench.simulator.received - began < 1300
    _store_all(bench)
    assert bench.simulator.nv_writes == writes
    first, second = bench.simulator.sheets
    assert first.image.tobytes() == second.image.tobytes()
    bench.restart()
    assert isinstance(bench.printer.print(PAPER), Printed)
    _store_all(bench)
    assert bench.simulator.nv_writes == writes


def test_lists_of_keys_are_acknowledged_block_by_block_and_read_to_their_end(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    sheet = _printed_at_last(bench)
    _store_all(bench)
    ours = dict(bench.simulator.nv)
    bench.simulator.nv = {bytes((0x21 + n // 90, 0x21 + n % 90)): Image.new("1", (8, 8), 1) for n in range(95)} | ours
    began = bench.simulator.received
    assert _printed_at_last(bench) == sheet
    assert bench.simulator.received - began < 1300, "our keys stand in the last block too"
    assert bench.simulator.unknown == []


def test_a_crash_before_a_list_of_keys_was_acknowledged_costs_nothing(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    bench.simulator.receive(commands.NV_KEYS)
    assert isinstance(bench.printer.print(PAPER), Printed)
    assert len(bench.simulator.sheets) == 1
    assert bench.simulator.unknown[0] == b"no answer to a key list"


def test_ten_flash_writes_a_day_then_ram_until_it_loses_its_power(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    papers = [replace(PAPER, ops=(Text(f"خدمة {n}", 5.0, fixed=True), *PAPER.ops[2:])) for n in range(14)]
    bench.printer.want(papers)
    _store_all(bench)
    assert bench.simulator.nv_writes == 10
    assert len(bench.simulator.ram) == 5
    bench.simulator.lose_power()
    bench.simulator.gain_power()
    assert not bench.simulator.ram
    assert isinstance(bench.printer.print(papers[13]), Printed)  # as pictures again, since the key list lacks them
    bench.printer.want(papers)
    _store_all(bench)
    assert bench.simulator.nv_writes == 10
    assert len(bench.simulator.ram) == 5


@pytest.mark.parametrize(
    "torn",
    [
        b"",
        bytes(40),
        b"\xff" * 40,
        b'{"keys": {"',
        b'{"writes": {"\xff": 1}}',
        b'{"writes": {"2o782": 9}}',
        b"[" * 9999,
    ],
)
def test_a_torn_index_forgets_no_flash_write_of_today(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "printer-graphics.json").write_bytes(torn)
    bench = Bench(folder=tmp_path)
    bench.printer.want([PAPER])
    _store_all(bench)
    assert bench.simulator.nv_writes == 0
    assert bench.simulator.ram
    bench.clock.now += 86_400
    assert bench.graphics.nv_writes_left() == 10


def test_an_index_with_a_turned_bit_has_no_other_picture_printed(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    sheet = _printed_at_last(bench)
    _store_all(bench)
    path = tmp_path / "printer-graphics.json"
    index = json.loads(path.read_text())
    (keys,) = index["keys"].values()
    first, second, *_ = keys
    keys[first], keys[second] = keys[second], keys[first]
    path.write_text(json.dumps(index))
    bench.graphics = StoredGraphics(tmp_path, lambda: 1_800_000_000.0)
    bench.restart()
    assert _printed_at_last(bench) == sheet


def test_a_foreign_picture_under_our_key_is_never_printed(tmp_path: Path) -> None:
    """Another kiosk's printer is plugged in: its keys stand for what we do not know."""
    bench = Bench(folder=tmp_path)
    bench.printer.print(PAPER)
    _store_all(bench)
    other = Bench(folder=tmp_path)
    other.simulator.serial = "OTHER"
    other.simulator.nv = dict(bench.simulator.nv)
    began = other.simulator.received
    assert isinstance(other.printer.print(PAPER), Printed)
    assert other.simulator.received - began > 3000


@pytest.mark.parametrize("dies_at_upload_byte", [1, 40, 2000])
def test_a_power_loss_while_storing_leaves_no_half_picture_in_use(tmp_path: Path, dies_at_upload_byte: int) -> None:
    bench = Bench(folder=tmp_path)
    bench.printer.print(PAPER)
    bench.simulator.faults.dies_at = bench.simulator.received + 100 + dies_at_upload_byte
    _store_all(bench)
    bench.simulator.gain_power()
    for _ in range(20):
        result = bench.printer.print(PAPER)
        if isinstance(result, Printed):
            break
    assert isinstance(result, Printed)
    fresh = Bench()
    fresh.printer.print(PAPER)
    ours, theirs = bench.simulator.sheets[-1].image, fresh.simulator.sheets[-1].image
    assert ours.tobytes() == theirs.tobytes()


def _printed_at_last(bench: Bench) -> bytes:
    """Print until the printer has swallowed what it waited for; return the sheet. No paper may be lost meanwhile."""
    for _ in range(40):
        result = bench.printer.print(PAPER)
        if isinstance(result, Printed):
            return bench.simulator.sheets[-1].image.tobytes()
        assert isinstance(result, NotPrinted)
    raise AssertionError("never printed")


@pytest.mark.parametrize("dies_at_upload_byte", [60, 700, 2000, 3900])
def test_a_picture_cut_short_by_a_crash_is_never_printed_though_the_printer_lists_it(
    tmp_path: Path, dies_at_upload_byte: int
) -> None:
    """The printer takes whatever comes next for the rest of the picture, and then holds it under our key."""
    bench = Bench(folder=tmp_path)
    sheet = _printed_at_last(bench)
    bench.wire.cut_at = len(bench.wire.written) + 100 + dies_at_upload_byte
    _store_all(bench)
    after_the_crash = Bench(folder=tmp_path)
    after_the_crash.simulator = bench.simulator
    assert _printed_at_last(after_the_crash) == sheet
    assert bench.simulator.nv, "the filled-up picture is in the printer"
    _store_all(after_the_crash)
    assert _printed_at_last(after_the_crash) == sheet
    assert after_the_crash.printer.report().stored_graphics == 2


def test_the_largest_picture_cut_short_at_its_first_byte_is_filled_up_before_a_paper_is_sent(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    lines = ["براءة ذمة من مجلس المدينة"]
    while len(composition.graphics([_fixed(lines)], bench.layout)) == 1:
        lines.append(lines[0])
    assert composition.graphics([_fixed(lines)], bench.layout) == (), "one more line is too much to be stored"
    (largest,) = composition.graphics([_fixed(lines[1:])], bench.layout)
    assert len(largest.picture.data) > LARGEST_GRAPHIC * 0.8
    define = commands.define_graphic(
        b"AA", largest.picture.width, largest.picture.rows, largest.picture.data, lasting=True
    )
    bench.simulator.receive(define[:20])
    assert _printed_at_last(bench)
    assert bench.simulator.nv.keys() == {b"AA"}


def _fixed(lines: list[str]) -> Paper:
    return Paper("x", tuple(Text(line, 4.0, fixed=True) for line in lines))


def test_the_flash_of_a_printer_that_names_no_serial_is_neither_written_nor_read(tmp_path: Path) -> None:
    """Two kiosks change their printers: what lies there under a key may be the other one's."""
    bench = Bench(folder=tmp_path)
    sheet = _printed_at_last(bench)
    _store_all(bench)
    index = tmp_path / "printer-graphics.json"
    index.write_text(index.read_text("utf-8").replace("SIM0001", ""), "utf-8")
    other = Bench(folder=tmp_path)
    other.simulator.serial = ""
    other.simulator.nv = {key: picture.rotate(180) for key, picture in bench.simulator.nv.items()}
    assert _printed_at_last(other) == sheet
    _store_all(other)
    assert other.simulator.nv_writes == 0
    assert len(other.simulator.ram) == 2
    assert _printed_at_last(other) == sheet


def test_a_key_stands_for_one_picture_in_both_memories(tmp_path: Path) -> None:
    """Flash holds a key that the index does not know: the same key in RAM would make it known."""
    bench = Bench(folder=tmp_path)
    sheet = _printed_at_last(bench)
    blank = Image.new("1", (8, 8), 1)
    for graphic in composition.graphics([PAPER], bench.layout):
        bench.simulator.nv[key_for(graphic.digest, frozenset())] = blank
    for _ in range(NV_WRITES_A_DAY):
        bench.graphics.count_nv_write()
    _store_all(bench)
    assert len(bench.simulator.ram) == 2
    assert _printed_at_last(bench) == sheet
