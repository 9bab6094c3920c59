"""Opens, watches and reopens the devices, each in a thread of its own, and says what can be done with them now.

A device that is pulled out, hangs, floods or babbles costs its own thread and nobody else: screens read `report` and
`possible`, which never wait. The log has one line when a device goes and one when it is back. Scans and cards reach
anyone who listens while somebody wants them; what comes unasked is dropped, and a card that is inside is given back.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Self

import structlog

from devices.protocols import Card, DeviceState, ReceiptPrinter, Scan
from devices.registry import open_device
from devices.settings import PICTURES, DeviceSettings
from kiosk.peripherals.report import (
    Device,
    DeviceEvent,
    Operation,
    Possibility,
    Presented,
    Report,
    Scanned,
    judge_possibility,
)
from kiosk.peripherals.supervisor import SUPERVISORS
from kiosk.settings.sections import DevicesSection, PrinterSection, ReaderSection

__all__ = ["Device", "DeviceEvent", "DeviceWatch", "Operation", "Possibility", "Presented", "Report", "Scanned"]

_log = structlog.get_logger(__name__)

_HANGS_AFTER_S = 8.0  # every driver call has a deadline well below this, but for printing, which has its own
_STOP_S = 3.0
_QUEUE = 8


class DeviceWatch:
    """Watches the devices that have an opener; the kiosk has no others.

    Openers return the driver or raise DeviceError; they are called again, ever less often, until one succeeds. `ports`
    are device paths: one that appears is opened at once. `monotonic` is the clock that all waiting is measured by.
    """

    def __init__(
        self,
        openers: Mapping[Device, Callable[[], Any]] | None = None,
        *,
        ports: Mapping[Device, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._listeners: list[Callable[[DeviceEvent], None]] = []
        self._threads: list[threading.Thread] = []
        self._supervisors = {
            device: SUPERVISORS[device](opener, self._publish, (ports or {}).get(device), monotonic)
            for device, opener in (openers or {}).items()
        }

    def start(self) -> None:
        """Begin to watch. Returns at once; devices come up when they come up."""
        for device, supervisor in self._supervisors.items():
            thread = threading.Thread(target=supervisor.run, name=f"device {device.value}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Close all devices, giving back a card that is inside; a thread that hangs is left behind."""
        for supervisor in self._supervisors.values():
            supervisor.stop()
        deadline = self._monotonic() + _STOP_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - self._monotonic()))
        self._threads.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def report(self, device: Device) -> Report:
        """Return how a device is, as last known; never waits."""
        supervisor = self._supervisors.get(device)
        if supervisor is None:
            return Report(device, DeviceState.NO_DEVICE, is_fitted=False)
        if supervisor.seconds_in_call() > _HANGS_AFTER_S and device is not Device.PRINTER:
            return Report(device, DeviceState.OFFLINE, detail="hangs")
        return supervisor.report

    def age_s(self, device: Device) -> int | None:
        """Return how many seconds ago the device last showed how it is, None where it never did; never waits."""
        supervisor = self._supervisors.get(device)
        told_at = None if supervisor is None else supervisor.told_at
        return None if told_at is None else int(max(0.0, self._monotonic() - told_at))

    def reports(self) -> list[Report]:
        """Return how all devices are, also those that the kiosk does not have."""
        return [self.report(device) for device in Device]

    def possible(self, operation: Operation) -> Possibility:
        """Return whether an operation can be offered now, and if not, why."""
        return judge_possibility(operation, self.report(operation.device))

    def listen(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call `listener` at each change, scan and card, from the device's thread; returns what ends it.

        The listener must return at once. What it raises is logged and costs the device nothing.
        """
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return end

    @contextlib.contextmanager
    def wanting(self, *devices: Device) -> Iterator[None]:
        """Have scans or cards taken while inside; outside they are dropped and cards given back."""
        wanted = [self._supervisors[device] for device in devices if device in self._supervisors]
        for supervisor in wanted:
            supervisor.want(1)
        try:
            yield
        finally:
            for supervisor in wanted:
                supervisor.want(-1)

    @contextlib.asynccontextmanager
    async def scans(self) -> AsyncIterator[asyncio.Queue[Scan]]:
        """Yield a queue of what is scanned while inside."""
        async with self._queue(Device.SCANNER, lambda event: event.scan if isinstance(event, Scanned) else None) as q:
            yield q

    @contextlib.asynccontextmanager
    async def cards(self) -> AsyncIterator[asyncio.Queue[Card]]:
        """Yield a queue of the cards that are presented while inside; afterwards a card that is inside comes out."""
        async with self._queue(
            Device.CARD_READER, lambda event: event.card if isinstance(event, Presented) else None
        ) as q:
            yield q

    @contextlib.asynccontextmanager
    async def _queue[T](
        self, device: Device, pick: Callable[[DeviceEvent], T | None]
    ) -> AsyncIterator[asyncio.Queue[T]]:
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[T] = asyncio.Queue(_QUEUE)

        def offer(found: T) -> None:
            with contextlib.suppress(asyncio.QueueFull):  # nobody takes them: more are not wanted
                queue.put_nowait(found)

        def hear(event: DeviceEvent) -> None:
            found = pick(event)
            if found is not None:
                with contextlib.suppress(RuntimeError):  # the loop is closing
                    loop.call_soon_threadsafe(offer, found)

        end = self.listen(hear)
        try:
            with self.wanting(device):
                yield queue
        finally:
            end()

    def _publish(self, event: DeviceEvent) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 (the edge to code that is not the watch's: logged, and the device goes on)
                _log.exception("device-listener-failed", listener=getattr(listener, "__qualname__", "?"))


def watch_of(
    devices: DevicesSection, state_dir: Path, *, printer: Callable[[], ReceiptPrinter] | None = None
) -> DeviceWatch:
    """Return the watch for the devices of the settings; it does not run yet.

    Args:
        devices: the settings.
        state_dir: where drivers keep what must outlive a restart.
        printer: gives the printer that printing uses too; None has the watch open one of its own.
    """
    fitted = {Device(kind): section for kind, section in devices.fitted().items()}
    openers: dict[Device, Callable[[], Any]] = {
        device: partial(open_device, device.value, settings_of(section, state_dir))
        for device, section in fitted.items()
    }
    if printer is not None and Device.PRINTER in openers:
        openers[Device.PRINTER] = printer
    return DeviceWatch(openers, ports={device: section.port for device, section in fitted.items()})


def settings_of(section: PrinterSection | ReaderSection, state_dir: Path) -> DeviceSettings:
    """Return one device's settings as its driver wants them."""
    if isinstance(section, PrinterSection):
        return DeviceSettings(
            driver=section.driver,
            port=section.port,
            baudrate=section.baudrate,
            flow_control=section.flow_control,
            profile=section.profile,
            paper_mm=section.paper_mm,
            state_dir=state_dir,
            options=(PICTURES,) if section.pictures else (),
        )
    options = () if section.check is None else (("check", section.check),)
    return DeviceSettings(
        section.driver,
        section.port,
        section.baudrate,
        profile=section.profile or "",
        state_dir=state_dir,
        options=options,
    )
