"""What each minute of a run counts, how a run after a crash or a cut is told, and what time the store believes."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from common.machine.clock import SystemClock
from kiosk.runtime.parts import OpenStore
from kiosk.runtime.upkeep import NTP_REFUSED, Upkeep
from offline_store.disk import tables
from offline_store.opening import open_store_in
from offline_store.printed.tallies import read_tallies
from tests.kiosk.runtime.test_upkeep import minutes, run_until, upkeep_of
from tests.kit.clock import HandClock
from tests.kit.store import IDENTITY, MACHINE, stamp


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenStore]:
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        yield OpenStore(store, cast("SystemClock", HandClock()))


def _totals(opened: OpenStore) -> dict[str, int]:
    return {name: tally.total for name, tally in read_tallies(opened.store).items() if tally.total}


async def test_minutes_on_battery_and_stalls_are_counted_from_now_on(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalls, battery = iter((5, 5, 7, 8, 8, 8)), iter((True, False, True, False, False))
    upkeep = Upkeep(opened, opened.store.data_dir, lambda: next(battery), lambda: next(stalls))
    await run_until(upkeep, minutes(monkeypatch, 4))
    assert _totals(opened) == {"restarts": 1, "battery_s": 120, "stalls": 3}


@pytest.mark.parametrize(
    ("end", "name"), [("crash", "crashes"), ("hang", "watchdogs"), ("cut", "power_cuts"), ("stop", "")]
)
async def test_how_the_run_before_ended_is_counted_once(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch, end: str, name: str
) -> None:
    clock: Any = opened.clock
    before = upkeep_of(opened)
    await run_until(before, minutes(monkeypatch, 1))
    if end == "stop":
        await before.end()
    elif end == "hang":
        (opened.store.data_dir / "ended").write_text("watchdog\n")
    elif end == "cut":
        clock.restart()
    clock.pass_time(seconds=90)
    after = upkeep_of(opened)
    await run_until(after, minutes(monkeypatch, 2))
    assert _totals(opened) == {"restarts": 2} | ({name: 1} if name else {})


async def test_nothing_is_written_over_a_farewell_and_a_disk_that_refuses_costs_the_mark_alone(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep = upkeep_of(opened)
    await run_until(upkeep, minutes(monkeypatch, 1))
    await upkeep.end()
    trace = opened.store.data_dir / "running.json"
    farewell = trace.read_bytes()
    upkeep._add(Counter(papers=2))
    assert (trace.read_bytes(), _totals(opened)["papers"]) == (farewell, 2)

    def refuses(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    again = upkeep_of(opened)
    assert again._trace(refuses) is None


@pytest.mark.parametrize("trust", ["synced", "restored", "unknown"])
def test_only_a_clock_that_was_set_by_others_is_noted_as_the_time(opened: OpenStore, trust: Any) -> None:
    clock: Any = opened.clock
    clock.trust = trust
    clock.pass_time(hours=5)
    before = opened.store.trusted_time()
    upkeep_of(opened)._note_time()
    found = opened.store.trusted_time()
    assert (found != before) is (trust == "synced")


def test_a_time_that_was_refused_is_an_alarm_until_it_is_not(opened: OpenStore) -> None:
    clock: Any = opened.clock

    def alarms() -> list[str]:
        with opened.store.read() as connection:
            rows = connection.execute(select(tables.alarms)).all()
        return [str(row) for row in rows if NTP_REFUSED in str(row)]

    upkeep = upkeep_of(opened)
    upkeep._note_time()
    assert alarms() == []
    clock.refused = clock.wall + timedelta(days=365)
    upkeep._note_time()
    (alarm,) = alarms()
    assert "NTP says that it is 2027-11-25 09:00 UTC" in alarm
    clock.refused = None
    upkeep._note_time()
    assert alarms() == []
