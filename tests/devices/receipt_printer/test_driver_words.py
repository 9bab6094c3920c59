"""What the driver says of a printer to a technician, and of a job that the printer holds, in every step of it."""

from itertools import pairwise
from pathlib import Path

import pytest

from devices.protocols import DeviceState, NotPrinted, PaperState, Printed, PrinterReport, PrinterStatus, Unknown
from devices.receipt_printer import commands
from tests.kit.printers import PAPER, Bench

FINE = PrinterStatus(DeviceState.ONLINE, PaperState.FULL)
HOLDS = PrinterStatus(DeviceState.BUSY, PaperState.FULL, "holds a job")


@pytest.mark.parametrize(
    ("name", "process_id", "fence", "serial"),
    [
        ("epson-tm-t20iii", True, "GS ( H", "SIM0001"), ("epson-tm-t20iii", False, "GS r", "SIM0001"),
        ("generic-80mm", False, "GS r", ""),
    ],
)  # fmt: skip
def test_a_report_names_the_printer_its_proof_and_its_graphics(
    name: str, process_id: bool, fence: str, serial: str
) -> None:
    bench = Bench(name, process_id=process_id)
    bench.printer.want([PAPER])
    keeps = bool(serial)
    waiting = bench.printer.report().waiting_graphics
    assert bench.printer.report() == PrinterReport(FINE, bench.profile.name, fence, serial, 0, waiting)
    assert (waiting > 0) is keeps
    stored = 0
    while bench.printer.store_next_graphic():
        stored += 1
        found = bench.printer.report()
        assert (found.stored_graphics, found.waiting_graphics) == (stored, waiting - stored)
    assert stored == waiting
    bench.simulator.faults.silent = True
    silent = PrinterStatus(DeviceState.OFFLINE, PaperState.UNKNOWN, "no answer")
    assert bench.printer.report() == PrinterReport(silent, bench.profile.name, fence, serial, stored, 0)
    assert bench.printer.store_next_graphic() is False


def test_a_job_that_is_held_is_told_as_busy_once_there_is_paper_and_ends_once() -> None:
    bench = Bench()
    assert bench.printer.status() == FINE
    assert (bench.printer.holds_job, bench.printer.settle()) == (False, None)
    bench.simulator.faults.out_after_rows = 200
    assert bench.printer.print(PAPER) == Unknown(PaperState.OUT, holds_job=True)
    assert bench.printer.holds_job
    assert bench.printer.status() == PrinterStatus(DeviceState.ONLINE, PaperState.OUT)
    bench.printer.want([PAPER])
    assert bench.printer.store_next_graphic() is False
    assert bench.printer.holds_job
    bench.simulator.faults.paper_out = False
    assert bench.printer.status() == HOLDS
    assert isinstance(bench.printer.settle(1.0), Printed)
    assert (bench.printer.holds_job, bench.printer.settle(), bench.printer.status()) == (False, None, FINE)
    assert bench.sheets() == 1


def test_while_nothing_is_known_of_a_held_job_it_is_waited_for_only_so_long() -> None:
    bench = Bench()
    bench.printer.status()
    bench.simulator.faults.out_after_rows = 200
    bench.printer.print(PAPER)
    began = bench.clock.now
    assert bench.printer.settle(0.5) is None
    assert 0.5 <= bench.clock.now - began < 0.6
    bench.simulator.faults.cover_open = True
    assert bench.printer.print(PAPER) == NotPrinted(DeviceState.USER_ERROR)
    assert bench.printer.holds_job, "a cover that is open settles nothing"
    bench.simulator.faults.cover_open = False
    bench.wire.cut_at = len(bench.wire.written)
    assert bench.printer.settle() == Unknown(DeviceState.NO_DEVICE)
    assert not bench.printer.holds_job


def test_the_port_is_let_go_and_opened_again() -> None:
    bench = Bench()
    bench.printer.status()
    bench.printer.status()
    assert bench.opened == 1
    wire = bench.wire
    bench.printer.close()
    assert wire.is_closed
    bench.printer.close()
    assert bench.printer.status() == FINE
    assert bench.opened == 2
    bench.wire.cut_at = len(bench.wire.written)
    assert bench.printer.status() == PrinterStatus(DeviceState.NO_DEVICE, PaperState.UNKNOWN, "port")
    assert bench.printer.print(PAPER).__class__ is Printed, "the port is there again"
    assert bench.opened == 3


def test_a_jam_is_tried_every_few_seconds_and_what_was_held_goes_on() -> None:
    for holds in (False, True):
        bench = Bench()
        bench.printer.status()
        if holds:
            bench.simulator.faults.out_after_rows = 200
            bench.printer.print(PAPER)
            bench.simulator.faults.paper_out = False
        bench.simulator.faults.cutter = True
        begun = len(bench.wire.written)
        states = [bench.printer.status() for _ in range(3)]
        assert states == [PrinterStatus(DeviceState.HARDWARE_ERROR, PaperState.JAMMED, "cutter")] * 3
        sent = bytes(bench.wire.written[begun:])
        tried = commands.RECOVER_AND_GO_ON if holds else commands.RECOVER_AND_FORGET
        other = commands.RECOVER_AND_FORGET if holds else commands.RECOVER_AND_GO_ON
        assert (sent.count(tried), sent.count(other)) == (1, 0)
        bench.clock.now += 60
        bench.printer.status()
        assert bytes(bench.wire.written[begun:]).count(tried) == 2


def test_what_an_earlier_process_left_in_the_slot_is_parted_from_the_first_paper_alone() -> None:
    bench = Bench()
    bench.printer.begin_afresh()
    written = []
    for _ in range(2):
        begun = len(bench.wire.written)
        assert isinstance(bench.printer.print(PAPER), Printed)
        written.append(bytes(bench.wire.written[begun:]))
    assert len(written[0]) > len(written[1])
    assert bench.sheets() == 2


def test_a_printer_that_nobody_left_a_job_in_is_not_cut_before_its_first_paper() -> None:
    for cuts, begins_afresh in ((1, False), (2, True)):
        bench = Bench()
        if begins_afresh:
            bench.printer.begin_afresh()
        assert isinstance(bench.printer.print(PAPER), Printed)
        assert bytes(bench.wire.written).count(commands.PARTIAL_CUT) == cuts


def test_a_jam_is_tried_again_after_five_seconds_and_no_later() -> None:
    bench = Bench()
    bench.simulator.faults.cutter = True
    tried: list[float] = []
    for _ in range(80):
        before = bytes(bench.wire.written).count(commands.RECOVER_AND_FORGET)
        began = bench.clock.now
        bench.printer.status()
        tried += [began] * (bytes(bench.wire.written).count(commands.RECOVER_AND_FORGET) - before)
        bench.clock.now += 0.2
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert len(gaps) >= 2
    assert all(4.9 <= gap <= 5.5 for gap in gaps)


def test_a_port_that_is_lost_before_the_first_byte_is_opened_again_at_once() -> None:
    bench = Bench()
    bench.printer.status()
    wire = bench.wire
    wire.cut_at = len(wire.written) + 4 * 3 + 1  # behind the four questions of how it is
    assert bench.printer.print(PAPER) == NotPrinted(DeviceState.NO_DEVICE)
    assert wire.is_closed
    assert (bench.printer.status(), bench.opened) == (FINE, 2)


def test_a_printer_that_fell_silent_is_asked_afresh_what_it_can_do() -> None:
    bench = Bench()
    bench.printer.status()
    probe = commands.process_id(b"idle")
    assert bytes(bench.wire.written).count(probe) == 1
    bench.printer.status()
    assert bytes(bench.wire.written).count(probe) == 1
    for is_silent, fine in ((True, False), (False, True)):
        bench.simulator.faults.silent = is_silent
        assert (bench.printer.status() == FINE) is fine
    assert bytes(bench.wire.written).count(probe) == 2, "it may have lost its power"
    assert bench.opened == 1


def test_a_printer_that_cannot_print_is_not_asked_for_its_pictures() -> None:
    bench = Bench()
    for paper_out, asks in ((False, 1), (True, 0)):
        bench.printer.status()
        bench.simulator.faults.paper_out = paper_out
        begun = len(bench.wire.written)
        bench.printer.report()
        assert bytes(bench.wire.written[begun:]).count(commands.NV_KEYS) == asks


def test_what_a_printer_keeps_from_before_is_not_uploaded_again(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path)
    bench.printer.want([PAPER])
    while bench.printer.store_next_graphic():
        pass
    writes = bench.simulator.nv_writes
    assert writes > 0
    bench.restart()
    bench.printer.want([PAPER])
    assert bench.printer.store_next_graphic() is False
    assert bench.simulator.nv_writes == writes
    assert bench.printer.report().waiting_graphics == 0
