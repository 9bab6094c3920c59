"""What every code scanner promises, over a pseudo-terminal, whatever its protocol."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from devices.contract.expectation import expect, expect_unavailable, name_of
from devices.protocols import CodeScanner, DeviceState, Scan
from devices.registry import open_device
from devices.settings import DeviceSettings
from devices.simulation import PtyPort, Simulator

__all__ = ["CHECKS", "Bench", "name_of"]


@dataclass
class Bench:
    """A simulator, and how a code is held to it."""

    simulator: Simulator
    show: Callable[[bytes], object]


def a_code_is_read_once_and_not_shown_by_repr(driver: str, bench: Bench) -> None:
    """A code is read as it is, once; what it says is in no log."""
    with PtyPort(bench.simulator) as port:
        scanner = _open(driver, port)
        expect(scanner.scan(0.0) is None, "nothing is read while no code is there")
        bench.show(b"SY1:SECRET")
        scan = scanner.scan(5.0)
        expect(scan == Scan(b"SY1:SECRET"), "a code is read as it is")
        expect("SECRET" not in repr(scan), "repr of a scan does not show the code")
        expect(scanner.scan(0.1) is None, "a code is read once")
        expect(scanner.status().device is DeviceState.ONLINE, "after a code the scanner is online")
        scanner.close()


def silence_ends_by_the_deadline(driver: str, bench: Bench) -> None:
    """A scanner that says nothing ends the call."""
    with PtyPort(bench.simulator) as port:
        scanner = _open(driver, port)
        port.silent = True
        bench.show(b"SY1:LOST")
        expect(scanner.scan(0.2) is None, "a silent scanner reads nothing")
        scanner.close()


def a_pulled_cable_raises_and_a_new_opening_reads_again(driver: str, bench: Bench) -> None:
    """While the port is gone every call says so; once it is back a new opening reads."""
    with PtyPort(bench.simulator) as port:
        scanner = _open(driver, port)
        port.unplug()
        expect_unavailable(lambda: scanner.scan(2.0), "scanning raises DeviceUnavailable once the cable is pulled")
        expect(scanner.status().device is DeviceState.NO_DEVICE, "a pulled cable is NoDevice")
        scanner.close()
        expect_unavailable(lambda: _open(driver, port), "opening raises DeviceUnavailable while there is no port")
        port.replug()
        again = _open(driver, port)
        bench.show(b"SY1:AGAIN")
        expect(again.scan(5.0) == Scan(b"SY1:AGAIN"), "a new opening reads again")
        again.close()
        again.close()


def two_programs_cannot_hold_one_port(driver: str, bench: Bench) -> None:
    """The second opening of a port is refused."""
    with PtyPort(bench.simulator) as port:
        scanner = _open(driver, port)
        expect_unavailable(lambda: _open(driver, port), "a port that is held is not opened a second time")
        scanner.close()


CHECKS: Final[tuple[Callable[[str, Bench], None], ...]] = (
    a_code_is_read_once_and_not_shown_by_repr,
    silence_ends_by_the_deadline,
    a_pulled_cable_raises_and_a_new_opening_reads_again,
    two_programs_cannot_hold_one_port,
)


def _open(driver: str, port: PtyPort) -> CodeScanner:
    scanner: CodeScanner = open_device("scanner", DeviceSettings(driver, port.port))
    return scanner
