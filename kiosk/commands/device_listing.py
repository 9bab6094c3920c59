"""`kiosk devices`: opens the devices of the settings and says how each is; on demand also every scan and card."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

from devices.protocols import DeviceState
from devices.receipt_printer.driver import EscposPrinter
from devices.registry import open_printer
from kiosk.commands.device_lines import line_of
from kiosk.peripherals.report import Device, DeviceEvent, Report
from kiosk.peripherals.watch import DeviceWatch, settings_of, watch_of
from kiosk.settings.sections import KioskConfig

FIRST_WORD_S = 6.0  # a silent printer is known within 2 s; a motorised reader that resets takes longer
_LOOK_S = 0.2


def device_rows(config: KioskConfig, *, stop: threading.Event | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row a device; with `stop` then also a row at each change, scan and card until it is set."""
    events: queue.SimpleQueue[DeviceEvent] = queue.SimpleQueue()
    printer = _Printer(config)
    with watch_of(config.devices, config.data_dir, printer=printer.open) as watch:
        watch.listen(events.put)
        _wait_for_first_words(watch)
        said = {report.device: report for report in watch.reports()}
        for report in said.values():
            yield line_of(report) | (printer.more() if report.device is Device.PRINTER else {})
        if stop is None:
            return
        with watch.wanting(Device.SCANNER, Device.CARD_READER):
            while not stop.is_set():
                try:
                    event = events.get(timeout=_LOOK_S)
                except queue.Empty:
                    continue
                if isinstance(event, Report) and said.get(event.device) == event:
                    continue
                if isinstance(event, Report):
                    said[event.device] = event
                yield line_of(event)


class _Printer:
    """The printer's driver, kept to be asked what only it knows."""

    def __init__(self, config: KioskConfig) -> None:
        self._config = config
        self._driver: EscposPrinter | None = None

    def open(self) -> EscposPrinter:
        section = self._config.devices.printer
        if section is None:
            raise ValueError("no printer in the settings")
        self._driver = cast("EscposPrinter", open_printer(settings_of(section, self._config.data_dir)))
        return self._driver

    def more(self) -> dict[str, Any]:
        if self._driver is None:
            return {}
        report = self._driver.report()
        return {
            "profile": report.profile,
            "fence": report.fence,
            "stored_graphics": report.stored_graphics,
            "waiting_graphics": report.waiting_graphics,
        }


def _wait_for_first_words(watch: DeviceWatch, monotonic: Callable[[], float] = time.monotonic) -> None:
    deadline = monotonic() + FIRST_WORD_S
    pause = threading.Event()
    while any(report.state is DeviceState.STARTING for report in watch.reports()) and monotonic() < deadline:
        pause.wait(0.05)
