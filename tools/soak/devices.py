"""Printer and scanner of the soak as a process of their own, so that what they cost is not counted to the kiosk.

Says where they are plugged in, `{"printer": port, "scanner": port}`, then obeys one JSON array a line, a name from
`ACTS` and its value, until its standard input ends.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from devices.code_scanner.simulator import ScannerSimulator
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.simulation import PtyPort

MID_TICKET = 3000  # bytes: within a ticket whose fixed lines the printer keeps already


class Devices:
    """Both devices behind their cables."""

    def __init__(self) -> None:
        self.printer = PrinterSimulator(profile.load("epson-tm-t20iii"))
        self.scanner = ScannerSimulator()
        self.printer_cable, self.scanner_cable = PtyPort(self.printer), PtyPort(self.scanner)

    def act(self, name: str, value: Any) -> None:
        """Do what a line says."""
        ACTS[name](self, value)
        self.printer.sheets.clear()  # nobody reads them here

    def close(self) -> None:
        """Take the ports away."""
        self.printer_cable.close()
        self.scanner_cable.close()

    def fault(self, name: str) -> None:
        """Set one of the printer's own switches."""
        setattr(self.printer.faults, name, True)

    def power_off(self, _: Any) -> None:
        """Have the power fail in the middle of the next ticket."""
        self.printer.faults.dies_at = self.printer.received + MID_TICKET

    def mend(self, _: Any) -> None:
        """Put everything right again."""
        faults = self.printer.faults
        for name in ("paper_out", "cover_open", "cutter", "hot", "broken", "silent", "offline"):
            setattr(faults, name, False)
        self.printer.gain_power()
        self.scanner.babble = False
        for cable in (self.printer_cable, self.scanner_cable):
            cable.garbled = cable.silent = False
            cable.replug()

    def garble(self, _: Any) -> None:
        """Flip bits of every answer of the printer."""
        self.printer_cable.garbled = True

    def babble(self, _: Any) -> None:
        """Have the scanner send noise without end."""
        self.scanner.babble = True


ACTS: dict[str, Callable[[Devices, Any], None]] = {
    "fault": Devices.fault,
    "power-off": Devices.power_off,
    "garble": Devices.garble,
    "babble": Devices.babble,
    "unplug-printer": lambda devices, _: devices.printer_cable.unplug(),
    "unplug-scanner": lambda devices, _: devices.scanner_cable.unplug(),
    "scan": lambda devices, code: devices.scanner.show(code.encode("ascii")),
    "mend": Devices.mend,
}


def main() -> None:
    """Run until the standard input ends."""
    devices = Devices()
    try:
        print(json.dumps({"printer": devices.printer_cable.port, "scanner": devices.scanner_cable.port}), flush=True)
        for line in sys.stdin:
            devices.act(*json.loads(line))
    finally:
        devices.close()


if __name__ == "__main__":
    main()
