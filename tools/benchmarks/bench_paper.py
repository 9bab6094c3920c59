"""What a paper costs on the wire and in time, beside python-escpos' picture of the same paper; and a million lies.

Limits of the issue: 1,300 bytes with stored lines, 8,000 without, 12,000 on a 58 mm printer that knows pictures only
(at 115200 baud the number goes as a picture, which takes the first to 1,601); typesetting 60 ms cold and 8 ms warm;
from the touch to the last byte given to a 115200-baud port 250 ms, p99 500 ms.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from escpos.printer import Dummy

from common.city.catalogue import load_catalogue
from devices.receipt_printer import profile
from devices.receipt_printer.dialogue.status import StatusReader
from devices.receipt_printer.opening import open_escpos
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset import composition
from devices.settings import DeviceSettings
from devices.simulation import PtyPort
from kiosk.commands.sample import raw_job, sample_paper, stored_job
from kiosk.desk.desk import Desk, Issued, new_intention
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.printing import Printing
from tests.devices.receipt_printer.lying import lying_printer_is_believed
from tests.devices.receipt_printer.preview import preview
from tests.kit.clock import HandClock
from tests.kit.desk import CENTRE, open_store

TICKETS = 100
STREAMS = 1_000_000
LIES = 3000
CENTRE_NAMES = {"ar": "المركز الرئيسي", "en": "Main centre"}

COLD = """
import time
from devices.receipt_printer import profile
from devices.receipt_printer.typeset import composition
from kiosk.commands.sample import sample_paper
layout = profile.layout(profile.load("epson-tm-t20iii"), 80)
centre = {"ar": "المركز الرئيسي", "en": "Main centre"}
ticket = sample_paper("ticket", "ar", centre, "homs-main")
begun = time.perf_counter()
composition.compose(ticket, layout, {})
print(time.perf_counter() - begun)
"""


def _row(row: str, value: float, unit: str, compared_with: str = "", beside: float | None = None) -> dict[str, Any]:
    ratio = round(value / beside, 4) if beside else None
    return {"row": row, "value": value, "unit": unit, "compared_with": compared_with, "ratio": ratio}


def rows() -> list[dict[str, Any]]:
    """Return the rows of this benchmark."""
    with structlog.testing.capture_logs():
        return [*_bytes(), *_typesetting(), *_touch_to_paper(), *_lies()]


def _bytes() -> list[dict[str, Any]]:
    ticket = sample_paper("ticket", "ar", CENTRE_NAMES, "homs-main")
    fast = stored_job(ticket, "epson-tm-t20iii", 80, is_fast=True)[0]
    found = []
    for name, model, mm, data in (
        ("80 mm, stored lines in place", "epson-tm-t20iii", 80, stored_job(ticket, "epson-tm-t20iii", 80)[0]),
        ("80 mm, stored lines in place, 115200 baud", "epson-tm-t20iii", 80, fast),
        ("80 mm, without stored lines", "xprinter-xp80t", 80, raw_job(ticket, "xprinter-xp80t", 80)),
        ("58 mm, pictures only", "pos-5890", 58, raw_job(ticket, "pos-5890", 58)),
    ):
        layout = profile.layout(profile.load(model), mm)
        theirs = Dummy(profile="TM-T20II" if mm == 80 else "POS-5890")
        theirs.image(preview(ticket, layout), impl="bitImageRaster")
        theirs.cut()
        beside = f"python-escpos image(): {len(theirs.output):,} bytes"
        found.append(_row(f"paper: bytes of the sample ticket, {name}", len(data), "bytes", beside, len(theirs.output)))
        if data is fast:
            continue
        seconds = len(data) * 10 / 9600
        theirs_s = len(theirs.output) * 10 / 9600
        beside = f"python-escpos image(): {theirs_s:.1f} s"
        found.append(_row(f"paper: on a wire of 9600 baud, {name}", round(seconds, 2), "s", beside, theirs_s))
    return found


def _typesetting() -> list[dict[str, Any]]:
    cold = [
        float(subprocess.run([sys.executable, "-c", COLD], capture_output=True, check=True).stdout) for _ in range(5)
    ]
    layout = profile.layout(profile.load("epson-tm-t20iii"), 80)
    warm = []
    for _ in range(50):
        begun = time.perf_counter()
        composition.compose(sample_paper("ticket", "ar", CENTRE_NAMES, "homs-main"), layout, {})
        warm.append(time.perf_counter() - begun)
    image = preview(sample_paper("ticket", "ar", CENTRE_NAMES, "homs-main"), layout)
    theirs = []
    for _ in range(10):
        begun = time.perf_counter()
        Dummy(profile="TM-T20II").image(image)
        theirs.append(time.perf_counter() - begun)
    beside = statistics.median(theirs) * 1000
    said = f"python-escpos image(): {beside:.1f} ms, shaping not counted"
    return [
        _row("paper: typesetting a ticket, cold", round(statistics.median(cold) * 1000, 2), "ms"),
        _row("paper: typesetting a ticket, warm", round(statistics.median(warm) * 1000, 2), "ms", said, beside),
    ]


def _touch_to_paper() -> list[dict[str, Any]]:
    """From the desk's call to the last byte at a printer on a 115200-baud line; central is not there at all."""
    durable, given, confirmed = [], [], []
    simulator = PrinterSimulator(profile.load("epson-tm-t20iii"))
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder, PtyPort(simulator, baudrate=115200) as port:
        clock = HandClock()
        settings = DeviceSettings("escpos", port.port, 115200, state_dir=Path(folder))
        with open_store(Path(folder), clock) as store:
            printer = open_escpos(settings)
            desk = Desk(store, clock, catalogue=load_catalogue, centre=CENTRE)
            printing = Printing(printer, store, PaperContent(load_catalogue, CENTRE, "homs-main 2"), now=clock.now)
            last_cut = _watch_the_cut(simulator)
            for number in range(TICKETS + 2):
                begun = time.monotonic()
                ticket = desk.issue("clearance", intention=new_intention())
                assert isinstance(ticket, Issued)
                durable.append(time.monotonic() - begun)
                assert printing.print_ticket(ticket).state == "printed"
                confirmed.append(time.monotonic() - begun)
                given.append(last_cut[-1] - begun)
                if number < 2:  # the first paper teaches the printer its fixed lines
                    while printer.store_next_graphic():
                        pass
            printer.close()
    found = []
    for name, times in (
        ("to the number on disk", durable),
        ("to the last byte at a 115200-baud printer", given),
        ("to the confirmed paper", confirmed),
    ):
        kept = sorted(times[2:])
        found.append(_row(f"paper: issue {name}, median", round(statistics.median(kept) * 1000, 1), "ms"))
        found.append(_row(f"paper: issue {name}, p99", round(kept[int(len(kept) * 0.99)] * 1000, 1), "ms"))
    return found


def _watch_the_cut(simulator: PrinterSimulator) -> list[float]:
    """Note when each sheet is cut: its last byte has arrived then."""
    times: list[float] = []
    cut = simulator._cut

    def noted(given: bytes = b"", data: bytes = b"") -> None:
        times.append(time.monotonic())
        cut(given, data)

    simulator._HANDLERS = {**simulator._HANDLERS, b"\x1dV": lambda _self, given, data: noted(given, data)}  # type: ignore[misc]
    return times


def _lies() -> list[dict[str, Any]]:
    """A million random and mutated status streams for the reader; thousands of lying printers for the driver."""
    chance = random.Random(2026)
    good = b"\x12\x14\x00\x03\x0f\x00\x37\x22idle\x00\x5fSN\x00\x37\x72\x40AbCd\x00\x1e\x7e"
    begun = time.perf_counter()
    for number in range(STREAMS):
        if number % 2:
            data = chance.randbytes(24)
        else:
            mutated = bytearray(good)
            for _ in range(3):
                mutated[chance.randrange(len(mutated))] = chance.randrange(256)
            data = bytes(mutated)
        reader = StatusReader()
        reader.feed(data)
    seconds = time.perf_counter() - begun
    wrong = sum(lying_printer_is_believed(chance, number) for number in range(LIES))
    return [
        _row("paper: status streams read without a crash", STREAMS, "streams", f"{seconds:.0f} s"),
        _row(f"paper: jobs called printed of {LIES} whose power failed in mid-job on a lying line", wrong, "jobs"),
    ]
