"""The minute's books: counts reach the disk once each, and the farewell is the last word of a run."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from common.machine.clock import SystemClock
from common.machine.errors import StoreUnavailable
from common.machine.records.record import keep
from kiosk.maintenance.issued.counters import read_counters
from kiosk.records.names import TRIPS
from kiosk.records.trips import read_trip_start
from kiosk.runtime.parts import OpenStore
from kiosk.runtime.upkeep import DAY_WAITS, Upkeep
from offline_store import uptime
from offline_store.alarms import list_alarms
from offline_store.disk.database import Store
from offline_store.issuing.business_day import open_day_by_manager
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.opening import open_store_in
from offline_store.printed.tallies import Tally, read_tallies
from tests.kit.clock import BOOT, HandClock
from tests.kit.store import IDENTITY, MACHINE, stamp


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        yield OpenStore(store, cast("SystemClock", HandClock()))


def upkeep_of(opened: OpenStore) -> Upkeep:
    return Upkeep(opened, opened.store.data_dir, on_battery=lambda: False, stalls=lambda: 0)


async def run_until(upkeep: Upkeep, done: asyncio.Event) -> None:
    running = asyncio.create_task(upkeep.run())
    await asyncio.wait_for(done.wait(), 10)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


def minutes(monkeypatch: pytest.MonkeyPatch, count: int) -> asyncio.Event:
    """Let that many minutes pass at once, then stand still; the event says that they are over."""
    over, passed = asyncio.Event(), 0

    async def sleep(_seconds: float) -> None:
        nonlocal passed
        passed += 1
        if passed > count:
            over.set()
            await asyncio.Event().wait()

    monkeypatch.setattr("kiosk.runtime.upkeep.asyncio.sleep", sleep)
    return over


async def test_each_count_reaches_the_disk_once(opened: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    upkeep = upkeep_of(opened)
    upkeep.count("scans_good", 3)
    await run_until(upkeep, minutes(monkeypatch, 3))
    tallies = read_tallies(opened.store)
    assert (tallies["scans_good"].total, tallies["restarts"].total) == (3, 1)


async def test_what_a_locked_store_did_not_take_is_counted_with_the_next_minute(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep, calls = upkeep_of(opened), 0
    write = Store.write

    def locked_at_first(store: Store) -> contextlib.AbstractContextManager[object]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise StoreUnavailable("the store is locked")
        return write(store)

    monkeypatch.setattr(Store, "write", locked_at_first)
    upkeep.count("scans_good", 3)
    await run_until(upkeep, minutes(monkeypatch, 2))
    assert read_tallies(opened.store)["scans_good"].total == 3


async def test_a_minute_that_is_late_does_not_write_over_the_farewell(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep = upkeep_of(opened)
    begun, go_on = threading.Event(), threading.Event()
    now = opened.clock.now

    def slow_now() -> object:
        if begun.is_set():
            return now()
        begun.set()
        go_on.wait(10)
        return now()

    monkeypatch.setattr(opened.clock, "now", slow_now)
    late = threading.Thread(target=upkeep._trace, args=(uptime.alive,))
    late.start()
    assert begun.wait(10)
    await upkeep.end()
    go_on.set()
    late.join(10)
    gap = uptime.begin(opened.store.data_dir / "running.json", boot_id=BOOT, boottime_s=200, wall_s=0)
    assert gap.ending is uptime.Ending.STOPPED


async def test_a_day_that_the_clock_may_not_open_is_an_alarm_while_it_waits(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = cast("HandClock", opened.clock)
    opened.store.note_trusted_time(clock.wall, boot_time_ns=1, boot_id=BOOT)
    clock.wall += timedelta(days=15)
    await run_until(upkeep_of(opened), minutes(monkeypatch, 1))
    assert [(one.code, one.detail) for one in list_alarms(opened.store)] == [
        (DAY_WAITS, "the clock says that the day is 2026-12-10")
    ]
    assert open_day_by_manager(opened.store, "2026-12-10", clock.now(), "Rana") is not None
    await run_until(upkeep_of(opened), minutes(monkeypatch, 1))
    assert list_alarms(opened.store) == []


async def test_trips_count_in_a_store_that_took_a_lost_one_s_place(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = {"at": 1_790_000_000, "ticket_row": 48_211, "order_us": 1_790_000_000_000_000}
    keep(opened.store.data_dir / TRIPS, place)
    await run_until(upkeep_of(opened), minutes(monkeypatch, 1))
    open_day_by_manager(opened.store, "2026-11-25", stamp(), "Rima")
    for intention in ("a", "b"):
        accept_ticket(opened.store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp())
    start = read_trip_start(opened.store.data_dir)
    assert start.at == place["at"]
    assert read_counters(opened.store, start)["tickets"] == Tally(2, 2)


def test_what_never_happened_is_counted_as_nothing(opened: OpenStore) -> None:
    assert set(read_counters(opened.store).values()) == {Tally(0, 0)}
