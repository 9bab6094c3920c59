"""One kiosk of a fleet: a machine with a disk, a clock that a power cut spoils, and a printer.

A power cut leaves only what lies in the files at that moment: they are copied aside in the middle of a transaction, and
the kiosk is opened on the copy. Nothing of the process before is closed in order first.
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from common.city.calendar import CentreHours
from common.machine.clock import judge
from common.machine.locks import PrinterLock
from common.machine.stamp import Stamp, TrustedTime
from common.protocol.envelope import Batch, BatchAnswer
from common.protocol.feed_page import ChainPlace, FeedPage
from kiosk.delivery.enrolment import enrol, load, signing_key
from kiosk.desk.desk import Desk
from kiosk.papers.paper_content import PaperContent
from kiosk.papers.printing import Printing
from kiosk.runtime.parts import CurrentCatalogue
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryError
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.forwarder import Forwarder
from offline_store.feed.feed_keys import signing_keys
from offline_store.opening import open_store_in
from offline_store.queue.hub_client import HttpHub
from offline_store.queue.listener import HubListener
from tests.kit.printers import Bench
from tests.kit.store import MACHINE
from tools.fleet.world import Known, WorldTime

STARTED_AFTER_S = 20.0  # from the machine's start to that of the kiosk


def forget_images(folder: Path, keep: Path) -> None:
    """Delete the images of a disk that a machine ran on before: a month of them would be gigabytes."""
    for image in folder.glob("disk-*"):
        if image != keep:
            shutil.rmtree(image)


class PowerCut(BaseException):
    """The power has failed: no code of the kiosk gets to say anything any more."""


class MachineClock:
    """A clock set at boot, rightly or not, that then runs; `common.machine.clock.judge` says its worth."""

    def __init__(self, world: WorldTime) -> None:
        self.world = world
        self.trusted: Callable[[], TrustedTime | None] = lambda: None
        self._boots = 0
        self.boot(world.now)

    def boot(self, shows: datetime) -> None:
        """Begin a new boot whose battery clock shows this."""
        self._shows, self._booted_at = shows, self.world.elapsed_s
        self._boots += 1
        self._boot_id = f"boot-{self.world.elapsed_s:.3f}-{self._boots}"

    def now(self) -> Stamp:
        """See common.machine.clock.Clock."""
        wall = self._shows + timedelta(seconds=self.world.elapsed_s - self._booted_at)
        return judge(wall, int(self.boottime() * 1e9), self._boot_id, False, self.trusted())

    def boottime(self) -> float:
        """See common.machine.clock.Clock."""
        return self.world.elapsed_s - self._booted_at + STARTED_AFTER_S

    def sleep(self, seconds: float) -> None:
        """See common.machine.clock.Clock."""
        self.world.go(seconds)


class Line:
    """The network between a kiosk and central; it may be down, and it may lose an answer on its way back."""

    def __init__(self, uplink: HttpUplink, is_cut: Callable[[], bool]) -> None:
        self._uplink, self._is_cut = uplink, is_cut
        self.loses_answers = 0

    def send(self, batch: Batch) -> BatchAnswer:
        """Deliver, and perhaps lose the answer."""
        self._pass()
        answer = self._uplink.send(batch)
        if self.loses_answers > 0:
            self.loses_answers -= 1
            raise DeliveryDeferred("unreachable", "the answer was lost")
        return answer

    def feed(self, after: str | None, acknowledged: Sequence[ChainPlace] = ()) -> FeedPage:
        """See Uplink."""
        self._pass()
        return self._uplink.feed(after, acknowledged)

    def time(self) -> datetime:
        """See Uplink."""
        self._pass()
        return self._uplink.time()

    def close(self) -> None:
        """See HttpUplink."""
        self._uplink.close()

    def _pass(self) -> None:
        if self._is_cut():
            raise DeliveryDeferred("no-route", "the line is cut")


class KioskMachine:
    """One enrolled kiosk."""

    def __init__(self, world: WorldTime, central: Known, folder: Path) -> None:
        self.folder, self._central = folder, central
        self.clock = MachineClock(world)
        self.bench = Bench(folder=folder / "graphics")
        self.cuts = 0
        self.says: dict[str, Any] | None = None  # of itself, as the kiosk's process writes it down for its forwarder
        self.is_cut_off = False  # from central
        self._statements_left: int | None = None
        self._thread = threading.get_ident()
        self.data = folder / "disk-0"
        self._enrol()
        self.identity = load(self.data)
        self._open()

    def enrol_again(self) -> None:
        """Spend another code on the same disk, as a technician does where central lacks this kiosk."""
        self._leave()
        self.clock.trusted = lambda: None  # the command is a process of its own, and the store is closed
        self._enrol()
        self.identity = load(self.data)
        self._open()

    def _enrol(self) -> None:
        central = self._central
        code, centre = central.code(), central.centre
        enrol(self.data, url=central.url, code=code, centre=centre, clock=self.clock, machine=MACHINE)

    # --- power --------------------------------------------------------------------------------------------------

    def cut_after(self, statements: int) -> None:
        """Have the power fail before the statement of this number from now."""
        self._statements_left = statements

    def cut(self) -> None:
        """Have the power fail now."""
        self._take_image()
        self._leave()

    def damage_disk(self) -> None:
        """Lose the first page of the store, after a cut: what a worn-out disk does."""
        path = self.data / "store.db"
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log may hold that page too, and would heal it
        connection.close()
        with path.open("r+b") as file:
            file.write(bytes(4096))

    def boot(self, shows: datetime) -> None:
        """Start on what the disk holds, with the battery clock showing this."""
        self.clock.boot(shows)
        self.bench.simulator.gain_power()
        self._open()
        forget_images(self.folder, self.data)

    def end(self) -> None:
        """Close in order."""
        self._leave()

    def _take_image(self) -> None:
        """Copy the disk as it is; the next boot is on the copy."""
        self.printing._stopping.set()
        self.cuts += 1
        self._statements_left = None
        image = self.folder / f"disk-{self.cuts}"
        shutil.copytree(self.data, image, ignore=shutil.ignore_patterns("*-shm"))
        self.bench.simulator.lose_power()
        self.data = image

    def _leave(self) -> None:
        """Let go of what the kernel would let go of: descriptors, locks, connections."""
        self.printing.stop()
        self.line.close()
        self._hubs.close()
        self._lock.close()
        self.store.close()

    def _open(self) -> None:
        self.clock.trusted = lambda: None
        self.store = open_store_in(self.data, load(self.data).identity, stamp=self.clock.now(), machine=MACHINE)
        self.clock.trusted = self.store.trusted_time
        event.listen(self.store.engine, "before_cursor_execute", self._before_statement)
        self._lock = PrinterLock(self.data)
        self.bench.restart()
        catalogue = CurrentCatalogue(self.store)
        self.catalogue = catalogue
        centre = self._central.centre
        content = PaperContent(catalogue, centre, f"{centre} {self.identity.digit}")
        self.printing = Printing(self.bench.printer, self.store, content, now=self.clock.now)
        self.printing.start(self._lock)
        self.desk = Desk(
            self.store, self.clock, catalogue=catalogue, centre=centre, papers=self.printing,
            hours=lambda: CentreHours(None, catalogue.days),
        )  # fmt: skip
        key = signing_key(self.data, self.identity.kiosk)
        assert key is not None
        store = self.store
        self.line = Line(
            HttpUplink(self._central.url, kiosk=self.identity.kiosk, key=key, signing_keys=lambda: signing_keys(store)),
            lambda: self.is_cut_off,
        )
        self._forwarder = Forwarder(self.store, lambda _kiosk: self.line, self.clock, health=lambda: self.says)
        self._hubs = HubListener(self.store, lambda hub: HttpHub(hub, self.identity.kiosk, key), self.clock)

    def _before_statement(self, *_: Any) -> None:
        if self._statements_left is None or threading.get_ident() != self._thread:
            return
        self._statements_left -= 1
        if self._statements_left < 0:
            self._take_image()
            raise PowerCut

    # --- what happens around it ---------------------------------------------------------------------------------

    def forward(self, *, loses_answers: int = 0) -> None:
        """Deliver and hear the feed. Raises DeliveryError, PowerCut."""
        self.line.loses_answers = loses_answers
        try:
            self._forwarder.run_once()
        except DeliveryError:
            self.catalogue.refresh()  # what was heard before it failed
            raise
        self.catalogue.refresh()

    def tell_hub(self) -> None:
        """Look for the hub that serves, and tell it what has changed. Raises PowerCut."""
        self._hubs.step()
        self._hubs.step()
