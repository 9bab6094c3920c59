"""The devices of the demo: emupos for printer and scanner, our own simulators for the faults that it lacks."""

from pathlib import Path
from types import TracebackType
from typing import Self

from demo.devices.emupos import FAULTS as EMUPOS_FAULTS
from demo.devices.emupos import Emupos
from demo.devices.faulty_devices import FaultyPrinter, FaultyReader
from demo.processes import Processes
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.code_scanner.simulator import ScannerSimulator

MISSING = "missing"  # the settings name a port that is not there

FAULTS: dict[str, tuple[str, ...]] = {
    "printer": (*EMUPOS_FAULTS, *FaultyPrinter.FAULTS, MISSING),
    "scanner": (*FaultyReader.FAULTS, MISSING),
    "card-reader": (*FaultyReader.FAULTS, MISSING),
}


class SimulatedDevices:
    """Printer, scanner and card reader that exist as ports, until the block is left.

    Args:
        folder: where ports and papers are put.
        faulty: `DEVICE.FAULT` that is to be possible, or None.
    """

    def __init__(self, folder: Path, faulty: str | None) -> None:
        self._device, _, self._fault = (faulty or "").partition(".")
        self.emupos = Emupos(folder)
        ports = folder / "ports"  # all of them: whatever ends the demo leaves nothing elsewhere
        for made in (ports, self.emupos.papers):
            made.mkdir(exist_ok=True)
        self._printer: FaultyPrinter | None = None
        self._scanner: FaultyReader | None = None
        if self._device == "printer" and self._fault in FaultyPrinter.FAULTS:
            self._printer = FaultyPrinter(ports / "printer", self.emupos.papers)
        if self._device == "scanner" and self._fault in FaultyReader.FAULTS:
            self._scanner = FaultyReader(ports / "scanner", ScannerSimulator())
        self._card_reader = FaultyReader(ports / "card-reader", MagstripeSimulator())  # emupos has none

    def start(self, processes: Processes) -> None:
        """Start emupos and wait for it. Raises DemoFailed."""
        self.emupos.start(processes)

    @property
    def ports(self) -> dict[str, str]:
        """Where each device is plugged in."""
        ports = {
            "printer": self._printer.port.port if self._printer else str(self.emupos.printer_port),
            "scanner": self._scanner.port.port if self._scanner else str(self.emupos.scanner_port),
            "card-reader": self._card_reader.port.port,
        }
        if self._fault == MISSING:
            ports[self._device] += "-unplugged"
        return ports

    def turn_fault(self, *, is_on: bool) -> None:
        """Let the fault begin, or take it back. A missing device stays missing."""
        ours = {"printer": self._printer, "scanner": self._scanner, "card-reader": self._card_reader}[self._device]
        if self._fault == MISSING:
            return
        if ours is not None:
            ours.turn(self._fault, is_on=is_on)
        else:
            self.emupos.turn(self._fault, is_on=is_on)

    def scan(self, text: str) -> None:
        """Let the scanner read a code now."""
        if self._scanner is not None and isinstance(self._scanner.simulator, ScannerSimulator):
            self._scanner.simulator.show(text.encode("ascii"))
        else:
            self.emupos.scan(text)

    def paper_pngs(self) -> list[Path]:
        """List the papers that have come out so far, oldest first."""
        return sorted(self.emupos.papers.rglob("*.png"), key=lambda path: path.stat().st_mtime_ns)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._printer, self._scanner, self._card_reader, self.emupos):
            if each is not None:
                each.close()
