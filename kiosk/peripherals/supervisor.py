"""One device's thread: open it, use it, close it when it is lost, open it again, with ever longer waits between.

A supervisor owns its driver: nobody else calls it, but for the printer, whose driver serves any thread. Whatever a
driver raises ends in a report and a new attempt, never in a dead thread.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from devices.errors import DeviceError, DeviceFault, DeviceTimeout, ProtocolError
from devices.protocols import CardReader, CodeScanner, DeviceState, MediaState, ReceiptPrinter, Scan
from kiosk.peripherals.report import Device, DeviceEvent, Presented, Report, Scanned

_log = structlog.get_logger(__name__)

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 10.0
_LOOK_S = 0.25  # how often a missing port's path is looked for
_PRINTER_PERIOD_S = 1.0  # a lost or silent printer is known within two seconds
_IDLE_SCANNER_S = 0.1
_IDLE_READER_S = 1.0
_ASK_S = 0.5  # one wait for a scan or card; then the thread looks up
_TROUBLE_LIMIT = 3  # protocol errors or faults in a row after which the device is opened afresh
_TROUBLE_S = 0.5
_SAME_CODE_S = 5.0


class Closable(Protocol):
    """What every driver can do."""

    def close(self) -> None:
        """Release the port."""


def wait_before(attempt: int) -> float:
    """Return how long to wait before opening again after `attempt` failures (1, 2, ...), in seconds."""
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(attempt - 1, 10))


class Supervisor[D: Closable]:
    """Keeps one device open. Subclasses say what one step of using it is."""

    device: Device

    def __init__(
        self,
        open_device: Callable[[], D],
        publish: Callable[[DeviceEvent], None],
        port: str | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._open_device = open_device
        self._publish = publish
        self._port = port
        self._monotonic = monotonic
        self._wake = threading.Condition()
        self._is_stopping = False
        self._wanted = 0
        self._call_began: float | None = None
        self._did_work: bool | None = None
        self.report = Report(self.device, DeviceState.STARTING)
        self.told_at: float | None = None  # when the report was last found to hold

    def run(self) -> None:
        """Tend the device until `stop`; the thread's whole life."""
        failures = 0
        while not self._is_stopping:
            began = self._monotonic()
            try:
                self._tend()
            except DeviceError as error:
                state = DeviceState.OFFLINE if isinstance(error, DeviceTimeout | ProtocolError) else _state_of(error)
                self._tell(Report(self.device, state, detail=_detail(error)))
            except Exception:  # noqa: BLE001 (the edge of a thread: logged, reported, begun afresh)
                _log.exception("device-driver-failed", device=self.device.value)
                self._tell(Report(self.device, DeviceState.HARDWARE_ERROR, detail="driver"))
            finally:
                self._call_began = None
            # One that was open for a while has not failed to open: begin with short waits again.
            failures = 1 if self._monotonic() - began > _LONGEST_WAIT_S else failures + 1
            self._rest_until_worth_it(wait_before(failures))

    def stop(self) -> None:
        """End the thread after its present call."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()

    def want(self, change: int) -> None:
        """Count who wants scans or cards; a change is acted on at once."""
        with self._wake:
            self._wanted += change
            self._wake.notify_all()

    def seconds_in_call(self) -> float:
        """Return how long the driver has been at its present call."""
        began = self._call_began
        return 0.0 if began is None else self._monotonic() - began

    def step(self, driver: D) -> Report:
        """Use the device once and report how it is."""
        raise NotImplementedError

    def pause(self) -> float:
        """Return how long to rest between two steps, in seconds."""
        raise NotImplementedError

    def _tend(self) -> None:
        self._call_began = self._monotonic()
        driver = self._open_device()
        troubles = 0
        try:
            while not self._is_stopping:
                self._call_began = self._monotonic()
                try:
                    report = self.step(driver)
                except (DeviceFault, ProtocolError) as error:
                    troubles += 1
                    if troubles >= _TROUBLE_LIMIT:
                        raise
                    self._tell(Report(self.device, _state_of(error), detail=_detail(error)))
                    self._rest(_TROUBLE_S)
                    continue
                troubles = 0
                self._call_began = None
                self._tell(report)
                self._rest(self.pause())
        finally:
            driver.close()

    def _tell(self, report: Report) -> None:
        """Publish what has changed, and log once when the device goes or fails and once when it is back."""
        self.told_at = self._monotonic()
        if report == self.report and self._did_work is not None:
            return
        self.report = report
        works = report.is_up and report.state is not DeviceState.HARDWARE_ERROR
        if works is not self._did_work and report.state is not DeviceState.STARTING:
            first, self._did_work = self._did_work is None, works
            if not works:
                event = "device-fault" if report.is_up else "device-gone"
                _log.warning(event, device=self.device.value, state=report.state.value, detail=report.detail)
            else:
                _log.info("device-opened" if first else "device-back", device=self.device.value)
        self._publish(report)

    def _rest(self, seconds: float) -> None:
        self._call_began = None
        with self._wake:
            if seconds > 0 and not self._is_stopping:
                self._wake.wait(seconds)

    def _rest_until_worth_it(self, seconds: float) -> None:
        """Wait before the next opening; a port whose path appears is worth it at once."""
        deadline = self._monotonic() + seconds
        was_there = self._port_is_there()
        while not self._is_stopping and (left := deadline - self._monotonic()) > 0:
            self._rest(min(_LOOK_S, left))
            is_there = self._port_is_there()
            if is_there and not was_there:
                return
            was_there = is_there

    def _port_is_there(self) -> bool:
        return self._port is not None and Path(self._port).exists()


class PrinterSupervisor(Supervisor[ReceiptPrinter]):
    """Asks the printer how it is, once a second. Printing itself goes past the supervisor."""

    device = Device.PRINTER

    def step(self, driver: ReceiptPrinter) -> Report:
        """Ask for the status; the driver opens its port again by itself."""
        status = driver.status()
        return Report(self.device, status.device, paper=status.paper, detail=status.detail)

    def pause(self) -> float:
        """Rest until the next question."""
        return _PRINTER_PERIOD_S


class ScannerSupervisor(Supervisor[CodeScanner]):
    """Takes scans while somebody wants them. The same code within 5 s is one scan, no matter who holds it."""

    device = Device.SCANNER
    _is_taking = False
    _last_code = b""
    _last_time = 0.0

    def step(self, driver: CodeScanner) -> Report:
        """Wait a little for a scan, or drop what came unasked."""
        if self._wanted <= 0 or not self._is_taking:
            driver.discard()
            self._is_taking = self._wanted > 0
        else:
            scan = driver.scan(_ASK_S)
            if scan is not None and self._wanted > 0 and self._is_new(scan):
                self._publish(Scanned(scan))
        status = driver.status()
        return Report(self.device, status.device, detail=status.detail)

    def pause(self) -> float:
        """Rest only while nobody wants a scan."""
        return 0.0 if self._wanted > 0 else _IDLE_SCANNER_S

    def _is_new(self, scan: Scan) -> bool:
        now = self._monotonic()
        code = hashlib.blake2b(scan.payload, digest_size=16).digest()  # the payload itself is not kept
        if code == self._last_code and now - self._last_time < _SAME_CODE_S:
            return False
        self._last_code, self._last_time = code, now
        return True


class CardSupervisor(Supervisor[CardReader]):
    """Takes cards while somebody wants them, and gives back what is inside when nobody does."""

    device = Device.CARD_READER
    _is_taking = False
    _was_let_go = False  # nobody wanted a card for a moment, perhaps too short for this thread to see

    def want(self, change: int) -> None:
        """Count who wants cards; who wants the next one at once gets the former one back first."""
        self._was_let_go = self._was_let_go or self._wanted + change <= 0
        super().want(change)

    def step(self, driver: CardReader) -> Report:
        """Wait a little for a card, or see to the reader while none is wanted."""
        if self._wanted <= 0 or not self._is_taking or (self._was_let_go and driver.can_eject):
            driver.discard()
            self._was_let_go = False  # not before: a card that did not come out is tried again
            self._is_taking = self._wanted > 0
        elif driver.status().media is not MediaState.PRESENT or not driver.can_eject:
            card = driver.read(_ASK_S)
            if card is not None:
                self._publish(Presented(card))
        status = driver.status()
        return Report(self.device, status.device, media=status.media, detail=status.detail)

    def pause(self) -> float:
        """Rest while no card is wanted, or while the wanted one is inside."""
        return 0.0 if self._wanted > 0 and self.report.media is not MediaState.PRESENT else _IDLE_READER_S


def _state_of(error: DeviceError) -> DeviceState:
    return DeviceState.HARDWARE_ERROR if isinstance(error, DeviceFault | ProtocolError) else DeviceState.NO_DEVICE


def _detail(error: DeviceError) -> str:
    return error.code if isinstance(error, DeviceFault) else type(error).__name__


SUPERVISORS: Final[Mapping[Device, type[Supervisor[Any]]]] = {
    one.device: one for one in (PrinterSupervisor, ScannerSupervisor, CardSupervisor)
}
"""How each kind of device is used while the kiosk runs."""
