"""What the tests of the device watch share: one that collects events and waits for them, and a watch on a port."""

import threading
from collections.abc import Callable
from pathlib import Path

from devices.protocols import (
    DeviceState,
)
from devices.simulation import PtyPort
from kiosk.config import DevicesSection, ReaderSection
from kiosk.device_report import (
    Device,
    DeviceEvent,
    Report,
    Scanned,
)
from kiosk.device_watch import DeviceWatch, watch_of


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
        self.wait_for(lambda event: is_state(event, device, state), timeout_s)

    def forget(self) -> None:
        with self._news:
            self.seen.clear()


def is_state(event: DeviceEvent, device: Device, state: DeviceState) -> bool:
    return isinstance(event, Report) and event.device is device and event.state is state


def is_scan(event: DeviceEvent) -> bool:
    return isinstance(event, Scanned)


def watching(port: PtyPort, driver: str = "line-scanner") -> DeviceWatch:
    reader = ReaderSection(driver=driver, port=port.port)
    is_scanner = driver == "line-scanner"
    section = DevicesSection(scanner=reader) if is_scanner else DevicesSection(card_reader=reader)
    return watch_of(section, Path(port.port).parent)
