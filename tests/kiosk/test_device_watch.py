"""The watch: devices come, go and come back; each costs only its own thread; what can't be offered says why."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import psutil
import pytest
import structlog

from devices.card_reader.crt591.frames import CardPosition
from devices.card_reader.crt591.simulator import Crt591Simulator
from devices.card_reader.magstripe.simulator import MagstripeSimulator
from devices.code_scanner.simulator import ScannerSimulator
from devices.errors import DeviceFault, DeviceUnavailable
from devices.protocols import (
    Card,
    CodeScanner,
    DeviceState,
    MediaState,
    PaperState,
    PrinterStatus,
    ReceiptPrinter,
    Scan,
    ScannerStatus,
)
from devices.simulation import PtyPort
from kiosk.config import DevicesSection, PrinterSection, ReaderSection
from kiosk.device_lines import line_of, text_of
from kiosk.device_report import (
    Device,
    DeviceEvent,
    Operation,
    Presented,
    Report,
    Scanned,
    WhyNot,
    judge_possibility,
)
from kiosk.device_tender import wait_before
from kiosk.device_watch import DeviceWatch, watch_of
from kiosk.errors import ConfigError

ID_CARD = "فاطمة#العلي#محمد#خديجة#حمص 5-3-1984#04012345678".encode("cp1256")


class Events:
    """Collects what the watch says, and waits for what is expected instead of for time."""

    def __init__(self, watch: DeviceWatch) -> None:
        self.seen: list[DeviceEvent] = []
        self._news = threading.Condition()
        watch.listen(self._hear)
        for report in watch.reports():  # what was told before anybody listened
            self._hear(report)

    def _hear(self, event: DeviceEvent) -> None:
        with self._news:
            self.seen.append(event)
            self._news.notify_all()

    def wait_for(self, wanted: Callable[[DeviceEvent], bool], timeout_s: float = 10) -> DeviceEvent:
        with self._news:
            assert self._news.wait_for(lambda: any(map(wanted, self.seen)), timeout_s), self.seen
            return next(event for event in self.seen if wanted(event))

    def wait_for_state(self, device: Device, state: DeviceState, timeout_s: float = 10) -> None:
        self.wait_for(lambda event: _is_state(event, device, state), timeout_s)

    def forget(self) -> None:
        with self._news:
            self.seen.clear()


def _is_state(event: DeviceEvent, device: Device, state: DeviceState) -> bool:
    return isinstance(event, Report) and event.device is device and event.state is state


def _is_scan(event: DeviceEvent) -> bool:
    return isinstance(event, Scanned)


@pytest.fixture
def simulator() -> ScannerSimulator:
    return ScannerSimulator()


@pytest.fixture
def port(simulator: ScannerSimulator) -> Iterator[PtyPort]:
    with PtyPort(simulator) as opened:
        yield opened


def watching(port: PtyPort, driver: str = "line-scanner") -> DeviceWatch:
    reader = ReaderSection(driver=driver, port=port.port)
    is_scanner = driver == "line-scanner"
    section = DevicesSection(scanner=reader) if is_scanner else DevicesSection(card_reader=reader)
    return watch_of(section, Path(port.port).parent)


def test_scans_reach_whoever_wants_them_and_what_comes_unasked_is_dropped(
    simulator: ScannerSimulator, port: PtyPort
) -> None:
    with watching(port) as watch:
        events = Events(watch)
        events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
        simulator.show(b"SY1:UNASKED")
        threading.Event().wait(0.3)  # it has been said, and nobody listened
        with watch.wanting(Device.SCANNER):
            for number in range(200):
                simulator.show(b"SY1:ASKED-%d" % number)
                if any(map(_is_scan, events.seen)):
                    break
                threading.Event().wait(0.02)
            events.wait_for(_is_scan)
        scans = [event.scan.payload for event in events.seen if isinstance(event, Scanned)]
        assert b"SY1:UNASKED" not in scans


def test_the_same_code_within_five_seconds_is_one_scan(simulator: ScannerSimulator, port: PtyPort) -> None:
    with watching(port) as watch:
        events = Events(watch)
        with watch.wanting(Device.SCANNER):
            events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
            threading.Event().wait(0.2)
            simulator.show(b"SY1:A")
            events.wait_for(_is_scan)
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
            await asyncio.sleep(0.2)
            simulator.show(b"SY1:A")
            assert await asyncio.wait_for(scans.get(), 10) == Scan(b"SY1:A")
    finally:
        await asyncio.to_thread(watch.stop)


def test_an_unplugged_scanner_is_logged_once_and_comes_back_by_its_path(
    simulator: ScannerSimulator, port: PtyPort
) -> None:
    with structlog.testing.capture_logs() as logs, watching(port) as watch:
        events = Events(watch)
        events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
        events.forget()
        port.unplug()
        events.wait_for_state(Device.SCANNER, DeviceState.NO_DEVICE)
        assert watch.possible(Operation.SCAN).why is WhyNot.GONE
        threading.Event().wait(1.2)  # several attempts fail meanwhile: they log nothing
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


def test_a_babbling_scanner_costs_little_and_is_named(simulator: ScannerSimulator, port: PtyPort) -> None:
    process = psutil.Process()
    with watching(port) as watch, watch.wanting(Device.SCANNER):
        events = Events(watch)
        began, used = time.monotonic(), process.cpu_times()
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
            now, spent = time.monotonic(), process.cpu_times()
        finally:
            feeding.set()
            thread.join()
        assert watch.possible(Operation.SCAN).why is WhyNot.FAULT
        share = (spent.user + spent.system - used.user - used.system) / (now - began)
        assert share < 0.9  # flooding thread, port and watch together, on a shared machine


class HangingScanner:
    """A driver whose call never ends until it is let go: the kernel can do that to any port."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.is_in = threading.Event()

    def scan(self, timeout_s: float) -> Scan | None:
        del timeout_s
        return None

    def discard(self) -> None:
        self.is_in.set()
        self.let_go.wait(30)

    def status(self) -> ScannerStatus:
        return ScannerStatus(DeviceState.ONLINE)

    def close(self) -> None:
        self.let_go.set()


def test_a_hanging_device_is_named_and_no_question_waits_for_it() -> None:
    now = [0.0]
    scanner = HangingScanner()
    watch = DeviceWatch(scanner=lambda: cast("CodeScanner", scanner), monotonic=lambda: now[0])
    watch.start()
    assert scanner.is_in.wait(10)
    now[0] = 9.0
    began = time.monotonic()
    assert watch.report(Device.SCANNER).detail == "hangs"
    assert watch.possible(Operation.SCAN).why is WhyNot.SILENT
    assert time.monotonic() - began < 0.1
    scanner.let_go.set()
    watch.stop()


class BrokenScanner(HangingScanner):
    """A driver with a fault of ours in it."""

    def discard(self) -> None:
        raise ZeroDivisionError


def test_a_fault_in_a_driver_is_a_report_and_not_a_dead_thread() -> None:
    opened: list[BrokenScanner] = []

    def open_it() -> CodeScanner:
        opened.append(BrokenScanner())
        return cast("CodeScanner", opened[-1])

    with structlog.testing.capture_logs() as logs, DeviceWatch(scanner=open_it) as watch:
        events = Events(watch)
        events.wait_for_state(Device.SCANNER, DeviceState.HARDWARE_ERROR)
        deadline = time.monotonic() + 10
        while len(opened) < 2 and time.monotonic() < deadline:
            threading.Event().wait(0.02)
    assert len(opened) >= 2
    assert all(scanner.let_go.is_set() for scanner in opened)  # each was closed
    assert "device-driver-failed" in [line["event"] for line in logs]


def test_a_listener_that_fails_costs_the_device_nothing(simulator: ScannerSimulator, port: PtyPort) -> None:
    def fail(event: DeviceEvent) -> None:
        raise ValueError(type(event).__name__)

    with structlog.testing.capture_logs(), watching(port) as watch:
        watch.listen(fail)
        events = Events(watch)
        port.unplug()
        events.wait_for_state(Device.SCANNER, DeviceState.NO_DEVICE)


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
        threading.Event().wait(0.2)
        with watch.wanting(Device.CARD_READER):
            threading.Event().wait(0.2)
            simulator.swipe(b";4222222222222=2712201?")
            events.wait_for(lambda event: isinstance(event, Presented))
        assert [event.card.masked for event in events.seen if isinstance(event, Presented)] == ["422222•••2222"]


class FakePrinter:
    """A printer that is as the test says."""

    def __init__(self, status: PrinterStatus) -> None:
        self.now = status

    def status(self) -> PrinterStatus:
        return self.now

    def close(self) -> None:
        pass


def test_a_printers_paper_is_watched() -> None:
    printer = FakePrinter(PrinterStatus(DeviceState.ONLINE, PaperState.FULL))
    with DeviceWatch(printer=lambda: cast("ReceiptPrinter", printer)) as watch:
        events = Events(watch)
        events.wait_for_state(Device.PRINTER, DeviceState.ONLINE)
        assert watch.possible(Operation.PRINT).is_offered
        printer.now = PrinterStatus(DeviceState.OFFLINE, PaperState.OUT)
        events.wait_for(lambda event: isinstance(event, Report) and event.paper is PaperState.OUT, timeout_s=3)
        assert watch.possible(Operation.PRINT).why is WhyNot.PAPER_OUT


@pytest.mark.parametrize(
    ("state", "paper", "why"),
    [
        (DeviceState.ONLINE, PaperState.FULL, None),
        (DeviceState.ONLINE, PaperState.LOW, None),
        (DeviceState.ONLINE, PaperState.UNKNOWN, WhyNot.PAPER_UNKNOWN),
        (DeviceState.OFFLINE, PaperState.UNKNOWN, WhyNot.SILENT),
        (DeviceState.OFFLINE, PaperState.OUT, WhyNot.PAPER_OUT),
        (DeviceState.USER_ERROR, PaperState.FULL, WhyNot.PERSON),
        (DeviceState.HARDWARE_ERROR, PaperState.JAMMED, WhyNot.JAMMED),
        (DeviceState.NO_DEVICE, PaperState.UNKNOWN, WhyNot.GONE),
        (DeviceState.BUSY, PaperState.FULL, WhyNot.BUSY),
        (DeviceState.STARTING, None, WhyNot.STARTING),
        (DeviceState.POWER_OFF, PaperState.UNKNOWN, WhyNot.SILENT),
        (DeviceState.FRAUD_ATTEMPT, PaperState.FULL, WhyNot.FAULT),
    ],
)
def test_the_nearest_cause_is_given(state: DeviceState, paper: PaperState | None, why: WhyNot | None) -> None:
    assert judge_possibility(Operation.PRINT, Report(Device.PRINTER, state, paper=paper)).why is why


def test_every_state_is_either_ready_or_has_a_cause() -> None:
    for state in DeviceState:
        possibility = judge_possibility(Operation.SCAN, Report(Device.SCANNER, state))
        assert possibility.is_offered is (state is DeviceState.ONLINE)


def test_waits_grow_to_ten_seconds() -> None:
    assert [wait_before(attempt) for attempt in (1, 2, 3, 4, 5, 6, 60)] == [0.5, 1, 2, 4, 8, 10, 10]


def test_a_driver_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    devices = DevicesSection(scanner=ReaderSection(driver="zebra", port="/dev/null"))
    with pytest.raises(ConfigError, match=r'devices.scanner.driver is "zebra"; right would be one of: "line-scanner"'):
        watch_of(devices, tmp_path)
    with pytest.raises(ConfigError, match=r'devices.printer.driver is "x"'):
        watch_of(DevicesSection(printer=PrinterSection(driver="x", port="/dev/null")), tmp_path)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            Scanned(Scan(b"SY1:6BF SECRET", "Q1")),
            {"event": "scan", "device": "scanner", "kind": "order-code", "bytes": 14, "symbology": "Q1"},
        ),
        (
            Scanned(Scan(ID_CARD)),
            {"kind": "identity-card", "national_number": "•••5678", "problems": []},
        ),
        (Scanned(Scan(b"0123456789")), {"kind": "order-number", "number": "•••6789"}),
        (Scanned(Scan("ٍإ1:ABC".encode())), {"kind": "wrong-layout"}),
        (Scanned(Scan("سغ1:".encode("cp1256"))), {"kind": "wrong-layout"}),
        (Scanned(Scan(b"SY&M6BF")), {"kind": "wrong-layout"}),
        (Scanned(Scan(b"SZ1\xd66BF")), {"kind": "wrong-layout"}),
        (Scanned(Scan(b"sy1:6bf")), {"kind": "wrong-layout"}),
        (Scanned(Scan(b"https://shop.example/SECRET")), {"kind": "foreign"}),
        (Presented(Card("motor", b"SECRET", "•••B2C3")), {"event": "card", "scheme": "motor", "masked": "•••B2C3"}),
        (
            Report(Device.PRINTER, DeviceState.ONLINE, paper=PaperState.LOW),
            {"event": "state", "device": "printer", "state": "Online", "paper": "Low", "why_not": None},
        ),
        (Report(Device.SCANNER, DeviceState.NO_DEVICE, is_fitted=False), {"detail": "not fitted"}),
    ],
)
def test_lines_say_what_came_and_nothing_personal(event: DeviceEvent, expected: dict[str, object]) -> None:
    line = line_of(event)
    assert expected.items() <= line.items()
    for shown in (json.dumps(line, ensure_ascii=False), text_of(event), repr(event)):
        for secret in ("SECRET", "04012345678", "0123456", "فاطمة"):
            assert secret not in shown


def test_faults_three_times_in_a_row_open_the_device_afresh() -> None:
    opened: list[HangingScanner] = []

    class Faulty(HangingScanner):
        def discard(self) -> None:
            if len(opened) == 1:
                raise DeviceFault("scanner", "B0", "must be initialised")

    def open_it() -> CodeScanner:
        opened.append(Faulty())
        return cast("CodeScanner", opened[-1])

    with DeviceWatch(scanner=open_it) as watch:
        events = Events(watch)
        events.wait_for(lambda event: isinstance(event, Report) and event.detail == "B0")
        events.wait_for_state(Device.SCANNER, DeviceState.ONLINE)
    assert len(opened) == 2


def test_an_opener_that_fails_is_asked_again() -> None:
    attempts: list[float] = []

    def open_it() -> CodeScanner:
        attempts.append(time.monotonic())
        if len(attempts) < 3:
            raise DeviceUnavailable("scanner", "cannot be opened")
        scanner = HangingScanner()
        scanner.let_go.set()
        return cast("CodeScanner", scanner)

    with DeviceWatch(scanner=open_it) as watch:
        Events(watch).wait_for_state(Device.SCANNER, DeviceState.ONLINE)
    assert len(attempts) == 3
