"""One kiosk of a fleet: its disk, its desk, its line to central. What else befalls a kiosk, the town plays."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from common.machine.clock import judge
from common.machine.stamp import Stamp, TrustedTime
from common.protocol.envelope import Batch, BatchAnswer
from common.protocol.feed_page import ChainPlace, FeedPage
from kiosk.delivery.enrolment import enrol, load, signing_key
from kiosk.desk.answers import Issued
from kiosk.desk.desk import Desk, new_intention
from kiosk.runtime.parts import CurrentCatalogue
from offline_store.delivery.connection.delivery_error import DeliveryDeferred
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.forwarder import Forwarder
from offline_store.feed.feed_keys import signing_keys
from offline_store.opening import open_store_in
from tests.kit.store import MACHINE
from tools.fleet.world import WorldTime

STARTED_AFTER_S = 20.0  # from the machine's start to that of the kiosk


class MachineClock:
    """A clock that shows the true time; `common.machine.clock.judge` says its worth."""

    def __init__(self, world: WorldTime) -> None:
        self.world = world
        self.trusted: Callable[[], TrustedTime | None] = lambda: None
        self._boots = 0
        self.boot()

    def boot(self) -> None:
        """Begin a new boot."""
        self._booted_at, self._boots = self.world.elapsed_s, self._boots + 1
        self._boot_id = f"boot-{self._booted_at:.3f}-{self._boots}"

    def now(self) -> Stamp:
        """See common.machine.clock.Clock."""
        wall = self.world.now
        return judge(wall, int(self.boottime() * 1e9), self._boot_id, False, self.trusted(), wall)

    def boottime(self) -> float:
        """See common.machine.clock.Clock."""
        return self.world.elapsed_s - self._booted_at + STARTED_AFTER_S

    def sleep(self, seconds: float) -> None:
        """Refuse: the season's clock goes on for all at once."""
        raise AssertionError(f"a kiosk waits for {seconds} s")


class Line:
    """The network between a kiosk and central; it may be down, and it may lose an answer on its way back."""

    def __init__(self, uplink: HttpUplink, is_cut: Callable[[], bool]) -> None:
        self._uplink, self._is_cut = uplink, is_cut
        self.loses_an_answer = False

    def send(self, batch: Batch) -> BatchAnswer:
        """Deliver, and perhaps lose the answer."""
        self._pass()
        answer = self._uplink.send(batch)
        if self.loses_an_answer:
            self.loses_an_answer = False
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
    """One enrolled kiosk; `central` is where it delivers to."""

    def __init__(self, world: WorldTime, centre: str, central: str, code: str, folder: Path) -> None:
        self.folder, self._centre, self._central = folder, centre, central
        self.clock = MachineClock(world)
        self.says: dict[str, Any] | None = None  # of itself, as the kiosk's process writes it down for its forwarder
        self.is_cut_off = False  # from central
        self._enrol(code)
        self._open()

    @property
    def id(self) -> str:
        """The id that central gave it."""
        return self.identity.kiosk

    def enrol_again(self, code: str) -> None:
        """Spend another code on the same disk, as a technician does where central lacks this kiosk."""
        self.end()
        self.clock.trusted = lambda: None  # the command is a process of its own, and the store is closed
        self._enrol(code)
        self._open()

    def _enrol(self, code: str) -> None:
        enrol(self.folder, url=self._central, code=code, centre=self._centre, clock=self.clock, machine=MACHINE)

    def issue(self, service: str) -> Issued:
        """Give a number of a service."""
        answer = self.desk.issue(service, intention=new_intention())
        assert isinstance(answer, Issued), answer
        return answer

    def forward(self, *, loses_an_answer: bool = False) -> None:
        """Deliver and hear the feed. Raises DeliveryError."""
        self.line.loses_an_answer = loses_an_answer
        try:
            self._forwarder.run_once()
        finally:
            self.catalogue.refresh()  # what was heard before it failed, too

    def restart(self, *, is_damaged: bool = False) -> None:
        """Have the machine go off and on; `is_damaged`: its disk loses the store's first page meanwhile."""
        self.end()
        if is_damaged:
            path = self.folder / "store.db"
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log may hold that page too, and would heal it
            connection.close()
            with path.open("r+b") as file:
                file.write(bytes(4096))
        self.clock.boot()
        self._open()

    def end(self) -> None:
        """Close in order."""
        self.line.close()
        self.store.close()

    def _open(self) -> None:
        self.clock.trusted = lambda: None
        enrolled = load(self.folder)
        self.identity = enrolled.identity
        self.store = open_store_in(self.folder, self.identity, stamp=self.clock.now(), machine=MACHINE)
        self.clock.trusted = self.store.trusted_time
        self.catalogue = CurrentCatalogue(self.store)
        self.desk = Desk(self.store, self.clock, catalogue=self.catalogue, centre=self._centre)
        key = signing_key(self.folder, self.id)
        assert key is not None
        store = self.store
        uplink = HttpUplink(self._central, kiosk=self.id, key=key, signing_keys=lambda: signing_keys(store))
        self.line = Line(uplink, lambda: self.is_cut_off)
        self._forwarder = Forwarder(self.store, lambda _kiosk: self.line, self.clock, health=lambda: self.says)
