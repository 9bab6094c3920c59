"""Drivers that hang, fail or are broken cost their own thread only, and are opened again."""

import threading
import time
from typing import cast

import structlog

from devices.errors import DeviceFault, DeviceUnavailable
from devices.protocols import CodeScanner, DeviceState, Scan, ScannerStatus
from kiosk.peripherals.report import Device, Operation, Report, WhyNot
from kiosk.peripherals.watch import DeviceWatch
from tests.kiosk.peripherals.watched_events import Events


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
        return ScannerStatus(DeviceState.ONLINE, 0)

    def close(self) -> None:
        self.let_go.set()


def test_a_hanging_device_is_named_and_no_question_waits_for_it() -> None:
    now = [0.0]
    scanner = HangingScanner()
    watch = DeviceWatch({Device.SCANNER: lambda: scanner}, monotonic=lambda: now[0])
    watch.start()
    assert scanner.is_in.wait(10)
    now[0] = 9.0
    began = time.monotonic()
    assert watch.report(Device.SCANNER).detail == "hangs"
    assert watch.possible(Operation.SCAN).why is WhyNot.SILENT
    assert time.monotonic() - began < 10.0, "the device would hold it for 30 s"
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

    with structlog.testing.capture_logs() as logs, DeviceWatch({Device.SCANNER: open_it}) as watch:
        events = Events(watch)
        events.wait_for_state(Device.SCANNER, DeviceState.HARDWARE_ERROR)
        deadline = time.monotonic() + 10
        while len(opened) < 2 and time.monotonic() < deadline:
            threading.Event().wait(0.02)
    assert len(opened) >= 2
    assert all(scanner.let_go.is_set() for scanner in opened)  # each was closed
    assert "device-driver-failed" in [line["event"] for line in logs]


def test_faults_three_times_in_a_row_open_the_device_afresh() -> None:
    opened: list[HangingScanner] = []

    class Faulty(HangingScanner):
        def discard(self) -> None:
            if len(opened) == 1:
                raise DeviceFault("scanner", "B0", "must be initialised")

    def open_it() -> CodeScanner:
        opened.append(Faulty())
        return cast("CodeScanner", opened[-1])

    with DeviceWatch({Device.SCANNER: open_it}) as watch:
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

    with DeviceWatch({Device.SCANNER: open_it}) as watch:
        Events(watch).wait_for_state(Device.SCANNER, DeviceState.ONLINE)
    assert len(attempts) == 3
