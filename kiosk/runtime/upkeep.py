"""What is due once a minute: counts and the lock kept, the trace of this run, trusted time, old rows let go."""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from common.machine.errors import StoreUnavailable
from common.machine.stamp import Stamp
from kiosk.maintenance import pin
from kiosk.records import trips
from kiosk.runtime.parts import OpenStore
from offline_store import uptime
from offline_store.alarms import clear_alarm, raise_alarm
from offline_store.chain.prune import prune
from offline_store.issuing.far_day import waiting_day
from offline_store.printed import tallies

_log = structlog.get_logger(__name__)
UPKEEP_S: Final = 60.0
NTP_REFUSED: Final = "ntp-refused"
DAY_WAITS: Final = "day-waits"


class Upkeep:
    """Keeps one kiosk's books; its disk work is done in worker threads.

    Args:
        opened: store and clock.
        data_dir: where the trace of this run lies.
        on_battery: whether the kiosk runs on its battery now.
        stalls: how often the screen has stood still since the window opened.
    """

    def __init__(
        self, opened: OpenStore, data_dir: Path, on_battery: Callable[[], bool], stalls: Callable[[], int]
    ) -> None:
        self._opened = opened
        self._data_dir, self._trace_file = data_dir, data_dir / uptime.FILE
        self._on_battery = on_battery
        self._stalls, self._stalls_counted = stalls, stalls()
        self._counted: Counter[str] = Counter()
        self._tracing = threading.Lock()
        self._is_ended = False

    def count(self, name: str, amount: int = 1) -> None:
        """Count something, from the loop's thread; it is on disk within a minute."""
        self._counted[name] += amount

    async def run(self) -> None:
        """Keep up until cancelled; `end` must follow."""
        signs = await asyncio.to_thread(uptime.signs_of, "kiosk", self._data_dir)
        gap = await asyncio.to_thread(self._trace, partial(uptime.begin, signs=signs))
        self.count("restarts")
        if isinstance(gap, uptime.Gap):
            _log.info("started", after=gap.ending.value, gap_s=gap.seconds)
            if (name := uptime.TALLIES.get(gap.ending)) is not None:
                self.count(name)
        with contextlib.suppress(StoreUnavailable, OSError):  # at the next start
            await asyncio.to_thread(trips.follow_store, self._opened.store, self._data_dir)
        while True:
            counted = +self._counted
            with contextlib.suppress(StoreUnavailable):  # it is counted with the next minute
                await asyncio.to_thread(self._add, counted)
                self._counted -= counted
                await asyncio.to_thread(self._note_time)
            await asyncio.sleep(UPKEEP_S)
            self.count("battery_s", int(UPKEEP_S) if self._on_battery() else 0)
            stalls = self._stalls()
            self.count("stalls", stalls - self._stalls_counted)
            self._stalls_counted = stalls

    async def end(self) -> None:
        """Leave the farewell by which the next run knows that this one stopped by its own will."""
        await asyncio.to_thread(self._trace, uptime.end)

    def _add(self, counted: Counter[str]) -> None:
        self._trace(uptime.alive)
        if counted:
            with self._opened.store.write() as connection:
                for name, amount in counted.items():
                    tallies.add(connection, name, amount)

    def _note_time(self) -> None:
        store, stamp = self._opened.store, self._opened.clock.now()
        pin.keep_waited(store, stamp)
        if stamp.is_sure:
            store.note_trusted_time(
                stamp.wall_time, boot_time_ns=stamp.boot_time_ns, boot_id=stamp.boot_id, signed=False
            )
            prune(store, stamp)
        refused = getattr(self._opened.clock, "refused", None)
        with store.write() as connection:
            _note_waiting_day(connection, stamp)
            if refused is None:
                clear_alarm(connection, NTP_REFUSED)
            else:
                raise_alarm(connection, NTP_REFUSED, f"NTP says that it is {refused:%Y-%m-%d %H:%M} UTC", stamp)

    def _trace(self, mark: Any) -> object:
        """Write how this run stands; a disk that refuses costs only the count of cuts."""
        stamp = self._opened.clock.now()
        boottime_s = stamp.boot_time_ns // 1_000_000_000
        with self._tracing:
            if self._is_ended:  # a cancelled minute's thread goes on: it must not write over the farewell
                return None
            self._is_ended = mark is uptime.end
            try:
                return mark(self._trace_file, boot_id=stamp.boot_id, boottime_s=boottime_s, wall_s=stamp.unix_s)
            except OSError as error:
                _log.warning("run-not-marked", reason=error.strerror)
                return None


def _note_waiting_day(connection: Connection, stamp: Stamp) -> None:
    """Raise the alarm of a day that the clock alone may not open, or end it."""
    waits = waiting_day(connection, stamp)
    if waits is None:
        clear_alarm(connection, DAY_WAITS)
    else:
        raise_alarm(connection, DAY_WAITS, f"the clock says that the day is {waits}", stamp)
