"""Faults of the kiosk itself: its disk, its clock, its place; and a technician who takes it out of service."""

import contextlib
import resource
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from common.machine.clock import RESTORED_FOR, SystemClock, kernel_time
from common.machine.locks import PrinterLock
from demo.faults.fault import Fault
from demo.processes import DemoFailed
from demo.town import Town
from kiosk.delivery import enrolment
from kiosk.runtime.parts import WINDOW_WAITS_S, open_store
from offline_store.disk import tables
from offline_store.opening import open_store_in

STORE = "store.db"
_PAGE = 4096
_LOG_PAGES = 200


def _fill_disk(town: Town) -> None:
    """Let no file of this process grow beyond the store's log: to SQLite a disk that takes no more.

    The log is first made longer than the pictures that this process still has to write.
    """
    path = town.config.data_dir / STORE
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as connection:
        for _ in range(_LOG_PAGES):
            connection.execute("UPDATE store SET one = one")
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.with_name(f"{STORE}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def _empty_disk(_town: Town) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


class _Writer:
    """Another program that has begun to write into the store, and does not end."""

    connection: sqlite3.Connection | None = None

    def begin(self, town: Town) -> None:
        """Take the store's one place for writers."""
        path = town.config.data_dir / STORE
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        self.connection.execute("BEGIN IMMEDIATE")

    def end(self, _: Town) -> None:
        """Give it back."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


_writer = _Writer()


class _SlowStart:
    """What keeps a starting kiosk waiting: a program that still has the printer from before the power cut."""

    _timer: threading.Timer | None = None
    _lock: PrinterLock | None = None

    def prepare(self, town: Town) -> None:
        """Give a number, and hold the printer for as long as a person needs to read the screen."""
        town.kiosk("issue", "--service", "civil-affairs", "--no-print")
        self._lock = PrinterLock(town.config.data_dir)
        self._timer = threading.Timer(WINDOW_WAITS_S - 0.5, self.end, [town])
        self._timer.daemon = True
        self._timer.start()

    def end(self, _: Town) -> None:
        """Let the printer go; to do it twice does no harm."""
        if self._timer is not None and self._lock is not None:
            self._timer.cancel()
            self._lock.close()


_slow_start = _SlowStart()


def _damage(town: Town) -> None:
    """Give three numbers, then write over pages of the database, as a dying disk does."""
    town.kiosk("issue", "--service", "civil-affairs", "--count", "3", "--no-print")
    path: Path = town.config.data_dir / STORE
    with path.open("r+b") as file:
        for page in (4, 5, 6):
            file.seek(page * _PAGE)
            file.write(b"\xa5" * _PAGE)


def _move_disk(town: Town) -> None:
    """Open the store on one machine, then on another."""
    data_dir, stamp = town.config.data_dir, SystemClock().now()
    identity = enrolment.load(data_dir).identity
    for machine in ("first machine", "second machine"):
        open_store_in(data_dir, identity, stamp=stamp, machine=machine).close()


def _forget_time(town: Town) -> None:
    """Leave the kiosk as after two months without power or network: no clock that can be trusted, no day open.

    Raises:
        DemoFailed: this machine's clock is kept right by NTP, so that the kiosk rightly trusts it.
    """
    if kernel_time() is not None:
        raise DemoFailed("clock.untrusted cannot be shown here: NTP keeps this machine's clock, and the kiosk knows it")
    town.processes.stop("central")
    with open_store(town.config) as opened, opened.store.write() as connection:
        former = int((opened.clock.now().wall_time - RESTORED_FOR - timedelta(days=15)).timestamp() * 1_000_000)
        values = {"floor_us": former, "anchor_us": former, "anchor_boot_id": "a former boot", "anchor_boot_time_ns": 0}
        connection.execute(update(tables.store).values(values))


def _bring_time(town: Town) -> None:
    if not town.processes.is_running("central"):
        town.start_central()
    town.try_now()


def _take_paper(town: Town) -> None:
    town.devices.emupos.turn("paper-out", is_on=True)


def _put_paper(town: Town) -> None:
    town.devices.emupos.turn("paper-out", is_on=False)


FAULTS: dict[str, Fault] = {
    "store.full": Fault(
        begin=_fill_disk,
        mend=_empty_disk,
        refusal="not_now",
    ),
    "store.locked": Fault(begin=_writer.begin, mend=_writer.end, refusal="not_now"),
    "store.damaged": Fault(prepare=_damage),
    "store.moved": Fault(prepare=_move_disk, face="out"),
    "clock.untrusted": Fault(
        prepare=_forget_time,
        mend=_bring_time,
        refusal="not_now",
    ),
    "centre.needs-paper": Fault(
        settings=lambda: {"kiosk": {"paperless": False}},
        begin=_take_paper,
        mend=_put_paper,
        face="out",
    ),
    "kiosk.starting": Fault(prepare=_slow_start.prepare, mend=_slow_start.end, face="starting"),
    "technician.out-of-service": Fault(by_technician=True, face="out"),
}
