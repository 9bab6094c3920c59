"""The kiosk in service behind its screen: opens what it needs, serves visits, looks after everything around them.

No Kivy here: `kiosk.app` brings the window, a test a script. When the store is damaged or unavailable the screen says
so, and all is reopened, which salvages, until it works.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import cast

import structlog

from common.machine.errors import StoreDamaged, StoreError
from common.machine.locks import PrinterLock
from devices.receipt_printer.driver import EscposPrinter
from devices.registry import open_printer
from devices.switches.headset import HeadsetJack
from devices.switches.key_switch import SerialKeySwitch
from kiosk.delivery.hub import HubNews, StaffByHub, claim_by_digits
from kiosk.desk.claims.booking import Booking
from kiosk.desk.payments.paying import Paying
from kiosk.flows.context import Centre
from kiosk.flows.race import first_of
from kiosk.machine.sticks import leave_sticks
from kiosk.maintenance.overview import overview
from kiosk.maintenance.session import maintain
from kiosk.peripherals.readers import WatchedReaders
from kiosk.peripherals.watch import settings_of, watch_of
from kiosk.prompts.state import OutOfService, Starting
from kiosk.prompts.ui import Display, OutReason
from kiosk.runtime.daily_restart import rest_daily
from kiosk.runtime.parts import (
    NO_PANEL,
    WINDOW_WAITS_S,
    CurrentCatalogue,
    Parts,
    WindowSenses,
    feed_settings,
    open_desk_on,
    open_printing,
    open_store,
)
from kiosk.runtime.surroundings import Surroundings
from kiosk.runtime.workbench import technician_tools
from kiosk.settings.sections import KioskConfig
from kiosk.settings.settings import Settings
from kiosk.visits.headset import Headset
from kiosk.visits.service_key import ServiceKey
from kiosk.visits.visits import Premises, Visits
from offline_store.serving import serving

_log = structlog.get_logger(__name__)
RETRY_S = 5.0
MAX_RETRY_S = 600.0


async def serve(
    display: Display,
    settings: Settings,
    *,
    runtime_dir: Path | None = None,
    stick: Path | None = None,
    panel: WindowSenses = NO_PANEL,
) -> None:
    """Serve until cancelled.

    Args:
        display: draws.
        settings: what is in force.
        runtime_dir: where systemd looks for what is asked of it, or None.
        stick: a folder that stands for the technician's stick (demonstration), or None.
        panel: what the window tells.

    Raises:
        NotEnrolled: there is no identity on this disk.
    """
    retry_s = RETRY_S
    while True:
        display.show(Starting())
        wait_s = retry_s
        try:
            async with open_parts(settings) as parts:
                wait_s = retry_s = RETRY_S
                await serve_with(parts, display, runtime_dir, stick, panel)
        except* StoreError as errors:
            _log.error("store-out", problem=str(errors.exceptions[0])[:200])
            if errors.subgroup(StoreDamaged):  # each salvage keeps a copy: where none helps, they would fill the disk
                retry_s = min(2 * retry_s, MAX_RETRY_S)
        out = OutOfService(OutReason.STORE, has_others=settings.config.kiosk.other_kiosks)
        await first_of(display.ask(out), asyncio.sleep(wait_s))


@contextlib.asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """Open store, printer and devices in worker threads, so that the screen goes on meanwhile."""
    async with contextlib.AsyncExitStack() as closing:

        async def entered[T](manager: contextlib.AbstractContextManager[T]) -> T:
            entering = asyncio.create_task(asyncio.to_thread(manager.__enter__))
            try:
                value = await asyncio.shield(entering)
            except asyncio.CancelledError:
                await asyncio.wait({entering})  # its thread goes on opening: what it has opened is closed again
                if entering.exception() is None:
                    await asyncio.to_thread(manager.__exit__, None, None, None)
                raise
            closing.push_async_callback(asyncio.to_thread, manager.__exit__, None, None, None)
            return value

        opened = await entered(open_store(settings.config))
        settings.take_feed(await asyncio.to_thread(feed_settings, opened.store))
        catalogue = await asyncio.to_thread(CurrentCatalogue, opened.store)
        config, printing, printer_opener = settings.config, None, None
        if config.devices.printer is not None:
            lock = await entered(_PrinterLock(config.data_dir))
            opening = settings_of(config.devices.printer, config.data_dir)
            driver = cast("EscposPrinter", await asyncio.to_thread(open_printer, opening))
            closing.push_async_callback(asyncio.to_thread, driver.close)
            printing = await entered(open_printing(config, opened, catalogue, driver, lock))
            printer_opener = _always(driver)
        watch = await entered(watch_of(config.devices, config.data_dir, printer=printer_opener))
        await entered(serving(config.data_dir))
        yield Parts(settings, opened, catalogue, watch, printing)


async def serve_with(
    parts: Parts, display: Display, runtime_dir: Path | None, stick: Path | None = None, panel: WindowSenses = NO_PANEL
) -> None:
    """Serve visits on open parts until cancelled. Raises ExceptionGroup of StoreError when all has to be reopened."""
    if runtime_dir is not None:
        leave_sticks(runtime_dir)
    # Both read small files: a disk that hangs must not take the screen with it.
    surroundings = await asyncio.to_thread(Surroundings, parts, runtime_dir, panel)
    desk = open_desk_on(lambda: parts.settings.config, parts.opened, parts.catalogue, parts.printing)
    tools = await asyncio.to_thread(
        technician_tools,
        parts,
        surroundings,
        runtime_dir=runtime_dir,
        stick=stick,
        play_sound=panel.play_sound,
    )
    key = _service_key(parts.settings.config)
    data_dir = parts.settings.config.data_dir
    news = HubNews(data_dir, parts.opened.clock, lambda: parts.catalogue().reasons, lambda: parts.catalogue.elsewhere)
    staff = StaffByHub(news, data_dir)

    headset = _headset(parts.settings.config)
    keyed = display if key is None else key.for_citizens(display)
    visits = Visits(
        keyed if headset is None else headset.for_citizens(keyed),
        desk,
        WatchedReaders(parts.watch),
        surroundings.situation,
        Premises(
            catalogue=parts.catalogue,
            centre=lambda: centre_of(parts.settings),
            hours=parts.hours,
            times=surroundings.times,
            language=lambda: parts.settings.config.default_language,
            staff=staff,
            hall=news.hall,
            judged=news.judged,
            notices=lambda: parts.catalogue.notices("kiosk", surroundings.local_time()),
            claim_by_digits=partial(claim_by_digits, data_dir),
            booking=Booking(parts.opened.store, parts.opened.clock, parts.printing, parts.catalogue, parts.hours),
            paying=Paying(parts.opened.store, parts.opened.clock, parts.printing),
        ),
        maintenance=lambda _, look: maintain(
            display if key is None else key.for_technician(display), tools, look, overview
        ),
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(surroundings.look_after(), name="surroundings")
        tasks.create_task(visits.run(), name="visits")
        tasks.create_task(staff.watch(), name="staff")
        if key is not None:
            tasks.create_task(key.watch(), name="service key")
        if headset is not None:
            tasks.create_task(headset.watch(), name="headset")
        if runtime_dir is not None:  # systemd is there to start it again
            tasks.create_task(rest_daily(panel.idle_s), name="daily rest")


def _service_key(config: KioskConfig) -> ServiceKey | None:
    """Return the key switch of the settings, None where this kiosk has none."""
    section = config.service_key
    return None if section is None else ServiceKey(partial(SerialKeySwitch, section.port, section.line))


def _headset(config: KioskConfig) -> Headset | None:
    """Return the jack of the settings, None where they name none."""
    path = config.speech.headset
    return None if path is None else Headset(partial(HeadsetJack, path))


def centre_of(settings: Settings) -> Centre:
    """Return what the settings in force say of this place."""
    kiosk = settings.config.kiosk
    return Centre(
        code=kiosk.centre,
        tiles=tuple(kiosk.tiles),
        paperless=kiosk.paperless,
        order_page=kiosk.order_page,
        ticket_page=kiosk.ticket_page,
        help_call=kiosk.help_call,
        has_card_orders=kiosk.card_orders,
        has_others=kiosk.other_kiosks,
        slot=settings.config.screen.paper_slot,
        scanner=settings.config.screen.scanner_place,
    )


class _PrinterLock(contextlib.AbstractContextManager[PrinterLock]):
    """The printer's lock, taken when the block is entered; a command may hold it for a moment."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._lock: PrinterLock | None = None

    def __enter__(self) -> PrinterLock:
        self._lock = PrinterLock(self._data_dir, WINDOW_WAITS_S)
        return self._lock

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()


def _always[T](value: T) -> Callable[[], T]:
    return lambda: value
