"""Printers of every profile on a wire in virtual time, and papers to print on them."""

from pathlib import Path

from devices.errors import DeviceTimeout, DeviceUnavailable
from devices.paper import Number, Paper, Qr, Rule, Space, Text, Weight
from devices.protocols import Transport
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.dialogue.graphics import StoredGraphics
from devices.receipt_printer.driver import EscposPrinter
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.simulation import Simulator


class Monotonic:
    """Monotonic seconds that pass only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Wire:
    """A Transport in memory. `cut_at` is the written byte at which the cable is pulled."""

    def __init__(self, simulator: Simulator, clock: Monotonic, baudrate: int = 115200) -> None:
        self.simulator = simulator
        self.clock = clock
        self.baudrate = baudrate
        self.incoming = bytearray()
        self.noise = b""  # said unasked at the first write after `noise_after` bytes
        self.noise_after = 0
        self.written = bytearray()
        self.cut_at: int | None = None
        self.stalled = False
        self.is_closed = False

    def read(self, size: int, timeout_s: float) -> bytes:
        self._check()
        self.incoming += self.simulator.tick(self.clock.now)
        if not self.incoming:
            self.clock.now += max(timeout_s, 0.0)
            self.incoming += self.simulator.tick(self.clock.now)
        data = bytes(self.incoming[:size])
        del self.incoming[:size]
        self.clock.now += len(data) * 10 / self.baudrate
        return data

    def write(self, data: bytes) -> None:
        self._check()
        if self.stalled:
            self.clock.now += 2.0
            raise DeviceTimeout("wire", "stalled")
        if self.cut_at is not None and len(self.written) + len(data) > self.cut_at:
            data = data[: self.cut_at - len(self.written)]
        self.written += data
        self.clock.now += len(data) * 10 / self.baudrate
        if len(self.written) > self.noise_after:
            self.incoming += self.noise
            self.noise = b""
        self.incoming += self.simulator.receive(data)
        self._check()

    def close(self) -> None:
        self.is_closed = True

    def _check(self) -> None:
        if self.is_closed or (self.cut_at is not None and len(self.written) >= self.cut_at):
            raise DeviceUnavailable("wire", "is gone")


PAPER = Paper(
    "ticket",
    (
        Text("المركز الرئيسي", 3.6, Weight.MEDIUM, fixed=True),
        Text("براءة ذمة من مجلس المدينة", 5.0, Weight.BOLD, fixed=True),
        Space(2),
        Number("B2·014"),
        Space(2),
        Text("7 أشخاص قبلك", 3.8, Weight.MEDIUM),
        Text("2026/11/24 09:05", 3.6, Weight.MEDIUM, "ltr"),
        Rule(),
        Text("الرقم صالح لهذا اليوم فقط", 3.5, Weight.BOLD, fixed=True),
        Space(2),
        Qr("https://status.example/t/0193f3c2-7b1e-7c55-9a40-1d2f3a4b5c6d"),
    ),
)
NAMES = profiles.names()


def paper_mm(name: str) -> int:
    return 58 if profiles.load(name).width_dots < 480 else 80


class Bench:
    """One driver, one simulator, one wire; `wire` is the newest, since a driver opens its port again after a loss."""

    def __init__(self, name: str = "epson-tm-t20iii", *, process_id: bool = True, folder: Path | None = None) -> None:
        self.profile = profiles.load(name)
        self.layout = profiles.layout(self.profile, paper_mm(name))
        self.clock = Monotonic()
        self.simulator = PrinterSimulator(self.profile, process_id=process_id)
        self.wire = Wire(self.simulator, self.clock)
        self.opened = 0
        self.graphics = StoredGraphics(folder, lambda: 1_800_000_000.0 + self.clock.now)
        self.printer = EscposPrinter(self._open, self.layout, self.graphics, self._seconds, self.clock)

    def _open(self) -> Transport:
        self.opened += 1
        self.wire = Wire(self.simulator, self.clock)
        return self.wire

    def _seconds(self, count: int) -> float:
        return count * 10 / 115200

    def restart(self) -> None:
        """Begin a new driver on the same printer, as after a crash of the kiosk."""
        self.printer = EscposPrinter(self._open, self.layout, self.graphics, self._seconds, self.clock)

    def sheets(self) -> int:
        """Count the sheets that came out; one that has no cutter is torn off."""
        if self.profile.cutter == "none":
            self.simulator.tear_off()
        return len(self.simulator.sheets)
