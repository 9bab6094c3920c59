"""The watch: devices come, go and come back; each costs only its own thread; what can't be offered says why."""

import asyncio
import functools
import threading
from collections.abc import Iterator

import pytest
import structlog

from devices.card_reader.crt591.frames import CardPosition
from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.code_scanner.simulator import ScannerSimulator
from devices.errors import DeviceFault
from devices.protocols import DeviceState, MediaState, PaperState, PrinterStatus, Scan
from devices.simulation import PtyPort
from kiosk.peripherals import supervisor
from kiosk.peripherals.report import Device, DeviceEvent, Operation, Presented, Report, Scanned, WhyNot
from kiosk.peripherals.watch import DeviceWatch
from tests.kiosk.peripherals.watched_events import Events, is_scan, until, wait_until_read, watching


@pytest.fixture
def simulator() -> ScannerSimulator:
    return ScannerSimulator()


@pytest.fixture
def port(simulator: ScannerSimulator) -> Iterator[PtyPort]:
    with PtyPort(simulator) as opened:
        yield opened


def test_scans_reach_whoever_wants_them_and_what_comes_unasked_is_dropped(
    simulator: ScannerSimulator, port: PtyPort
) -> None:
    with watching(port) as watch:
        events = Events(watch)
        events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
        simulator.show(b"SY1:UNASKED")
        wait_until_read(port, lambda: not simulator._shown)
        with watch.wanting(Device.SCANNER):
            until(events, is_scan, lambda: simulator.show(b"SY1:ASKED"))
        scans = [event.scan.payload for event in events.seen if isinstance(event, Scanned)]
        assert b"SY1:UNASKED" not in scans


def test_the_same_code_within_five_seconds_is_one_scan(
    simulator: ScannerSimulator, port: PtyPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert supervisor._SAME_CODE_S == 5.0
    monkeypatch.setattr(supervisor, "_SAME_CODE_S", 600.0)  # a busy machine may need longer than five for all this
    with watching(port) as watch:
        events = Events(watch)
        with watch.wanting(Device.SCANNER):
            events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
            until(events, is_scan, lambda: simulator.show(b"SY1:A"))
            simulator.show(b"SY1:A")
            simulator.show(b"SY1:A")
            simulator.show(b"SY1:B")
            events.wait_for(lambda event: isinstance(event, Scanned) and event.scan == Scan(b"SY1:B"))
        assert [event.scan.payload for event in events.seen if isinstance(event, Scanned)] == [b"SY1:A", b"SY1:B"]


async def test_a_visit_takes_scans_from_a_queue(simulator: ScannerSimulator, port: PtyPort) -> None:
    watch = watching(port)
    watch.start()
    events = Events(watch)
    try:
        async with watch.scans() as scans:
            await asyncio.to_thread(events.wait_for_state, Device.SCANNER, DeviceState.ONLINE)
            await asyncio.to_thread(until, events, is_scan, lambda: simulator.show(b"SY1:A"))
            assert await asyncio.wait_for(scans.get(), 40) == Scan(b"SY1:A")
    finally:
        await asyncio.to_thread(watch.stop)


def test_an_unplugged_scanner_is_logged_once_and_comes_back_by_its_path(
    simulator: ScannerSimulator, port: PtyPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = threading.Event()

    def wait_before(attempt: int) -> float:
        if attempt >= 4:
            again.set()
        return 0.01

    monkeypatch.setattr(supervisor, "wait_before", wait_before)
    with structlog.testing.capture_logs() as logs, watching(port) as watch:
        events = Events(watch)
        events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
        events.forget()
        port.unplug()
        events.wait_for_state(Device.SCANNER, DeviceState.NO_DEVICE)
        assert watch.possible(Operation.SCAN).why is WhyNot.GONE
        assert again.wait(40), "it is not tried again"  # several attempts fail meanwhile: they log nothing
        events.forget()
        port.replug()
        events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
        assert watch.possible(Operation.SCAN).is_offered
    told = [line["event"] for line in logs if line.get("device") == "scanner"]
    assert told == ["device-opened", "device-gone", "device-back"]


def test_a_device_that_is_missing_at_start_is_gone_and_costs_nothing(port: PtyPort) -> None:
    port.unplug()
    with watching(port) as watch:
        Events(watch).wait_for_state(Device.SCANNER, DeviceState.NO_DEVICE)
        assert watch.report(Device.PRINTER) == Report(Device.PRINTER, DeviceState.NO_DEVICE, is_fitted=False)
        assert watch.possible(Operation.PRINT).why is WhyNot.NOT_FITTED


def test_a_babbling_scanner_is_named(simulator: ScannerSimulator, port: PtyPort) -> None:
    """That it costs little, its driver's test holds: it rests after each read of a flood."""
    with structlog.testing.capture_logs() as logs, watching(port) as watch, watch.wanting(Device.SCANNER):
        events = Events(watch)
        port.send(b"")
        feeding = threading.Event()

        def flood() -> None:
            while not feeding.is_set():
                port.send(b"\xfe" * 2048)
                feeding.wait(0.005)

        thread = threading.Thread(target=flood)
        thread.start()
        try:
            events.wait_for(lambda event: isinstance(event, Report) and event.detail == "flood")
        finally:
            feeding.set()
            thread.join()
        assert watch.possible(Operation.SCAN).why is WhyNot.FAULT
        assert [line["detail"] for line in logs if line["event"] == "device-fault"] == ["flood"]


def test_a_listener_that_fails_costs_the_device_nothing(simulator: ScannerSimulator, port: PtyPort) -> None:
    def fail(event: DeviceEvent) -> None:
        raise ValueError(type(event).__name__)

    with structlog.testing.capture_logs() as logs, watching(port) as watch:
        watch.listen(fail)
        events = Events(watch)
        port.unplug()
        events.wait_for_state(Device.SCANNER, DeviceState.NO_DEVICE)
    assert "device-listener-failed" in {line["event"] for line in logs}


def test_a_card_that_is_inside_comes_out_when_nobody_wants_it_any_more() -> None:
    simulator = Crt591Simulator()
    with PtyPort(simulator) as port, watching(port, "crt591") as watch:
        events = Events(watch)
        with watch.wanting(Device.CARD_READER):
            while not simulator.insert():
                threading.Event().wait(0.01)
            card = events.wait_for(lambda event: isinstance(event, Presented))
            assert isinstance(card, Presented)
            assert card.card.scheme == "motor"
            assert simulator.position is CardPosition.INSIDE
        events.wait_for(lambda event: isinstance(event, Report) and event.media is MediaState.ENTERING)
        assert simulator.take()


def test_swipes_nobody_asked_for_are_dropped() -> None:
    simulator = MagstripeSimulator()
    with PtyPort(simulator) as port, watching(port, "magstripe") as watch:
        events = Events(watch)
        events.wait_for_state(Device.CARD_READER, DeviceState.ONLINE)
        simulator.swipe(b";4761739001010010=2712201?")
        wait_until_read(port, lambda: not simulator._pending)
        with watch.wanting(Device.CARD_READER):
            swipe = functools.partial(simulator.swipe, b";4222222222222=2712201?")
            until(events, lambda event: isinstance(event, Presented), swipe)
        assert {event.card.masked for event in events.seen if isinstance(event, Presented)} == {"422222•••2222"}


class FakePrinter:
    """A printer that is as the test says."""

    def __init__(self, status: PrinterStatus) -> None:
        self.now = status
        self.fault: DeviceFault | None = None

    def status(self) -> PrinterStatus:
        if self.fault is not None:
            raise self.fault
        return self.now

    def close(self) -> None:
        pass


def test_a_printers_paper_is_watched() -> None:
    printer = FakePrinter(PrinterStatus(DeviceState.ONLINE, PaperState.FULL))
    with DeviceWatch({Device.PRINTER: lambda: printer}) as watch:
        events = Events(watch)
        events.wait_for_state(Device.PRINTER, DeviceState.ONLINE)
        assert watch.possible(Operation.PRINT).is_offered
        printer.now = PrinterStatus(DeviceState.OFFLINE, PaperState.OUT)
        events.wait_for(lambda event: isinstance(event, Report) and event.paper is PaperState.OUT)
        assert watch.possible(Operation.PRINT).why is WhyNot.PAPER_OUT
    assert supervisor._PRINTER_PERIOD_S <= 1.0, "it is known within two seconds, however busy the machine is here"


def test_a_fault_is_told_at_once_not_only_when_the_device_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_TROUBLE_LIMIT", 10**9)
    monkeypatch.setattr(supervisor, "_TROUBLE_S", 0.0)
    printer = FakePrinter(PrinterStatus(DeviceState.ONLINE, PaperState.FULL))
    with DeviceWatch({Device.PRINTER: lambda: printer}) as watch:
        events = Events(watch)
        events.wait_for_state(Device.PRINTER, DeviceState.ONLINE)
        printer.fault = DeviceFault("printer", "cutter", "it is stuck")
        events.wait_for(lambda event: isinstance(event, Report) and "cutter" in event.detail)
        assert not watch.possible(Operation.PRINT).is_offered
        events.forget()
        printer.fault = None
        events.wait_for_state(Device.PRINTER, DeviceState.ONLINE)
