"""How each fault of the simulated printer shows, what it holds up, and what a cut of power leaves."""

from dataclasses import fields
from typing import Any

import pytest

from devices.receipt_printer import commands, profile
from devices.receipt_printer.simulator.faults import Faults
from devices.receipt_printer.simulator.simulator import PrinterSimulator

EPSON = profile.load("epson-tm-t20iii")
BAR = commands.raster(2, 3, b"\xff\xf0" * 3)
CUT = commands.FULL_CUT

STATES: dict[str, tuple[str, str]] = {
    # DLE EOT 1 to 4, and the four bytes of automatic status
    "": ("12121212", "1000000f"),
    "paper_out": ("1a32127e", "18000f0f"),
    "near_end": ("1212121e", "1000030f"),
    "cover_open": ("1a161212", "3800000f"),
    "offline": ("1a121212", "1800000f"),
    "cutter": ("1a521a12", "1808000f"),
    "waits_for_recovery": ("1a521a12", "1808000f"),
    "hot": ("1a125212", "1840000f"),
    "broken": ("1a523212", "1820000f"),
    "silent": ("12121212", "1000000f"),
}


@pytest.mark.parametrize("fault", STATES)
def test_each_fault_shows_as_the_manual_says_and_holds_up_what_it_must(fault: str) -> None:
    assert {field.name for field in fields(Faults)} - {"dies_at", "out_after_rows"} == set(STATES) - {""}
    told: dict[str, Any] = {fault: True} if fault else {}
    faults = Faults(**told)
    real_time, automatic = STATES[fault]
    assert b"".join(faults.real_time(number) for number in range(1, 5)).hex() == real_time
    assert faults.automatic().hex() == automatic
    assert faults.blocks is (fault not in ("", "near_end", "silent"))
    simulator = PrinterSimulator(EPSON)
    simulator.faults = faults
    answer = simulator.receive(BAR + CUT + b"".join(map(commands.real_time_status, range(1, 5))))
    assert answer.hex() == ("" if fault == "silent" else real_time)
    assert len(simulator.sheets) == (0 if faults.blocks else 1)
    simulator.faults = Faults()
    simulator.tick(0.0)
    assert len(simulator.sheets) == 1, "what was held up goes on"


def test_status_is_said_by_itself_when_it_changes() -> None:
    simulator = PrinterSimulator(EPSON)
    assert simulator.tick(0.0) == b""
    assert simulator.receive(commands.AUTOMATIC_STATUS_ON).hex() == "1000000f"
    assert simulator.tick(0.0) == b""
    simulator.faults.cover_open = True
    assert [simulator.tick(0.0).hex(), simulator.tick(0.0).hex()] == ["3800000f", ""]
    simulator.faults.cover_open = False
    simulator.faults.silent = True
    assert (simulator.tick(0.0), simulator.receive(commands.PAPER_STATUS)) == (b"", b"")
    simulator.faults.silent = False
    assert simulator.receive(b"\x1da\x00") == b""
    assert simulator.tick(0.0) == b""


def test_a_power_that_fails_in_the_middle_leaves_a_part_and_forgets_the_rest() -> None:
    simulator = PrinterSimulator(EPSON)
    simulator.faults.dies_at = len(BAR) + 5
    assert simulator.receive(BAR[:4]) == b""
    powered = [simulator.powered]
    simulator.receive(BAR[4:] + BAR + CUT)
    assert [*powered, simulator.powered] == [True, False]
    assert [sheet.image.size for sheet in simulator.sheets] == [(576, 3)]
    assert simulator.tick(0.0) == b""
    simulator.gain_power()
    simulator.receive(BAR + CUT)
    assert len(simulator.sheets) == 2


def test_paper_ends_after_so_many_rows_and_a_jam_that_was_cleared_waits_for_its_command() -> None:
    simulator = PrinterSimulator(EPSON)
    simulator.faults.out_after_rows = 6
    simulator.receive(BAR + BAR + BAR + CUT)
    assert simulator.faults == Faults(paper_out=True)
    assert not simulator.sheets
    simulator.faults.paper_out = False
    simulator.tick(0.0)
    assert [sheet.image.height for sheet in simulator.sheets] == [9]
    for recovery, sheets in ((commands.RECOVER_AND_GO_ON, 1), (commands.RECOVER_AND_FORGET, 0)):
        jammed = PrinterSimulator(EPSON)
        jammed.faults.waits_for_recovery = True
        jammed.receive(BAR + CUT)
        assert jammed.sheets == []
        jammed.receive(recovery)
        assert (jammed.faults.waits_for_recovery, len(jammed.sheets)) == (False, sheets)
    cancelled = PrinterSimulator(EPSON)
    cancelled.faults.offline = True
    cancelled.receive(BAR + CUT + commands.CANCEL_JOB)
    cancelled.faults.offline = False
    cancelled.tick(0.0)
    assert cancelled.sheets == []
    torn = PrinterSimulator(EPSON)
    torn.receive(b"AB" + BAR)
    torn.tear_off()
    torn.tear_off()
    assert [sheet.texts for sheet in torn.sheets] == [("AB",)]
