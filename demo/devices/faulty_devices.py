"""Our own device simulators on pseudo-terminals, for what emupos cannot: hang, lie, jam, be pulled out."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.code_scanner.simulator import ScannerSimulator
from devices.receipt_printer.profile import load
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.simulation import PtyPort

PROFILE = "epson-tm-t20iii"
_IN_MID_TICKET = 600  # bytes after the fault begins; questions about the printer's state are far fewer
_ROWS = 60  # of dots: the first lines of a ticket


class FaultyPrinter:
    """A printer of our own behind `port`, which is found at `path`, with the faults of `FAULTS`.

    Its papers land in the folder `papers`, each as it is cut.
    """

    def __init__(self, path: Path, papers: Path) -> None:
        self.simulator = PrinterSimulator(load(PROFILE))
        self._papers = papers
        self._saved = 0
        self._pulled_at: int | None = None
        self.port = PtyPort(self, path=path)

    def receive(self, data: bytes) -> bytes:
        """Take bytes from the driver; the cable may be pulled among them."""
        answer = self.simulator.receive(data)
        if self._pulled_at is not None and self.simulator.received >= self._pulled_at:
            self._pulled_at = None
            self.port.unplug()
        return answer

    def tick(self, now: float) -> bytes:
        """Return what the printer says unasked."""
        said = self.simulator.tick(now)
        self._save_papers()
        return said

    def turn(self, fault: str, *, is_on: bool) -> None:
        """Let a fault begin, or take it back; then the printer goes on with what it held."""
        self.FAULTS[fault](self, is_on)

    def _save_papers(self) -> None:
        sheets = self.simulator.sheets
        for number in range(self._saved, len(sheets)):
            sheets[number].image.save(self._papers / f"printer-{number + 1}.png")
        self._saved = len(sheets)

    def close(self) -> None:
        """Take the port away."""
        self.port.close()

    def _jam(self, is_on: bool) -> None:
        self.simulator.faults.cutter = is_on

    def _overheat(self, is_on: bool) -> None:
        self.simulator.faults.hot = is_on

    def _hush(self, is_on: bool) -> None:
        self.port.silent = is_on

    def _garble(self, is_on: bool) -> None:
        self.port.garbled = is_on

    def _pull_out(self, is_on: bool) -> None:
        self._pulled_at = self.simulator.received + _IN_MID_TICKET if is_on else None
        if not is_on:
            self.port.replug()

    def _cut_power(self, is_on: bool) -> None:
        if is_on:
            self.simulator.faults.dies_at = self.simulator.received + _IN_MID_TICKET
        else:
            self.simulator.gain_power()

    def _end_paper(self, is_on: bool) -> None:
        self.simulator.faults.out_after_rows = _ROWS if is_on else None
        if not is_on:
            self.simulator.faults.paper_out = False

    FAULTS: ClassVar[dict[str, Callable[["FaultyPrinter", bool], None]]] = {
        "jammed": _jam,
        "overheated": _overheat,
        "silent": _hush,
        "garbling": _garble,
        "unplugged": _pull_out,
        "power-lost": _cut_power,
        "paper-ends": _end_paper,
    }


class FaultyReader:
    """A scanner or card reader of our own behind `port`, which is found at `path`, with the faults of `FAULTS`."""

    FAULTS: ClassVar[tuple[str, ...]] = ("unplugged", "babbling")

    def __init__(self, path: Path, simulator: ScannerSimulator | MagstripeSimulator) -> None:
        self.simulator = simulator
        self.port = PtyPort(simulator, path=path)

    def turn(self, fault: str, *, is_on: bool) -> None:
        """Pull the cable or plug it in again (`unplugged`); begin or end to send noise (`babbling`)."""
        if fault == "babbling":
            self.simulator.babble = is_on
        elif is_on:
            self.port.unplug()
        else:
            self.port.replug()

    def close(self) -> None:
        """Take the port away."""
        self.port.close()
