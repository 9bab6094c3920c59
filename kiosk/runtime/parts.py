"""Opens what commands and the window work with, in the order of need, and closes it again in the other order."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

import msgspec
import structlog
from sqlalchemy import select

from common.city.calendar import CentreHours, Days
from common.city.catalogue import Catalogue, Hours, load_catalogue
from common.city.groups import GroupMark
from common.machine.clock import SystemClock
from common.machine.errors import ConfigError, StoreUnavailable
from common.machine.locks import PrinterLock
from common.machine.stamp import Clock
from common.protocol.notice import Notices, Place, standing
from common.protocol.queue.service_now import Elsewhere
from common.protocol.setting_values import DAY_BEGINS, DAY_ENDS
from devices.receipt_printer.driver import EscposPrinter
from devices.registry import open_printer
from kiosk.delivery import enrolment
from kiosk.delivery.hub import HubNews
from kiosk.desk.answers import PaperOutcome
from kiosk.desk.desk import Desk, Papers
from kiosk.desk.hours import Giving
from kiosk.desk.others import NoPapers
from kiosk.desk.payments.paying import Paying
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.printing import Printing
from kiosk.peripherals.watch import DeviceWatch, settings_of
from kiosk.prompts.ui import Trouble
from kiosk.settings.sections import KioskConfig
from kiosk.settings.settings import Settings
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.calendar import special_days
from offline_store.feed.catalogue import published
from offline_store.feed.centre import centre_names
from offline_store.feed.notices import notices_told
from offline_store.feed.standstill import said_elsewhere, said_reasons
from offline_store.identity import machine_hash
from offline_store.opening import open_store_in

_log = structlog.get_logger(__name__)
# While the window serves it has the printer for good, so a command soon gives up; the window waits for a command.
COMMAND_WAITS_S: Final = 1.0
WINDOW_WAITS_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class OpenStore:
    """The open store, and the clock that knows from it how far it can be trusted."""

    store: Store
    clock: SystemClock


@contextlib.contextmanager
def open_store(config: KioskConfig) -> Iterator[OpenStore]:
    """Open this kiosk's store.

    Raises:
        NotEnrolled: there is no identity on this disk yet.
        StoreError: the store can't be opened.
    """
    identity = enrolment.load(config.data_dir).identity
    clock = SystemClock()
    with open_store_in(config.data_dir, identity, stamp=clock.now(), machine=machine_hash()) as store:
        clock.trusted = store.trusted_time
        yield OpenStore(store, clock)


def require_centre(config: KioskConfig) -> None:
    """Refuse settings of another centre: orders would be judged by it, and papers would send people there.

    Raises:
        NotEnrolled: there is no identity on this disk yet.
        ConfigError: the settings name another centre than the one this kiosk was enrolled for.
    """
    centre = enrolment.load(config.data_dir).centre
    if config.kiosk.centre != centre:
        raise ConfigError(
            f'kiosk.centre is "{config.kiosk.centre}"; right would be "{centre}", for which this kiosk was enrolled; '
            "to move it, enrol it again with a code for the other centre"
        )


@contextlib.contextmanager
def open_desk(settings: Settings, *, printing: bool) -> Iterator[Desk]:
    """Open the desk for one command. Raises as `open_store` and `require_centre`.

    Args:
        settings: the file's and the technician's; the feed's are laid over them here, as the window does.
        printing: False leaves papers out altogether.
    """
    with _open_for_command(settings, printing=printing) as (opened, current, papers):
        yield open_desk_on(lambda: settings.config, opened, current, papers)


@contextlib.contextmanager
def open_paying(settings: Settings, *, printing: bool) -> Iterator[Paying]:
    """Open what asks for bills and payments for one command. Raises and takes the same as `open_desk`."""
    with _open_for_command(settings, printing=printing) as (opened, _, papers):
        yield Paying(opened.store, opened.clock, papers)


@contextlib.contextmanager
def _open_for_command(
    settings: Settings, *, printing: bool
) -> Iterator[tuple[OpenStore, "CurrentCatalogue", Papers | None]]:
    require_centre(settings.config)
    with open_store(settings.config) as opened, contextlib.ExitStack() as closing:
        settings.take_feed(feed_settings(opened.store))
        config = settings.config
        current = CurrentCatalogue(opened.store)
        papers: Papers | None = None
        if printing and config.devices.printer is not None:
            try:
                lock = closing.enter_context(PrinterLock(config.data_dir, COMMAND_WAITS_S))
            except StoreUnavailable:
                _log.warning("printer-in-use", reason="another process of this kiosk drives the printer")
                papers = NoPapers(PaperOutcome("failed", Trouble.PRINTER_LOST))
            else:
                driver = cast("EscposPrinter", open_printer(settings_of(config.devices.printer, config.data_dir)))
                closing.callback(driver.close)
                papers = closing.enter_context(open_printing(config, opened, current, driver, lock))
        yield opened, current, papers


def open_desk_on(
    config: Callable[[], KioskConfig], opened: OpenStore, current: "CurrentCatalogue", papers: Papers | None
) -> Desk:
    """Put a desk on an open store; the centre's hours are those of the settings at each moment, the queue the hub's."""
    news = HubNews(config().data_dir, opened.clock, lambda: current().reasons)
    return Desk(
        opened.store,
        opened.clock,
        catalogue=current,
        centre=config().kiosk.centre,
        papers=papers,
        giving=Giving(lambda: CentreHours(hours_of(config()), current.days), news.ahead, news.times),
    )


def hours_of(config: KioskConfig) -> Hours | None:
    """Return the centre's hours, or None where the settings name none; one without the other is open-ended."""
    opens, closes = config.kiosk.opens, config.kiosk.closes
    return None if opens is None and closes is None else Hours(opens or DAY_BEGINS, closes or DAY_ENDS)


@contextlib.contextmanager
def open_printing(
    config: KioskConfig, opened: OpenStore, current: "CurrentCatalogue", driver: EscposPrinter, lock: PrinterLock
) -> Iterator[Printing]:
    """Begin to print: what an earlier process left open is called unknown first."""
    with Printing(driver, opened.store, content_of(config, opened, current), now=opened.clock.now) as printing:
        printing.start(lock)
        yield printing


def content_of(config: KioskConfig, opened: OpenStore, current: "CurrentCatalogue") -> PaperContent:
    """Return what papers say at this kiosk."""
    identity = opened.store.identity
    return PaperContent(
        current,
        identity.centre,
        f"{identity.centre} {identity.digit}",
        config.default_language,
        config.kiosk.ticket_page or "",
        lambda: current.notices("paper", _trusted_time(opened.clock)),
    )


def _trusted_time(clock: Clock) -> datetime | None:
    stamp = clock.now()
    return stamp.wall_time if stamp.tells_time else None


class CurrentCatalogue:
    """Services, centres, special days and notices as central's feed says. Services are built only when that changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heard: tuple[object, ...] | None = None
        self._catalogue = load_catalogue()
        self.days: Days = {}
        """The centre's special days, as central's calendar has them."""
        self.elsewhere: Elsewhere | None = None
        """Where services work that stand still here, as central last told it."""
        self._notices: tuple[Notices, ...] = ()
        self.refresh()

    def __call__(self) -> Catalogue:
        """Return the services; never waits for the disk."""
        return self._catalogue

    def notices(self, place: Place, now: datetime | None) -> list[dict[str, str]]:
        """Return the notices that stand at a place now; none at an unknown time."""
        return [] if now is None else standing(self._notices, place, now)

    def refresh(self) -> bool:
        """Look at what the feed says now; True when the services have changed. Raises StoreUnavailable."""
        with self._store.read() as connection:
            names = centre_names(connection)
            self.days = special_days(connection)
            self._notices = notices_told(connection)
            reasons = said_reasons(connection)
            self.elsewhere = said_elsewhere(connection)
            told = published(connection)
        heard = told, names, reasons
        if heard == self._heard:
            return False
        self._heard = heard
        catalogue = load_catalogue(told)
        centres = {**catalogue.centres, **names}
        self._catalogue = replace(catalogue, centres=centres, reasons=reasons or catalogue.reasons)
        return True


def feed_settings(store: Store) -> dict[str, Any]:
    """Return the settings that central's feed gave, by dotted key."""
    with store.read() as connection:
        rows = connection.execute(select(tables.settings.c.key, tables.settings.c.value)).all()
    return {key: msgspec.json.decode(value) for key, value in rows}


@dataclass(frozen=True, slots=True)
class WindowSenses:
    """What a window can tell beside what it draws; the defaults are those of a display that is no window."""

    stalls: Callable[[], int] = lambda: 0  # how often the screen has stood still since the window opened
    idle_s: Callable[[], float] = lambda: 0.0  # since anybody touched the panel
    show_marks: Callable[[Mapping[str, GroupMark]], None] = lambda _: None  # the groups' colours and signs from now on
    play_sound: Callable[[], None] | None = None  # lets the technician hear the loudspeaker, where there is one


NO_PANEL = WindowSenses()


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that is open while the kiosk serves."""

    settings: Settings
    opened: OpenStore
    catalogue: CurrentCatalogue
    watch: DeviceWatch
    printing: Printing | None

    def hours(self) -> CentreHours:
        """Return the centre's hours of the settings in force, and the calendar's days."""
        return CentreHours(hours_of(self.settings.config), self.catalogue.days)
