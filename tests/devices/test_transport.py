"""A serial port that is pulled, stalled or shared fails in one way, at once, and comes back."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceTimeout, DeviceUnavailable
from devices.protocols import DeviceState, Printed
from devices.receipt_printer import profile
from devices.receipt_printer.opening import open_escpos
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.settings import DeviceSettings
from devices.simulation import PtyPort
from devices.transport import LineSettings, SerialTransport
from tests.kit.printers import PAPER


class Echo:
    """Says back what it hears, and at each tick what is in `unasked`."""

    def __init__(self) -> None:
        self.unasked = b""

    def receive(self, data: bytes) -> bytes:
        return data

    def tick(self, now: float) -> bytes:
        said, self.unasked = self.unasked, b""
        return said


@pytest.fixture
def port() -> Iterator[PtyPort]:
    with PtyPort(Echo()) as open_port:
        yield open_port


def _all(transport: SerialTransport, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := transport.read(4096, 10.0)):
        data += more
    return data


def _read_for(transport: SerialTransport, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        transport.read(1, 0.1)


def test_bytes_of_every_value_go_both_ways(port: PtyPort) -> None:
    transport = SerialTransport(port.port)
    transport.write(bytes(range(256)))
    assert _all(transport, 256) == bytes(range(256))
    transport.close()
    transport.close()


def test_a_read_returns_what_is_there_and_ends_by_its_timeout(port: PtyPort) -> None:
    transport = SerialTransport(port.port)
    began = time.monotonic()
    assert transport.read(10, 0.05) == b""
    assert time.monotonic() - began < 10.0, "it ends, however busy the machine"
    transport.write(b"ab")
    assert _all(transport, 2) == b"ab"
    transport.close()


def test_a_second_program_does_not_get_the_port(port: PtyPort) -> None:
    first = SerialTransport(port.port)
    with pytest.raises(DeviceUnavailable, match="cannot be opened"):
        SerialTransport(port.port)
    first.close()
    SerialTransport(port.port).close()


def test_a_port_that_is_not_there_is_named() -> None:
    with pytest.raises(DeviceUnavailable, match="no-such-port"):
        SerialTransport("/dev/no-such-port")


def test_unplugging_fails_reads_and_writes_and_replugging_brings_the_same_path_back(port: PtyPort) -> None:
    transport = SerialTransport(port.port)
    port.unplug()
    with pytest.raises(DeviceUnavailable):
        _read_for(transport, 1.0)
    with pytest.raises(DeviceUnavailable):
        transport.write(b"x" * 100)
    transport.close()
    assert not Path(port.port).exists()
    port.replug()
    again = SerialTransport(port.port)
    again.write(b"back")
    assert _all(again, 4) == b"back"
    again.close()


def test_a_stalled_peer_ends_a_write_by_its_timeout_and_the_close_at_once(port: PtyPort) -> None:
    port.stalled = True
    transport = SerialTransport(port.port, LineSettings(write_timeout_s=0.2))
    began = time.monotonic()
    with pytest.raises(DeviceTimeout):
        transport.write(bytes(1 << 20))
    transport.close()
    assert time.monotonic() - began < 15.0, "it ends, however busy the machine"


def test_parity_that_a_pseudo_terminal_refuses_is_unavailable_not_a_foreign_error(port: PtyPort) -> None:
    """A pseudo-terminal keeps 8N1: the second open raises termios.error, which is no OSError (pyserial #196)."""

    def open_twice() -> None:
        for _ in range(2):
            SerialTransport(port.port, LineSettings(data_bits=7, parity="even")).close()

    with pytest.raises(DeviceUnavailable):
        open_twice()


def test_closing_from_another_thread_ends_a_wait_with_our_error(port: PtyPort) -> None:
    transport = SerialTransport(port.port)
    threading.Timer(0.05, transport.close).start()
    with pytest.raises(DeviceUnavailable):
        _read_for(transport, 5.0)


def test_the_wire_is_as_slow_as_its_speed() -> None:
    with PtyPort(Echo(), baudrate=9600) as port:
        transport = SerialTransport(port.port)
        began = time.monotonic()
        transport.write(bytes(480))
        assert len(_all(transport, 480)) == 480
        assert time.monotonic() - began > 0.4
        transport.close()


def test_a_device_speaks_unasked_and_falls_silent(port: PtyPort) -> None:
    transport = SerialTransport(port.port)
    port.send(b"hello")
    assert _all(transport, 5) == b"hello"
    port.silent = True
    transport.write(b"x")
    assert transport.read(1, 0.1) == b""
    port.silent, port.garbled = False, True
    transport.write(b"aaaa")
    assert _all(transport, 4) not in (b"", b"aaaa")
    transport.close()


def test_the_printer_recovers_by_itself_after_unplug_and_replug() -> None:
    """D7: the same driver object, no restart."""
    simulator = PrinterSimulator(profile.load("epson-tm-t20iii"))
    with PtyPort(simulator) as port:
        printer = open_escpos(DeviceSettings("escpos", port.port, 115200))
        assert isinstance(printer.print(PAPER), Printed)
        port.unplug()
        assert printer.status().device is DeviceState.NO_DEVICE
        port.replug()
        assert printer.status().device is DeviceState.ONLINE
        assert isinstance(printer.print(PAPER), Printed)
        printer.close()
        assert len(simulator.sheets) == 2


def test_a_garbled_line_is_never_believed() -> None:
    with PtyPort(PrinterSimulator(profile.load("epson-tm-t20iii"))) as port:
        port.garbled = True
        printer = open_escpos(DeviceSettings("escpos", port.port, 115200))
        assert not printer.status().can_print
        printer.close()


def test_the_port_leaves_nothing_behind() -> None:
    port = PtyPort(Echo())
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    folder = Path(port.port).parent
    port.close()
    assert not folder.exists()
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors - 2
