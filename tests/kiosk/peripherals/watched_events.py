"""What the tests of the device watch share: one that collects events and waits for them, and a watch on a port."""

import fcntl
import struct
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

from devices.protocols import DeviceState
from devices.simulation import PtyPort
from kiosk.peripherals.report import Device, DeviceEvent, Report, Scanned
from kiosk.peripherals.watch import DeviceWatch, watch_of
from kiosk.settings.sections import DevicesSection, ReaderSection


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

    def wait_for(self, wanted: Callable[[DeviceEvent], bool], timeout_s: float = 40) -> DeviceEvent:
        with self._news:
            assert self._news.wait_for(lambda: any(map(wanted, self.seen)), timeout_s), self.seen
            return next(event for event in self.seen if wanted(event))

    def wait_for_state(self, device: Device, state: DeviceState, timeout_s: float = 40) -> None:
        self.wait_for(lambda event: is_state(event, device, state), timeout_s)

    def forget(self) -> None:
        with self._news:
            self.seen.clear()


def until(events: Events, wanted: Callable[[DeviceEvent], bool], act: Callable[[], None]) -> None:
    """Do it again and again until it is heard: what comes before the driver looks is dropped, rightly."""
    deadline = time.monotonic() + 40
    while not any(map(wanted, events.seen)):
        assert time.monotonic() < deadline, events.seen
        act()
        threading.Event().wait(0.05)


def wait_until_read(port: PtyPort, is_sent: Callable[[], bool]) -> None:
    """Wait until the simulator has sent what it had, and the driver has taken it off the line."""
    deadline, quiet = time.monotonic() + 40, 0
    while quiet < 10:  # the kernel carries it over the line a moment after it was sent
        assert time.monotonic() < deadline, "nobody reads the line"
        quiet = quiet + 1 if is_sent() and not _unread(port) else 0
        threading.Event().wait(0.01)


def _unread(port: PtyPort) -> int:
    with port._lock:  # a byte that is between the simulator and the line is neither here nor there
        return int(struct.unpack("i", fcntl.ioctl(port._slave, termios.FIONREAD, bytes(4)))[0])


def is_state(event: DeviceEvent, device: Device, state: DeviceState) -> bool:
    return isinstance(event, Report) and event.device is device and event.state is state


def is_scan(event: DeviceEvent) -> bool:
    return isinstance(event, Scanned)


def watching(port: PtyPort, driver: str = "line-scanner") -> DeviceWatch:
    reader = ReaderSection(driver=driver, port=port.port)
    is_scanner = driver == "line-scanner"
    section = DevicesSection(scanner=reader) if is_scanner else DevicesSection(card_reader=reader)
    return watch_of(section, Path(port.port).parent)
