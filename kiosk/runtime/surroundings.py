"""Everything around the screen while the kiosk serves: devices, power, clock, central and store.

What it learns goes into the `Situation` that flows and screens read; nothing here waits on the screen's thread.
"""

import asyncio
import contextlib
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import select

from common.machine.errors import StoreDamaged, StoreUnavailable
from common.machine.stamp import Stamp
from kiosk.desk.hours import times_of_day
from kiosk.desk.scan_content import ForeignScan, NoiseScan, WrongLayoutScan, content_of
from kiosk.flows.situation import Situation
from kiosk.health import Health, HealthReport, MetricsServer
from kiosk.machine.backlight import Backlight
from kiosk.machine.power import PowerReading, PowerState, ServiceLevel, UpsWatch, ask_to_stop
from kiosk.peripherals.report import Device, DeviceEvent, Operation, Scanned, WhyNot
from kiosk.prompts.ui import OutReason, Trouble
from kiosk.records.out_of_service import OutOfServiceRecord, keep_out_of_service, read_out_of_service
from kiosk.runtime.parts import NO_PANEL, Parts, WindowSenses, feed_settings
from kiosk.runtime.self_test import health_of, left_out
from kiosk.runtime.upkeep import Upkeep
from offline_store.chain.epoch import REVOKED
from offline_store.delivery.delivery_status import REFUSES, UNREACHABLE, UNVERIFIED
from offline_store.disk import tables
from offline_store.issuing.business_day import ZONE, business_date, current_day
from offline_store.issuing.far_day import due_by_clock
from offline_store.queue.word import HubWord, read_word

_log = structlog.get_logger(__name__)
LOOK_S: Final = 2.0
_FULL_BYTES: Final = 1024**2  # less free than this, and the next number may not fit
_OFFLINE = {UNREACHABLE, REFUSES, UNVERIFIED}
_TROUBLE: Final[dict[WhyNot, Trouble]] = {
    WhyNot.PAPER_OUT: Trouble.PAPER_OUT,
    WhyNot.JAMMED: Trouble.JAM,
    WhyNot.PERSON: Trouble.COVER_OPEN,
    WhyNot.FAULT: Trouble.FAULT,
    WhyNot.GONE: Trouble.PRINTER_LOST,
    WhyNot.SILENT: Trouble.PRINTER_LOST,
    WhyNot.NOT_FITTED: Trouble.PRINTER_LOST,
    WhyNot.PAPER_UNKNOWN: Trouble.PRINTER_LOST,
}  # starting and busy are no trouble yet


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one look at store, clock and disk has found."""

    stamp: Stamp
    times: tuple[datetime, ...]
    health: Health
    closed: str | None
    settings: dict[str, Any]
    has_day: bool
    is_day_over: bool
    is_full: bool


class Surroundings:
    """Looks after one kiosk. All methods are for the event loop's thread.

    Args:
        parts: what is open; settings and catalogue of the feed are taken over as they come.
        runtime_dir: where systemd looks for what is asked of it, or None.
        panel: what the window tells.
    """

    def __init__(self, parts: Parts, runtime_dir: Path | None = None, panel: WindowSenses = NO_PANEL) -> None:
        self.situation = Situation()
        self._settings = settings = parts.settings
        self._opened = opened = parts.opened
        self._catalogue = parts.catalogue
        self._watch = parts.watch
        self._runtime_dir = runtime_dir
        self._power = PowerReading(PowerState.NONE)
        self._stamp = opened.clock.now()
        self._times = times_of_day(self._stamp)
        self._out_of_service = read_out_of_service(settings.config.data_dir)
        self._out_of_service_changed = asyncio.Event()
        self._store_out = False
        self._closed: str | None = None
        self._has_day, self._is_full = True, False  # until the first look
        self._health: Health | None = None
        self._show_marks = panel.show_marks
        self._backlight = Backlight(lambda: settings.config.screen.brightness, self._is_on_battery, panel.idle_s)
        self._upkeep = Upkeep(opened, settings.config.data_dir, self._is_on_battery, panel.stalls)
        self._apply_out()

    async def look_after(self) -> None:
        """Look after everything until cancelled. Raises StoreDamaged where the store has to be reopened."""
        loop = asyncio.get_running_loop()

        def hear(event: DeviceEvent) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closing
                loop.call_soon_threadsafe(self._hear, event)

        end = self._watch.listen(hear)
        config, metrics = self._settings.config, self._serve_metrics()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._devices_now()
                tasks.create_task(self._keep_looking())
                tasks.create_task(self._keep_out_of_service())
                tasks.create_task(self._upkeep.run())
                tasks.create_task(self._backlight.run())
                if config.ups is not None:
                    tasks.create_task(UpsWatch(config.ups).run(self._power_changed))
        finally:
            end()
            if metrics is not None:
                metrics.close()
            if self._out_of_service_changed.is_set():  # said in the last moment
                await asyncio.to_thread(keep_out_of_service, config.data_dir, self._out_of_service)
            await self._upkeep.end()

    def health(self) -> Health:
        """Return the newest health at once; before the first look one that knows nothing."""
        return self._health or Health(version="")

    def local_time(self) -> datetime | None:
        """Return the centre's time as of the last look, or None while the clock can't be trusted."""
        return self._stamp.local(ZONE)

    def times(self) -> tuple[datetime, ...]:
        """Return the centre's times that may be right, as of the last look; none while no clock can be trusted."""
        return self._times

    def _serve_metrics(self) -> MetricsServer | None:
        """Serve the numbers where the settings ask for them; without them citizens are served all the same."""
        section = self._settings.config.metrics
        if section is None:
            return None
        try:
            return MetricsServer(section.port, self.health)
        except OSError as error:
            _log.error("metrics-not-served", port=section.port, reason=error.strerror)
            return None

    def show_out(self, reason: OutReason | None, ends_at: int | None = None) -> None:
        """Take the kiosk out of service by hand, or put it back; it stays so over a restart, and until `ends_at`."""
        self._out_of_service = None if reason is None else OutOfServiceRecord(reason, ends_at)
        self._out_of_service_changed.set()
        self._apply_out()

    # --- devices and power --------------------------------------------------------------------------------------

    def _hear(self, event: DeviceEvent) -> None:
        if isinstance(event, Scanned):
            is_bad = isinstance(content_of(event.scan), ForeignScan | WrongLayoutScan | NoiseScan)
            self._upkeep.count("scans_bad" if is_bad else "scans_good")
        else:
            self._devices_now()

    def _devices_now(self) -> None:
        why = self._watch.possible(Operation.PRINT).why
        why_no_scan = self._watch.possible(Operation.SCAN).why
        self.situation.update(
            printer=_TROUBLE.get(why) if why else None,
            scanner=_TROUBLE.get(why_no_scan) if why_no_scan else None,
            has_scanner=self._watch.report(Device.SCANNER).is_fitted,
        )

    def _is_on_battery(self) -> bool:
        return self._power.state in (PowerState.BATTERY, PowerState.LOW)

    async def _power_changed(self, reading: PowerReading, service: ServiceLevel) -> None:
        self._power = reading
        minutes = None if reading.runtime_s is None else reading.runtime_s // 60
        self.situation.update(power=reading.state, power_service=service, battery_minutes=minutes)
        if service is ServiceLevel.STOPPING and self._runtime_dir is not None:
            _log.warning("stopping-for-power", charge_percent=reading.charge_percent)
            try:
                await asyncio.to_thread(ask_to_stop, self._runtime_dir)
            except OSError as error:  # it is asked again at the battery's next reading
                _log.error("stop-not-asked", detail=str(error)[:200])

    # --- store, clock, central ----------------------------------------------------------------------------------

    async def _keep_looking(self) -> None:
        report = HealthReport(self._settings.config.data_dir)
        while True:
            try:
                facts = await asyncio.to_thread(self._look, report)
            except StoreDamaged:
                raise
            except StoreUnavailable as error:
                if not self._store_out:
                    _log.error("store-unavailable", problem=str(error)[:200])
                self._store_out = True
            else:
                self._store_out = False
                self._take(facts)
            self._apply_out()
            await asyncio.sleep(LOOK_S)

    def _look(self, report: HealthReport) -> _Facts:
        """Look at what may be slow; in a worker thread."""
        config = self._settings.config
        self._catalogue.refresh()
        out = self.situation.now.out
        health = health_of(config, self._opened, self._watch, self._power, out.value if out else None)
        health = msgspec.structs.replace(health, left_out=left_out(self._settings, self._catalogue()))
        with contextlib.suppress(OSError):  # the next look tries again; a full disk has its own screen
            report.offer(health, self._opened.clock.boottime())
        stamp = self._opened.clock.now()
        with self._opened.store.read() as connection:
            closed, floor_us = connection.execute(select(tables.store.c.tickets_closed, tables.store.c.floor_us)).one()
            day = current_day(connection)
            due = due_by_clock(connection, stamp, floor_us, None if day is None else day.date)
        is_full = shutil.disk_usage(config.data_dir).free < _FULL_BYTES
        word = read_word(config.data_dir)
        is_over = is_day_over(due if day is None else due or day.date, word, stamp)
        # Where no clock is right, nobody here can tell a day that is over from one that has not begun.
        has_day = due is not None or (day is not None and not (is_over and not stamp.tells_time))
        settings = feed_settings(self._opened.store)
        times = times_of_day(stamp, word)
        return _Facts(stamp, times, health, closed, settings, has_day, is_over, is_full)

    def _take(self, facts: _Facts) -> None:
        self._stamp, self._times = facts.stamp, facts.times
        self._health, self._closed = facts.health, facts.closed
        self._has_day, self._is_full = facts.has_day, facts.is_full
        self._settings.take_feed(facts.settings)
        self._show_marks(self._catalogue().marks)
        local = self.local_time()
        self.situation.update(
            clock=f"{local:%H:%M}" if local else None,
            is_offline=not _OFFLINE.isdisjoint(facts.health.alarms),
            is_day_over=facts.is_day_over,
        )

    def _apply_out(self) -> None:
        is_trusted = self._stamp.tells_time
        if self._out_of_service is not None and is_trusted and self._out_of_service.is_over(self._stamp.unix_s):
            _log.info("back-in-service", why="time")  # the time was put into the chain when it was said
            self._out_of_service = None
            self._out_of_service_changed.set()
        if self._out_of_service is not None:
            self.situation.update(
                out=self._out_of_service.reason, out_until=self._out_of_service.until(self.local_time())
            )
        elif self._store_out or self._is_full:
            self.situation.update(out=OutReason.STORE, out_until=None)
        elif self._closed is not None:
            reason = OutReason.REVOKED if self._closed == REVOKED else OutReason.MOVED_DISK
            self.situation.update(out=reason, out_until=None)
        elif not self._has_day:
            self.situation.update(out=OutReason.NO_DAY, out_until=None)
        else:
            self.situation.update(out=None, out_until=None)

    async def _keep_out_of_service(self) -> None:
        """Bring what the technician said of the service to the disk, which the screen does not wait for."""
        while True:
            await self._out_of_service_changed.wait()
            said = self._out_of_service
            await asyncio.to_thread(keep_out_of_service, self._settings.config.data_dir, said)
            if said is self._out_of_service:  # not before: who ends this meanwhile keeps what is said still
                self._out_of_service_changed.clear()


def is_day_over(date: str | None, word: HubWord | None, stamp: Stamp) -> bool:
    """Return whether the hub has said that a day is over: this kiosk's, or the one that its next touch would open."""
    return date is not None and date <= _last_day_over(word, stamp)


def _last_day_over(word: HubWord | None, stamp: Stamp) -> str:
    """Return the last day that is over by the hub's word, however old: it may go silent with those who go home.

    A date that is farther ahead than tomorrow was its wrong clock's: once it is silent, nobody would set that right.
    """
    said = "" if word is None else word.closed_day or ""
    is_wrong = stamp.tells_time and said > (business_date(stamp.wall_time) + timedelta(days=1)).isoformat()
    if word is not None and is_wrong and not word.is_fresh(stamp.boot_id, stamp.boot_time_ns / 1e9):
        return ""
    return said
