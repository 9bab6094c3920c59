"""Printer on a wire paced to 115200 baud, and scanner, as a process of their own for the latency measurements.

Says where they are plugged in, then answers each line of standard input with one: `cuts` gives the moments
(`time.monotonic`, the same clock for every process of a machine) at which a cut had come whole, `scan CODE` shows a
code and gives the moment at which it lay on the wire.
"""

import json
import sys
import time

from devices.code_scanner.simulator import ScannerSimulator
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.simulation import PtyPort

BAUD = 115_200


class TimedPrinter(PrinterSimulator):
    """Notes when each sheet was cut: its last byte had come."""

    def __init__(self) -> None:
        super().__init__(profile.load("epson-tm-t20iii"))
        self.cuts: list[float] = []

    def receive(self, data: bytes) -> bytes:
        """Take bytes as ever."""
        before, answer = len(self.sheets), super().receive(data)
        if len(self.sheets) > before:
            self.cuts.append(time.monotonic())
        return answer


def main() -> None:
    """Run until the standard input ends."""
    printer, scanner = TimedPrinter(), ScannerSimulator()
    with PtyPort(printer, BAUD) as printer_port, PtyPort(scanner) as scanner_port:
        print(json.dumps({"printer": printer_port.port, "scanner": scanner_port.port}), flush=True)
        for line in sys.stdin:
            word, _, code = line.strip().partition(" ")
            if word == "scan":
                scanner.show(code.encode("ascii"))
            print(json.dumps(printer.cuts if word == "cuts" else time.monotonic()), flush=True)


if __name__ == "__main__":
    main()
