"""What every code scanner of the registry promises, over a pseudo-terminal, whatever its protocol."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from devices.code_scanner.simulator import ScannerSimulator
from devices.errors import DeviceUnavailable
from devices.protocols import CodeScanner, DeviceState, Scan
from devices.registry import SCANNERS, open_device
from devices.settings import DeviceSettings
from devices.simulation import PtyPort, Simulator


@dataclass
class Bench:
    """A simulator, and how a code is held to it."""

    simulator: Simulator
    show: Callable[[bytes], object]


def line_scanner() -> Bench:
    simulator = ScannerSimulator()
    return Bench(simulator, simulator.show)


BENCHES = {"line-scanner": line_scanner}


def test_every_driver_of_the_registry_is_held_to_the_contract() -> None:
    assert set(BENCHES) == set(SCANNERS)


@dataclass
class Place:
    """A scanner of the registry at its port."""

    bench: Bench
    port: PtyPort
    settings: DeviceSettings
    scanner: CodeScanner


@pytest.fixture(params=BENCHES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    bench = BENCHES[request.param]()
    with PtyPort(bench.simulator) as port:
        settings = DeviceSettings(request.param, port.port)
        scanner = open_device("scanner", settings)
        yield Place(bench, port, settings, scanner)
        scanner.close()


def test_a_code_is_read_once_and_not_shown_by_repr(place: Place) -> None:
    assert place.scanner.scan(0.0) is None
    place.bench.show(b"SY1:SECRET")
    scan = place.scanner.scan(5.0)
    assert scan == Scan(b"SY1:SECRET")
    assert "SECRET" not in repr(scan)
    assert place.scanner.scan(0.1) is None
    assert place.scanner.status().device is DeviceState.ONLINE


def test_silence_ends_by_the_deadline(place: Place) -> None:
    place.port.silent = True
    place.bench.show(b"SY1:LOST")
    assert place.scanner.scan(0.2) is None


def test_a_pulled_cable_raises_and_a_new_opening_reads_again(place: Place) -> None:
    place.port.unplug()
    with pytest.raises(DeviceUnavailable):
        place.scanner.scan(2.0)
    assert place.scanner.status().device is DeviceState.NO_DEVICE
    place.scanner.close()
    with pytest.raises(DeviceUnavailable):
        open_device("scanner", place.settings)
    place.port.replug()
    again = open_device("scanner", place.settings)
    place.bench.show(b"SY1:AGAIN")
    assert again.scan(5.0) == Scan(b"SY1:AGAIN")
    again.close()
    again.close()


def test_two_programs_cannot_hold_one_port(place: Place) -> None:
    with pytest.raises(DeviceUnavailable):
        open_device("scanner", place.settings)
