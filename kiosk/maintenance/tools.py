"""What the technician's flows work with; the composition root brings it."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue
from common.machine.stamp import Clock
from devices.protocols import Card, Scan
from kiosk.desk.answers import PaperOutcome
from kiosk.health import Health
from kiosk.machine.network.link import Link, links, name_servers
from kiosk.machine.network.network_manager import NetworkManager
from kiosk.peripherals.report import Device, Report
from kiosk.prompts.ui import OutReason
from kiosk.settings.settings import REVERT_S, Settings
from offline_store.disk.database import Store


class Devices(Protocol):
    """The devices as the watch knows them (`kiosk.peripherals.watch.DeviceWatch`)."""

    def report(self, device: Device) -> Report:
        """Return how a device is, as last known; never waits."""

    def age_s(self, device: Device) -> int | None:
        """Return how many seconds ago the device was last heard of, None where it never was; never waits."""

    def scans(self) -> AbstractAsyncContextManager[asyncio.Queue[Scan]]:
        """Return a queue of what is scanned while inside."""

    def cards(self) -> AbstractAsyncContextManager[asyncio.Queue[Card]]:
        """Return a queue of the cards that are presented while inside."""


class TechnicianPapers(Protocol):
    """What the technician has printed. Each call ends by the driver's deadline, never raises, and is journalled."""

    def print_test_page(self) -> PaperOutcome:
        """Print Arabic, density bars and a QR."""

    def reprint(self, item_id: str) -> PaperOutcome:
        """Print a ticket or receipt again: the same number, marked as a copy."""

    def print_waiting_list(
        self, numbers: list[tuple[str, str]], language: str, hall: str | None = None
    ) -> PaperOutcome:
        """Print who waits, each number with the time at which it was given; `hall`: of all, as of when it is known."""

    def print_counters(self, counts: list[tuple[str, str]], language: str) -> PaperOutcome:
        """Print the counters, each already named in this language."""


def _ignore(*_: object) -> None:
    """Do nothing: what a kiosk without that part does."""


def _links() -> tuple[Sequence[Link], Sequence[str]]:
    return links(), name_servers()


@dataclass(frozen=True)
class Tools:
    """Everything the technician's flows work with.

    `export_outbox` writes what waits, signed, into a folder and gives the number of items (raises StoreError, OSError);
    `show_out` shows the public that the kiosk is out of service by hand, and until when (seconds since 1970, when it
    serves again by itself), None that it serves again; `play_sound` is None where there is no sound; `runtime_dir` is
    where systemd looks for what is asked of it, None without systemd.
    """

    store: Store
    clock: Clock
    settings: Settings
    catalogue: Callable[[], Catalogue]
    hours: Callable[[], CentreHours]
    devices: Devices
    papers: TechnicianPapers
    health: Callable[[], Health]
    export_outbox: Callable[[Path], int]
    log_dir: Path
    stick: Path = Path("/run/kiosk-stick")
    is_stick_in: Callable[[Path], bool] = os.path.ismount  # a bare folder there is the kiosk's own disk
    runtime_dir: Path | None = None
    first_pin_hash: str | None = None
    settings_changed: Callable[[], None] = _ignore  # after each change, on the event loop
    show_out: Callable[[OutReason | None, int | None], None] = _ignore
    play_sound: Callable[[], None] | None = None
    links: Callable[[], tuple[Sequence[Link], Sequence[str]]] = _links  # interfaces, name servers; quick
    network_manager: NetworkManager | None = None  # None: addresses are shown only
    revert_s: int = REVERT_S
